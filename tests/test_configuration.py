"""A file and the environment become settings, or one line says what to write."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from oauthapp.configuration import load_settings
from oauthapp.errors import SettingsError
from oauthapp.settings import Settings

KEY = "k" * 32
GOOD = f"""
[app]
base_url = "http://localhost:5000"
secret_key = "{KEY}"
login_ttl = 300
[app.providers.demo]
issuer = "http://127.0.0.1:5001"
client_id = "the-app"
client_secret = "the-secret"
[app.webhooks.demo]
secrets = ["whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"]
[provider]
issuer = "http://127.0.0.1:5001"
secret_key = "{KEY}"
[[provider.users]]
sub = "alice"
password = "p"
claims = {{ name = "Alice" }}
[[provider.clients]]
client_id = "the-app"
client_secret = "the-secret"
redirect_uris = ["http://localhost:5000/callback/demo"]
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "oauthapp.toml"


def problem(file: Path, content: str | None, **environ: str) -> str:
    """The one line that refuses these settings."""
    if content is not None:
        file.write_text(content, encoding="utf-8")
    with pytest.raises(SettingsError) as refused:
        load_settings(None if content is None else file, environ)
    assert "\n" not in str(refused.value)
    return str(refused.value)


def test_a_file_becomes_settings(file: Path) -> None:
    file.write_text(GOOD)

    found = load_settings(file, {})

    assert found.app is not None
    assert found.app.login_ttl == 300
    assert found.app.providers["demo"].client_id == "the-app"
    assert found.provider is not None
    assert found.provider.users[0].claims == {"name": "Alice"}


def test_nothing_is_fine_too() -> None:
    assert load_settings(None, {}) == Settings()


def test_the_environment_alone_is_enough() -> None:
    found = load_settings(
        None,
        {
            "OAUTHAPP_APP__BASE_URL": "http://localhost:5000",
            "OAUTHAPP_APP__SECRET_KEY": KEY,
            "OAUTHAPP_APP__PROVIDERS__DEMO__ISSUER": "http://127.0.0.1:5001",
            "OAUTHAPP_APP__PROVIDERS__DEMO__CLIENT_ID": "a",
            "OAUTHAPP_APP__PROVIDERS__DEMO__CLIENT_SECRET": "b",
        },
    )

    assert found.app is not None
    assert found.app.providers["demo"].client_secret == "b"


def test_the_environment_wins_over_the_file(file: Path) -> None:
    file.write_text(GOOD)
    found = load_settings(file, {"OAUTHAPP_APP__LOGIN_TTL": "60", "LOGIN_TTL": "7"})

    assert found.app is not None
    assert found.app.login_ttl == 60


def test_a_list_in_the_environment_is_json(file: Path) -> None:
    file.write_text(GOOD)
    uris = '["http://localhost:5000/a", "http://localhost:5000/b"]'
    clients = f'[{{"client_id": "x", "client_secret": "s", "redirect_uris": {uris}}}]'

    found = load_settings(file, {"OAUTHAPP_PROVIDER__CLIENTS": clients})

    assert found.provider is not None
    assert len(found.provider.clients[0].redirect_uris) == 2


@pytest.mark.parametrize("secret", ["12345", "1e5", "true", "null", '"quoted"', "[1]"])
def test_a_secret_that_looks_like_json_is_taken_as_the_text_it_is(
    file: Path, secret: str
) -> None:
    file.write_text(GOOD)
    name = "OAUTHAPP_APP__PROVIDERS__DEMO__CLIENT_SECRET"

    found = load_settings(file, {name: secret})

    assert found.app is not None
    kept = found.app.providers["demo"].client_secret
    assert kept == (secret if secret != '"quoted"' else "quoted")


def test_a_secret_key_of_digits_is_taken_as_text(file: Path) -> None:
    file.write_text(GOOD)

    found = load_settings(file, {"OAUTHAPP_APP__SECRET_KEY": "1" * 40})

    assert found.app is not None
    assert found.app.secret_key == "1" * 40


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("login_ttl = 300", "login_tll = 300", "app.login_tll: no such setting"),
        ("login_ttl = 300", 'login_ttl = "x"', "app.login_ttl: write a value of type"),
        ("login_ttl = 300", "login_ttl = true", "app.login_ttl: write a value of type"),
        ("login_ttl = 300", "login_ttl = 0", "app.login_ttl: 0 is not between"),
        ('client_id = "the-app"\n', "", "app.providers.demo.client_id: missing"),
        ("[app.webhooks.demo]", "[app.webhook.demo]", "app.webhook: no such setting"),
        ("[app]", "[apps]", "no such setting"),
        ("[[provider.users]]", "[provider.users]", "provider.users: write a value"),
        (f'secret_key = "{KEY}"\nlogin', "login", "app.secret_key: missing"),
        (f'"{KEY}"', '"short"', "app.secret_key: write at least 32"),
        ('sub = "alice"', 'sub = "alice"\nadmin = true', "admin: no such setting"),
        ("http://localhost:5000", "http://app.example", "base_url:"),
        ("login_ttl = 300", '"a\\n\\u001b[2J" = 1', r"app.a\n\x1b[2J: no such setting"),
    ],
)
def test_what_is_wrong_is_said_with_the_key_and_what_to_write(
    file: Path, old: str, new: str, said: str
) -> None:
    assert old in GOOD

    assert said in problem(file, GOOD.replace(old, new, 1))


