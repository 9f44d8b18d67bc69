"""`oauthapp explain`: its exit codes, its formats and its refusals."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from click.testing import Result

from oauthapp.cli import main
from oauthapp.explain import tree
from tests.explain.apis import ALL_SAID
from tests.explain.apis import field

SAID, UNSAID = field("return_url", ALL_SAID), field("return_url")


def explain(*arguments: str, stdin: bytes | None = None) -> Result:
    return CliRunner().invoke(main, ["explain", *arguments], input=stdin)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "api.json"


@pytest.mark.parametrize(("raw", "code"), [(SAID, 0), (UNSAID, 1), (b"[]", 2)])
def test_the_exit_code_says_whether_something_is_open(file, raw, code) -> None:
    file.write_bytes(raw)

    assert explain(str(file)).exit_code == code
    assert explain("-", stdin=raw).exit_code == code


@pytest.mark.parametrize("option", [["--json"], ["--format", "json"]])
def test_json_is_asked_for_in_two_ways(option) -> None:
    told = json.loads(explain("-", *option, stdin=UNSAID).stdout)

    assert (told["file"], told["open"]) == ("-", 1)


def test_annotations_name_the_file_as_it_was_given(file: Path) -> None:
    file.write_bytes(UNSAID)
    done = explain(str(file), "--format", "github")

    assert f"::warning file={file},line=1::" in done.stdout


def test_what_cannot_be_read_is_one_line(file: Path) -> None:
    file.write_bytes(b"a: 1\na: 2\n")
    done = explain(str(file))

    assert done.stdout == ""
    assert done.stderr == f"oauthapp: {file}: line 2: has the key 'a' twice\n"


def test_a_file_that_is_not_there_is_wrong_usage(file: Path) -> None:
    done = explain(str(file))

    assert done.exit_code == 2
    assert "No such file" in done.stderr


def test_no_more_is_read_than_may_be_parsed(file: Path) -> None:
    with file.open("wb") as large:
        large.truncate(100 * 1024 * 1024)
    done = explain(str(file))

    assert done.exit_code == 2
    assert f"is larger than {tree.MAX_BYTES // 1024 // 1024} MB" in done.stderr
