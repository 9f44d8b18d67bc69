"""Which parts of a call are secret, and what is kept in their stead? Pure.

A secret becomes `[name hash]`. The hash is keyed, so it tells nothing about the
secret, yet the same secret gives the same hash: "this code came twice" stays
visible. Of a JWT what it says is kept beside the hash, but not its signature. Redaction
runs before the store, so what is not kept cannot leak.
"""

import hmac
import json
import re
from dataclasses import dataclass
from dataclasses import field
from typing import Any
from urllib.parse import unquote_plus

from oauthapp.recorder.call import Headers
from oauthapp.recorder.token_parts import kept_parts

#: Parameters, form fields and JSON members that are never kept.
SECRET_NAMES = frozenset(
    """access_token assertion client_assertion client_secret code code_verifier
    csrf_token id_token id_token_hint interaction logout_token nonce password
    refresh_token registration_access_token request request_uri secret state token
    """.split()
)
COOKIE_HEADERS = frozenset({"cookie", "set-cookie"})
#: Headers that are one secret each, whatever stands in them.
SECRET_HEADERS = frozenset(
    """api-key apikey authentication dpop ocp-apim-subscription-key private-token
    x-access-token x-amz-security-token x-api-key x-api-token x-apikey x-auth
    x-auth-key x-auth-token x-authorization x-client-secret x-csrf-token
    x-csrftoken x-functions-key x-gitlab-token x-goog-iap-jwt-assertion
    x-id-token x-secret x-session-token x-token x-vault-token x-webhook-secret
    x-webhook-token x-xsrf-token
    """.split()
)
#: Of these the scheme is kept.
CREDENTIAL_HEADERS = frozenset({"authorization", "proxy-authorization"})
#: What ties calls of one run together, wherever it appears.
LINK_NAMES = frozenset(
    """state code sid interaction access_token order checkout job reference commit
    """.split()
)
_MARKED_NAMES = SECRET_NAMES | LINK_NAMES
#: Headers whose value ties calls together, and the name it goes by.
LINK_HEADERS = {"webhook-id": "message"}

_URL_HEADERS = frozenset({"location", "referer"})
_TELLING_HEADERS = frozenset().union(
    *(COOKIE_HEADERS, SECRET_HEADERS, CREDENTIAL_HEADERS, _URL_HEADERS, LINK_HEADERS)
)

#: A name may stand wherever a hand-written URL puts one, also inside a value. Without
#: a letter it is none, and to look for the next one from its end would take for ever.
_NAME = re.compile(r"(?:^|[?&#=])(?P<name>[^=&#?]+)=")
_VALUE = re.compile(r"[^&#]*")
#: The code of our own error answers says why; it is no authorization code, nor does it
#: tie those together who were refused for the same reason.
_REASON = re.compile(r"[a-z]+(_[a-z]+)*", re.ASCII)
#: A name begins where no other one is under way: else each letter of a long one would
#: be looked at as the beginning of another one.
_COOKIE = re.compile(r"(?<![^=;\s])(?P<name>[^=;\s]+)=(?P<value>[^;]*)")
#: Attributes of Set-Cookie: not secret, and worth seeing.
_ATTRIBUTES = frozenset({"path", "domain", "expires", "max-age", "samesite"})


