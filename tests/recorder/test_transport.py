"""A session that may not go everywhere: where it goes, as whom, and what it says."""

import ssl
from collections.abc import Iterator
from datetime import UTC
from datetime import datetime
from datetime import timedelta
from pathlib import Path
from threading import Thread

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from werkzeug.serving import make_server
from werkzeug.wrappers import Request
from werkzeug.wrappers import Response

from oauthapp.recorder.call import Call
from oauthapp.recorder.outbound import AddressNotGlobal
from oauthapp.recorder.outbound import recorded_session
from oauthapp.recorder.store import Recorder
from tests.names import GLOBAL
from tests.names import OTHER_GLOBAL
from tests.names import Names
from tests.names import names

__all__ = ["names"]


class Server:
    """Answers on a port, with TLS or without; keeps the names it was called by."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.hosts: list[str] = []
        self.server_names: list[str | None] = []
        if tls:
            tls.sni_callback = self._called_by
        self._server = make_server("127.0.0.1", 0, self._answer, ssl_context=tls)
        self.port = self._server.server_port
        self._thread = Thread(target=self._server.serve_forever, args=(0.02,))

    @Request.application
    def _answer(self, request: Request) -> Response:
        self.hosts.append(request.headers["Host"])
        return Response("ok")

    def _called_by(self, _: object, name: str | None, __: object) -> None:
        self.server_names.append(name)

    def __enter__(self) -> "Server":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as server:
        yield server


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of hooks.example, its key in the same file, signed by itself."""
    key, today = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "hooks.example")])
    known_as = x509.SubjectAlternativeName([x509.DNSName("hooks.example")])
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + timedelta(days=1))
        .add_extension(known_as, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    private = key.private_bytes(
        pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = tmp_path_factory.mktemp("tls") / "hooks.pem"
    path.write_bytes(private + signed.public_bytes(pem))
    return path


@pytest.fixture
def tls_server(certificate: Path) -> Iterator[Server]:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate)
    with Server(tls) as server:
        yield server


@pytest.fixture
def http(recorder: Recorder) -> Iterator[requests.Session]:
    with recorded_session(recorder, "provider", reach="global") as session:
        yield session


def test_the_host_header_keeps_the_name(
    server: Server, http: requests.Session, names: Names
) -> None:
    names.answers = {"hooks.example": [[GLOBAL], ["127.0.0.1"]]}
    names.leads_to = {GLOBAL: server.port}

    assert http.get("http://hooks.example/").text == "ok"

    assert (names.asked, names.connected) == (["hooks.example"], [GLOBAL])
    assert server.hosts == ["hooks.example"]


def test_tls_keeps_the_name_and_checks_the_certificate_for_it(
    tls_server: Server, http: requests.Session, names: Names, certificate: Path
) -> None:
    names.answers = {"hooks.example": [[GLOBAL], ["127.0.0.1"]]}
    names.leads_to = {GLOBAL: tls_server.port}
    http.verify = str(certificate)

    assert http.get("https://hooks.example/").text == "ok"

    assert (names.asked, names.connected) == (["hooks.example"], [GLOBAL])
    assert tls_server.server_names == tls_server.hosts == ["hooks.example"]


@pytest.mark.parametrize("name", ["other.example", GLOBAL])
def test_a_certificate_for_another_name_is_refused(
    tls_server: Server,
    http: requests.Session,
    names: Names,
    certificate: Path,
    name: str,
) -> None:
    names.answers = {name: [[GLOBAL]]}
    names.leads_to = {GLOBAL: tls_server.port}
    http.verify = str(certificate)

    with pytest.raises(requests.exceptions.SSLError):
        http.get(f"https://{name}/")

    assert tls_server.hosts == []


@pytest.mark.parametrize("addresses", [[GLOBAL, "127.0.0.1"], ["127.0.0.1"]])
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_refusal_is_no_broken_connection(
    http: requests.Session,
    names: Names,
    heard: list[Call],
    addresses: list[str],
    scheme: str,
) -> None:
    names.answers = {"hooks.example": [addresses]}

    with pytest.raises(AddressNotGlobal, match="^127.0.0.1 is loopback$"):
        http.post(f"{scheme}://hooks.example/", data=b"secret")

    assert names.connected == []
    assert (heard[0].status, heard[0].verdict) == (None, "failed")
    assert heard[0].reason == "AddressNotGlobal"


def test_every_connection_is_judged_anew(
    server: Server, http: requests.Session, names: Names
) -> None:
    names.answers = {"hooks.example": [[GLOBAL], ["127.0.0.1"]]}
    names.leads_to = {GLOBAL: server.port}

    http.get("http://hooks.example/", headers={"Connection": "close"})
    with pytest.raises(AddressNotGlobal):
        http.get("http://hooks.example/")

    assert names.connected == [GLOBAL]


def test_the_last_dot_of_a_name_is_kept_for_the_resolver_alone(
    server: Server, http: requests.Session, names: Names
) -> None:
    names.answers = {"hooks.example.": [[GLOBAL]]}
    names.leads_to = {GLOBAL: server.port}

    http.get("http://hooks.example./")

    assert names.asked == ["hooks.example."]


@pytest.mark.parametrize(
    "name", ["localhost.", "localhost", "xn--lcalhost-54a.example"]
)
def test_a_name_is_judged_by_its_address_and_not_by_its_looks(
    http: requests.Session, names: Names, name: str
) -> None:
    names.answers = {name: [["127.0.0.1"]]}

    with pytest.raises(AddressNotGlobal):
        http.get(f"http://{name}/")

    assert names.connected == []


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "2130706433", "0x7f.1", "0177.1", "[::1]", "[::ffff:127.0.0.1]"],
)
def test_a_number_for_a_name_is_judged_too(http: requests.Session, host: str) -> None:
    with pytest.raises(AddressNotGlobal):
        http.get(f"http://{host}/")


def test_a_name_that_is_not_found_is_a_failed_connection(
    http: requests.Session, heard: list[Call], names: Names
) -> None:
    with pytest.raises(requests.ConnectionError):
        http.get("http://nobody.example/")

    assert heard[0].reason == "ConnectionError"


def test_what_cannot_be_a_name_is_a_failed_connection_too(
    http: requests.Session,
) -> None:
    with pytest.raises(requests.ConnectionError):
        http.get(f"http://{'a' * 64}.example/")


def test_addresses_that_are_silent_are_a_timeout(
    http: requests.Session, names: Names
) -> None:
    names.answers = {"hooks.example": [[GLOBAL, OTHER_GLOBAL]]}
    names.silent = {GLOBAL, OTHER_GLOBAL}

    with pytest.raises(requests.Timeout):
        http.get("http://hooks.example/", timeout=0.2)
