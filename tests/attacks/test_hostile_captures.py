"""Whatever a stranger sends is recorded, shown and exported without harm."""

import json
import re
import socket
from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import replace
from pathlib import Path
from queue import Queue
from typing import cast

import pytest
from flask import Flask
from flask import render_template
from sqlalchemy import Engine

from oauthapp.app import create_app
from oauthapp.console import print_calls
from oauthapp.database import open_database
from oauthapp.recorder.call import Call
from oauthapp.recorder.inbound import BODY_LIMIT
from oauthapp.recorder.observation import Observation
from oauthapp.recorder.store import Recorder
from oauthapp.recorder.timeline import tell
from oauthapp.schema.recorder import recorder_tables
from oauthapp.services import AppServices
from oauthapp.serving import Server
from oauthapp.settings import AppSettings
from oauthapp.settings import WebhookSource
from oauthapp.ui.export_routes import FORMATS
from tests.callbacks.webhook.senders import SYMMETRIC

SCRIPT = "<script>alert(1)</script>"
SHELL = "'; touch pwned; $(touch pwned) `touch pwned` #"
TERMINAL = "\x1b]0;owned\x07\x1b[2J\x1b[201~\x03"
#: What a terminal or an eye would obey.
OBEYED = "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202e\u2066]"
JSON = "Content-Type: application/json"
FORM = "Content-Type: application/x-www-form-urlencoded"


def message(*lines: str, body: bytes = b"", target: str = "/webhooks/demo") -> bytes:
    """A request as it stands on the wire."""
    length = f"Content-Length: {len(body)}"
    head = [f"POST {target} HTTP/1.1", "Host: localhost", "Connection: close"]
    text = "\r\n".join([*head, length, *lines, "", ""])
    return text.encode("latin-1") + body


WIRE = {
    "script tags": message(
        JSON,
        f"X-Odd: {SCRIPT}",
        f"User-Agent: {SCRIPT}",
        f"webhook-id: {SCRIPT}",
        body=json.dumps({SCRIPT: SCRIPT}).encode(),
        target=f"/webhooks/demo?{SCRIPT}={SCRIPT}".replace(" ", ""),
    ),
    "terminal escapes": message(
        FORM,  # a header with them is refused before it is heard
        body=f"a={TERMINAL}".encode(),
        target="/webhooks/%1b%5d0;owned%07",
    ),
    "shell metacharacters": message(
        FORM,
        f"X-Odd: {SHELL}",
        body=SHELL.encode(),
        target="/webhooks/demo?a=';touch$IFS'pwned';$(touch$IFS'pwned')`id`",
    ),
    "shell metacharacters in JSON": message(JSON, body=json.dumps([SHELL]).encode()),
    "900 kB of body": message(JSON, body=b'{"a":"' + b"x" * 900_000 + b'"}'),
    "900 kB of form": message(FORM, body=b"\xff" * 900_000, target="/callback/demo"),
    "invalid UTF-8": message(
        FORM, "X-Odd: \xff\xfe", body=b"a=\xff\xfe&b=%ff", target="/webhooks/%ff?a=%ff"
    ),
    "invalid UTF-8 in JSON": message(JSON, body=b'{"a":"\xff"}'),
    "500 headers": message(JSON, *(f"X-Odd-{n}: {SCRIPT}" for n in range(500))),
    "lone surrogates": message(JSON, body=b'{"a":"\\ud800","\\udfff":1}'),
    "NUL": message(FORM, body=b"a=\0&b=%00", target="/webhooks/demo?a=%00"),
    "deep JSON": message(JSON, body=b"[" * 30_000 + b"]" * 30_000),
    "deep wide JSON": message(
        JSON, body=b"[" * 900 + b",".join([b"1"] * 30_000) + b"]" * 900
    ),
    "names that override": message(
        JSON, body='{"a":"\u202etxt.exe\u2066"}'.encode(), target="/webhooks/%e2%80%ae"
    ),
}


