"""Where an API speaks of callback URLs."""

import pytest

from tests.explain.apis import api
from tests.explain.apis import field
from tests.explain.apis import found
from tests.explain.apis import only
from tests.explain.apis import open_in
from tests.explain.apis import posting

OBJECT = {"type": "object"}
URL = {"type": "string"}


def kinds(raw: bytes) -> list[tuple[str, str]]:
    return [(one.subject.kind, one.subject.name) for one in found(raw)]


def with_callback(expression: str, path: str = "/jobs", **properties: object) -> bytes:
    call = {"post": {"responses": {"200": {"description": "taken"}}}}
    callbacks = {"done": {expression: call}}
    return posting({"properties": properties}, path=path, callbacks=callbacks)


@pytest.mark.parametrize(
    "schema",
    [
        {"properties": {"callback_url": URL}},
        {"properties": {"callback_url": {"type": ["string", "null"]}}},
        {"properties": {"callback_url": {"type": "array", "items": URL}}},
        {"properties": {"callback_url": {"anyOf": [URL, {"type": "null"}]}}},
        {"properties": {"callback_url": {}}},
        {"allOf": [OBJECT, {"properties": {"callback_url": URL}}]},
        {"oneOf": [{"properties": {"callback_url": URL}}]},
        {"type": "array", "items": {"properties": {"callback_url": URL}}},
        {"properties": {"options": {"properties": {"callback_url": URL}}}},
        {"additionalProperties": {"properties": {"callback_url": URL}}},
    ],
)
def test_a_field_is_found_wherever_a_request_may_have_it(schema: object) -> None:
    assert kinds(posting(schema)) == [("callback_url", "callback_url")]


@pytest.mark.parametrize("type", ["boolean", "integer", "object"])
def test_what_cannot_be_a_url_is_none(type: str) -> None:
    assert found(field("callback", type=type)) == []


def test_what_is_answered_is_not_asked_about() -> None:
    schema = {"schema": {"properties": {"callback_url": URL}}}
    answer = {"200": {"description": "", "content": {"application/json": schema}}}

    assert found(api({"/jobs": {"get": {"responses": answer}}})) == []


@pytest.mark.parametrize("where", ["operation", "item"])
def test_a_parameter_is_a_field(where: str) -> None:
    parameters = [{"name": "notifyUrl", "in": "query", "schema": URL}]
    item = {"get": {"parameters": parameters}}
    if where == "item":
        item = {"get": {}, "parameters": parameters}

    assert kinds(api({"/jobs": item})) == [("webhook", "notifyUrl")]


def test_a_field_that_several_requests_share_is_told_once() -> None:
    body = {
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/A"}}}
    }
    operation = {"requestBody": body}
    raw = api(
        {"/a": {"post": operation, "put": operation}},
        components={"schemas": {"A": {"properties": {"return_url": URL}}}},
    )
    assert kinds(raw) == [("redirect", "return_url")]


@pytest.mark.parametrize(
    ("description", "kind"),
    [
        ("Where users are redirected.", "redirect"),
        ("Opened in the browser.", "redirect"),
        ("Receives events.", "webhook"),
        ("The subscription's address.", "webhook"),
        ("Gets the result.", "callback_url"),
    ],
)
def test_the_words_decide_what_a_callback_url_is(description: str, kind: str) -> None:
    assert only(field("callback_url", description)).subject.kind == kind


def test_the_name_decides_where_it_is_a_clear_one() -> None:
    assert only(field("webhook_url", "See our redirects")).subject.kind == "webhook"


@pytest.mark.parametrize(
    ("path", "kinds_found"),
    [
        ("/repos/{repo}/hooks", [("webhook", "url")]),
        ("/v1/webhook_endpoints", [("webhook", "url")]),
        ("/webhooks/{id}", [("webhook", "url")]),
        ("/hookers", []),
        ("/pictures", []),
    ],
)
def test_a_mere_url_is_one_where_webhooks_are_made(path, kinds_found) -> None:
    assert kinds(posting({"properties": {"url": URL}}, path=path)) == kinds_found


def test_a_mere_url_is_one_within_a_field_that_says_so() -> None:
    schema = {"properties": {"callback": {"properties": {"url": URL}}}}
    assert kinds(posting(schema)) == [("callback_url", "url")]


def test_a_field_beside_that_names_the_method_answers_by_which() -> None:
    schema = {"properties": {"StatusCallback": URL, "StatusCallbackMethod": URL}}
    finding = only(posting(schema))

    assert "method" not in open_in(finding)


def test_of_very_many_fields_each_has_its_method_beside_it() -> None:
    names = [f"n{number}_callback" for number in range(2000)]
    fields = [f"{name}{end}" for name in names for end in ("_url", "_method")]
    all_found = found(posting({"properties": dict.fromkeys(fields, URL)}))

    assert [one.subject.facts["method"].text for one in all_found] == [
        f"{name}_method says which" for name in names
    ]


