"""What may be set, and what is refused as unsafe with the key's name."""

from typing import Any

import msgspec
import pytest

from oauthapp.settings import AppSettings
from oauthapp.settings import Client
from oauthapp.settings import Endpoint
from oauthapp.settings import LoginProvider
from oauthapp.settings import ProviderSettings
from oauthapp.settings import RecorderSettings
from oauthapp.settings import User
from oauthapp.settings import WebhookSource

SIGNING_SECRET = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"
APP: dict[str, Any] = {"base_url": "http://localhost:5000", "secret_key": "k" * 32}
PROVIDER: dict[str, Any] = {"issuer": "http://127.0.0.1:5001", "secret_key": "k" * 32}
LOGIN: dict[str, Any] = {
    "issuer": "https://op.example",
    "client_id": "app",
    "client_secret": "s",
}
CLIENT: dict[str, Any] = {
    "client_id": "app",
    "client_secret": "s",
    "redirect_uris": ["http://localhost:5000/callback/demo"],
}
GOOD: dict[type, dict[str, Any]] = {
    AppSettings: APP,
    RecorderSettings: {"keep_days": 30},
    ProviderSettings: PROVIDER,
    LoginProvider: LOGIN,
    Client: CLIENT,
    WebhookSource: {"secrets": [SIGNING_SECRET]},
    Endpoint: {"url": "http://localhost:5000/webhooks/demo", "secret": SIGNING_SECRET},
    User: {"sub": "alice", "password": "p"},
}


@pytest.mark.parametrize("shape", GOOD)
def test_the_least_that_must_be_said_is_enough(shape: type) -> None:
    assert msgspec.convert(GOOD[shape], shape)


@pytest.mark.parametrize("shape", GOOD)
def test_an_unknown_key_is_refused(shape: type) -> None:
    with pytest.raises(msgspec.ValidationError, match="surprise"):
        msgspec.convert({**GOOD[shape], "surprise": 1}, shape)


@pytest.mark.parametrize("shape", GOOD)
def test_settings_cannot_be_changed(shape: type) -> None:
    made = msgspec.convert(GOOD[shape], shape)

    with pytest.raises(AttributeError):
        setattr(made, next(iter(GOOD[shape])), "x")


@pytest.mark.parametrize(
    "url",
    [
        "http://localhost:5000",
        "http://localhost",
        "http://127.0.0.1:5000",
        "http://[::1]:5000",
        "https://app.example",
        "https://app.example:8443",
        "https://xn--bcher-kva.example",
    ],
)
def test_an_origin_is_taken_as_it_is(url: str) -> None:
    app = AppSettings(**{**APP, "base_url": url})

    assert app.redirect_uri("demo") == f"{url}/callback/demo"
    assert app.secure() is url.startswith("https")
    assert f"{app.base_url.partition(':')[0]}://{app.host()}" == url


BAD_ORIGINS = [
    "",
    "localhost:5000",
    "//localhost:5000",
    "ftp://localhost",
    "javascript:alert(1)",
    "http://",
    "https://",
    "https:///x",
    "http://app.example",
    "http://0.0.0.0:5000",
    "http://127.0.0.1.evil.example",
    "http://localhost.evil.example",
    "http://localhost:5000/",
    "http://localhost:5000?",
    "http://localhost:5000?x=1",
    "http://localhost:5000#",
    "http://localhost:5000#x",
    "http://user@localhost:5000",
    "http://user:pw@localhost:5000",
    "http://@localhost:5000",
    "http://localhost:",
    "http://localhost:x",
    "http://localhost:99999",
    "http://[::1",
    # A browser writes these otherwise in its Host header, so no login would work.
    "http://LOCALHOST:5000",
    "HTTP://localhost:5000",
    "http://localhost:80",
    "https://app.example:443",
    "http://localhost:05000",
    "https://bücher.example",
    # What a parser drops or turns, and a string comparison does not.
    " http://localhost:5000",
    "http://localhost:5000 ",
    "http://local\thost:5000",
    "http://localhost:5000\n",
    "http://localhost\\@evil.example",
    "https://app.example\\x",
]


@pytest.mark.parametrize("url", BAD_ORIGINS)
@pytest.mark.parametrize(
    ("shape", "key"), [(AppSettings, "base_url"), (ProviderSettings, "issuer")]
)
def test_what_is_no_safe_origin_is_refused_by_its_keys_name(
    shape: type, key: str, url: str
) -> None:
    with pytest.raises(msgspec.ValidationError, match=f"^{key}: "):
        msgspec.convert({**GOOD[shape], key: url}, shape)


