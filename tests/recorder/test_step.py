"""What counts as a callback of each kind."""

from dataclasses import replace

import pytest

from oauthapp.recorder.observation import redacted
from oauthapp.recorder.step import is_callback
from oauthapp.recorder.timeline import tell
from tests.recorder.calls import GOOD
from tests.recorder.calls import PROVIDER


@pytest.mark.parametrize(
    ("path", "is_one"),
    [
        ("/results/job_1", True),
        ("/repos/demo/statuses/33b7ef", True),
        ("/repos/owner/demo/statuses/33b7ef", True),
        ("/repos/demo/statuses/33b7ef/more", False),
        ("/repos/demo/statuses/", False),
        ("/repos/demo", False),
    ],
)
def test_a_report_goes_to_the_address_of_one_commit(path: str, is_one: bool) -> None:
    heard = replace(GOOD, party="provider", method="POST", url=f"{PROVIDER}{path}")
    (step,) = tell([redacted(heard, b"key")]).steps

    assert is_callback(step, "callback_url") == is_one
