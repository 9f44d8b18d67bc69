"""RULES E.1 to E.3: whatever comes, nothing is raised and nothing forged believed."""

import hashlib
from collections import Counter
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from oauthapp.callbacks.webhook.schemes import SCHEMES
from oauthapp.callbacks.webhook.verify import Verdict
from oauthapp.callbacks.webhook.verify import verify
from tests.generated.messages import KINDS
from tests.generated.messages import POOLS
from tests.generated.messages import Came
from tests.generated.messages import Sent
from tests.generated.messages import id_in
from tests.generated.messages import is_a_time
from tests.generated.messages import is_an_id
from tests.generated.messages import key_in
from tests.generated.messages import padded
from tests.generated.messages import raw
from tests.generated.messages import read
from tests.generated.messages import signature
from tests.generated.messages import signed
from tests.generated.messages import written
from tests.generated.million import many
from tests.generated.near_misses import JUNK
from tests.generated.near_misses import near

NOW = 1_700_000_000
Headers = dict[str, str]

GOOD_IDS = st.sampled_from(["msg_1", "a", "guid-7-8", "m" * 256])
IDS = st.one_of(GOOD_IDS, GOOD_IDS, near(GOOD_IDS), st.just("m" * 257))
SECONDS = st.sampled_from([0, 0, 0, 1, -1, 299, 300, 301, -299, -300, -301]).map(
    lambda offset: str(NOW + offset)
)
ODD_TIMES = st.sampled_from(["0", "9" * 12, "9" * 13, "٣", ""])
TIMES = st.one_of(SECONDS, SECONDS, SECONDS, near(SECONDS), ODD_TIMES)
OBJECTS = st.sampled_from(
    [
        '{"id":"evt_1","event_id":"Ev1","type":"t","data":{"sid":"s"}}',
        '{"id":"a b","event_id":"","x":[1,2.5e3,null]}',
        '{"id":7,"event_id":{"id":"no"}}',
        "{}",
        "[]",
    ]
)
BODIES = OBJECTS.map(raw) | near(OBJECTS).map(raw) | st.binary(max_size=40)
CLOCK = st.sampled_from([0, 0, 0, 0, 0, 1, -1, 300, 301, -300, -301, 300.5, 1e9])
CLOCKS = st.one_of(CLOCK, CLOCK, CLOCK, st.floats())
SPOILT = st.sampled_from(["", "", "", "near", "near", "gone", "junk", "more", "case"])


@st.composite
def messages(draw: st.DrawFn) -> tuple[Sent, Headers, list[str]]:
    """A message that is right but for what the dice spoil, and other secrets."""
    kind = draw(st.sampled_from(KINDS))
    pool = st.sampled_from(POOLS[kind])
    sent = Sent(
        kind=kind,
        secret=draw(st.one_of(pool, pool, pool, near(pool))),
        id=draw(IDS),
        at=draw(TIMES),
        body=draw(BODIES),
    )
    headers = written(sent, signature(sent) or draw(JUNK))
    spoil(draw, sent, headers)
    return sent, headers, draw(st.lists(st.one_of(pool, near(pool), JUNK), max_size=2))


def spoil(draw: st.DrawFn, sent: Sent, headers: Headers) -> None:
    how, name = draw(SPOILT), draw(st.sampled_from(list(headers)))
    if how == "near":
        headers[name] = draw(near(st.just(headers[name])))
    elif how == "gone":
        del headers[name]
    elif how == "junk":
        headers[name] = draw(JUNK)
    elif how == "more":
        other = replace(sent, secret=draw(st.sampled_from(POOLS[sent.kind])))
        both = draw(st.permutations([list(headers.values())[-1], signature(other)]))
        between = draw(st.sampled_from([" ", ",", "  "]))
        headers[list(headers)[-1]] = between.join(both)
    elif how == "case":
        headers[name.upper()] = headers.pop(name)


def judged(sent: Sent, headers: Headers, ours: list[str], now: float) -> Verdict:
    return verify(
        scheme=SCHEMES[sent.kind],
        secrets=ours,
        headers=headers,
        body=sent.body,
        now=now,
    )


def is_timely(kind: str, at: str, now: float) -> bool:
    if kind == "github":
        return True
    late = is_a_time(at) and now - int(at) <= 300
    return late and (kind == "stripe" or int(at) - now <= 300)


def fitting(sent: Sent, came: Came, ours: list[str]) -> list[int]:
    """The numbers of our secrets that make a signature that came."""
    made = (
        signature(replace(sent, id=came.id, at=came.at, secret=secret))
        for secret in ours
    )
    return [number for number, one in enumerate(made) if one and one in came.signatures]


