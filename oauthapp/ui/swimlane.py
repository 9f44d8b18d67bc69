"""A run as a picture: who called whom, time running down. Pure.

Only where things stand is worked out here; the template draws it as SVG. Units are
those of the view box, which is as wide as a phone.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from oauthapp.kinds import Kind
from oauthapp.recorder.evidence import evidence
from oauthapp.recorder.step import Step
from oauthapp.recorder.timeline import Story

WIDTH = 360
#: From the edge to the outer lanes, and from one arrow to the next.
MARGIN, ROW = 52, 30
#: Where the first arrow lies, below the names of the lanes.
TOP = 54
#: A letter of a label is so wide, and a label may reach so far over its arrow.
LETTER, OVERHANG = 6.6, 26
#: A longer part of a path is an id, of which this much is shown.
LONG_PART, ID_SHOWN = 16, 6

#: Always there, in this order; whoever else takes part comes after them.
PARTIES = ("browser", "app", "provider")


@dataclass(frozen=True, kw_only=True)
class Lane:
    """One party's lifeline."""

    name: str
    x: int


@dataclass(frozen=True, kw_only=True)
class Arrow:
    """A request or its answer, from one lane to another; to the same one: a loop."""

    step: Step
    what: Literal["request", "answer"]
    y: int
    x1: int
    x2: int
    label: str

    @property
    def middle(self) -> int:
        """Where the label is centred."""
        return (self.x1 + self.x2) // 2


@dataclass(frozen=True, kw_only=True)
class Swimlane:
    """The picture; without arrows when nothing happened."""

    lanes: tuple[Lane, ...]
    arrows: tuple[Arrow, ...]

    @property
    def height(self) -> int:
        """Of the view box."""
        return TOP + ROW * len(self.arrows)

    @property
    def bottom(self) -> int:
        """Where the lifelines end."""
        return self.height - 8

    def in_words(self) -> list[str]:
        """The picture as sentences, one an arrow."""
        return [_sentence(arrow) for arrow in self.arrows]


def draw(story: Story, kind: Kind) -> Swimlane:
    """The calls of that kind, with what set the callback off."""
    steps = [one for one in story.steps if one.kind == kind and _is_drawn(one)]
    trigger = evidence(story, kind, "trigger")
    if trigger is not None and trigger.step not in steps:
        steps.append(trigger.step)
    lanes = _lanes(steps)
    at = {lane.name: lane.x for lane in lanes}
    moments = [("request", step, step.at) for step in steps]
    moments += [
        ("answer", step, step.at + step.call.ms / 1000)
        for step in steps
        if step.call.status is not None
    ]
    ordered = sorted(moments, key=lambda moment: moment[2])
    return Swimlane(
        lanes=lanes,
        arrows=tuple(
            _arrow(what == "answer", step, at, TOP + ROW * number)
            for number, (what, step, _at) in enumerate(ordered)
        ),
    )


def _is_drawn(step: Step) -> bool:
    """Not what was never sent, nor a page of the app's own that somebody looks at."""
    call = step.call
    is_page = (step.caller, step.callee) == ("browser", "app") and call.status == 200
    return not step.unmade and not (is_page and call.method == "GET")


def _lanes(steps: Iterable[Step]) -> tuple[Lane, ...]:
    others = {name for step in steps for name in (step.caller, step.callee)}
    names = [*PARTIES, *sorted(others.difference(PARTIES))]
    apart = (WIDTH - 2 * MARGIN) / (len(names) - 1)
    return tuple(
        Lane(name=name, x=round(MARGIN + apart * number))
        for number, name in enumerate(names)
    )


def _arrow(answer: bool, step: Step, at: dict[str, int], y: int) -> Arrow:
    call = step.call
    there, back = at[step.callee], at[step.caller]
    width = abs(there - back) + OVERHANG if there != back else back
    room = int(width / LETTER)
    if answer:
        label = _cut(f"{call.status} {step.reason or step.verdict}".strip(), room)
    else:
        label = f"{call.method} {_fitted(step.path, room - len(call.method) - 1)}"
    return Arrow(
        step=step,
        what="answer" if answer else "request",
        y=y,
        x1=there if answer else back,
        x2=back if answer else there,
        label=label,
    )


def _fitted(path: str, room: int) -> str:
    """As much of a path as fits: its end says most, but for ids, which say little."""
    shown = [
        f"{part[:ID_SHOWN]}…" if len(part) > LONG_PART and _is_id(part) else part
        for part in path.split("/")
    ]
    size = sum(map(len, shown)) + len(shown) - 1
    if size > room and len(shown) > 3:
        # "…" in the stead of two. Counted: a stranger's path may have very many parts.
        first, size = 2, size - len(shown[0]) - len(shown[1])
        while size > room and len(shown) - first > 2:
            first, size = first + 1, size - len(shown[first]) - 1
        shown = ["…", *shown[first:]]
    return _cut("/".join(shown), room)


def _is_id(part: str) -> bool:
    return any(letter.isdigit() or letter.isupper() for letter in part)


def _cut(text: str, room: int) -> str:
    return text if len(text) <= room else f"{text[: room - 1]}…"


def _sentence(arrow: Arrow) -> str:
    step = arrow.step
    called = f"{step.call.method} {step.path}"
    if arrow.what == "request":
        return f"The {step.caller} calls the {step.callee}: {called}."
    verdict = f", {step.verdict}" if step.verdict else ""
    because = f" ({step.reason})" if step.reason else ""
    status = step.call.status
    return f"The {step.callee} answers {called} with {status}{verdict}{because}."
