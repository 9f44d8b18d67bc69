"""At the payment page: who may ask for money, where buyers are sent, what is paid."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from tests.attacks.house import Clock
from tests.attacks.provider_house import RETURN_URL
from tests.attacks.provider_house import SECRETS
from tests.attacks.provider_house import Provider
from tests.attacks.provider_house import basic
from tests.attacks.provider_house import opened
from tests.attacks.shop import KEY
from tests.attacks.shop import asked
from tests.attacks.shop import buyer
from tests.attacks.shop import open_checkout
from tests.attacks.shop import opened_page
from tests.attacks.shop import path_of
from tests.attacks.shop import published
from tests.attacks.test_a_redirect_uri import NEAR_MISSES
from tests.attacks.test_a_redirect_uri import REDIRECT_URI
from tests.generated.near_misses import JUNK
from tests.generated.near_misses import near

#: The same tricks as with a redirect_uri, one a line.
MISSES = sorted(
    {
        one.replace(REDIRECT_URI, RETURN_URL)
        .replace("/callback", "/orders")
        .replace("/demo", "/return")
        for one in NEAR_MISSES
    }
)
OTHERS = [
    REDIRECT_URI,
    "https://other.example/paid?shop=1",
    RETURN_URL + "?order=ord_1",
    RETURN_URL + "?checkout=",
    "",
]


def code(answer: object) -> str:
    return answer.get_json()["error"]["code"]  # type: ignore[attr-defined]


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Provider]:
    """One provider for all that is refused, since nothing of it stays."""
    yield from opened(tmp_path_factory.mktemp("shared"), Clock())


@pytest.mark.parametrize("url", [*MISSES, *OTHERS])
def test_A6_a_near_miss_is_another_return_url(shared: Provider, url: str) -> None:
    answer = open_checkout(shared, return_url=url)

    assert (answer.status_code, code(answer)) == (400, "return_url_unknown")


def test_A6_only_the_same_string_is_the_same_return_url(provider: Provider) -> None:
    @given(near(st.just(RETURN_URL)) | JUNK)
    @settings(max_examples=50)
    def judge(url: str) -> None:
        sent = url.encode("utf-8", "replace").decode()  # as a form can carry it

        answer = open_checkout(provider, return_url=sent)

        assert (answer.status_code == 201) == (sent == RETURN_URL)

    judge()


@pytest.mark.parametrize(
    "headers",
    [
        {},
        basic("web", "wrong"),
        basic("nobody", "s3cret"),
        {"Authorization": "Bearer s3cret"},
    ],
    ids=str,
)
def test_who_proves_nothing_opens_nothing(
    shared: Provider, headers: dict[str, str]
) -> None:
    answer = shared.machine().post(
        "/checkout/sessions", data=asked(), headers={**headers, **KEY}
    )

    assert answer.status_code == 401
    assert answer.get_json()["error"] == "invalid_client"
    assert "WWW-Authenticate" in answer.headers


def test_a_public_client_cannot_ask_for_money(provider: Provider) -> None:
    form = {**asked(), "client_id": "native"}

    answer = provider.machine().post("/checkout/sessions", data=form, headers=KEY)

    assert answer.status_code == 401
    assert answer.get_json()["error"] == "invalid_client"


@pytest.mark.parametrize("client_id", ["odd:id", "api"])
def test_a_client_that_is_no_shop_opens_nothing(
    shared: Provider, client_id: str
) -> None:
    sent = {**basic(client_id, SECRETS[client_id]), **KEY}
    if client_id == "odd:id":
        sent = {**basic("odd%3Aid", "p%25st+%2B%3A%C3%BC"), **KEY}

    answer = shared.machine().post("/checkout/sessions", data=asked(), headers=sent)

    assert (answer.status_code, code(answer)) == (400, "return_url_unknown")


def test_json_is_no_form(provider: Provider) -> None:
    sent = {**basic("web", "s3cret"), **KEY}

    answer = provider.machine().post("/checkout/sessions", json=asked(), headers=sent)

    assert answer.status_code == 400


@pytest.mark.parametrize("key", [None, "", " ", "a b", "ü", "k" * 256])
def test_without_a_key_nothing_is_opened(shared: Provider, key: str | None) -> None:
    headers = {} if key is None else {"Idempotency-Key": key}

    answer = open_checkout(shared, headers)

    assert (answer.status_code, code(answer)) == (400, "idempotency_key_missing")


def test_the_same_request_again_opens_no_second_checkout(provider: Provider) -> None:
    first, again = open_checkout(provider), open_checkout(provider)

    assert first.get_json() == again.get_json()
    browser = buyer(provider, path_of(first))
    browser.submit(decision="pay")
    assert open_checkout(provider).get_json() == first.get_json()
    assert "This is paid" in browser.client.get(path_of(first)).text


def test_eight_at_once_with_one_key_open_one_checkout(provider: Provider) -> None:
    with ThreadPoolExecutor(8) as pool:
        told = list(
            pool.map(lambda _: open_checkout(provider).get_json()["url"], range(8))
        )

    assert len(set(told)) == 1


@pytest.mark.parametrize(
    "changes",
    [{"amount": "1"}, {"currency": "JPY"}, {"order": "ord_2"}, {"description": "Tea"}],
    ids=str,
)
def test_a_key_is_good_for_one_content(
    provider: Provider, changes: dict[str, str]
) -> None:
    opened_page(provider)

    answer = open_checkout(provider, **changes)

    assert (answer.status_code, code(answer)) == (422, "idempotency_key_reused")


def test_two_shops_may_use_the_same_key(provider: Provider) -> None:
    first = opened_page(provider)
    form = asked(
        return_url="https://other.example/paid?shop=1",
        client_id="post",
        client_secret="p%st +:ü",
    )

    other = provider.machine().post("/checkout/sessions", data=form, headers=KEY)

    assert path_of(other) != first


def test_a_double_click_pays_once(provider: Provider) -> None:
    page = opened_page(provider)
    browser = buyer(provider, page)
    shown = browser.page

    locations = []
    for decision in ("pay", "pay", "cancel"):  # the back button, then another one
        browser.page = shown
        locations.append(browser.submit(decision=decision).location)

    assert len(set(locations)) == 1
    assert [type for type, _body in published(provider)] == ["payment.succeeded"]


def test_of_eight_parallel_payments_one_is_told(provider: Provider) -> None:
    page = opened_page(provider)
    browsers = [buyer(provider, page) for _ in range(8)]
    decisions = ["pay", "cancel"] * 4

    with ThreadPoolExecutor(8) as pool:
        clicks = [
            pool.submit(browser.submit, decision=decision)
            for browser, decision in zip(browsers, decisions, strict=True)
        ]
        answers = [click.result() for click in clicks]

    assert {answer.status_code for answer in answers} == {303}
    assert len(published(provider)) == 1


@pytest.mark.parametrize("token", [None, "", "x", "of another browser"])
def test_without_the_csrf_token_nothing_is_paid(
    provider: Provider, token: str | None
) -> None:
    page = opened_page(provider)
    browser, other = buyer(provider, page), buyer(provider, page)
    if token == "of another browser":
        assert other.page is not None
        token = other.page.text.partition('csrf_token" value="')[2].partition('"')[0]
    form = (
        {"decision": "pay"}
        if token is None
        else {"decision": "pay", "csrf_token": token}
    )

    answer = browser.client.post(page, data=form)

    assert (answer.status_code, code(answer)) == (400, "csrf_mismatch")
    assert published(provider) == []


def test_nothing_is_paid_by_opening_a_page(provider: Provider) -> None:
    page = opened_page(provider)
    client = provider.machine()

    for method in ("GET", "HEAD", "OPTIONS"):
        client.open(f"{page}?decision=pay", method=method)

    assert published(provider) == []


def test_what_a_shop_writes_cannot_run_on_the_page(provider: Provider) -> None:
    evil = "<script>alert(1)</script>\"'>{{ 7 * 7 }}"

    page = buyer(provider, opened_page(provider, description=evil, order=evil)).page

    assert page is not None
    assert "<script>" not in page.text
    assert "{{ 7 * 7 }}" in page.text
