"""The table of dependencies names what pyproject.toml does, with the true licences."""

import re
import tomllib
from collections.abc import Iterator
from importlib.metadata import Distribution
from importlib.metadata import PackageNotFoundError
from importlib.metadata import distribution
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs/dependencies.md").read_text(encoding="utf-8")
NAME = re.compile(r"[A-Za-z][A-Za-z0-9._-]*")

#: What a package we load may be licensed under, as it is written in the table.
PERMISSIVE = frozenset(
    {
        *("MIT", "MIT-0", "BSD", "BSD-2-Clause", "BSD-3-Clause", "ISC", "PSF-2.0"),
        *("Apache-2.0", "Apache-2.0 OR BSD-3-Clause", "Apache-2.0 OR BSD-2-Clause"),
        *("MIT OR Apache-2.0", "Apache-2.0 AND BSD-2-Clause", "MIT AND PSF-2.0"),
        "MPL-2.0",  # of its own files alone, which we do not change
    }
)
#: What others may have, each for the reason that the page gives.
ALSO = {"psycopg": "LGPL-3.0-only"}
#: What packages write that have no SPDX expression yet.
SPDX = {
    "Apache 2.0": "Apache-2.0",
    "Apache License, Version 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "BSD License": "BSD",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
}


def table() -> Iterator[tuple[str, str]]:
    """Name and licence of each row."""
    for line in PAGE.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == 5 and NAME.fullmatch(cells[0]) and cells[0] != "Dependency":
            yield cells[0], cells[2]


def named() -> list[str]:
    """Every dependency of pyproject.toml, in its order."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    extras = project["project"]["optional-dependencies"].values()
    written = [
        *project["project"]["dependencies"],
        *(one for some in extras for one in some),
    ]
    return [NAME.match(one)[0] for one in written]  # type: ignore[index]


def test_the_table_names_what_the_project_does_in_its_order() -> None:
    assert [name for name, _licence in table()] == named()


@pytest.mark.parametrize(("name", "licence"), list(dict.fromkeys(table())))
def test_each_licence_is_what_the_package_says_and_one_we_may_use(
    name: str, licence: str
) -> None:
    assert licence in PERMISSIVE or licence == ALSO[name]
    try:
        found = distribution(name)
    except PackageNotFoundError:
        assert name == "uv", "only what writes the lock files need not be installed"
        return
    assert licence_of(found) == licence


def locked() -> list[str]:
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    return re.findall(r"^([a-z0-9-]+)==", text, re.MULTILINE)


@pytest.mark.parametrize("name", locked())
def test_what_comes_along_has_a_licence_that_we_may_use(name: str) -> None:
    try:
        found = distribution(name)
    except PackageNotFoundError:
        assert name == "colorama", "what only Windows needs is not installed elsewhere"
        return
    assert licence_of(found) in PERMISSIVE


def licence_of(package: Distribution) -> str:
    """What the metadata say, by the newest of the ways that they use."""
    said = package.metadata
    if expression := said["License-Expression"]:
        return str(expression)
    told = str(said["License"] or "")
    if told and len(told) < 40:
        return SPDX.get(told, told)
    for classifier in said.get_all("Classifier") or ():
        if classifier.startswith("License :: OSI Approved :: "):
            return SPDX[classifier.rpartition(" :: ")[2]]
    (file,) = said.get_all("License-File") or ("LICENSE",)
    text = package.read_text(f"licenses/{file}") or ""
    return SPDX[text.strip().splitlines()[0].strip()]