@pytest.mark.parametrize(
    "path",
    ["/app", "/", "/t/acme/", "//", "/t//a", "/T", "/..", "/t/%61", "/a;b", "/a b"],
)
def test_the_app_is_below_no_path_and_a_provider_below_a_plain_one(path: str) -> None:
    url = f"http://localhost:5000{path}"
    with pytest.raises(ValueError, match="^base_url: "):
        AppSettings(**{**APP, "base_url": url})
    if path != "/app":
        with pytest.raises(ValueError, match="^issuer: "):
            ProviderSettings(**{**PROVIDER, "issuer": url})


def test_a_provider_below_a_path_knows_its_host_and_its_path() -> None:
    url = "http://localhost:5001/t/acme"
    settings = ProviderSettings(**{**PROVIDER, "issuer": url})

    assert (settings.host(), settings.path()) == ("localhost:5001", "/t/acme")


def test_an_origin_that_is_nearly_right_is_told_what_to_write() -> None:
    with pytest.raises(ValueError, match='try "http://localhost"'):
        AppSettings(**{**APP, "base_url": "http://LOCALHOST:80/"})


@pytest.mark.parametrize(
    "issuer",
    [
        "https://op.example",
        "https://op.example/",
        "https://op.example/realms/demo",
        "https://op.example:443/x/",
        "http://127.0.0.1:5001",
    ],
)
def test_an_issuer_is_spelled_as_the_provider_spells_it(issuer: str) -> None:
    assert LoginProvider(**{**LOGIN, "issuer": issuer}).issuer == issuer


@pytest.mark.parametrize(
    "issuer",
    ["", "op.example", "http://op.example", "https://op.example?x", "https://op/#"],
)
def test_what_is_no_safe_issuer_is_refused(issuer: str) -> None:
    with pytest.raises(ValueError, match="^issuer: "):
        LoginProvider(**{**LOGIN, "issuer": issuer})


@pytest.mark.parametrize("key", ["", "short", "k" * 31])
@pytest.mark.parametrize("shape", [AppSettings, ProviderSettings])
def test_a_secret_key_that_can_be_guessed_is_refused(shape: type, key: str) -> None:
    with pytest.raises(ValueError, match="^secret_key: .*make one:"):
        shape(**{**GOOD[shape], "secret_key": key})


@pytest.mark.parametrize(
    ("shape", "key", "least", "most"),
    [
        (AppSettings, "login_ttl", 1, 3600),
        (AppSettings, "session_ttl", 1, 30 * 86400),
        (AppSettings, "inbox_keep_days", 7, 3650),
        (AppSettings, "inbox_max_bytes", 10**6, 10**15),
        (RecorderSettings, "keep_calls", 100, 10**9),
        (RecorderSettings, "keep_days", 1, 3650),
        (ProviderSettings, "code_ttl", 1, 60),
        (ProviderSettings, "access_token_ttl", 1, 86400),
        (ProviderSettings, "session_ttl", 1, 30 * 86400),
        (ProviderSettings, "clock_factor", 1, 1_000_000),
    ],
)
def test_a_number_out_of_range_is_refused(
    shape: type, key: str, least: int, most: int
) -> None:
    for value in (least, most):
        assert shape(**{**GOOD[shape], key: value})
    for value in (least - 1, most + 1, -1):
        with pytest.raises(ValueError, match=f"^{key}: "):
            shape(**{**GOOD[shape], key: value})


@pytest.mark.parametrize("factor", [float("nan"), float("inf")])
def test_a_clock_factor_is_a_real_number(factor: float) -> None:
    with pytest.raises(ValueError, match="^clock_factor: "):
        ProviderSettings(**{**PROVIDER, "clock_factor": factor})


@pytest.mark.parametrize("name", ["demo", "a", "0-9_x", "a" * 40])
@pytest.mark.parametrize("table", ["providers", "webhooks"])
def test_a_name_that_fits_into_a_url_is_taken(table: str, name: str) -> None:
    entry = LoginProvider(**LOGIN) if table == "providers" else _source()

    assert AppSettings(**{**APP, table: {name: entry}})


@pytest.mark.parametrize(
    "name", ["", "Demo", "a/b", "../x", "a b", "a%2f", "ä", "-a", "a" * 41, "a\n", "."]
)
@pytest.mark.parametrize("table", ["providers", "webhooks"])
def test_a_name_that_does_not_fit_into_a_url_is_refused(table: str, name: str) -> None:
    entry = LoginProvider(**LOGIN) if table == "providers" else _source()

    with pytest.raises(ValueError, match=f"^{table}: "):
        AppSettings(**{**APP, table: {name: entry}})


