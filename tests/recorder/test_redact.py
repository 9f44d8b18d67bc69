"""What is secret never gets past the redactor; what ties calls together is hashed."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oauthapp.recorder.redact import LINK_NAMES
from oauthapp.recorder.redact import SECRET_NAMES
from oauthapp.recorder.redact import Redactor

SECRET = "s3cr3t-value"


@pytest.fixture
def redact() -> Redactor:
    return Redactor(b"key")


@pytest.mark.parametrize("name", sorted(SECRET_NAMES))
def test_a_secret_is_kept_nowhere(redact: Redactor, name: str) -> None:
    pair = f"{name}={SECRET}"
    form = "application/x-www-form-urlencoded"
    member = json.dumps({"deep": [{name: SECRET}]}).encode()

    for kept in (
        redact.url(f"http://a.example/x?a=1&{pair}#{pair}"),
        redact.body(pair.encode(), f"{form}; charset=utf-8"),
        redact.body(member, "application/json"),
        redact.body(member, "application/secevent+json"),
        str(redact.headers((("Location", f"/x?{pair}"), ("Referer", f"/?{pair}")))),
    ):
        assert SECRET not in kept
        assert f"[{name} {redact.hash(SECRET)}]" in kept


@pytest.mark.parametrize("name", ["Authorization", "cookie", "Set-Cookie", "DPoP"])
def test_a_credential_in_a_header_is_masked(redact: Redactor, name: str) -> None:
    ((_, kept),) = redact.headers(((name, f"sid={SECRET}"),))

    assert SECRET not in kept


@pytest.mark.parametrize(
    "name",
    [
        *("DPoP", "X-Gitlab-Token", "X-Api-Key", "X-Auth-Token", "Api-Key"),
        *("X-Access-Token", "X-CSRF-Token", "Private-Token", "X-Amz-Security-Token"),
    ],
)
def test_a_header_that_is_one_secret_is_masked_as_a_whole(
    redact: Redactor, name: str
) -> None:
    for value in (SECRET, f"{SECRET}; a={SECRET}", f"Bearer {SECRET}"):
        ((_, kept),) = redact.headers(((name, value),))

        assert kept == f"[credentials {redact.hash(value)}]"


@pytest.mark.parametrize("name", ["Authorization", "Proxy-Authorization"])
def test_the_scheme_of_an_authorization_stays_visible(
    redact: Redactor, name: str
) -> None:
    ((_, kept),) = redact.headers(((name, f"Bearer {SECRET}"),))

    assert kept == f"Bearer [credentials {redact.hash(SECRET)}]"
    assert redact.links == {f"access_token:{redact.hash(SECRET)}"}


def test_the_attributes_of_a_cookie_stay_visible(redact: Redactor) -> None:
    given = f"app={SECRET}; HttpOnly; Path=/; SameSite=Lax"
    ((_, kept),) = redact.headers((("Set-Cookie", given),))

    assert kept == f"app=[cookie {redact.hash(SECRET)}]; HttpOnly; Path=/; SameSite=Lax"


def test_a_cookie_without_a_value_is_looked_at_once(redact: Redactor) -> None:
    given = "a" * 200_000
    ((_, kept),) = redact.headers((("Cookie", f"{given}; sid={SECRET}"),))

    assert kept == f"{given}; sid=[cookie {redact.hash(SECRET)}]"


def test_what_is_not_secret_is_kept_as_it_came(redact: Redactor) -> None:
    url = (
        "http://a.example/x%20y?iss=http%3A%2F%2Fb.example&scope=openid+email&empty=&x"
    )

    assert redact.url(url) == url
    assert redact.headers((("Accept", "a;q=1"),)) == (("Accept", "a;q=1"),)
    assert redact.body(b'{"type": "t", "n": 1}', "application/json") == (
        '{"type": "t", "n": 1}'
    )


def test_of_very_many_parameters_all_are_kept(redact: Redactor) -> None:
    url = f"/?{'a' * 299}=" * 100_000

    assert redact.url(url) == url


def test_the_same_value_has_the_same_hash_however_it_is_spelled(
    redact: Redactor,
) -> None:
    assert redact.url("?code=a%20b") == redact.url("?code=a+b")


def test_another_key_gives_another_hash() -> None:
    assert Redactor(b"key").hash(SECRET) != Redactor(b"other").hash(SECRET)


@pytest.mark.parametrize("name", sorted(LINK_NAMES))
def test_what_ties_calls_together_is_a_link(redact: Redactor, name: str) -> None:
    redact.url(f"?{name}={SECRET}")

    assert redact.links == {f"{name}:{redact.hash(SECRET)}"}


def test_a_message_id_is_a_link_and_stays_readable(redact: Redactor) -> None:
    headers = (("Webhook-Id", "msg_1"),)

    assert redact.headers(headers) == headers
    assert redact.links == {f"message:{redact.hash('msg_1')}"}


def test_an_empty_value_ties_nothing_together(redact: Redactor) -> None:
    assert redact.url("?state=&code=") == "?state=&code="
    assert redact.links == set()


@pytest.mark.parametrize(
    ("body", "content_type", "kept"),
    [
        (b"", "application/json", ""),
        (b"<p>x</p>", "text/html; charset=utf-8", "[text/html, 8 bytes]"),
        (b"\xff\xfe", "", "[no content type, 2 bytes]"),
    ],
)
def test_a_body_in_which_secrets_cannot_be_told_is_only_counted(
    redact: Redactor, body: bytes, content_type: str, kept: str
) -> None:
    assert redact.body(body, content_type) == kept


@pytest.mark.parametrize(
    "body",
    [
        b'{"code": "%s"' % SECRET.encode(),
        b'{"code": "%s"} trailing' % SECRET.encode(),
        b"[" * 20_000 + SECRET.encode(),
    ],
)
def test_json_that_cannot_be_read_is_only_counted(
    redact: Redactor, body: bytes
) -> None:
    kept = redact.body(body, "application/json")

    assert kept.startswith("[unreadable JSON ")
    assert SECRET not in kept


@pytest.mark.parametrize(
    "url",
    ["/x=?code={}", "/?next=/x?code={}", "/?a=code={}", "/?c%6Fde={}", "#code={}"],
)
def test_a_code_in_an_odd_place_is_masked(redact: Redactor, url: str) -> None:
    assert SECRET not in redact.url(url.format(SECRET))


def test_all_of_a_secret_is_masked(redact: Redactor) -> None:
    assert (
        redact.url(f"?code=a?b={SECRET}")
        == f"?code=[code {redact.hash(f'a?b={SECRET}')}]"
    )


@pytest.mark.parametrize("before", ["", " ", "\r\n"])
def test_json_that_calls_itself_a_form_hides_its_secrets_as_json_does(
    redact: Redactor, before: str
) -> None:
    sent = f'{before}{{"password": "{SECRET}", "a": ["b"]}}'.encode()
    kept = redact.body(sent, "application/x-www-form-urlencoded")

    assert json.loads(kept) == {
        "password": f"[password {redact.hash(SECRET)}]",
        "a": ["b"],
    }


@pytest.mark.parametrize("text", ["=", "=a", "=a=b", "==", "=&=", "?=", "=?code=abc"])
def test_a_name_without_a_letter_ends_the_search_for_names(
    redact: Redactor, text: str
) -> None:
    kept = redact.body(text.encode(), "application/x-www-form-urlencoded")

    assert kept == text.replace("abc", f"[code {redact.hash('abc')}]")
    assert redact.url(text) == kept


def test_a_url_full_of_names_takes_no_time(redact: Redactor) -> None:
    url = "?" + "a=" * 50_000

    assert redact.url(url) == url


@given(st.binary(), st.sampled_from(["application/json", "text/plain", ""]))
def test_no_body_is_too_strange(body: bytes, content_type: str) -> None:
    assert isinstance(Redactor(b"key").body(body, content_type), str)


@given(st.text(), st.text("abcXYZ019-_~", min_size=20))
def test_no_address_is_too_strange_to_hide_a_code(before: str, code: str) -> None:
    kept = Redactor(b"key").url(f"http://a.example/{before}?code={code}")

    assert f"={code}" not in kept


def test_a_lone_surrogate_is_no_crash(redact: Redactor) -> None:
    assert redact.body(b'{"code": "\\ud800", "x": "\\udfff"}', "application/json")


def test_no_nul_is_kept_since_not_every_database_would(redact: Redactor) -> None:
    form = redact.body(b"a=\0&b=%00", "application/x-www-form-urlencoded")
    member = redact.body(b'{"a":"\\u0000"}', "application/json")
    other = redact.body(b"x", "a\0b")

    assert form == "a=\\x00&b=%00"
    assert other == "[a\\x00b, 1 bytes]"
    assert member == '{"a":"\\u0000"}'


def test_the_reason_of_a_refusal_is_no_authorization_code(redact: Redactor) -> None:
    body = b'{"error":{"code":"state_unknown","message":"No.","state":"s3cr3t"}}'

    kept = json.loads(redact.body(body, "application/json"))

    assert kept["error"]["code"] == "state_unknown"
    assert redact.links == {f"state:{redact.hash('s3cr3t')}"}


@pytest.mark.parametrize(
    "body",
    [
        '{"type" : "t",  "n": 1.50, "é": "\\u00e9", "deep": [{"a": null}]}\r\n',
        '{"data":{"sid":"s1"}}',
        '{"x":"\\ud800"}',
        '"text"',
    ],
)
def test_json_without_a_secret_is_kept_byte_for_byte(
    redact: Redactor, body: str
) -> None:
    assert redact.body(body.encode(), "application/json") == body


@pytest.mark.parametrize("second", ["1", "null", '"x"', "{}"])
def test_a_member_that_comes_twice_hides_no_secret(
    redact: Redactor, second: str
) -> None:
    body = f'{{"code": "{SECRET}", "code": {second}}}'.encode()

    assert SECRET not in redact.body(body, "application/json")


def test_after_a_secret_the_next_body_is_still_kept_as_it_came(
    redact: Redactor,
) -> None:
    redact.body(b'{"code":"x"}', "application/json")

    assert redact.body(b'{"a":1}', "application/json") == '{"a":1}'


def test_a_body_that_is_a_token_is_masked(redact: Redactor) -> None:
    kept = redact.body(SECRET.encode(), "application/secevent+jwt")

    assert kept == f"[token {redact.hash(SECRET)}]"


@pytest.mark.parametrize(
    "body",
    [
        {"code": "S3cr3t", "message": ""},
        {"code": "s3cr3t-value", "message": ""},
        {"code": "a__b", "message": ""},
        {"error": {"code": "secret"}},
        {"code": "secret"},
    ],
    ids=range(5),
)
def test_what_may_be_an_authorization_code_is_none_the_less(
    redact: Redactor, body: object
) -> None:
    kept = redact.body(json.dumps(body).encode(), "application/json")

    assert "[code " in kept
