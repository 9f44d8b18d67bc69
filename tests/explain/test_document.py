"""References are followed, and lead nowhere for ever."""

import pytest

from oauthapp.errors import InputUnusable
from oauthapp.explain import document
from oauthapp.explain.document import read_document
from oauthapp.explain.report import explain
from tests.explain.apis import api
from tests.explain.apis import field
from tests.explain.apis import found
from tests.explain.apis import only
from tests.explain.apis import posting


@pytest.mark.parametrize("version", ["3.0.0", "3.0.4", "3.1.0", "3.1", "3.2.0"])
def test_openapi_3_is_read(version: str) -> None:
    assert read_document(api(openapi=version)).version == version


def test_a_version_that_yaml_takes_for_a_number_is_read() -> None:
    assert read_document(b"openapi: 3.1\npaths: {}\n").version == "3.1"


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"[]", "it is not a map"),
        (b"hello", "it is not a map"),
        (b"{}", 'it has no key "openapi"'),
        (b"swagger: '2.0'", "convert it"),
        (b"openapi: 4.0.0", "'4.0.0'"),
        (b"openapi: {}", "3.0, 3.1 and 3.2"),
        (b"openapi: 3.10.0", "3.0, 3.1 and 3.2"),
    ],
)
def test_what_is_no_openapi_3_is_refused(raw: bytes, said: str) -> None:
    with pytest.raises(InputUnusable, match=said.replace(".", r"\.")):
        read_document(raw)


def test_what_a_reference_says_beside_itself_counts_too() -> None:
    schema = {
        "properties": {
            "callback_url": {
                "$ref": "#/components/schemas/Url",
                "description": "Our server posts to it by POST when the job is done.",
            }
        }
    }
    raw = posting(schema).replace(
        b'"paths"', b'"components": {"schemas": {"Url": {"type": "string"}}}, "paths"'
    )
    finding = only(raw)

    assert finding.subject.pointer == "/components/schemas/Url"
    assert [answer.question for answer in finding.open] == ["failure"]


def test_a_pointer_is_unescaped_in_the_right_order() -> None:
    root = read_document(api(**{"x~1/y": {"$ref": "#/info"}})).root

    assert (root / "x~1/y").pointer == "/info"
    assert read_document(api(**{"a/~1": 1})).root / "a/~1" != root
    assert (
        read_document(api(x={"$ref": "#/a~1~01"}, **{"a/~1": 7})).root / "x"
    ).value == 7


CIRCLES = {
    "itself": {"$ref": "#/components/schemas/A"},
    "two": {"properties": {"next_url": {"$ref": "#/components/schemas/A"}}},
    "list": {"type": "array", "items": {"$ref": "#/components/schemas/A"}},
    "all": {"allOf": [{"$ref": "#/components/schemas/A"}]},
    "root": {"$ref": "#"},
    "odd": {"$ref": "#/components/schemas/A/properties/0/~2/é"},
}


@pytest.mark.parametrize("name", CIRCLES)
def test_a_circle_of_references_ends(name: str) -> None:
    raw = api(
        {
            "/a": {
                "post": {
                    "requestBody": {
                        "content": {
                            "x/y": {"schema": {"$ref": "#/components/schemas/A"}}
                        }
                    },
                    "callbacks": {"$ref": "#/paths/~1a/post/callbacks"},
                }
            }
        },
        components={"schemas": {"A": CIRCLES[name]}},
    )
    assert len(found(raw)) <= 1


def test_what_refers_to_itself_without_end_is_refused(monkeypatch) -> None:
    monkeypatch.setattr(document, "_MAX_STEPS", 5_000)
    one = {"post": {"parameters": {"$ref": "#/x-many"}}}
    many = [{"name": "x", "in": "query"}] * 100
    raw = api({f"/{n}": one for n in range(100)}, **{"x-many": many})

    with pytest.raises(InputUnusable, match="over and over"):
        explain(raw, file="x")


def test_long_descriptions_cost_as_much_as_many(monkeypatch) -> None:
    monkeypatch.setattr(document, "_MAX_STEPS", 5_000)

    with pytest.raises(InputUnusable, match="over and over"):
        explain(field("callback_url", "word " * 500_000), file="x")


def test_other_files_are_named_and_not_read() -> None:
    raw = posting({"$ref": "other.yaml#/Url"}).replace(b'"/things"', b'"/hooks"')
    report = explain(raw, file="x")

    assert (report.findings, report.elsewhere) == ((), ("other.yaml#/Url",))
