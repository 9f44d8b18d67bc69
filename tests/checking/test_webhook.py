"""Endpoints, careless and careful, are driven through forged and broken messages."""

from dataclasses import replace

import pytest
import requests

from oauthapp.callbacks.webhook.schemes import SCHEMES
from oauthapp.callbacks.webhook.verify import verify
from oauthapp.callers.sender.endpoints import new_secret
from oauthapp.checking.webhook.checks import CHECKS
from oauthapp.checking.webhook.drive import Case
from oauthapp.checking.webhook.drive import check_webhook
from oauthapp.clock import system_clock
from oauthapp.errors import InputUnusable
from tests.checking.parties import endpoint
from tests.checking.parties import gullible_endpoint
from tests.checking.parties import served

SECRET = new_secret()
NOW = 1_700_000_000
QUICK = [check.name for check in CHECKS if not check.slowly]
FORGED = [check.name for check in CHECKS if check.duty == "refuse"]


def case(scheme: str = "standard", url: str = "", **more: str) -> Case:
    fixed = {"secret": SECRET, "scheme": scheme, "clock": lambda: float(NOW)}
    return Case(url=url, **{**fixed, **more})  # type: ignore[arg-type]


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.name)
def test_our_own_verifier_thinks_of_each_message_as_the_table_says(
    scheme: str, check
) -> None:
    if not check.fits(SCHEMES[scheme]):
        return
    packed = check.make(case(scheme).letter())
    headers = {name.lower(): value for name, value in packed.headers.items()}

    verdict = verify(
        scheme=SCHEMES[scheme],
        secrets=[SECRET],
        headers=headers,
        body=packed.body,
        now=NOW,
    )

    if check.duty != "cope":  # of those, some are no message to anybody
        assert verdict.accepted == (check.duty == "accept"), verdict.reason


def test_a_gullible_endpoint_lets_every_forged_message_in() -> None:
    with served(gullible_endpoint) as origin:
        report = check_webhook(case(url=f"{origin}/hook"), only=QUICK)

    let_in = [one.name for one in report.findings if one.weight == "attack"]
    assert let_in == FORGED
    assert report.findings[0].did == "let in: answered 204 as to a good one"
    assert "cannot be seen from outside" in report.remarks[1]


def test_nothing_is_found_at_a_careful_endpoint() -> None:
    with served(endpoint(SECRET)) as origin:
        told = case(url=f"{origin}/hook", clock=system_clock)
        seen = replace(told, effects_url=f"{origin}/effects")
        reports = [
            check_webhook(told, only=(*FORGED, "webhook_slow_body")),
            check_webhook(seen, only=("webhook_duplicate_at_once", "webhook_unsigned")),
        ]

    results = [one for report in reports for one in report.results]
    assert {one.verdict for one in results} == {"passed"}, results


def test_an_effect_that_happens_twice_is_found_where_it_can_be_seen() -> None:
    with served(endpoint(SECRET, remembers=False)) as origin:
        forgetful = case(url=f"{origin}/hook", clock=system_clock)
        seen = case(
            url=f"{origin}/hook", clock=system_clock, effects_url=f"{origin}/effects"
        )
        unseen = check_webhook(forgetful, only=["webhook_duplicate"])
        report = check_webhook(seen, only=["webhook_duplicate"])

    assert not unseen.findings
    assert unseen.results[0].did.endswith("how often it took effect is not seen")
    assert report.findings[0].did == "took effect 2 times"


def test_an_endpoint_that_accepts_no_good_message_is_not_checked() -> None:
    with (
        served(endpoint(new_secret())) as origin,
        pytest.raises(InputUnusable, match="a good message is answered 400"),
    ):
        check_webhook(case(url=f"{origin}/hook"))


def test_effects_are_a_number() -> None:
    with (
        served(endpoint(SECRET)) as origin,
        pytest.raises(InputUnusable, match="must answer with a number"),
    ):
        check_webhook(
            case(url=f"{origin}/hook", clock=system_clock, effects_url=f"{origin}/hook")
        )


@pytest.mark.parametrize("scheme", ["stripe", "slack"])
def test_a_body_of_ones_own_gets_an_id_of_its_own(scheme: str) -> None:
    given = case(scheme, body=b'{"id": "1", "event_id": "1", "x": 2}')  # type: ignore[arg-type]
    ids = {given.letter().body for _ in range(2)}

    assert len(ids) == 2
    assert all(b'"x": 2' in body for body in ids)


def test_nothing_is_kept_of_the_connection_to_an_endpoint_that_is_not_there() -> None:
    with served(gullible_endpoint) as origin:
        url = f"{origin}/hook"
    with pytest.raises(requests.ConnectionError):
        requests.post(url, timeout=5)

    with pytest.raises(InputUnusable, match="a good message is answered hung up"):
        check_webhook(case(url=url))
