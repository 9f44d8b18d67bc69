"""What the provider does wrong with jobs when told to: a table for each place."""

from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import replace

import msgspec
from flask import Response

from oauthapp.callers.sender.endpoints import new_secret


@dataclass(frozen=True, kw_only=True)
class Post:
    """A result on its way to a callback_url."""

    secrets: Sequence[str]
    body: bytes
    #: How many times it is posted.
    copies: int = 1


def _of_another_job(post: Post) -> Post:
    event = msgspec.json.decode(post.body)
    event["data"]["reference"] = "nobody-asked-for-this"
    return replace(post, body=msgspec.json.encode(event))


#: How a result is spoiled.
TOLD: Mapping[str, Callable[[Post], Post]] = {
    "result_forged": lambda post: replace(post, secrets=[new_secret()]),
    "result_of_another_job": _of_another_job,
    "result_redelivered": lambda post: replace(post, copies=2),
}
#: The news of one job in two messages.
TWICE = "result_twice"
RAISES = "signal_receiver_raises"

Answer = Callable[[], Response]


def _answering(status: int, **headers: str) -> Answer:
    told = {name.replace("_", "-"): text for name, text in headers.items()}
    return lambda: Response("on purpose", status=status, headers=told)


#: What is answered instead, by method.
INSTEAD: Mapping[str, Mapping[str, Answer]] = {
    "POST": {"job_unavailable": _answering(503, Retry_After="1")},
    "GET": {
        "poll_500": _answering(500),
        "poll_429": _answering(429, Retry_After="2"),
        "poll_404": _answering(404),
    },
}
#: What is answered when all was done as ever.
AFTERWARDS: Mapping[str, Answer] = {"job_answer_lost": _answering(500)}
