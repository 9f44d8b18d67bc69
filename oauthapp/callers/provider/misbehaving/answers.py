"""How the answer that the browser carries is spoiled."""

from collections.abc import Callable
from collections.abc import Mapping
from dataclasses import replace

from oauthapp.callers.provider.grant_store import Code
from oauthapp.control.taking import take_from
from oauthapp.services import ProviderServices

Pairs = list[tuple[str, str]]
PairsSpoiler = Callable[[Pairs], Pairs]

#: Somebody else, wherever one is needed.
ELSEWHERE = "https://elsewhere.example"


def spoiled_answer(services: ProviderServices, client_id: str, good: Pairs) -> Pairs:
    """The parameters of an answer, or what a fault makes of them."""
    spoil = take_from(services, ANSWERS, target=client_id)
    return spoil(good) if spoil else good


def spoiled_code(services: ProviderServices, good: Code) -> Code:
    """What a code stands for, or what a fault makes of it."""
    spoil = take_from(services, CODES, target=good.grant.client_id)
    return spoil(good) if spoil else good


def _without(name: str) -> PairsSpoiler:
    return lambda good: [pair for pair in good if pair[0] != name]


def _with(name: str, change: Callable[[str], str]) -> PairsSpoiler:
    return lambda good: [(n, change(v) if n == name else v) for n, v in good]


def _saying(error: str) -> PairsSpoiler:
    """An error in place of the code; whose answer it is stays as it was."""

    def spoil(good: Pairs) -> Pairs:
        kept = [pair for pair in good if pair[0] in ("state", "iss")]
        return [("error", error), ("error_description", "on purpose"), *kept]

    return spoil


def _other(text: str) -> str:
    """`text` with another first character: the last one may carry spare bits."""
    return ("A" if text[:1] != "A" else "B") + text[1:]


def _twice(good: Pairs) -> Pairs:
    return [*good, *(pair for pair in good if pair[0] == "code")]


#: By the name of the fault.
ANSWERS: Mapping[str, PairsSpoiler] = {
    "answer_state_missing": _without("state"),
    "answer_state_altered": _with("state", _other),
    "answer_iss_missing": _without("iss"),
    "answer_iss_wrong": _with("iss", lambda _: ELSEWHERE),
    "answer_parameter_twice": _twice,
    "answer_code_missing": _without("code"),
    "answer_access_denied": _saying("access_denied"),
    "answer_server_error": _saying("server_error"),
    "answer_temporarily_unavailable": _saying("temporarily_unavailable"),
}

#: The same for what the code stands for.
CODES: Mapping[str, Callable[[Code], Code]] = {
    "answer_code_expired": lambda good: replace(good, expires_at=0.0),
    "answer_code_of_another_login": lambda good: replace(
        good, code_challenge=_other(good.code_challenge)
    ),
}