def test_a_missing_key_is_told_its_variable(file: Path) -> None:
    without = GOOD.replace(f'secret_key = "{KEY}"\n', "", 1)

    assert "OAUTHAPP_APP__SECRET_KEY" in problem(file, without)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("OAUTHAPP_SECRET_KEY", "two underscores"),
        ("OAUTHAPP_", "two underscores"),
        ("OAUTHAPP_APP__BASE_URL__X", "is not a table"),
        ("OAUTHAPP_APP__SURPRISE", "app.surprise: no such setting"),
        ("OAUTHAPP_NOBODY__X", "nobody: no such setting"),
        ("OAUTHAPP_APP__\udcb9", r"OAUTHAPP_APP__\udcb9: name and value must be UTF-8"),
    ],
)
def test_a_variable_that_means_nothing_is_refused(
    file: Path, name: str, said: str
) -> None:
    assert said in problem(file, GOOD, **{name: "x"})


def test_half_a_surrogate_pair_is_no_json_but_the_text_it_is_written_as(
    file: Path,
) -> None:
    said = problem(file, GOOD, OAUTHAPP_APP__PROVIDERS=r'{"\ud800": 1}')

    assert said == "app.providers: write a value of type object, this is str"


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="no such file"):
        load_settings(tmp_path / "missing.toml", {})


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be read"):
        load_settings(tmp_path, {})


def test_bytes_that_are_no_text_are_refused(file: Path) -> None:
    file.write_bytes(b"\xff\xfe")
    with pytest.raises(SettingsError, match="cannot be read"):
        load_settings(file, {})


@pytest.mark.parametrize(
    "content",
    [
        "[app",
        "a = ",
        "a = 1\na = 2",
        "=",
        "\x00",
        "a = " + "[" * 3000,
        "a = " + "1" * 5000,
    ],
)
def test_what_is_no_toml_is_refused(file: Path, content: str) -> None:
    assert "not valid TOML" in problem(file, content)


def test_deeply_nested_json_in_the_environment_is_only_text(file: Path) -> None:
    said = problem(file, GOOD, OAUTHAPP_APP__LOGIN_TTL="[" * 100_000)

    assert said.startswith("app.login_ttl: write a value of type")


@pytest.mark.parametrize("key", ["secret_key", "client_secret", "secrets", "password"])
def test_a_secret_of_the_wrong_type_is_not_repeated(file: Path, key: str) -> None:
    lines = [
        f"{key} = [987654321]" if line.startswith(f"{key} =") else line
        for line in GOOD.splitlines()
    ]

    assert "987654321" not in problem(file, "\n".join(lines))


# --- properties ----------------------------------------------------------------------

KEYS = st.sampled_from(
    "app provider recorder providers webhooks demo users clients endpoints base_url "
    "secret_key issuer client_id secrets login_ttl key sub claims url x".split()
) | st.text(max_size=5)
VALUES = (
    st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats()
    | st.sampled_from([KEY, "http://localhost:5000", "https://op.example", "whsec_"])
    | st.text(max_size=9)
    | st.datetimes()
    | st.dates()
)
TABLES = st.recursive(
    VALUES,
    lambda inside: (
        st.lists(inside, max_size=2) | st.dictionaries(KEYS, inside, max_size=4)
    ),
    max_leaves=12,
)
DOCUMENTS = st.dictionaries(KEYS, TABLES, max_size=3) | st.fixed_dictionaries(
    {"app": st.dictionaries(KEYS, TABLES, max_size=4)}
)
NAMES = st.lists(KEYS, min_size=1, max_size=4).map(
    lambda keys: "OAUTHAPP_" + "__".join(keys).upper()
)


def toml(value: Any) -> str:
    """`value` as TOML, all of it inline."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{toml(k)} = {toml(value[k])}" for k in value) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return str(value)
    return json.dumps(value, ensure_ascii=False)


@given(DOCUMENTS, st.dictionaries(NAMES, st.text(max_size=9), max_size=2))
@settings(max_examples=300, derandomize=True, deadline=None)
def test_whatever_is_written_becomes_settings_or_one_line(
    tmp_path_factory: pytest.TempPathFactory,
    document: dict[str, object],
    environ: dict[str, str],
) -> None:
    file = tmp_path_factory.getbasetemp() / "any.toml"
    lines = [f"{toml(key)} = {toml(document[key])}" for key in document]
    file.write_text("\n".join(lines), encoding="utf-8", newline="")
    try:
        assert isinstance(load_settings(file, environ), Settings)
    except SettingsError as error:
        assert str(error).isprintable()


@given(st.text(max_size=60))
@settings(max_examples=200, derandomize=True, deadline=None)
def test_no_text_makes_it_raise_anything_else(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    file = tmp_path_factory.getbasetemp() / "any.toml"
    file.write_text(text, encoding="utf-8", newline="")
    try:
        load_settings(file, {"OAUTHAPP_APP__SECRET_KEY": text})
    except SettingsError as error:
        assert str(error)
