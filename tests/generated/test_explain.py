"""Whatever a document says: findings, or one line that refuses it. Never a hang."""

import copy
import json
from typing import Any

import yaml
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from oauthapp.errors import InputUnusable
from oauthapp.explain.report import FORMATS
from oauthapp.explain.report import explain
from oauthapp.explain.tree import read_tree
from tests.explain.apis import HERE
from tests.generated.million import EXAMPLES
from tests.generated.million import many

#: A document takes long to make up.
fewer = settings(many, max_examples=max(1, EXAMPLES // 5))

#: Words that mean something to the reader, so that chance finds them.
WORDS = st.sampled_from(
    """openapi info paths webhooks x-webhooks components securitySchemes schemas get
    post callbacks requestBody content schema properties items allOf parameters name in
    type description summary responses 202 503 headers Location Retry-After flows
    implicit oauth2 string array $ref # #/ #/paths #/components/schemas/A callback_url
    returnUrl url /hooks {$request.body#/callback_url} 3.1.0 A 0 ~1 when browser
    retried""".split()
)
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=20),
    WORDS,
    WORDS,
)
ANY = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(WORDS | st.text(max_size=10), inner, max_size=5)
        | st.dictionaries(WORDS, inner, max_size=5)
    ),
    max_leaves=30,
)
REAL = [
    read_tree(path.read_bytes()).root
    for path in sorted(HERE.iterdir())
    if path.suffix != ".md"
]
RAW = [path.read_bytes() for path in sorted(HERE.iterdir())]


def explained(raw: bytes) -> None:
    """All that may come of a file; anything else is raised."""
    try:
        report = explain(raw, file="x")
    except InputUnusable as refused:
        assert "\n" not in str(refused)
        return
    for format in FORMATS.values():
        said = format(report)
        assert (said if isinstance(said, str) else json.dumps(said)).encode()
    assert all(1 <= one.line <= raw.count(b"\n") + 1 for one in report.findings)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path to every value within."""
    found = [path] if path else []
    pairs = value.items() if isinstance(value, dict) else ()
    pairs = enumerate(value) if isinstance(value, list) else pairs
    for key, inner in pairs:
        found += places(inner, (*path, key))
    return found


@st.composite
def mutated(draw: st.DrawFn) -> Any:
    """A real document of which some values are others."""
    document = copy.deepcopy(draw(st.sampled_from(REAL)))
    for _ in range(draw(st.integers(1, 4))):
        path = draw(st.sampled_from(places(document)))
        inside = document
        for key in path[:-1]:
            inside = inside[key]
        inside[path[-1]] = draw(
            ANY | st.sampled_from(places(document)).map(_reference_to)
        )
    return document


def _reference_to(path: tuple[Any, ...]) -> dict[str, str]:
    keys = [str(key).replace("~", "~0").replace("/", "~1") for key in path]
    return {"$ref": "#/" + "/".join(keys)}


@fewer
@given(value=ANY)
def test_any_value_is_explained_or_refused(value: Any) -> None:
    explained(json.dumps(value).encode())


@fewer
@given(value=st.dictionaries(WORDS, ANY, max_size=6))
def test_any_document_is_explained_or_refused(value: Any) -> None:
    explained(json.dumps({**value, "openapi": "3.1.0"}).encode())


@fewer
@given(document=mutated())
def test_a_document_with_mistakes_is_explained_or_refused(document: Any) -> None:
    explained(json.dumps(document, indent=1).encode())


@fewer
@given(raw=st.binary(max_size=60))
def test_any_bytes_are_explained_or_refused(raw: bytes) -> None:
    explained(raw)
    explained(b"openapi: 3.1.0\n" + raw)


@fewer
@given(data=st.data())
def test_a_damaged_file_is_explained_or_refused(data: st.DataObject) -> None:
    raw = data.draw(st.sampled_from(RAW))
    at = data.draw(st.integers(0, len(raw)))
    gone = data.draw(st.integers(0, 20))
    more = data.draw(
        st.binary(max_size=8) | st.sampled_from([b"*a", b"&a", b"<<: ", b"!"])
    )
    explained(raw[:at] + more + raw[at + gone :])


@fewer
@given(value=st.lists(ANY, max_size=4) | st.dictionaries(WORDS, ANY, max_size=4))
def test_json_is_read_as_json_reads_it(value: Any) -> None:
    text = json.dumps(value, indent=1)
    assert read_tree(text.encode()).root == json.loads(text)


#: What YAML 1.1 and 1.2 write alike.
PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text("abc é\U0001f600-:#'\"\n", max_size=9),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text("abcé", min_size=1, max_size=4), inner, max_size=4)
    ),
    max_leaves=20,
)


@fewer
@given(value=PLAIN)
def test_yaml_is_read_as_it_was_written(value: Any) -> None:
    text = yaml.safe_dump(value, allow_unicode=True)
    assert read_tree(text.encode()).root == value
