"""Each way in which a payment goes wrong ends as its fault says."""

from collections.abc import Iterator

import pytest

from oauthapp.demo import Demo
from oauthapp.demo import running_demo
from oauthapp.demo import stage_of
from oauthapp.faults import FAULTS
from oauthapp.faults.payment import PAYMENT_FAULTS
from oauthapp.playing.perform import perform


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    folder = tmp_path_factory.mktemp("demo")
    with running_demo(folder, app_port=0, provider_port=0) as running:
        yield running


def test_a_payment_is_told_by_both_kinds_of_callback(demo: Demo) -> None:
    done = perform(stage_of(demo), demo.recorder, "payment", "")

    assert done.as_documented
    assert done.performance.outcome == (
        "redirect: accepted settles_nothing",
        "webhook: accepted",
    )


@pytest.mark.parametrize("fault", [one.name for one in PAYMENT_FAULTS])
def test_a_fault_of_a_payment_ends_as_documented(demo: Demo, fault: str) -> None:
    done = perform(stage_of(demo), demo.recorder, "payment", fault)

    assert done.performance.problem == ""
    assert done.performance.outcome == FAULTS[fault].outcome
    assert done.as_documented


def test_without_a_payment_no_webhook_comes(demo: Demo) -> None:
    done = perform(stage_of(demo), demo.recorder, "payment", "return_forged")

    assert list(done.story.callbacks("webhook")) == []
