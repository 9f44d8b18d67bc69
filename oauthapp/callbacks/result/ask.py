"""We ask a provider for work, and go on asking how far it is: the act.

The same question under the same key begins nothing twice, so one that got no answer
is simply asked again. Between two questions we wait as long as Retry-After says.
"""

import logging
from typing import Annotated
from typing import Any
from typing import Literal
from urllib.parse import urljoin

import msgspec
import requests

from oauthapp.callbacks.calling import NotDone
from oauthapp.callbacks.calling import call_as_client
from oauthapp.callbacks.calling import pause
from oauthapp.callbacks.calling import wait_asked
from oauthapp.callbacks.result import store
from oauthapp.callbacks.result.store import Export
from oauthapp.callbacks.result.verify import Moment
from oauthapp.database import writing
from oauthapp.recorder.call import calling_as
from oauthapp.recorder.call import share
from oauthapp.services import AppServices

log = logging.getLogger(__name__)

#: Below the issuer: where work is given and asked after.
JOBS = "/jobs"
#: Seconds between two questions, where the provider says nothing, and the most.
USUAL_PAUSE, LONGEST_PAUSE = 5.0, 300.0
#: Seconds after which we ask no more. A result that is posted then still counts.
PATIENCE = 86_400.0

_Id = Annotated[str, msgspec.Meta(pattern=r"\A[!-~]{1,255}\Z")]


class _Begun(msgspec.Struct, frozen=True, kw_only=True):
    """What a provider answers that has taken a job."""

    id: _Id


class _Standing(msgspec.Struct, frozen=True, kw_only=True):
    """What a provider answers that is asked how far it is."""

    status: Literal["running", "done"]
    result: dict[str, Any] | None = None
    finished_at: Moment = 0.0


def ask(services: AppServices, export: Export) -> None:
    """Ask what is to be asked next; what did not work is asked again later."""
    try:
        if export.job_url is None:
            _begin(services, export)
        else:
            _poll(services, export, export.job_url)
    except NotDone as problem:
        _not_answered(services, export, problem)


def give_back(services: AppServices, export: Export, reason: str) -> None:
    """The question broke off on our side: it is asked again like others."""
    _not_answered(services, export, NotDone(reason=reason))


def _begin(services: AppServices, export: Export) -> None:
    settings = services.settings
    wanted = {
        "kind": "export",
        "callback_url": settings.callback_url(export.provider),
        "reference": export.export_id,
    }
    key = {"Idempotency-Key": export.export_id}
    with calling_as("callback_url", ("reference", export.export_id)):
        answer = _call(services, export, "POST", None, json=wanted, headers=key)
    begun = _read(answer, _Begun)
    issuer = settings.providers[export.provider].issuer.rstrip("/")
    told = urljoin(f"{issuer}{JOBS}", answer.headers.get("Location", ""))
    share("job", begun.id)
    now = services.clock()
    with writing(services.database) as connection:
        store.change(
            connection,
            export,
            job_id=begun.id,
            job_url=told,
            failures=0,
            reason="",
            due_at=now + _wait(services, answer),
        )


def _poll(services: AppServices, export: Export, url: str) -> None:
    shared = (("job", export.job_id or ""), ("reference", export.export_id))
    with calling_as("polling", *shared):
        answer = _call(services, export, "GET", url)
    standing, now = _read(answer, _Standing), services.clock()
    done = standing.status == "done" and standing.result is not None
    values: dict[str, Any] = {"polls": export.polls + 1, "failures": 0, "reason": ""}
    if done:
        values.update(status="over", polled_at=now)
    elif now - export.created_at > PATIENCE:
        values.update(status="over", reason="patience_ended")
    else:
        values.update(due_at=now + _wait(services, answer))
    with writing(services.database) as connection:
        ours = store.change(connection, export, **values)
        if ours and done:
            store.learn(
                connection,
                export.export_id,
                "polling",
                result=standing.result or {},
                finished_at=standing.finished_at,
                now=now,
            )


def _call(
    services: AppServices, export: Export, method: str, url: str | None, **what: Any
) -> requests.Response:
    registration = services.settings.providers.get(export.provider)
    if registration is None:
        raise NotDone(reason="unknown_provider", final=True)
    where = url or f"{registration.issuer.rstrip('/')}{JOBS}"
    return call_as_client(services, registration, method, where, under=JOBS, **what)


def _not_answered(services: AppServices, export: Export, problem: NotDone) -> None:
    now, failures = services.clock(), export.failures + 1
    log.warning("export %s: %s", export.export_id, problem.reason)
    late = now - export.created_at > PATIENCE
    with writing(services.database) as connection:
        store.change(
            connection,
            export,
            status="over" if problem.final or late else "asking",
            failures=failures,
            reason=problem.reason,
            due_at=now + pause(failures, problem.retry_after),
        )


def _read(answer: requests.Response, shape: type[Any]) -> Any:
    try:
        return msgspec.json.decode(answer.content, type=shape)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise NotDone(reason="answer_unusable") from None


def _wait(services: AppServices, answer: requests.Response) -> float:
    """Seconds until the next question: what Retry-After asks for, within reason."""
    asked = wait_asked(services, answer)
    return USUAL_PAUSE if asked is None else min(max(asked, 0.1), LONGEST_PAUSE)
