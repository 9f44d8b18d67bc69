"""Tokens that are right, almost right, spliced, twisted and nothing of the kind."""

import base64
import hashlib
import json
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from hypothesis import strategies as st

from tests.generated.near_misses import JUNK
from tests.generated.near_misses import near

NOW = 1_700_000_000.0
ISSUER = "https://op.example"
CLIENT_ID = "the-app"
NONCE = "the-nonce"
ACCESS_TOKEN = "the-access-token"
#: Always the same keys, so that a run can be repeated.
KEYS = {
    kid: ec.derive_private_key(number, ec.SECP256R1())
    for kid, number in {"first": 1234567, "second": 7654321, "strange": 99}.items()
}


def b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


AT_HASH = b64(hashlib.sha256(ACCESS_TOKEN.encode()).digest()[:16])
CLAIMS: dict[str, Any] = {
    "iss": ISSUER,
    "sub": "alice",
    "aud": CLIENT_ID,
    "exp": int(NOW) + 300,
    "iat": int(NOW),
    "nonce": NONCE,
    "at_hash": AT_HASH,
}
HEADER = {"alg": "ES256", "kid": "first"}


def signature(signed: bytes, kid: str) -> str:
    r, s = decode_dss_signature(
        KEYS[kid].sign(signed, ec.ECDSA(SHA256(), deterministic_signing=True))
    )
    return b64(r.to_bytes(32, "big") + s.to_bytes(32, "big"))


def token(header: bytes, payload: bytes, kid: str) -> str:
    signed = f"{b64(header)}.{b64(payload)}"
    return f"{signed}.{signature(signed.encode(), kid)}"


TIMES = st.sampled_from(
    [NOW, NOW + 60, NOW + 60.5, NOW - 60, NOW - 59.5, 0, -1, 1e12, 10**400, str(NOW)]
) | st.floats(NOW - 200, NOW + 200)
ODD = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.sampled_from([[], {}, [[CLIENT_ID]], {"sub": "alice"}, "\ud800", 1e300])
)
#: Claims that may take the place of the good ones: right, nearly right and odd.
INSTEAD: dict[str, st.SearchStrategy[Any]] = {
    "iss": near(st.just(ISSUER)) | ODD,
    "sub": st.text(st.characters(codec="ascii"), max_size=9)
    | st.integers(250, 260).map(lambda length: "a" * length)
    | near(st.just("alice"))
    | ODD,
    "aud": st.sampled_from([[CLIENT_ID], [CLIENT_ID, CLIENT_ID], [CLIENT_ID, "b"]])
    | near(st.just(CLIENT_ID))
    | ODD,
    "azp": near(st.just(CLIENT_ID)) | ODD,
    "exp": TIMES | ODD,
    "iat": TIMES | ODD,
    "nbf": TIMES | ODD,
    "nonce": near(st.just(NONCE)) | ODD,
    "at_hash": near(st.just(AT_HASH)) | ODD,
    "name": st.text(max_size=5) | ODD,
}
CHANGES = st.sampled_from(sorted(INSTEAD)).flatmap(
    lambda name: st.tuples(st.just(name), INSTEAD[name])
)


@st.composite
def spoilt_claims(draw: st.DrawFn) -> bytes:
    """The good claims, with up to two changed and sometimes one left out or twice."""
    claims = {**CLAIMS, **dict(draw(st.lists(CHANGES, max_size=2)))}
    if draw(st.sampled_from([False, False, True])):
        claims.pop(draw(st.sampled_from(sorted(claims))))
    text = json.dumps(claims)
    if draw(st.sampled_from([False, False, False, True])):
        name, value = draw(CHANGES)
        text = f"{text[:-1]}, {json.dumps(name)}: {json.dumps(value)}}}"
    return text.encode()


HEADERS = st.tuples(
    st.sampled_from(["ES256"] * 8)
    | st.sampled_from(["none", "HS256", "ES384", "ES256K", "es256", None, ["ES256"]]),
    st.sampled_from(["first"] * 6 + ["second", "strange", None, "", 7]),
    st.just({})
    | st.sampled_from(
        [
            {"crit": ["exp"]},
            {"crit": []},
            {"b64": False},
            {"b64": False, "crit": ["b64"]},
            {"typ": "JWT"},
            {"typ": 7},
            {"zip": "DEF"},
            {"jku": "https://evil.example/keys"},
            {"jwk": {"kty": "oct", "k": "AA"}},
            {"x5c": "AA"},
            {"cty": None},
        ]
    ),
).map(lambda parts: header_text(*parts))


def header_text(alg: object, kid: object, more: dict[str, Any]) -> bytes:
    named = {} if kid is None else {"kid": kid}
    return json.dumps({"alg": alg, **named, **more}).encode()


def to_bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


GOOD_HEADER = st.just(json.dumps(HEADER).encode())
SIGNERS = st.sampled_from(["first"] * 6 + ["second", "strange"])
FRESH = st.one_of(
    st.builds(token, GOOD_HEADER, spoilt_claims(), st.just("first")),
    st.builds(token, GOOD_HEADER, spoilt_claims(), st.just("first")),
    st.builds(token, HEADERS, spoilt_claims(), SIGNERS),
    st.builds(token, HEADERS, st.just(json.dumps(CLAIMS).encode()), SIGNERS),
    st.builds(
        token,
        GOOD_HEADER | near(st.just(json.dumps(HEADER))).map(to_bytes),
        near(st.just(json.dumps(CLAIMS))).map(to_bytes),
        SIGNERS,
    ),
)


def ready() -> list[str]:
    """Tokens signed once, to be spliced and altered."""
    good = json.dumps(HEADER).encode()
    second = json.dumps({"alg": "ES256", "kid": "second"}).encode()
    people = [json.dumps({**CLAIMS, "sub": sub}).encode() for sub in ("alice", "bob")]
    made = [token(good, one, "first") for one in people]
    made += [token(second, one, "second") for one in people]
    return [*made, token(good, people[0], "strange"), token(good, b"[]", "first")]


READY = ready()
SPLICED = st.tuples(*(st.sampled_from(READY),) * 3).map(
    lambda three: ".".join(one.split(".")[place] for place, one in enumerate(three))
)
#: Of the curve: a signature's second number has a twin that is as good.
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def other_half(good: str) -> str:
    signed, _, encoded = good.rpartition(".")
    raw = base64.urlsafe_b64decode(encoded + "==")
    s = ORDER - int.from_bytes(raw[32:], "big")
    return f"{signed}.{b64(raw[:32] + s.to_bytes(32, 'big'))}"


def unsigned(good: str) -> str:
    return f"{b64(json.dumps({'alg': 'none'}).encode())}.{good.split('.')[1]}."


TWISTS = st.sampled_from(
    [
        other_half,
        unsigned,
        lambda good: good[:-1] + chr(ord(good[-1]) ^ 1),
        lambda good: good + "==",
        lambda good: good + ".",
        lambda good: good.replace(".", "..", 1),
        lambda good: good.rpartition(".")[0] + ".",
        lambda good: good.rpartition(".")[0] + "." + "A" * 86,
        lambda good: good.rpartition(".")[0],
        lambda good: f"{good.split('.')[0]}=.{good.split('.', 1)[1]}",
    ]
)
TWISTED = st.tuples(TWISTS, FRESH | st.sampled_from(READY)).map(
    lambda both: both[0](both[1])
)
TOKENS = st.one_of(
    FRESH, FRESH, FRESH, near(st.sampled_from(READY)), SPLICED, TWISTED, JUNK
)
