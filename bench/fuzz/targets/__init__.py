"""What is fuzzed: each target takes bytes, and raises when the code did wrong.

A refusal that a caller is told of is right; any other exception is a bug, and so is a
verdict that a plain reading of the same bytes does not share.
"""

from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module

Try = Callable[[bytes], object]


@dataclass(frozen=True, kw_only=True)
class Target:
    """One reader or verifier."""

    #: Module here and function in it: nothing is imported before it is instrumented.
    module: str
    function: str
    #: What the reader knows by heart, so that chance need not find it.
    words: Sequence[str] = ()
    #: Bytes of the longest input.
    longest: int = 1024
    #: How many times the inputs that are asked for it gets: the quick ones more.
    share: int = 1

    def load(self) -> Try:
        """Its function."""
        found: Try = getattr(import_module(f"{__name__}.{self.module}"), self.function)
        return found


_TIMES = ("1700000000", "1699999699", "1700000301", "-1", "1e9")
_FORM = ("code=", "&", "=", "%00", "%ff", "%2B", "+", "iss=", "error=", "state=")
_JOSE = ('"alg"', '"none"', '"crit"', '"kid"', '"jwk"', "NaN", "1e400", "\\ud800", "[[")
_CLAIMS = ('"iss"', '"aud"', '"azp"', '"exp"', '"iat"', '"nbf"', '"nonce"', '"sub"')
_EVENTS = ('"events"', '"jti"', '"sid"', "http://schemas.openid.net/event/")
_OPENAPI = (
    *("openapi: 3.1.0", "paths:", "get:", "post:", "callbacks:", "webhooks:", "$ref"),
    *("requestBody:", "content:", "schema:", "properties:", "description:", "&a", "*a"),
    *("parameters:", "- {name: url, in: query}", "<<:", "components:", "responses:"),
    *("'202':", "headers:", "Location:", "Retry-After:", "securitySchemes:", "flows:"),
)
_HTTP = (
    *("POST /webhooks/demo HTTP/1.1\r\n", "HTTP/1.0", "?", "%2f", "\r\n\r\n", "\t"),
    *("Content-Length: ", "Transfer-Encoding: chunked\r\n", "Connection: close\r\n"),
    *("Expect: 100-continue\r\n", "Content-Type: a\r\n", "Host: a\r\n", "\x00"),
)

TARGETS: Mapping[str, Target] = {
    "webhook_standard": Target(
        module="webhook",
        function="standard",
        share=15,
        words=("{right}", "{v1a}", "{other}", "{longer}", "v1,", "v1a,", *_TIMES),
    ),
    "webhook_stripe": Target(
        module="webhook",
        function="stripe",
        share=15,
        words=("{right}", "{other}", "{longer}", "v1=", ",t=", *_TIMES),
    ),
    "webhook_github": Target(
        module="webhook",
        function="github",
        share=15,
        words=("{right}", "{other}", "{longer}", "sha256=", "sha1="),
    ),
    "webhook_slack": Target(
        module="webhook",
        function="slack",
        share=15,
        words=("{right}", "{other}", "{longer}", "v0=", *_TIMES),
    ),
    "callback": Target(
        module="callback",
        function="callback",
        share=4,
        words=("{state}", "{other}", "GET", "POST", "; boundary=b", *_FORM),
    ),
    "id_token": Target(
        module="tokens",
        function="id_token",
        share=8,
        words=(*_JOSE, *_CLAIMS, '"at_hash"', "{at_hash}"),
    ),
    "logout_token": Target(
        module="tokens",
        function="logout_token",
        share=8,
        words=(*_JOSE, *_CLAIMS, *_EVENTS),
    ),
    "event_token": Target(
        module="tokens",
        function="event_token",
        share=8,
        words=(*_JOSE, *_CLAIMS, *_EVENTS),
    ),
    "metadata": Target(
        module="metadata",
        function="metadata",
        share=15,
        words=('"issuer"', '"keys"', '"kty"', '"RSA"', '"EC"', '"OKP"', '"crv"', "://"),
    ),
    "authorization": Target(
        module="provider",
        function="authorization",
        share=8,
        words=("Basic ", "bearer ", "client_id=", "client_secret=", "YTpi", "%3A", ":"),
    ),
    "authorize": Target(
        module="provider",
        function="authorize",
        share=4,
        words=("redirect_uri=", "claims=", "%7B", "prompt=none", "max_age=", "scope="),
    ),
    "token": Target(
        module="provider",
        function="token",
        share=2,
        words=("grant_type=", "authorization_code", "refresh_token=", *_FORM),
    ),
    "registration": Target(
        module="provider",
        function="registration",
        share=8,
        words=('"redirect_uris"', '"scope"', '"grant_types"', "[[", "\\ud800", "null"),
    ),
    "settings": Target(
        module="readers",
        function="settings",
        share=2,
        words=("[app]", "[provider]", "[[", "\n#env\n", "OAUTHAPP_APP__", '"""', "\\u"),
        longest=2048,
    ),
    "openapi": Target(
        module="readers", function="openapi", share=5, words=_OPENAPI, longest=2048
    ),
    "raw_request": Target(
        module="readers",
        function="raw_request",
        share=5,
        words=("\r\n\r\n", "Content-Length: ", "webhook-id: ", "Stripe-Signature: t="),
    ),
    "recorder": Target(
        module="recorder",
        function="recorder",
        share=4,
        words=("code=", "state=", "eyJ", "Cookie: ", "Authorization: ", "[code ", "{"),
        longest=2048,
    ),
    "short_request": Target(
        module="short_request",
        function="short_request",
        share=15,
        words=_HTTP,
    ),
    "allowlist": Target(
        module="allowlist",
        function="allowlist",
        share=60,
        words=("http://127.0.0.1:", "http://[::1]", "/..", "%2e", "\\", "@", ":65536"),
    ),
}
