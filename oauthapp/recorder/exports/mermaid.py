"""A run as a Mermaid sequence diagram, for pages that draw such. Pure.

Whatever the call says becomes text of a label: all but letters, digits and a few
harmless signs is written as a character's number, which Mermaid turns back and never
reads as its own language nor as HTML.
"""

from collections.abc import Iterator

from oauthapp.recorder.step import Step
from oauthapp.recorder.timeline import Story
from oauthapp.recorder.visible import visible

_PLAIN = frozenset(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 /_.,?=-()"
)
#: Characters of a label: a longer one pushes the lanes apart.
_LABEL_LIMIT = 80


def mermaid(story: Story) -> str:
    """The diagram: each call an arrow to whom it was made, each answer one back."""
    named = [name for step in story.steps for name in (step.caller, step.callee)]
    lanes = {name: f"p{number}" for number, name in enumerate(dict.fromkeys(named))}
    said = sorted(line for step in story.steps for line in _arrows(step, lanes))
    return "\n".join(
        [
            "sequenceDiagram",
            *(f"  participant {lane} as {label(name)}" for name, lane in lanes.items()),
            *(f"  {text}" for _at, _turn, text in said),
            "",
        ]
    )


def label(text: str) -> str:
    """`text` as a label that is nothing but text."""
    text = visible(text)
    cut = text if len(text) <= _LABEL_LIMIT else f"{text[: _LABEL_LIMIT - 1]}…"
    written = "".join(one if one in _PLAIN else f"#{ord(one)};" for one in cut)
    # Mermaid takes this word for its own wherever it stands.
    return written.replace("end", "e#110;d").strip() or "#32;"


def _arrows(step: Step, lanes: dict[str, str]) -> Iterator[tuple[float, int, str]]:
    """When, which of those that happen at once, and what."""
    caller, callee = lanes[step.caller], lanes[step.callee]
    asked = f"{step.call.method} {step.path}"
    yield step.at, 0, f"{caller}->>{callee}: {label(f'{asked} ({step.kind})')}"
    arrow = "--x" if step.call.status is None else "-->>"
    said = f"{step.call.status or 'no answer'} {step.verdict} {step.reason}".strip()
    ended = step.at + max(step.call.ms, 0) / 1000
    yield ended, 1, f"{callee}{arrow}{caller}: {label(said)}"
