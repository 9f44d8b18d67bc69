"""A story for machines: `/calls`, and `oauthapp demo --once --json`. Pure."""

from typing import Any

from oauthapp.recorder.step import Step
from oauthapp.recorder.timeline import Story


def as_json(story: Story) -> dict[str, Any]:
    """The story as data; `at` in unix seconds, `ms` in milliseconds."""
    return {
        "run": story.run,
        "complete": story.complete,
        "calls": [_step_as_json(step) for step in story.steps],
    }


def _step_as_json(step: Step) -> dict[str, Any]:
    return {
        "id": step.id,
        "kind": step.kind,
        "caller": step.caller,
        "callee": step.callee,
        "method": step.call.method,
        "path": step.path,
        "status": step.call.status,
        "verdict": step.verdict,
        "reason": step.reason,
        "at": step.at,
        "ms": step.call.ms,
        "looks_like": step.looks_like.who,
        "because": step.looks_like.because,
    }
