"""The table of all checks: nothing is missing, and what it says is so."""

from collections.abc import Iterator
from importlib import import_module
from pkgutil import walk_packages

import pytest

from oauthapp import callbacks
from oauthapp.callbacks.backchannel import verify as backchannel
from oauthapp.callbacks.redirect import id_token
from oauthapp.callbacks.redirect import verify as redirect
from oauthapp.callbacks.redirect.token_claims import SIGNATURE_CHECKS
from oauthapp.callbacks.result import verify as result
from oauthapp.callbacks.security_event import verify as security_event
from oauthapp.callbacks.webhook import settle
from oauthapp.callbacks.webhook import verify as webhook
from oauthapp.faults import FAULTS
from oauthapp.safeguards import GROUPS
from oauthapp.safeguards import SAFEGUARDS
from oauthapp.safeguards import faults_that_try
from oauthapp.safeguards import require_can_be_off

TABLES = {
    "": (*redirect.CHECKS, *webhook.CHECKS, *settle.CHECKS, *result.CHECKS),
    "id_token.": id_token.CLAIM_CHECKS,
    "logout_token.": backchannel.CHECKS,
    "event_token.": security_event.CHECKS,
}


def rows() -> Iterator[tuple[str, str]]:
    """Name and reason code of every row of every table of checks."""
    for of, table in TABLES.items():
        for holds, refusal in table:
            yield f"{of}{holds.__name__}", refusal.code
    for code, name in SIGNATURE_CHECKS.items():
        yield f"id_token.{name}", code


@pytest.mark.parametrize(("name", "code"), list(rows()))
def test_every_check_is_in_the_table_with_its_reason(name: str, code: str) -> None:
    assert SAFEGUARDS[name].reason == code


def test_no_table_of_checks_is_forgotten() -> None:
    there = set()
    for module in walk_packages(callbacks.__path__, f"{callbacks.__name__}."):
        of_it = vars(import_module(module.name))
        there.update(
            row for name in ("CHECKS", "CLAIM_CHECKS") for row in of_it.get(name, ())
        )

    assert there == {row for table in TABLES.values() for row in table}


def test_each_is_named_once_and_says_what_it_keeps_out() -> None:
    all_of_them = [one for group in GROUPS for one in group.safeguards]

    assert len(SAFEGUARDS) == len(all_of_them)
    for one in all_of_them:
        assert one.attack.endswith(".")
        assert one.source
        assert not one.title.endswith(".")
        # What is nothing by itself needs no button.
        assert one.always_on or not one.attack.startswith("None: ")


def test_what_a_call_becomes_tells_whether_its_check_was_on() -> None:
    for one in SAFEGUARDS.values():
        assert one.held != one.let_through


def test_a_fault_tries_the_check_that_has_to_stop_it() -> None:
    tried = faults_that_try(SAFEGUARDS["state_is_signed_by_us"])

    assert FAULTS["state_altered"] in tried


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("state_was_pending", "without: 'state_was_pending' cannot be off"),
        ("nonsense", "without: 'nonsense' is no check; /security names them all"),
    ],
)
def test_what_cannot_be_off_is_refused_by_name(name: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        require_can_be_off("without", ["state_came", name])