def _source() -> WebhookSource:
    return WebhookSource(secrets=[SIGNING_SECRET])


@pytest.mark.parametrize("alg", ["none", "HS256", "HS512", "rs256", "", "RS1"])
def test_an_algorithm_that_a_shared_secret_or_nobody_signs_is_refused(alg: str) -> None:
    with pytest.raises(msgspec.ValidationError, match="id_token_alg"):
        msgspec.convert({**LOGIN, "id_token_alg": alg}, LoginProvider)


@pytest.mark.parametrize("scope", ["", "profile", "openidx", "OPENID"])
def test_a_scope_without_openid_is_refused(scope: str) -> None:
    with pytest.raises(ValueError, match="^scope: "):
        LoginProvider(**{**LOGIN, "scope": scope})


@pytest.mark.parametrize("shape", [LoginProvider, Client])
@pytest.mark.parametrize(
    ("method", "secret", "fits"),
    [
        ("client_secret_basic", "s", True),
        ("client_secret_basic", "", False),
        ("client_secret_post", "s", True),
        ("client_secret_post", "", False),
        ("none", "", True),
        ("none", "s", False),
    ],
)
def test_a_secret_is_there_exactly_when_the_method_needs_one(
    shape: type, method: str, secret: str, fits: bool
) -> None:
    told = {"client_secret": secret, "token_endpoint_auth_method": method}
    if fits:
        assert shape(**{**GOOD[shape], **told})
        return
    with pytest.raises(ValueError, match="^client_secret: "):
        shape(**{**GOOD[shape], **told})


@pytest.mark.parametrize(
    "secret",
    [
        "",
        "whsec_",
        "whsec_AAAA",
        "whsec_" + "A" * 28,  # 21 bytes
        "whsec_" + "A" * 88,  # 66 bytes
        "whsec_" + "!" * 32,
        "whsec_" + "ä" * 32,
        SIGNING_SECRET + "\n",
        SIGNING_SECRET[:-1],
        SIGNING_SECRET.removeprefix("whsec_"),
        SIGNING_SECRET.upper(),
    ],
)
def test_what_is_no_signing_secret_is_refused_and_not_repeated(secret: str) -> None:
    with pytest.raises(ValueError, match="^secrets: ") as refused:
        WebhookSource(secrets=[secret])
    with pytest.raises(ValueError, match="^secret: "):
        Endpoint(url="https://app.example/", secret=secret)

    assert not secret or len(secret) < 10 or secret not in str(refused.value)


@pytest.mark.parametrize("size", [24, 64])
def test_a_signing_secret_has_24_to_64_bytes(size: int) -> None:
    import base64

    secret = "whsec_" + base64.b64encode(b"x" * size).decode()

    assert WebhookSource(secrets=[secret])


PUBLIC_KEY = "whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4="
SHARED_SECRETS = ["whsec_C2FVsBQIhr", "It's a Secret to Everybody", "ü" * 16]


def test_a_source_may_be_known_by_its_public_key() -> None:
    assert WebhookSource(secrets=[SIGNING_SECRET, PUBLIC_KEY])


@pytest.mark.parametrize(
    "secret", [PUBLIC_KEY[:-1], "whpk_" + "A" * 43 + "=", "whsk_" + PUBLIC_KEY[5:]]
)
def test_what_is_no_public_key_is_refused(secret: str) -> None:
    with pytest.raises(ValueError, match="^secrets: write whsec_|^secrets: write whpk"):
        WebhookSource(secrets=[secret])


def test_an_endpoint_cannot_be_signed_for_with_a_public_key() -> None:
    with pytest.raises(ValueError, match="^secret: write whsec_"):
        Endpoint(url="https://app.example/", secret=PUBLIC_KEY)


@pytest.mark.parametrize("scheme", ["stripe", "github", "slack"])
@pytest.mark.parametrize("secret", SHARED_SECRETS)
def test_the_others_secrets_are_taken_as_they_are(scheme: Any, secret: str) -> None:
    assert WebhookSource(secrets=[secret], scheme=scheme).secrets == [secret]


@pytest.mark.parametrize("scheme", ["stripe", "github", "slack"])
@pytest.mark.parametrize("secret", ["", "a" * 15, " " * 16, "a" * 16 + "\n"])
def test_a_secret_that_can_be_guessed_or_was_miscopied_is_refused(
    scheme: Any, secret: str
) -> None:
    with pytest.raises(ValueError, match="^secrets: write the signing secret"):
        WebhookSource(secrets=["a" * 16, secret], scheme=scheme)


