"""RULES D.1 to D.3: a query string is believed only where a plain reading of it is."""

from collections import Counter
from dataclasses import replace
from urllib.parse import parse_qsl
from urllib.parse import quote

from hypothesis import given
from hypothesis import strategies as st
from werkzeug.exceptions import BadRequest

from oauthapp.callbacks.redirect.refusals import AnswerRefused
from oauthapp.callbacks.redirect.verify import Evidence
from oauthapp.callbacks.redirect.verify import PendingLogin
from oauthapp.callbacks.redirect.verify import believe
from oauthapp.pages import make_flask
from tests.callbacks.redirect.test_verify import GOOD
from tests.callbacks.redirect.test_verify import ISSUER
from tests.callbacks.redirect.test_verify import NOW
from tests.callbacks.redirect.test_verify import PENDING
from tests.generated.million import many
from tests.generated.near_misses import JUNK
from tests.generated.near_misses import near

FLASK = make_flask(
    "generated", party="app", secret_key="k" * 32, url="http://localhost:5000"
)
PAIRS = [("code", "the-code"), ("state", "the-state"), ("iss", ISSUER)]
OTHER_PAIRS = [
    ("iss", ISSUER + "/"),
    ("iss", "https://evil.example"),
    ("iss", ""),
    ("code", ""),
    ("state", ""),
    ("error", "access_denied"),
    ("error", ""),
    ("Code", "x"),
    ("code[]", "x"),
    ("session_state", "x"),
    ("scope", "openid"),
]


def written(pairs: list[tuple[str, str]]) -> str:
    return "&".join(f"{name}={quote(value, safe='')}" for name, value in pairs)


GOOD_QUERY = written(PAIRS)
MIXED = st.lists(st.sampled_from([*PAIRS, *OTHER_PAIRS]), max_size=6).map(written)
ALL_AND_MORE = st.tuples(
    st.permutations(PAIRS), st.lists(st.sampled_from(OTHER_PAIRS), max_size=2)
).map(lambda both: written([*both[0], *both[1]]))
CODES = st.text(min_size=1, max_size=20).map(
    lambda code: written([("code", code), *PAIRS[1:]])
)
QUERIES = ALL_AND_MORE | CODES | near(st.just(GOOD_QUERY)) | MIXED | near(MIXED) | JUNK
HOST = "localhost:5000"
#: (host, provider, issuer, promised, signed, pending, browser, now)
AS_IT_SHOULD = (HOST, "demo", ISSUER, True, True, PENDING, PENDING.browser_hash, NOW)
LOGINS = st.sampled_from(
    [
        PENDING,
        None,
        replace(PENDING, provider="other"),
        replace(PENDING, issuer="https://evil.example"),
        replace(PENDING, created_at=NOW - 600),
        replace(PENDING, created_at=NOW + 1),
        replace(PENDING, browser_hash=""),
    ]
)
#: Never the browser's own words but a hash, so always text that can be written.
BROWSERS = near(st.just(PENDING.browser_hash)).map(
    lambda text: text.encode("utf-8", "replace").decode()
)
ASKEW = st.tuples(
    st.sampled_from([HOST, HOST]) | near(st.just(HOST)),
    st.sampled_from(["demo", "demo", "demo", "other"]),
    st.sampled_from([ISSUER, ISSUER, ISSUER, "https://evil.example"]),
    st.booleans(),
    st.sampled_from([True, True, True, False]),
    st.just(PENDING) | LOGINS,
    st.just(PENDING.browser_hash) | BROWSERS,
    st.sampled_from([NOW, NOW + 590, NOW + 590.001, NOW - 10.001])
    | st.floats(NOW - 700, NOW + 700)
    | st.floats(allow_nan=False, allow_infinity=False),
)


def evidence(query: str, around: tuple[object, ...]) -> Evidence:
    """What routes.py makes of a request."""
    raw = query.encode("utf-8", "surrogatepass").decode("latin-1")
    sent = FLASK.request_class({"QUERY_STRING": raw, "REQUEST_METHOD": "GET"}).args
    names = "host provider issuer iss_promised state_signed pending browser_hash now"
    return replace(
        GOOD,
        parameters=tuple(sent.items(multi=True)),
        **dict(zip(names.split(), around, strict=True)),
    )


def plainly_believable(query: str, around: tuple[object, ...]) -> bool:
    host, provider, issuer, promised, signed, login, browser, now = around
    if any("\ud800" <= letter <= "\udfff" for letter in query):
        return False  # its bytes are no UTF-8
    values: dict[str, list[str]] = {}
    for name, value in parse_qsl(query, keep_blank_values=True, errors="replace"):
        values.setdefault(name, []).append(value)
    if any(len(those) > 1 for those in values.values()) or "error" in values:
        return False
    if not values.get("code", [""])[0] or not values.get("state", [""])[0]:
        return False
    if "iss" in values and values["iss"][0] != issuer:
        return False
    if promised and "iss" not in values:
        return False
    if host != HOST or not signed or not isinstance(login, PendingLogin):
        return False
    if login.provider != provider or login.issuer != issuer:
        return False
    if login.browser_hash != browser or not isinstance(now, float):
        return False
    return login.created_at <= now <= login.created_at + 600


def test_an_answer_is_believed_only_where_a_plain_reading_believes_it(
    tally: Counter[bool],
) -> None:
    @given(QUERIES, st.just(AS_IT_SHOULD) | ASKEW)
    @many
    def judge(query: str, around: tuple[object, ...]) -> None:
        plainly = plainly_believable(query, around)
        try:
            seen = evidence(query, around)
            answer = believe(seen)
        except (AnswerRefused, BadRequest):
            assert not plainly
        else:
            assert plainly
            assert answer.pending is around[5]
            assert answer.code == dict(seen.parameters)["code"]
        tally[plainly] += 1

    judge()
