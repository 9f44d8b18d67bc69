"""Who may read the figures: this machine, or whoever brings the token."""

import pytest
from flask import Flask

from tests.metrics.conftest import Made
from tests.metrics.conftest import read

TOKEN = "a token of sixteen or more"


@pytest.mark.parametrize("party", ["app", "provider"])
def test_where_nothing_is_counted_nothing_is_told(make: Made, party: str) -> None:
    answer = make(metrics=False)[party].test_client().get("/metrics")

    assert answer.status_code == 404
    assert answer.get_json()["error"]["code"] == "metrics_off"


@pytest.mark.parametrize(
    ("address", "headers", "status"),
    [
        ("127.0.0.1", {}, 200),
        ("::1", {"Host": "127.0.0.1:9"}, 200),
        ("192.0.2.1", {}, 403),
        ("127.0.0.1", {"X-Forwarded-For": "127.0.0.1"}, 403),
        ("127.0.0.1", {"X-Real-IP": "127.0.0.1"}, 403),
        ("127.0.0.1", {"Forwarded": "for=127.0.0.1"}, 403),
        ("127.0.0.1", {"Via": "1.1 proxy"}, 403),
        ("127.0.0.1", {"Host": "evil.example"}, 403),
    ],
)
def test_without_a_token_it_is_for_programs_here(
    both: dict[str, Flask], address: str, headers: dict[str, str], status: int
) -> None:
    answer = (
        both["app"]
        .test_client()
        .get("/metrics", headers=headers, environ_base={"REMOTE_ADDR": address})
    )

    assert answer.status_code == status
    assert status == 200 or answer.get_json()["error"]["code"] == "metrics_closed"


@pytest.mark.parametrize(
    ("authorization", "status"),
    [
        (f"Bearer {TOKEN}", 200),
        (f"bearer {TOKEN}", 200),
        (f"Basic {TOKEN}", 401),
        (f"Bearer {TOKEN}x", 401),
        ("Bearer ", 401),
        ("Bearer \xe9", 401),
        ("", 401),
    ],
)
def test_with_a_token_it_is_for_whoever_brings_it(
    make: Made, authorization: str, status: int
) -> None:
    answer = (
        make(metrics_token=TOKEN)["app"]
        .test_client()
        .get(
            "/metrics",
            headers={"Authorization": authorization, "Via": "1.1 proxy"},
            environ_base={"REMOTE_ADDR": "192.0.2.1"},
        )
    )

    assert answer.status_code == status
    assert TOKEN not in answer.get_data(as_text=True)


def test_reading_them_is_no_call_between_the_parties(both: dict[str, Flask]) -> None:
    kept: list[object] = []
    both["app"].extensions["oauthapp"].recorder.listen(kept.extend)
    read(both["app"])

    assert kept == []
