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


#: Which of several ways was first is no matter of what went wrong.
_BY_CHANCE = frozenset({"already_known"})


def _in_words(step: Step) -> str:
    reason = "" if step.reason in _BY_CHANCE else step.reason
    return f"{step.verdict or 'unjudged'} {reason}".strip()
