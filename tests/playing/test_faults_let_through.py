"""Where a check is off, the fault that it stops comes in, and the page says so."""

import pytest
import requests

from oauthapp.demo import Demo
from oauthapp.demo import stage_of
from oauthapp.playing.perform import perform


def switch(demo: Demo, check: str, *, off: bool) -> None:
    with requests.Session() as http:
        page = http.get(f"{demo.app_url}/security", headers={"Accept": "text/html"})
        token = page.text.partition('csrf_token" value="')[2].partition('"')[0]
        form = {"csrf_token": token, "check": check, "off": "yes" if off else "no"}
        http.post(f"{demo.app_url}/security/switch", data=form).raise_for_status()


def verdict(demo: Demo, check: str) -> str:
    told = requests.get(f"{demo.app_url}/security", timeout=10).json()["checks"]
    return next(one["verdict"] for one in told if one["name"] == check)


@pytest.mark.parametrize(
    ("scenario", "fault", "check"),
    [
        ("login", "host_mismatch", "it_came_to_our_host"),
        ("login", "state_replayed", "each_state_counts_once"),
        ("login", "webhook_oversize", "the_body_is_not_too_large"),
        ("logout", "logout_token_alg_none", "logout_token.its_signature_holds"),
        ("logout", "logout_token_aud_wrong", "logout_token.meant_for_us_alone"),
        ("logout", "logout_token_replayed", "logout_token.it_counts_once"),
        ("job", "result_forged", "a_signature_is_theirs"),
        ("job", "result_twice", "no_other_result_came_before"),
        ("build", "push_forged", "a_signature_is_theirs"),
        ("build", "statuses_url_elsewhere", "it_is_our_providers_address"),
    ],
)
def test_it_comes_in_and_its_check_turns_red(
    demo: Demo, scenario: str, fault: str, check: str
) -> None:
    switch(demo, check, off=True)
    try:
        done = perform(stage_of(demo), demo.recorder, scenario, fault)
    finally:
        switch(demo, check, off=False)

    assert not done.as_documented
    assert verdict(demo, check) == "fail"