@dataclass(frozen=True, kw_only=True)
class House:
    """An app on a real port, its recorder and what that kept."""

    app: Flask
    port: int
    recorder: Recorder
    recorded: Engine
    heard: Queue[Sequence[Call]]

    def next_call(self) -> Call:
        """Wait until one is recorded; they come one at a time."""
        (call,) = self.heard.get(timeout=10)
        return call

    def send(self, raw: bytes) -> None:
        """Put these bytes on the wire, and read whatever comes back."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=10) as wire:
            try:
                wire.sendall(raw)
                while wire.recv(65536):
                    pass
            except ConnectionError:
                pass  # it was told enough: a body that is too large is not read


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    server = Server("localhost", 0)
    heard: Queue[Sequence[Call]] = Queue()
    settings = AppSettings(
        base_url=f"http://localhost:{server.port}",
        secret_key="a-key-of-thirty-two-bytes-or-more",
        database_url=f"sqlite:///{tmp_path}/app.sqlite",
        webhooks={"demo": WebhookSource(secrets=[SYMMETRIC])},
    )
    recorded = open_database(f"sqlite:///{tmp_path}/calls.sqlite", recorder_tables)
    recorder = Recorder(recorded, "key", lambda: 1_700_000_000.0, heard.put)
    app = create_app(settings, recorder, clock=lambda: 1_700_000_000.0)
    with server.running(app):
        yield House(
            app=app,
            port=server.port,
            recorder=recorder,
            recorded=recorded,
            heard=heard,
        )
    services = cast(AppServices, app.extensions["oauthapp"])
    services.http.close()
    services.database.dispose()
    recorded.dispose()


@pytest.mark.parametrize("name", WIRE)
def test_what_came_over_the_wire_is_shown_and_exported_without_harm(
    house: House, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    house.send(WIRE[name])

    # The answer is on its way before the call is recorded.
    require_harmless(house, house.next_call(), capsys)


@pytest.mark.parametrize("content_type", ["application/json", "text/plain", ""])
def test_10_MB_are_recorded_as_the_little_that_was_read(
    house: House, content_type: str, capsys: pytest.CaptureFixture[str]
) -> None:
    body = b'{"a":"' + b"x" * 10_000_000 + b'"}'
    for path in ("/webhooks/demo", "/callback/demo", "/nowhere"):
        house.app.test_client().post(path, data=body, content_type=content_type)
        require_harmless(house, house.next_call(), capsys)


#: As no WSGI server hands on, but a recorder may be given it all the same.
ODD = Observation(
    id="00000000000000aa",
    party="app",
    direction="inbound",
    at=1_700_000_000.0,
    ms=1.0,
    method="POST",
    url="http://localhost/webhooks/demo",
    request_headers=(("Content-Type", "application/json"),),
    request_body=b"{}",
    status=400,
    answer_headers=(),
    answer_body=b"",
    kind="webhook",
    verdict="refused",
    reason="signature_mismatch",
)


@pytest.mark.parametrize(
    "changed",
    [
        {"method": f"P\x1b[2J{SCRIPT}\r\nX: 1"},
        {"url": f"http://localhost/webhooks/{TERMINAL}{SCRIPT}?a={TERMINAL}"},
        {"url": "http://localhost/callback/demo?state=\x00&code=\x85\u202e"},
        {"request_headers": ((f"X{SCRIPT}", f"\0\r\n{SCRIPT}"),) * 500},
        {"answer_headers": (("Set-Cookie", f"{SCRIPT}={SCRIPT}; \x1b[2J"),)},
        {"answer_headers": (("Content-Type", f"text/{SCRIPT}"),), "answer_body": b"x"},
        {"request_body": b'{"a":"' + b"x" * (BODY_LIMIT - 8) + b'"}'},
    ],
    ids=range(7),
)
def test_what_a_recorder_is_given_is_shown_and_exported_without_harm(
    house: House, changed: dict[str, object], capsys: pytest.CaptureFixture[str]
) -> None:
    house.recorder.keep(replace(ODD, **changed))  # type: ignore[arg-type]

    require_harmless(house, house.next_call(), capsys)


def require_harmless(
    house: House, call: Call, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = house.recorder.find(call.id)
    assert kept == call
    print_calls([call])
    require_one_line(capsys.readouterr().out)
    browser = house.app.test_client()
    for path in ("/", f"/inspect/{call.id}/replay"):
        page = browser.get(path)
        assert page.status_code == 200
        assert SCRIPT not in page.text
        assert len(page.data) < 1_000_000
    with house.app.test_request_context():
        step = tell([call]).steps[0]
        page = render_template("app/inspect_decoded.html", step=step)
    assert SCRIPT not in page
    assert len(page) < 2_000_000
    assert not re.search(OBEYED, page)
    for name in FORMATS:
        answer = browser.get(f"/inspect/{call.id}/export/{name}")
        assert answer.status_code in (200, 422), answer.text
        if answer.status_code == 200:
            assert answer.headers["Content-Disposition"].startswith("attachment; ")
            assert len(answer.data) < 1_000_000
            assert not re.search(OBEYED, answer.data.decode())
        else:
            assert SCRIPT not in answer.text


def require_one_line(line: str) -> None:
    """Our own colours, and nothing else that a terminal obeys."""
    bare = re.sub("\x1b\\[(3[12]|0)m", "", line)
    assert bare.endswith("\n")
    assert bare[:-1].isprintable()
