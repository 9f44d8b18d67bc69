"""What stands in X-Forwarded-… is believed of our own proxies, and of nobody else."""

from pathlib import Path
from typing import Any

import pytest
from flask import request

from oauthapp.proxies import TrustedProxies
from oauthapp.recorder.call import Call
from oauthapp.running import build_app
from oauthapp.running import close
from oauthapp.settings import AppSettings
from oauthapp.settings import RecorderSettings
from oauthapp.settings import ServingSettings
from oauthapp.settings import Settings

OURS = ["10.0.0.0/8", "::1"]


def seen(networks: list[str], by: str = "10.0.0.1", **headers: str) -> tuple[str, ...]:
    """Who calls, how, and whom: as the application sees it."""
    found: list[dict[str, Any]] = []
    environ = {
        "REMOTE_ADDR": by,
        "wsgi.url_scheme": "http",
        "HTTP_HOST": "inside:5000",
        **{f"HTTP_X_FORWARDED_{name.upper()}": text for name, text in headers.items()},
    }
    TrustedProxies(lambda environ, _start: found.append(environ), networks)(
        environ, None
    )
    (one,) = found
    return one["REMOTE_ADDR"], one["wsgi.url_scheme"], one["HTTP_HOST"]


@pytest.mark.parametrize("by", ["192.0.2.9", "127.0.0.1", "", "unix:"])
def test_a_stranger_changes_nothing(by: str) -> None:
    told = {"for": "198.51.100.7", "proto": "https", "host": "evil.example"}

    assert seen(OURS, by, **told) == (by, "http", "inside:5000")
    assert seen([], "10.0.0.1", **told) == ("10.0.0.1", "http", "inside:5000")


def test_our_proxy_is_believed() -> None:
    told = {"for": "198.51.100.7", "proto": "https", "host": "app.example"}

    assert seen(OURS, **told) == ("198.51.100.7", "https", "app.example")


@pytest.mark.parametrize(
    ("told", "caller"),
    [
        ("198.51.100.7", "198.51.100.7"),
        ("127.0.0.1, 198.51.100.7", "198.51.100.7"),
        ("10.9.9.9, 198.51.100.7, 10.0.0.2", "198.51.100.7"),
        ("10.0.0.3, 10.0.0.2", "10.0.0.3"),
        ("198.51.100.7, unknown", "10.0.0.1"),
        ("198.51.100.7, unknown, 10.0.0.2", "10.0.0.2"),
        ("198.51.100.7:4711", "198.51.100.7"),
        ("[2001:db8::1]:4711", "2001:db8::1"),
        ("2001:db8::1", "2001:db8::1"),
        ("::ffff:198.51.100.7", "198.51.100.7"),
        ("198.51.100.7,", "10.0.0.1"),
        ("", "10.0.0.1"),
        ("198.51.100.7 10.0.0.2", "10.0.0.1"),
    ],
)
def test_who_calls_is_whom_the_last_of_our_proxies_heard(
    told: str, caller: str
) -> None:
    assert seen(OURS, **{"for": told})[0] == caller


def test_a_proxy_is_known_by_either_kind_of_address() -> None:
    told = {"for": "198.51.100.7"}

    assert seen(OURS, "::1", **told)[0] == "198.51.100.7"
    assert seen(OURS, "::ffff:10.0.0.1", **told)[0] == "198.51.100.7"


@pytest.mark.parametrize(
    ("told", "scheme"),
    [("https", "https"), ("http, https", "https"), ("https, ftp", "http")],
)
def test_the_scheme_is_the_last_that_was_told(told: str, scheme: str) -> None:
    assert seen(OURS, proto=told)[1] == scheme


@pytest.mark.parametrize(
    ("told", "host"),
    [
        ("evil.example, app.example:8443", "app.example:8443"),
        ("[2001:db8::1]:80", "[2001:db8::1]:80"),
        ("a/b", "inside:5000"),
        ("a@b", "inside:5000"),
        ("", "inside:5000"),
    ],
)
def test_the_host_is_the_last_that_was_told(told: str, host: str) -> None:
    assert seen(OURS, host=told)[2] == host


@pytest.mark.parametrize("text", ["10.0.0.1/8", "proxy.example", "", "*"])
def test_what_is_no_network_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="trusted_proxies"):
        ServingSettings(trusted_proxies=[text])


@pytest.mark.parametrize(
    ("trusted", "host", "address"),
    [
        ([], "http://localhost:5000", "127.0.0.1"),
        (["127.0.0.1"], "https://evil.example", "198.51.100.7"),
    ],
)
def test_an_app_believes_only_whom_its_settings_name(
    tmp_path: Path, trusted: list[str], host: str, address: str
) -> None:
    app = build_app(
        Settings(
            app=AppSettings(
                base_url="http://localhost:5000",
                secret_key="k" * 32,
                database_url=f"sqlite:///{tmp_path}/app.sqlite",
            ),
            recorder=RecorderSettings(database_url=f"sqlite:///{tmp_path}/r.sqlite"),
            serving=ServingSettings(trusted_proxies=trusted),
        )
    )
    heard: list[Call] = []
    app.extensions["oauthapp"].recorder.listen(heard.extend)
    app.add_url_rule("/who", view_func=lambda: str(request.remote_addr))
    answer = app.test_client().get(
        "http://localhost:5000/who",
        headers={
            "X-Forwarded-For": "198.51.100.7",
            "X-Forwarded-Host": "evil.example",
            "X-Forwarded-Proto": "https",
        },
    )
    close(app)

    assert answer.get_data(as_text=True) == address
    assert [call.url for call in heard] == [f"{host}/who"]
