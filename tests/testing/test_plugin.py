"""The plugin itself: what it costs, what it shows, and that it leaves nothing."""

import subprocess
import sys

import pytest

pytest_plugins = ["pytester"]

#: Neither does a suite pay for that asks for none of our fixtures.
HEAVY = ("flask", "sqlalchemy", "authlib", "requests", "msgspec", "joserfc")


def test_nothing_heavy_is_imported_before_a_fixture_is_asked_for() -> None:
    program = (
        "import sys, oauthapp.pytest_plugin;"
        f"print([one for one in {HEAVY} if one in sys.modules])"
    )

    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert done.stdout.strip() == "[]"


#: Nor does a provider wait for what its first answer does not need.
LATER = (
    *("requests", "urllib3", "sqlalchemy.dialects.postgresql", "psycopg"),
    *("alembic", "limits", "prometheus_client"),
    *("oauthapp.checking", "oauthapp.callbacks", "oauthapp.callers.sender.deliver"),
)


def test_a_provider_is_there_before_what_it_may_need_later_is_imported() -> None:
    program = f"""
import sys
from urllib.request import urlopen
from oauthapp.clock import MovableClock
from oauthapp.testing.config import OauthappConfig
from oauthapp.testing.house import open_house

with open_house(OauthappConfig(), MovableClock()) as house:
    urlopen(house.provider().discovery_url).close()
    print([one for one in {LATER} if one in sys.modules])
"""

    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert done.stdout.strip() == "[]"


def test_every_fixture_says_what_it_is_for(pytester: pytest.Pytester) -> None:
    shown = pytester.runpytest("-p", "oauthapp.pytest_plugin", "--fixtures")

    for name in (
        "oauth_provider",
        "webhook_sender",
        "webhook_receiver",
        "serve_app",
        "callback_clock",
        "capture",
        "oauthapp_config",
    ):
        shown.stdout.fnmatch_lines([f"{name}*pytest_plugin.py*"])


def test_a_failed_test_shows_the_exchange_and_why_it_was_refused(
    pytester: pytest.Pytester,
) -> None:
    pytester.makepyfile(
        """
        import requests

        def test_it(oauth_provider):
            url = f"{oauth_provider.issuer}/token"
            assert requests.post(url, data={"grant_type": "x"}).status_code == 200
        """
    )

    result = pytester.runpytest("-p", "oauthapp.pytest_plugin")

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        ["*oauthapp: the exchange*", "*POST */token*400*", "*refused or failed*"]
    )


def test_the_configuration_can_be_overridden(pytester: pytest.Pytester) -> None:
    pytester.makeconftest(
        """
        import pytest
        from oauthapp.settings import User
        from oauthapp.testing.config import OauthappConfig

        @pytest.fixture(scope="session")
        def oauthapp_config():
            return OauthappConfig(users=[User(sub="eve", password="e")])
        """
    )
    pytester.makepyfile(
        """
        def test_it(oauth_provider):
            client = oauth_provider.client("http://localhost/callback")
            assert oauth_provider.issue_tokens(client, "eve")["access_token"]
        """
    )

    pytester.runpytest("-p", "oauthapp.pytest_plugin").assert_outcomes(passed=1)


def test_nothing_is_left_of_a_test(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(pytester.mkdir("tmp")))
    pytester.makepyfile(
        """
        import tempfile
        import threading
        from pathlib import Path

        import pytest

        def folders():
            return list(Path(tempfile.gettempdir()).glob("oauthapp-*"))

        @pytest.mark.parametrize("number", range(6))
        def test_it(number, oauth_provider, webhook_sender, webhook_receiver, capture):
            webhook_receiver.secret = webhook_sender.secret
            webhook_sender.send("a", to=webhook_receiver.url)
            assert oauth_provider.rotate_keys()

        def test_after():
            assert threading.active_count() == 1
            assert folders() == []
        """
    )

    pytester.runpytest_subprocess(
        "-p", "oauthapp.pytest_plugin", f"--basetemp={pytester.path}/base"
    ).assert_outcomes(passed=7)
