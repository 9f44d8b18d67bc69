"""Whether somebody is signed in, told from two pages that are known."""

from dataclasses import replace

import pytest

from oauthapp.checking.client.sight import Look
from oauthapp.checking.client.sight import Yardstick

HOME = Look(status=200, place="/", names_user=True)
NOBODY = Look(status=401, place="/", names_user=False)
ERROR = Look(status=400, place="/callback", names_user=False)

BY_PAGE = Yardstick(signed_in=HOME, signed_out=NOBODY)
BY_NAME = Yardstick(signed_in=HOME, signed_out=replace(HOME, names_user=False))


@pytest.mark.parametrize(
    ("look", "judged"),
    [
        (HOME, "let in"),
        (replace(HOME, names_user=False), "let in"),
        (NOBODY, "refused"),
        (ERROR, "refused"),
        (replace(HOME, led_to_provider=True), "refused"),
        (replace(HOME, status=0), "refused"),
        (Look(status=200, place="/welcome", names_user=True), "unclear"),
    ],
)
def test_a_page_for_users_tells(look: Look, judged: str) -> None:
    assert BY_PAGE.judge(look) == judged


def test_where_only_the_name_tells_a_page_without_it_is_a_refusal() -> None:
    nameless = replace(HOME, names_user=False)

    assert BY_NAME.judge(HOME) == "let in"
    assert BY_NAME.judge(nameless) == "refused"
    # Unless the fault may have taken the name away.
    assert BY_NAME.judge(nameless, whoever=True) == "unclear"


def test_two_pages_that_are_alike_tell_nothing() -> None:
    assert BY_PAGE.tells and BY_NAME.tells
    assert not Yardstick(signed_in=HOME, signed_out=HOME).tells
    assert not Yardstick(signed_in=BY_NAME.signed_out, signed_out=HOME).tells
