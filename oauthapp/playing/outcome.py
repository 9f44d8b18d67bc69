"""What became of the callbacks of one kind, in order? Pure."""

from itertools import groupby

from oauthapp.kinds import Kind
from oauthapp.recorder.step import Step
from oauthapp.recorder.timeline import Story


def outcome_of(story: Story, kind: Kind) -> tuple[str, ...]:
    """In the words of `Fault.outcome`: "refused state_forged", "failed fault ×3"."""
    told = [_in_words(step) for step in story.callbacks(kind)]
    return tuple(
        words if times == 1 else f"{words} ×{times}"
        for words, times in ((key, len(list(same))) for key, same in groupby(told))
    ) or ("never",)


def _in_words(step: Step) -> str:
    return f"{step.verdict or 'unjudged'} {step.reason}".strip()
