"""Debian's Apache signs its visitors in at our provider, by mod_auth_openidc."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable
from collections.abc import Iterator
from contextlib import contextmanager
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pytest

from oauthapp.settings import Client
from oauthapp.visitor import Visitor

APACHE = "/usr/sbin/apache2"
MODULE = "/usr/lib/apache2/modules/mod_auth_openidc.so"
CONFIG = Path(__file__).with_name("apache.conf")
#: Seconds Apache may take to start, and to stop.
PATIENCE = 20.0
PRIVATE_PAGE = (
    'For <!--#echo var="REMOTE_USER" -->, called <!--#echo var="OIDC_CLAIM_name" -->'
)
ALICE = {"username": "alice", "password": "secret"}
ALLOW = ("decision", "allow")
DENY = ("decision", "deny")


@dataclass(frozen=True, kw_only=True)
class Apache:
    """A running Apache and the provider it sends its visitors to."""

    url: str
    issuer: str

    @property
    def private(self) -> str:
        return f"{self.url}/private/"

    @property
    def goodbye(self) -> str:
        return f"{self.url}/goodbye"

    @property
    def logout(self) -> str:
        return f"{self.url}/callback?logout={quote(self.goodbye, safe='')}"


@pytest.fixture
def apache(issuer_for: Callable[[Client], str]) -> Iterator[Apache]:
    _require_debians_apache()
    port = _reserved_port()
    url = f"http://localhost:{port}"
    issuer = issuer_for(
        Client(
            client_id="apache",
            client_secret="its-secret",
            redirect_uris=[f"{url}/callback"],
            post_logout_redirect_uris=[f"{url}/goodbye"],
        )
    )
    with tempfile.TemporaryDirectory(prefix="oauthapp-apache-") as name:
        folder = Path(name)
        _furnish(folder, port=port, url=url, issuer=issuer)
        with _running(folder, port):
            yield Apache(url=url, issuer=issuer)


def test_apache_signs_a_visitor_in(apache: Apache, visitor: Visitor) -> None:
    login = visitor.open(apache.private)
    assert login.url.startswith(apache.issuer)

    visitor.submit(ALICE)
    page = visitor.submit({}, button=ALLOW)

    assert page.url == apache.private
    assert page.text == "For alice, called Alice Example"


def test_apache_shows_a_visitor_who_says_no_nothing(
    apache: Apache, visitor: Visitor
) -> None:
    visitor.open(apache.private)
    visitor.submit(ALICE)
    page = visitor.submit({}, button=DENY)

    # What the page says is left open: in 2.4.12 the `iss` beside an error, which
    # RFC 9207 §2 wants, is mistaken for the choice of a provider.
    assert page.url.startswith(f"{apache.url}/callback?error=access_denied&")
    assert "alice" not in page.text
    assert visitor.open(apache.private).url.startswith(apache.issuer)


def test_who_signs_out_at_apache_must_sign_in_again(
    apache: Apache, visitor: Visitor
) -> None:
    visitor.open(apache.private)
    visitor.submit(ALICE)
    visitor.submit({}, button=ALLOW)

    assert visitor.open(apache.logout).url == apache.goodbye

    assert visitor.open(apache.private).url.startswith(apache.issuer)
    assert visitor.submit(ALICE).url == apache.private  # the consent is remembered


def _require_debians_apache() -> None:
    if Path(APACHE).exists() and Path(MODULE).exists():
        return
    problem = (
        "no Apache with mod_auth_openidc on this machine; on Debian: "
        "apt-get install apache2-bin libapache2-mod-auth-openidc"
    )
    if os.environ.get("CI"):
        pytest.fail(problem)
    pytest.skip(problem)


def _reserved_port() -> int:
    """A port that no one else is given for a minute, but Apache may take."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        address: tuple[str, int] = listener.getsockname()
        with socket.create_connection(address):
            # Closed first, this end stays in TIME_WAIT, and its port with it.
            listener.accept()[0].close()
    return address[1]


def _furnish(folder: Path, *, port: int, url: str, issuer: str) -> None:
    """Lay out the configuration and the pages."""
    filled = {"folder": folder, "port": port, "url": url, "issuer": issuer}
    (folder / "apache.conf").write_text(CONFIG.read_text().format(**filled))
    (folder / "pages" / "private").mkdir(parents=True)
    (folder / "pages" / "private" / "index.html").write_text(PRIVATE_PAGE)
    (folder / "pages" / "goodbye").write_text("Goodbye")


@contextmanager
def _running(folder: Path, port: int) -> Iterator[None]:
    # Without rights of its own, also where root runs the tests, as CI does.
    owner = "www-data" if os.geteuid() == 0 else None
    if owner:
        shutil.chown(folder, owner, owner)
    process = subprocess.Popen(
        [APACHE, "-DFOREGROUND", "-f", folder / "apache.conf"],
        user=owner,
        group=owner,
        extra_groups=[] if owner else None,
        env={},  # no proxy
        start_new_session=True,  # it signals its whole group when it stops
    )
    try:
        _wait_until_it_answers(process, port)
        yield
    finally:
        process.terminate()
        process.wait(PATIENCE)
        for log in folder.glob("error.log"):  # it may not have come that far
            print(log.read_text())


def _wait_until_it_answers(process: subprocess.Popen[bytes], port: int) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port)):
            return
        with suppress(subprocess.TimeoutExpired):
            pytest.fail(f"Apache stopped at once with {process.wait(0.05)}")
    pytest.fail(f"Apache does not answer within {PATIENCE:.0f} seconds")
