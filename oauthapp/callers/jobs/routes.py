"""Where a client gives us work and asks how far it is: /jobs.

The answer to `POST /jobs` is 202: not done, but where to ask and when (Location and
Retry-After). Whoever gave an address is also told there.
"""

import re
import secrets
from typing import Annotated

import msgspec
from authlib.oauth2 import OAuth2Error
from flask import Blueprint
from flask import Response
from flask import request

from oauthapp.allowlist import is_registered
from oauthapp.callers.jobs import store
from oauthapp.callers.jobs.misbehaving import AFTERWARDS
from oauthapp.callers.jobs.misbehaving import INSTEAD
from oauthapp.callers.jobs.refusals import CallbackUrlUnknown
from oauthapp.callers.jobs.refusals import IdempotencyKeyMalformed
from oauthapp.callers.jobs.refusals import IdempotencyKeyReused
from oauthapp.callers.jobs.refusals import JobMalformed
from oauthapp.callers.jobs.refusals import JobNotJson
from oauthapp.callers.jobs.refusals import JobUnknown
from oauthapp.callers.jobs.refusals import KindUnknown
from oauthapp.callers.jobs.store import Job
from oauthapp.callers.provider.clients import calling_client
from oauthapp.callers.provider.machines import answer_json
from oauthapp.callers.provider.machines import answer_later
from oauthapp.callers.provider.machines import answer_oauth_error
from oauthapp.control.taking import take_from
from oauthapp.database import reading
from oauthapp.database import writing
from oauthapp.errors import TooMany
from oauthapp.recorder.call import note
from oauthapp.recorder.call import share
from oauthapp.services import ProviderServices
from oauthapp.services import provider_services
from oauthapp.settings import Client

bp = Blueprint("jobs", __name__)
bp.register_error_handler(OAuth2Error, answer_oauth_error)
bp.register_error_handler(TooMany, answer_later)

#: What work we do.
KINDS = frozenset({"export"})
#: Seconds after which asking is worth while.
RETRY_AFTER = 1

_KEY = re.compile(r"[!-~]{1,255}")
_Text = Annotated[str, msgspec.Meta(max_length=2000)]


class _Asked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a client sends."""

    kind: _Text
    callback_url: _Text
    #: Visible ASCII, as the client likes.
    reference: Annotated[str, msgspec.Meta(pattern=r"\A[!-~]{0,255}\Z")] = ""


@bp.before_request
def say_what_kind_it_is() -> Response | None:
    """Giving work is how a callback_url begins, asking after it is polling."""
    note(kind="callback_url" if request.method == "POST" else "polling")
    instead = take_from(provider_services(), INSTEAD.get(request.method, {}))
    return instead() if instead else None


@bp.after_request
def misbehave_when_told(answer: Response) -> Response:
    if answer.status_code != 202:
        return answer
    afterwards = take_from(provider_services(), AFTERWARDS)
    return afterwards() if afterwards else answer


@bp.post("/jobs")
def begin() -> Response:
    """202 and where to ask, once the job is kept for good; also when it already was."""
    services = provider_services()
    client, _method = calling_client(services)
    asked = _asked(client)
    wanted = _job(services, client, asked)
    with writing(services.database) as connection:
        new = store.keep(connection, wanted)
        key, ours = wanted.idempotency_key, client.client_id
        job = store.find_by_key(connection, key, client_id=ours) or wanted
    share("job", job.job_id)
    kept = (job.kind, job.callback_url, job.reference)
    if kept != (asked.kind, asked.callback_url, asked.reference):
        raise IdempotencyKeyReused
    answer = answer_json({"id": job.job_id, "status": job.status}, 202)
    note(verdict="accepted", reason="" if new else "duplicate")
    issuer = services.settings.issuer
    answer.headers["Location"] = f"{issuer}/jobs/{job.job_id}"
    answer.headers["Retry-After"] = str(RETRY_AFTER)
    return answer


@bp.get("/jobs/<job_id>")
def show(job_id: str) -> Response:
    """How far a job is, and its result once it is done; to its own client only."""
    services = provider_services()
    client, _method = calling_client(services)
    if not _KEY.fullmatch(job_id):  # a database refuses to look for NUL or no text
        raise JobUnknown
    with reading(services.database) as connection:
        job = store.find(connection, job_id, client_id=client.client_id)
    if job is None:
        raise JobUnknown(arrived=job_id[:80])
    share("job", job.job_id)
    told = {"id": job.job_id, "kind": job.kind, "status": job.status}
    if job.status == "done":
        done = {"result": job.result, "finished_at": job.finished_at}
        return answer_json({**told, **done})
    answer = answer_json(told)
    note(verdict="accepted", reason="still_running")
    answer.headers["Retry-After"] = str(RETRY_AFTER)
    return answer


def _asked(client: Client) -> _Asked:
    """What the client asks for, if it may have it."""
    if request.mimetype != "application/json":
        raise JobNotJson(arrived=request.mimetype[:80] or "no Content-Type")
    try:
        asked = msgspec.json.decode(request.get_data(), type=_Asked)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise JobMalformed(arrived=str(error)) from None
    if asked.kind not in KINDS:
        raise KindUnknown(arrived=f"kind: {asked.kind[:80]!a}")
    if not is_registered(asked.callback_url, client.callback_urls):
        raise CallbackUrlUnknown(asked.callback_url, client.callback_urls)
    return asked


def _job(services: ProviderServices, client: Client, asked: _Asked) -> Job:
    job_id, now = f"job_{secrets.token_urlsafe(16)}", services.clock()
    # Who gives no key has not asked before; the id is as good as one.
    key = request.headers.get("Idempotency-Key", job_id)
    if not _KEY.fullmatch(key):
        raise IdempotencyKeyMalformed(arrived=f"{len(key)} characters")
    return Job(
        job_id=job_id,
        client_id=client.client_id,
        idempotency_key=key,
        kind=asked.kind,
        callback_url=asked.callback_url,
        reference=asked.reference,
        due_at=now + services.settings.job_seconds,
        created_at=now,
    )