def plainly(
    sent: Sent, headers: Headers, ours: list[str], now: float
) -> tuple[str, int | None, int] | None:
    """Id, time and the first secret that fits; None where anything does not."""
    came = read(sent.kind, headers)
    if sent.kind in ("standard", "github") and not is_an_id(came.id):
        return None
    if not is_timely(sent.kind, came.at, now):
        return None
    fit = fitting(sent, came, ours)
    if not fit:
        return None
    inside = {"stripe": "id", "slack": "event_id"}.get(sent.kind, "")
    message = signed(replace(sent, id=came.id, at=came.at))
    id = came.id or id_in(sent.body, inside) or hashlib.sha256(message).hexdigest()
    return id, int(came.at) if came.at else None, fit[0]


def test_a_message_is_believed_only_where_a_plain_check_finds_no_fault(
    tally: Counter[bool],
) -> None:
    @given(messages(), CLOCKS)
    @many
    def judge(message: tuple[Sent, Headers, list[str]], clock: float) -> None:
        sent, headers, others = message
        for ours in ([sent.secret], [*others, sent.secret], others):
            for now in {NOW, NOW + clock}:
                verdict = judged(sent, headers, ours, now)

                plain = plainly(sent, headers, ours, now)
                assert verdict.accepted == (plain is not None)
                said = verdict.message_id, verdict.timestamp, verdict.secret
                assert plain is None or said == plain
                tally[verdict.accepted] += 1

    judge()


SIGNED_PARTS = {
    "standard": ["id", "at", "body", "signature", "secret"],
    "stripe": ["at", "body", "signature", "secret"],
    "github": ["body", "signature", "secret"],  # the id is not signed
    "slack": ["at", "body", "signature", "secret"],
}
LETTERS = st.sampled_from("A/+=a09f.,:; \t\0-_é١") | st.characters()
ONE_CHANGE = st.tuples(
    st.sampled_from(["insert", "replace", "remove"]), st.integers(0, 400), LETTERS
)


def changed(text: str, how: str, place: int, letter: str) -> str:
    """`text` with one character more, less or another."""
    at = place % (len(text) + (how == "insert"))
    rest = at if how == "insert" else at + 1
    return text[:at] + ("" if how == "remove" else letter) + text[rest:]


@st.composite
def good_messages(draw: st.DrawFn) -> Sent:
    kind = draw(st.sampled_from(KINDS))
    return Sent(
        kind=kind,
        secret=draw(st.sampled_from(POOLS[kind])),
        id=draw(GOOD_IDS),
        at=str(NOW + draw(st.sampled_from([0, 1, -1, 300, -300]))),
        body=draw(OBJECTS.map(raw) | st.binary(min_size=1, max_size=40)),
    )


def altered(
    sent: Sent, right: str, part: str, change: tuple[str, int, str]
) -> tuple[Sent, str]:
    """The message and its signature, after one change."""
    if part == "signature":
        return sent, changed(right, *change)
    if part == "body":
        letters = changed(sent.body.decode("latin-1"), *change)
        return replace(sent, body=bytes(ord(one) % 256 for one in letters)), right
    return replace(sent, **{part: changed(getattr(sent, part), *change)}), right


def says_what_was_signed(sent: Sent, claimed: Sent, brought: str) -> bool:
    """An empty item more in a list changes nothing, nor a NUL after an HMAC's key."""
    right = signature(sent)
    was = read(sent.kind, written(sent, right))
    came = read(sent.kind, written(claimed, brought))
    keys = [key_in(sent.kind, one.secret) for one in (sent, claimed)]
    return (
        (came.id, came.at, claimed.body) == (was.id, was.at, sent.body)
        and right in came.signatures
        and (sent.secret == claimed.secret or are_one_key(*keys))
    )


def are_one_key(one: bytes | None, other: bytes | None) -> bool:
    return one is not None and other is not None and padded(one) == padded(other)


def test_one_character_of_a_good_message_altered_and_it_is_not_believed(
    tally: Counter[bool],
) -> None:
    @given(good_messages(), ONE_CHANGE)
    @many
    def judge(sent: Sent, change: tuple[str, int, str]) -> None:
        right = signature(sent)
        assert judged(sent, written(sent, right), [sent.secret], NOW).accepted
        tally[True] += 1
        for part in SIGNED_PARTS[sent.kind]:
            claimed, brought = altered(sent, right, part, change)
            headers = written(claimed, brought)
            verdict = judged(claimed, headers, [claimed.secret], NOW)

            assert verdict.accepted == says_what_was_signed(sent, claimed, brought)
            tally[verdict.accepted] += 1

    judge()
