"""What the README says is what the code does."""

import base64
import re
from pathlib import Path

import pytest

from oauthapp.configuration import load_settings
from oauthapp.kinds import KINDS
from oauthapp.kinds import QUESTIONS

pytest_plugins = ["pytester"]

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
SIGNING_SECRET = "whsec_" + base64.b64encode(b"s" * 32).decode()


def test_the_four_questions_are_answered_as_on_the_compare_page() -> None:
    rows = [
        "| | " + " | ".join(QUESTIONS.values()) + " |",
        "|---" * (1 + len(QUESTIONS)) + "|",
    ]
    for kind in KINDS:
        answers = " | ".join(kind.answer(question) for question in QUESTIONS)
        rows.append(f"| **{kind.name}** | {answers} |")

    assert "\n".join(rows) in README


@pytest.mark.parametrize("block", re.findall(r"```toml\n(.*?)```", README, re.DOTALL))
def test_each_settings_example_can_be_used(block: str, tmp_path: Path) -> None:
    file = tmp_path / "example.toml"
    filled = block.replace("whsec_…", SIGNING_SECRET).replace("…", "x" * 32)
    file.write_text(filled, encoding="utf-8")

    load_settings(file, {})


def test_the_test_passes(pytester: pytest.Pytester) -> None:
    (block,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    assert len(re.findall(r"^    \S", block, re.MULTILINE)) <= 10, "ten lines"
    pytester.makepyfile(block)

    pytester.runpytest("-p", "oauthapp.pytest_plugin").assert_outcomes(passed=1)


@pytest.mark.parametrize("path", re.findall(r"\]\(([^)#:]+)(?:#[\w-]+)?\)", README))
def test_each_link_leads_somewhere(path: str) -> None:
    assert (ROOT / path).exists()
