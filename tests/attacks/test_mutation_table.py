"""Each row of the tables is needed: without it, something known to be bad gets in.

Two rows only make the reason exact; that they guard nothing alone is stated too.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from oauthapp.callbacks.redirect import id_token
from oauthapp.callbacks.redirect import refusals
from oauthapp.callbacks.redirect import verify
from oauthapp.callbacks.redirect.refusals import AnswerRefused
from tests.attacks.evil_provider import altered
from tests.callbacks.redirect import test_id_token as tokens
from tests.callbacks.redirect import test_verify as answers

#: Without this row the next ones refuse the same evidence, for another reason.
ONLY_A_BETTER_REASON = {"state_was_pending": refusals.StateOfAnotherBrowser}


def without(table: Sequence[tuple[Any, Any]], row: str) -> tuple[tuple[Any, Any], ...]:
    """The table with one check that always holds."""
    return tuple(
        ((lambda _seen: True) if check.__name__ == row else check, refusal)
        for check, refusal in table
    )


ROWS = [check.__name__ for check, _refusal in verify.CHECKS]


@pytest.mark.parametrize(
    "row", [row for row in ROWS if row not in ONLY_A_BETTER_REASON]
)
def test_D1_without_this_check_a_bad_answer_would_be_believed(
    row: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = replace(answers.GOOD, **answers.SPOILT[row])
    with pytest.raises(AnswerRefused):
        verify.believe(bad)

    monkeypatch.setattr(verify, "CHECKS", without(verify.CHECKS, row))

    assert verify.believe(bad)


@pytest.mark.parametrize(("row", "refusal"), ONLY_A_BETTER_REASON.items())
def test_D1_without_this_check_a_bad_answer_is_refused_all_the_same(
    row: str, refusal: type[AnswerRefused], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verify, "CHECKS", without(verify.CHECKS, row))

    with pytest.raises(refusal):
        verify.believe(replace(answers.GOOD, **answers.SPOILT[row]))


@pytest.mark.parametrize("row", [one.__name__ for one, _ in id_token.CLAIM_CHECKS])
def test_D4_without_this_check_a_bad_token_would_be_believed(
    row: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    checks = without(id_token.CLAIM_CHECKS, row)
    monkeypatch.setattr(id_token, "CLAIM_CHECKS", checks)

    for lie in tokens.SPOILT[row]:
        assert tokens.believed(altered(tokens.GOOD, lie)) is not None
