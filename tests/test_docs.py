"""The pages in `docs/` lead where they say, and leave out nothing."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

DOCS = Path(__file__).parent.parent / "docs"
LINK = re.compile(r"\]\(([^)#:]+)(?:#[\w-]+)?\)")
#: Beside the README, whose links have a test of their own.
PAGES = [*sorted(DOCS.rglob("*.md")), *sorted(DOCS.parent.glob("[CS]*.md"))]


@pytest.mark.parametrize(
    "page", PAGES, ids=lambda page: str(page.relative_to(DOCS.parent))
)
def test_each_link_leads_somewhere(page: Path) -> None:
    for path in LINK.findall(page.read_text(encoding="utf-8")):
        assert (page.parent / path).exists(), path


def test_each_recipe_is_in_the_list() -> None:
    listed = LINK.findall((DOCS / "recipes/README.md").read_text(encoding="utf-8"))

    for recipe in (DOCS / "recipes").glob("*.py"):
        assert recipe.name in listed


def test_the_reference_is_what_the_docstrings_say(tmp_path: Path) -> None:
    """When it is not: python docs/make_reference.py"""
    copy = tmp_path / "make_reference.py"
    copy.write_bytes((DOCS / copy.name).read_bytes())

    subprocess.run([sys.executable, copy], check=True, cwd=DOCS.parent)

    made = (tmp_path / "reference.md").read_text(encoding="utf-8")
    assert made == (DOCS / "reference.md").read_text(encoding="utf-8")
