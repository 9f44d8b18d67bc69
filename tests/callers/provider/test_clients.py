"""A client is who it says when it proves it in the way it registered, no other."""

import base64

import pytest
from authlib.oauth2.rfc6749.errors import OAuth2Error
from hypothesis import given
from hypothesis import strategies as st

from oauthapp.callers.provider.clients import RegisteredClient
from oauthapp.callers.provider.clients import authenticate
from oauthapp.settings import Client

URIS = ["https://rp.example/cb"]
CLIENTS = {
    one.client_id: one
    for one in (
        Client(client_id="basic", client_secret="s", redirect_uris=URIS),
        Client(client_id="a:b", client_secret="p%st +:ü", redirect_uris=URIS),
        Client(
            client_id="post",
            client_secret="s",
            redirect_uris=URIS,
            token_endpoint_auth_method="client_secret_post",
        ),
        Client(
            client_id="public", redirect_uris=URIS, token_endpoint_auth_method="none"
        ),
    )
}


def header(text: str, scheme: str = "Basic") -> str:
    return f"{scheme} {base64.b64encode(text.encode()).decode()}"


@pytest.mark.parametrize(
    ("authorization", "form", "who", "method"),
    [
        (header("basic:s"), {}, "basic", "client_secret_basic"),
        (header("basic:s", "bAsIc"), {}, "basic", "client_secret_basic"),
        (header("basic:s"), {"client_id": "basic"}, "basic", "client_secret_basic"),
        (header("a%3Ab:p%25st+%2B%3A%C3%BC"), {}, "a:b", "client_secret_basic"),
        (
            "",
            {"client_id": "post", "client_secret": "s"},
            "post",
            "client_secret_post",
        ),
        ("", {"client_id": "public"}, "public", "none"),
        # Without a value it is as good as left out (RFC 6749 §3.2).
        ("", {"client_id": "public", "client_secret": ""}, "public", "none"),
        (header("basic:s"), {"client_secret": ""}, "basic", "client_secret_basic"),
        (header("basic:s"), {"client_id": ""}, "basic", "client_secret_basic"),
    ],
)
def test_a_client_is_known_by_the_method_it_registered(
    authorization: str, form: dict[str, str], who: str, method: str
) -> None:
    client, used = authenticate(CLIENTS.get, authorization, form)

    assert (client.client_id, used) == (who, method)


@pytest.mark.parametrize(
    ("authorization", "form", "error"),
    [
        ("", {}, "invalid_client"),
        ("", {"client_id": "basic"}, "invalid_client"),
        ("", {"client_id": "post"}, "invalid_client"),
        ("", {"client_id": "post", "client_secret": ""}, "invalid_client"),
        ("", {"client_id": "post", "client_secret": "\udcff"}, "invalid_client"),
        ("", {"client_id": "basic", "client_secret": "s"}, "invalid_client"),
        ("", {"client_id": "nobody"}, "invalid_client"),
        (header("post:s"), {}, "invalid_client"),
        (header("public:"), {}, "invalid_client"),
        (header("nobody:s"), {}, "invalid_client"),
        (header("basic:S"), {}, "invalid_client"),
        (header("basic:"), {}, "invalid_client"),
        (header("basic"), {}, "invalid_client"),
        (header("a%3Ab:p%st +:ü") + "=", {}, "invalid_client"),
        (header("basic:s", "Bearer"), {}, "invalid_client"),
        ("Basic \xff", {}, "invalid_client"),
        ("Basic /w==", {}, "invalid_client"),
        ("Basic", {}, "invalid_client"),
        (header("basic:s"), {"client_secret": "s"}, "invalid_request"),
        (header("basic:s"), {"client_id": "post"}, "invalid_request"),
    ],
    ids=ascii,
)
def test_anything_else_is_refused(
    authorization: str, form: dict[str, str], error: str
) -> None:
    with pytest.raises(OAuth2Error) as refused:
        authenticate(CLIENTS.get, authorization, form)

    assert refused.value.error == error
    assert refused.value.status_code == {"invalid_client": 401}.get(error, 400)


@given(
    st.text(),
    st.dictionaries(st.sampled_from(["client_id", "client_secret"]), st.text()),
)
def test_whatever_is_sent_is_a_client_or_refused(
    authorization: str, form: dict[str, str]
) -> None:
    try:
        client, _method = authenticate(CLIENTS.get, authorization, form)
    except OAuth2Error:
        return
    assert client.client_id == form["client_id"] == "public"
    assert not form.get("client_secret")


def test_a_client_may_use_the_grants_it_registered() -> None:
    client = RegisteredClient(CLIENTS["basic"])

    assert client.get_client_id() == "basic"
    assert client.check_grant_type("refresh_token")
    assert client.check_grant_type("authorization_code")
    assert not client.check_grant_type("client_credentials")
