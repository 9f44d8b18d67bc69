"""The pages in `docs/` lead where they say, and leave out nothing."""

import re
from pathlib import Path

import pytest

DOCS = Path(__file__).parent.parent / "docs"
LINK = re.compile(r"\]\(([^)#:]+)\)")


@pytest.mark.parametrize(
    "page", sorted(DOCS.rglob("*.md")), ids=lambda page: str(page.relative_to(DOCS))
)
def test_each_link_leads_somewhere(page: Path) -> None:
    for path in LINK.findall(page.read_text(encoding="utf-8")):
        assert (page.parent / path).exists(), path


def test_each_recipe_is_in_the_list() -> None:
    listed = LINK.findall((DOCS / "recipes/README.md").read_text(encoding="utf-8"))

    for recipe in (DOCS / "recipes").glob("*.py"):
        assert recipe.name in listed
