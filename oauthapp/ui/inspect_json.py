"""The inspector for machines: the same calls as data. Pure."""

from collections.abc import Callable
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from oauthapp.recorder.call import Call
from oauthapp.recorder.search_store import Page
from oauthapp.recorder.step import Step
from oauthapp.recorder.timeline import Story
from oauthapp.ui.judged import Judged


def page_as_json(
    page: Page, link_to: Callable[..., str], known_as: Sequence[str]
) -> dict[str, Any]:
    """A page of calls; `older` and `newer` are where to go on, null at the end."""
    return {
        "calls": [dict(row._mapping) for row in page.rows],
        "older": link_to(before=page.older) if page.older is not None else None,
        "newer": link_to(after=page.newer) if page.newer is not None else None,
        "looked_into": page.looked_into,
        "known_as": list(known_as),
    }


def step_as_json(step: Step, story: Story, why: Judged) -> dict[str, Any]:
    """One call as every side saw it, and its neighbours; `at` in unix seconds."""
    return {
        "id": step.id,
        "kind": step.kind,
        "caller": step.caller,
        "callee": step.callee,
        "looks_like": step.looks_like.who,
        "because": step.looks_like.because,
        "verdict": step.verdict,
        "reason": step.reason,
        "why": asdict(why),
        "records": [_record(call) for call in step.records],
        "run": [one.id for one in story.steps],
    }


def _record(call: Call) -> dict[str, Any]:
    return {**asdict(call), "links": sorted(call.links)}