@pytest.mark.parametrize(
    ("expression", "properties"),
    [
        ("{$request.body#/callback_url}", {"callback_url": URL}),
        (
            "{$request.body#/a/callback_url}?x=1",
            {"a": {"properties": {"callback_url": URL}}},
        ),
        ("{$request.body#/odd}", {"odd": URL}),
    ],
)
def test_a_callback_and_the_field_with_its_url_are_one(expression, properties) -> None:
    finding = only(with_callback(expression, **properties))

    assert finding.subject.kind == "callback_url"
    assert finding.subject.name == expression.partition("}")[0].rpartition("/")[2]
    assert open_in(finding) == ["trigger", "failure"]


def test_what_the_field_says_answers_for_its_callback() -> None:
    url = {"type": "string", "description": "Called when it is done; never retried."}
    assert open_in(only(with_callback("{$request.body#/url}", url=url))) == []


def test_a_parameter_can_name_the_url_of_a_callback() -> None:
    call = {"{$request.query.hook}": {"put": {}}}
    parameters = [{"name": "hook", "in": "query", "description": "When it is done."}]
    raw = api({"/a": {"get": {"parameters": parameters, "callbacks": {"x": call}}}})
    finding = only(raw)
    told = {one.question: one.evidence for one in finding.answers if one.evidence}

    assert finding.subject.name == "hook"
    assert told["method"].text == "PUT"
    assert open_in(finding) == ["failure"]


def test_a_callback_without_a_field_has_its_own_name() -> None:
    assert kinds(with_callback("https://example.com/x")) == [("callback_url", "done")]


def test_a_callback_whose_field_is_named_so_is_a_webhook() -> None:
    finding = only(with_callback("{$request.body#/notify_url}", notify_url=URL))
    assert finding.subject.kind == "webhook"


@pytest.mark.parametrize("path", ["/hooks", "/webhooks", "/subscriptions"])
def test_a_callback_that_is_subscribed_to_is_a_webhook(path: str) -> None:
    assert only(with_callback("{$url}", path=path)).subject.kind == "webhook"


def test_no_server_calls_a_redirect_uri_also_where_it_stands_under_callbacks() -> None:
    finding = only(with_callback("{$request.body#/redirect_uri}", redirect_uri=URL))

    assert finding.subject.kind == "redirect"
    assert open_in(finding) == ["who", "trigger", "failure", "person"]


@pytest.mark.parametrize("key", ["webhooks", "x-webhooks"])
def test_webhooks_are_found(key: str) -> None:
    finding = only(api(**{key: {"order.paid": {"post": {"summary": "When paid."}}}}))

    assert (finding.subject.kind, finding.subject.name) == ("webhook", "order.paid")
    assert open_in(finding) == ["failure"]


def test_an_answer_that_asks_for_patience_says_what_happens_on_failure() -> None:
    busy = {"description": "Busy.", "headers": {"Retry-After": {"schema": {}}}}
    for code, still_open in (("503", ["trigger"]), ("202", ["trigger", "failure"])):
        webhooks = {"x": {"post": {"responses": {code: busy}}}}
        assert open_in(only(api(webhooks=webhooks))) == still_open


def test_what_the_receiver_may_answer_is_about_failure_only() -> None:
    taken = {"description": "Our server gets 200 when the data came; else we retry."}
    webhooks = {"x": {"post": {"responses": {"200": taken}}}}

    assert open_in(only(api(webhooks=webhooks))) == ["trigger"]


def accepted(*headers: str, description: str = "Accepted.") -> bytes:
    told = {name: {"schema": URL} for name in headers}
    answer = {"description": description, "headers": told}
    return api({"/jobs": {"post": {"responses": {"202": answer}}}})


@pytest.mark.parametrize(
    ("headers", "still_open"),
    [
        (("Location",), ["method", "trigger", "failure"]),
        (("location", "retry-after"), ["method", "failure"]),
        (("Retry-After",), ["method", "failure"]),
    ],
)
def test_202_with_an_address_is_polling(headers, still_open) -> None:
    finding = only(accepted(*headers))

    assert finding.subject.kind == "polling"
    assert open_in(finding) == still_open


def test_202_alone_is_no_polling() -> None:
    assert found(accepted("X-Request-Id")) == []


def test_polling_that_is_described_leaves_nothing_open() -> None:
    text = "GET the Location until it answers 200; if that fails, ask again."
    assert open_in(only(accepted("Location", description=text))) == []


@pytest.mark.parametrize(
    "scheme",
    [
        {"type": "oauth2", "flows": {"authorizationCode": {"scopes": {}}}},
        {"type": "oauth2", "flows": {"implicit": {"scopes": {}}}},
        {"type": "openIdConnect", "openIdConnectUrl": "https://op.example"},
    ],
)
def test_a_sign_in_ends_at_a_redirect_uri(scheme) -> None:
    finding = only(api(components={"securitySchemes": {"login": scheme}}))

    assert finding.subject.kind == "redirect"
    assert open_in(finding) == ["failure"]


@pytest.mark.parametrize(
    "scheme",
    [
        {"type": "oauth2", "flows": {"clientCredentials": {"scopes": {}}}},
        {"type": "http", "scheme": "basic"},
        {"type": "apiKey"},
    ],
)
def test_other_security_redirects_nobody(scheme) -> None:
    assert found(api(components={"securitySchemes": {"login": scheme}})) == []