@pytest.mark.parametrize("scheme", ["", "Stripe", "hmac", "none", None])
def test_a_scheme_we_do_not_know_is_refused(scheme: str | None) -> None:
    with pytest.raises(msgspec.ValidationError, match="scheme"):
        msgspec.convert({"secrets": ["a" * 16], "scheme": scheme}, WebhookSource)


def test_a_source_without_a_secret_is_refused() -> None:
    with pytest.raises(ValueError, match="^secrets: "):
        WebhookSource(secrets=[])


@pytest.mark.parametrize(
    "uri",
    [
        "https://app.example/callback#x",
        "https://app.example/callback#",
        "http://app.example/callback",
        "javascript:alert(1)",
        "data:text/html,x",
        "/callback",
        "",
        "com.example.app:/callback",
        "https://user@app.example/",
        "https://app.example;sandbox/callback",
        "https://app.example,x/callback",
        "https://'none'/callback",
        "https://*/callback",
        "https://*.example/callback",
    ],
)
@pytest.mark.parametrize("key", ["redirect_uris", "post_logout_redirect_uris"])
def test_an_unsafe_redirect_uri_cannot_be_registered(key: str, uri: str) -> None:
    with pytest.raises(ValueError, match=f"^{key}: "):
        Client(**{**CLIENT, key: [uri]})


def test_a_native_client_may_have_a_scheme_of_its_own_domain() -> None:
    uri = "com.example.app:/callback"

    assert Client(**{**CLIENT, "redirect_uris": [uri], "native": True})


@pytest.mark.parametrize("uri", ["app:/callback", "javascript:alert(1)", "data:x", "x"])
def test_a_native_client_may_not_have_just_any_scheme(uri: str) -> None:
    with pytest.raises(ValueError, match="^redirect_uris: "):
        Client(**{**CLIENT, "redirect_uris": [uri], "native": True})


@pytest.mark.parametrize(
    "rest",
    ["/cb#x", "/cb#", "/cb\r\nX-Evil: 1", "/c\tb", "/c b", "/\ud800", "/\0", "/é"],
)
@pytest.mark.parametrize("key", ["redirect_uris", "post_logout_redirect_uris"])
def test_a_native_clients_uri_can_stand_in_a_header(key: str, rest: str) -> None:
    uri = f"com.example.app:{rest}"
    with pytest.raises(ValueError, match=f"^{key}: "):
        Client(**{**CLIENT, key: [uri], "native": True})


def test_a_client_has_an_id_and_a_redirect_uri() -> None:
    with pytest.raises(ValueError, match="^client_id: "):
        Client(**{**CLIENT, "client_id": ""})
    with pytest.raises(ValueError, match="^redirect_uris: "):
        Client(**{**CLIENT, "redirect_uris": []})


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("sub", ""),
        ("sub", "a" * 256),
        ("sub", "ålice"),
        ("password", ""),
        ("claims", {"sub": "mallory"}),
    ],
)
def test_a_user_that_cannot_be_named_or_guarded_is_refused(
    key: str, value: object
) -> None:
    with pytest.raises(ValueError, match=f"^{key}: "):
        User(**{"sub": "alice", "password": "p", key: value})


@pytest.mark.parametrize(
    ("key", "entry"),
    [
        ("users", User(sub="alice", password="p")),
        ("clients", Client(**CLIENT)),
        ("endpoints", Endpoint(url="https://app.example/", secret=SIGNING_SECRET)),
    ],
)
def test_nothing_is_there_twice(key: str, entry: object) -> None:
    assert ProviderSettings(**{**PROVIDER, key: [entry]})
    with pytest.raises(ValueError, match=f"^{key}: .* twice"):
        ProviderSettings(**{**PROVIDER, key: [entry, entry]})


def test_an_endpoint_may_have_a_path_and_a_query_but_no_plain_http_abroad() -> None:
    assert Endpoint(url="https://app.example/hooks?x=1", secret=SIGNING_SECRET)
    with pytest.raises(ValueError, match="unencrypted"):
        Endpoint(url="http://app.example/hooks", secret=SIGNING_SECRET)


