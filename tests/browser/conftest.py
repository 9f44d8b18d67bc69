"""Debian's own chromium at the running demo. Nothing is downloaded."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from playwright.sync_api import BrowserContext
from playwright.sync_api import ConsoleMessage
from playwright.sync_api import Page
from playwright.sync_api import sync_playwright

from oauthapp.demo import Demo
from oauthapp.demo import running_demo

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        problem = "no chromium on this machine; on Debian: apt-get install chromium"
        if os.environ.get("CI"):
            pytest.fail(problem)
        pytest.skip(problem)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield launched
        launched.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    opened = browser.new_context()
    opened.set_default_timeout(10_000)
    yield opened
    opened.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page; a message of the browser about CSP or a script error fails the test."""
    complaints: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        # An error answer (401, 400) is reported too, and is what some tests ask for.
        if message.type == "error" and "the server responded" not in message.text:
            complaints.append(message.text)

    opened = context.new_page()
    opened.on("console", hear)
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    yield opened
    assert complaints == []


@pytest.fixture
def demo(tmp_path: Path, browser: Browser) -> Iterator[Demo]:
    with running_demo(
        tmp_path, app_port=0, provider_port=0, listener=lambda _call: None
    ) as running:
        yield running
        let_go(browser)


def let_go(browser: Browser) -> None:
    """Close what is open: a server that stops waits for who has not yet said a word.

    Chromium connects before it knows of anything to say.
    """
    for opened in browser.contexts:
        opened.close()
