"""Who called? Judged from the request alone."""

import pytest

from oauthapp.recorder.call import Headers
from oauthapp.recorder.caller import looks_like

MOZILLA = ("User-Agent", "Mozilla/5.0 (X11; Linux x86_64)")


@pytest.mark.parametrize(
    ("headers", "who", "because"),
    [
        ((("sec-fetch-mode", "navigate"),), "browser", "Sec-Fetch-Mode: navigate"),
        ((MOZILLA, ("Accept", "text/html,*/*")), "browser", "User-Agent Mozilla/…"),
        ((MOZILLA, ("Accept", "*/*")), "server", "User-Agent: Mozilla/5.0 (X11"),
        (
            (("User-Agent", "curl/8.1 extra"),),
            "server",
            "User-Agent: curl/8.1 extra, no Sec-",
        ),
        ((("Webhook-Signature", "v1,x"),), "server", "it carries webhook-id"),
        ((("Accept", "text/html"),), "unknown", "it says nothing about itself"),
        ((), "unknown", "it says nothing about itself"),
    ],
)
def test_a_caller_is_judged_by_its_headers(
    headers: Headers, who: str, because: str
) -> None:
    guess = looks_like(headers)

    assert guess.who == who
    assert guess.because.startswith(because)


def test_a_long_name_does_not_fill_the_page() -> None:
    guess = looks_like((("User-Agent", "x" * 500),))

    assert len(guess.because) < 100


@pytest.mark.parametrize("agent", [" ", "\t", "\x0b"])
def test_a_blank_name_is_no_crash(agent: str) -> None:
    assert looks_like((("User-Agent", agent),)).who == "unknown"