@dataclass
class Redactor:
    """Redacts one call; afterwards `links` holds what it shares with others."""

    key: bytes
    links: set[str] = field(default_factory=set)
    _hashes: dict[str, str] = field(default_factory=dict, repr=False)
    _altered: bool = False

    def hash(self, value: str) -> str:
        """12 hex digits that stand for `value` and for nothing else."""
        if value not in self._hashes:  # an id stands in a header and in the body
            raw = value.encode("utf-8", "backslashreplace")  # JSON: lone surrogates
            # hmac.digest would let go of the interpreter, and then wait for it.
            digest = hmac.new(self.key, raw, "sha256").hexdigest()
            self._hashes[value] = digest[:12]
        return self._hashes[value]

    def link(self, name: str, value: str) -> None:
        """Remember that this call carried `value`."""
        if value:
            self.links.add(f"{name}:{self.hash(value)}")

    def url(self, url: str) -> str:
        """`url` with the values of secret parameters masked, all else as it came."""
        return self._pairs(url)

    def headers(self, headers: Headers) -> Headers:
        """`headers` with credentials, cookies and codes in URLs masked."""
        kept = list(headers)
        for number, (name, value) in enumerate(headers):
            if (lower := name.lower()) in _TELLING_HEADERS:
                kept[number] = (name, self._header(lower, value))
        return tuple(kept)

    def body(self, body: bytes, content_type: str) -> str:
        """`body` as text: a form or JSON with secret members masked, else its size."""
        if not body:
            return ""
        # PostgreSQL keeps no NUL: a call that holds one must not go unseen.
        text = body.decode("utf-8", "backslashreplace").replace("\0", "\\x00")
        media_type = content_type.partition(";")[0].strip().lower()
        if media_type == "application/x-www-form-urlencoded":
            # What curl says of whatever it is given.
            looks_like_json = text.lstrip()[:1] in ("{", "[")
            return self._json(text) if looks_like_json else self._pairs(text)
        if media_type.endswith(("/json", "+json")):
            return self._json(text)
        if media_type.endswith(("/jwt", "+jwt")):
            return self._mask("token", text)
        # Where a secret may hide in anything else cannot be told, so none is kept.
        told = (media_type or "no content type").replace("\0", "\\x00")
        return f"[{told}, {len(body)} bytes]"

    def _header(self, lower: str, value: str) -> str:
        if lower in LINK_HEADERS:
            self.link(LINK_HEADERS[lower], value)
        if lower in CREDENTIAL_HEADERS:
            scheme, _, credentials = value.partition(" ")
            if scheme.lower() == "bearer":
                self.link("access_token", credentials)
            if not credentials:
                return self._mask("credentials", value)
            return f"{scheme} {self._mask('credentials', credentials)}"
        if lower in COOKIE_HEADERS:
            return _COOKIE.sub(self._cookie, value)
        if lower in SECRET_HEADERS:
            return self._mask("credentials", value)
        return self._pairs(value) if lower in _URL_HEADERS else value

    def _mask(self, name: str, value: str) -> str:
        self._altered = True
        parts = kept_parts(value, self._mask) if value[:2] == "ey" else ""
        if parts:
            return f"[{name} {self.hash(value)} {parts}]"
        return f"[{name} {self.hash(value)}]" if value else ""

    def _value(self, name: str, value: str) -> str | None:
        """The mask for a secret `value`, None when it may be kept."""
        if name in LINK_NAMES:
            self.link(name, value)
        return self._mask(name, value) if name in SECRET_NAMES else None

    def _pairs(self, text: str) -> str:
        if "=" not in text:
            return text
        kept, at = [], 0
        while match := _NAME.search(text, at):
            name = unquote_plus(match["name"])
            kept.append(text[at : match.end("name")])
            at = match.end("name")
            if name in _MARKED_NAMES:
                raw = _VALUE.match(text, match.end())
                value = raw[0] if raw else ""
                masked = self._value(name, unquote_plus(value))
                kept += ["=", value if masked is None else masked]
                at = match.end() + len(value)
        return "".join([*kept, text[at:]])

    def _cookie(self, match: re.Match[str]) -> str:
        if match["name"].lower() in _ATTRIBUTES:
            return match[0]
        return f"{match['name']}={self._mask('cookie', match['value'])}"

    def _json(self, text: str) -> str:
        """`text` with secret members masked; as it came where there are none."""
        self._altered = False
        try:
            found = json.loads(text, object_pairs_hook=self._object)
            if not self._altered:
                return text
            kept = json.dumps(found, ensure_ascii=False)
            return kept.encode("utf-8", "backslashreplace").decode()
        except (ValueError, RecursionError):
            # Cut off or malformed: which parts are secret cannot be told.
            return f"[unreadable JSON {self.hash(text)}, {len(text)} characters]"

    def _object(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        members = dict(pairs)
        if len(members) < len(pairs):  # only the last of a name is looked at and kept
            self._altered = True
        marked = _MARKED_NAMES & members.keys()
        if "message" in members and _is_reason(members.get("code")):
            marked -= {"code"}
        for name in marked:
            members[name] = self._member(name, members[name])
        return members

    def _member(self, name: str, value: Any) -> Any:
        if isinstance(value, list):
            return [self._member(name, item) for item in value]
        if isinstance(value, str):
            masked = self._value(name, value)
            return value if masked is None else masked
        return value


def _is_reason(code: object) -> bool:
    """Whether a member `code` beside a message is a refusal's reason."""
    return isinstance(code, str) and bool(_REASON.fullmatch(code))
