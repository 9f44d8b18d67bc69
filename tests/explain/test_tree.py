"""What a file says as a tree, and that no file can hang or break the reader."""

import pytest

from oauthapp.errors import InputUnusable
from oauthapp.explain import tree
from oauthapp.explain.tree import read_tree

LAUGHS = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 9)
)
#: What cannot be read, and what is said of it.
UNREADABLE = {
    "empty": (b"", "is empty"),
    "comment": (b"# nothing\n", "is empty"),
    "latin1": (b"title: caf\xe9\n", "is not UTF-8 text"),
    "control": (b"a: \x00\n", "characters that YAML forbids"),
    "yaml": (b"a: b: c\n", "line 1: is no YAML"),
    "open": (b'a: "x\n', "is no YAML"),
    "json": (b'{\n\t"a": 1,,\n}', "is no JSON"),
    "constant": (b'{"a": NaN}', "NaN is no number"),
    "digits": (b"[" + b"1" * 5000 + b"]", "is no JSON"),
    "twice": (b"a: 1\nb: 2\na: 3\n", "line 3: has the key 'a' twice"),
    "json twice": (b'{"a": 1,\n"a": 2}', "line 2: has the key 'a' twice"),
    "laughs": (LAUGHS.encode(), "values, aliases counted"),
    "circle": (b"a: &a [*a]\n", "not complete"),
    "no anchor": (b"a: *b\n", "line 1: "),
    "deep": (b"- " * 5000, "nested deeper than 200 levels"),
    "deep json": (b"[" * 50_000 + b"]" * 50_000, "is nested too deeply"),
    "object": (b"a: !!python/object/apply:os.system [ls]\n", "line 1: has the tag"),
    "tag": (b"a: !Ref b\n", "line 1: has the tag '!Ref'"),
    "second": (b"a: 1\n---\nb: 2\n", "line 2: is a second document"),
    "list key": (b"? [a]\n: b\n", "has a map or list as a key"),
    "alias key": (b"a: &a b\n*a : c\n", "has an alias as a key"),
    "long key": (b"k" * 2001 + b": 1\n", "line 1: "),
    "binary": (bytes(range(256)), "is not UTF-8 text"),
}


def read(raw: bytes) -> object:
    return read_tree(raw).root


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_cannot_be_read_is_said_in_one_line(name: str) -> None:
    raw, said = UNREADABLE[name]
    with pytest.raises(InputUnusable) as caught:
        read_tree(raw)

    assert said in str(caught.value)
    assert str(caught.value).isprintable()


def test_a_file_that_is_too_large_is_not_parsed() -> None:
    with pytest.raises(InputUnusable, match="larger than 32 MB"):
        read_tree(b"[" * (tree.MAX_BYTES + 1))


def test_values_are_counted_while_they_are_read(monkeypatch) -> None:
    monkeypatch.setattr(tree, "MAX_EVENTS", 100)

    with pytest.raises(InputUnusable, match="line 100: is too large"):
        read_tree(b"- 1\n" * 1000)


def test_yaml_and_json_are_the_same_tree() -> None:
    as_yaml = b"a: {b: [1, 2.5, true, null, ~, 'x']}\n'200': \"\\u00e9\"\n"
    as_json = b'{"a": {"b": [1, 2.5, true, null, null, "x"]}, "200": "\\u00e9"}'

    assert repr(read(as_yaml)) == repr(read(as_json))
    assert read(as_json) == {
        "a": {"b": [1, 2.5, True, None, None, "x"]},
        "200": "é",
    }


def test_yaml_may_begin_like_json() -> None:
    assert read(b"{a: [b, 'c'],}") == {"a": ["b", "c"]}


def test_only_yaml_1_2s_words_have_a_meaning() -> None:
    """In YAML 1.1 `no` was false, 12:30 a number and 2026-01-01 a date."""
    raw = b"a: no\nb: 12:30\nc: 2026-01-01\n200: on\nd: !!str 7\ne: '7'\nf: ! 7\n"

    assert read(raw) == {
        "a": "no",
        "b": "12:30",
        "c": "2026-01-01",
        "200": "on",
        "d": "7",
        "e": "7",
        "f": "7",
    }


def test_an_alias_is_what_its_anchor_names() -> None:
    assert read(b"a: &a [1]\nb: *a\nc: &c x\nd: *c\n") == {
        "a": [1],
        "b": [1],
        "c": "x",
        "d": "x",
    }


def test_a_merged_map_says_what_the_map_does_not() -> None:
    raw = b"a: &a {x: 1, y: 2}\nb:\n  <<: *a\n  y: 3\nc:\n  y: 4\n  <<: [*a, 7]\n"

    assert read(raw) == {
        "a": {"x": 1, "y": 2},
        "b": {"x": 1, "y": 3},
        "c": {"x": 1, "y": 4},
    }


@pytest.mark.parametrize("raw", [b'{"<<": {"x": 1}}', b"'<<': {x: 1}\n"])
def test_only_a_plain_key_merges(raw: bytes) -> None:
    assert read(raw) == {"<<": {"x": 1}}


@pytest.mark.parametrize("mark", ["utf-8-sig", "utf-16"])
def test_a_byte_order_mark_is_understood(mark: str) -> None:
    assert read("a: é\n".encode(mark)) == {"a": "é"}


@pytest.mark.parametrize(
    "raw", [b"a:\n  - x\n  - b: 1\n", b'{"a":\n ["x",\n  {"b": 1}]}']
)
def test_every_value_has_its_line(raw: bytes) -> None:
    found = read_tree(raw)
    lines = [found.lines[id(found.root["a"]), str(index)] for index in (0, 1)]

    assert found.lines[id(found.root), "a"] == 1
    assert lines == [2, 3]


@pytest.mark.parametrize("loader", ["C", "Python"])
def test_it_needs_no_libyaml(monkeypatch, loader: str) -> None:
    import yaml

    from oauthapp.explain import events

    if loader == "Python":
        monkeypatch.setattr(events, "_LOADER", yaml.SafeLoader)

    assert read(b"a: [1, {b: c}]\n") == {"a": [1, {"b": "c"}]}
    for name in ("deep", "laughs", "circle", "tag", "twice"):
        with pytest.raises(InputUnusable):
            read(UNREADABLE[name][0])