@pytest.mark.parametrize("shape", [AppSettings, ProviderSettings, RecorderSettings])
@pytest.mark.parametrize(
    "url",
    ["mysql://localhost/db", "sqlite://", "sqlite:///:memory:", "instance/app.sqlite"],
)
def test_only_sqlite_in_a_file_and_postgresql_are_databases(
    shape: type, url: str
) -> None:
    given = {**GOOD.get(shape, {}), "database_url": url}
    with pytest.raises(ValueError, match="database_url: write sqlite:///"):
        shape(**given)


@pytest.mark.parametrize("grant_type", ["client_credentials", "authorization_code"])
def test_a_client_with_tokens_of_its_own_is_not_called_like_a_user(
    grant_type: str,
) -> None:
    client = Client(**{**CLIENT, "client_id": "alice", "grant_types": [grant_type]})
    people = {"users": [User(sub="alice", password="p")], "clients": [client]}
    if grant_type == "authorization_code":
        assert ProviderSettings(**PROVIDER, **people)
        return

    with pytest.raises(ValueError, match="^clients: 'alice' is a user, too"):
        ProviderSettings(**PROVIDER, **people)


@pytest.mark.parametrize(
    ("shape", "key"), [(AppSettings, "base_url"), (ProviderSettings, "issuer")]
)
def test_orders_to_misbehave_are_taken_on_this_machine_only(
    shape: type, key: str
) -> None:
    good = {**GOOD[shape], "control": True}

    assert msgspec.convert(good, shape).control
    with pytest.raises(msgspec.ValidationError, match=f"control: .* {key}"):
        msgspec.convert({**good, key: "https://login.example"}, shape)


SHOP: dict[str, Any] = {
    **APP,
    "providers": {"demo": LOGIN, "public": {**LOGIN, "client_secret": ""}},
    "webhooks": {
        "demo": {"secrets": [SIGNING_SECRET]},
        "stripe": {"secrets": ["s" * 16], "scheme": "stripe"},
    },
}
SHOP["providers"]["public"]["token_endpoint_auth_method"] = "none"
PAYMENTS = {
    "provider": "demo",
    "checkout_endpoint": "https://op.example/checkout/sessions",
    "webhooks": "demo",
}


def test_a_shop_has_one_return_url() -> None:
    app = msgspec.convert({**SHOP, "payments": PAYMENTS}, AppSettings)

    assert app.return_url() == "http://localhost:5000/orders/return"


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"provider": "nobody"}, "payments.provider"),
        ({"provider": "public"}, "payments.provider"),
        ({"webhooks": "nobody"}, "payments.webhooks"),
        ({"webhooks": "stripe"}, "payments.webhooks"),
        ({"checkout_endpoint": "http://op.example/"}, "checkout_endpoint"),
        ({"checkout_endpoint": "checkout"}, "checkout_endpoint"),
    ],
    ids=str,
)
def test_payments_that_cannot_work_are_refused(
    changes: dict[str, str], key: str
) -> None:
    with pytest.raises(msgspec.ValidationError, match=f"^{key}: "):
        msgspec.convert({**SHOP, "payments": {**PAYMENTS, **changes}}, AppSettings)


@pytest.mark.parametrize(
    "changes",
    [
        {"checkout_return_uris": ["http://shop.example/paid"]},
        {"checkout_return_uris": ["/paid"]},
        {
            "checkout_return_uris": ["https://shop.example/paid"],
            "token_endpoint_auth_method": "none",
            "client_secret": "",
        },
    ],
    ids=str,
)
def test_a_return_url_that_is_not_safe_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(msgspec.ValidationError, match="^checkout_return_uris: "):
        msgspec.convert({**CLIENT, **changes}, Client)


@pytest.mark.parametrize("seconds", [0, 86401])
def test_a_checkout_lives_neither_no_time_nor_for_days(seconds: int) -> None:
    with pytest.raises(msgspec.ValidationError, match="^checkout_ttl: "):
        msgspec.convert({**PROVIDER, "checkout_ttl": seconds}, ProviderSettings)


def test_checks_are_left_out_on_this_machine_only() -> None:
    good = {**APP, "without": ["state_came"]}

    assert msgspec.convert(good, AppSettings).without == ["state_came"]
    with pytest.raises(msgspec.ValidationError, match="without: .* base_url"):
        msgspec.convert({**good, "base_url": "https://app.example"}, AppSettings)


@pytest.mark.parametrize("name", ["nonsense", "state_was_pending", ""])
def test_what_cannot_be_left_out_is_refused(name: str) -> None:
    with pytest.raises(msgspec.ValidationError, match="without: "):
        msgspec.convert({**APP, "without": [name]}, AppSettings)
