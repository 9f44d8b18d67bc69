"""A job is done, and told: to our own code, and to whoever asked for it. The act."""

import hashlib
import logging
from collections.abc import Mapping
from typing import Any

import msgspec

from oauthapp.callers.jobs import store
from oauthapp.callers.jobs.misbehaving import TOLD
from oauthapp.callers.jobs.misbehaving import TWICE
from oauthapp.callers.jobs.misbehaving import Post
from oauthapp.callers.jobs.signals import JOB_FINISHED
from oauthapp.callers.jobs.signals import CountFailed
from oauthapp.callers.jobs.signals import job_finished
from oauthapp.callers.jobs.store import Job
from oauthapp.callers.provider.clients import find_client
from oauthapp.callers.sender import deliver as sender
from oauthapp.callers.sender.event_store import publish
from oauthapp.callers.sender.sign import attempt_headers
from oauthapp.callers.sender.store import Delivery
from oauthapp.control.taking import take
from oauthapp.control.taking import take_from
from oauthapp.database import reading
from oauthapp.database import writing
from oauthapp.recorder.call import calling_as
from oauthapp.recorder.signal import recorded_signal
from oauthapp.services import ProviderServices

log = logging.getLogger(__name__)

#: The event type whose deliveries go to a callback_url and not to endpoints.
RESULT = "job.finished"


def finish(services: ProviderServices, job: Job) -> None:
    """Do the work; keep its result and the news of it, both or neither."""
    now, result = services.clock(), _export(job)
    messages = 2 if take(services, TWICE, target=job.callback_url) else 1
    with writing(services.database) as connection:
        if not store.finish(connection, job, result=result, now=now):
            return  # somebody else did it meanwhile, and tells of it
        for number in range(messages):
            publish(
                connection,
                event_type=RESULT,
                data={
                    "job": job.job_id,
                    "kind": job.kind,
                    "reference": job.reference,
                    "status": "done",
                    "result": result,
                    "finished_at": now,
                },
                now=now + number,
                to=[job.callback_url],
            )
    _tell_ourselves(services, job)
    services.wake.set()


def deliver(services: ProviderServices, one: Delivery) -> None:
    """Attempt to post a result to its callback_url and keep what came of it."""
    told = msgspec.json.decode(one.body)["data"]["job"]
    with reading(services.database) as connection:
        client_id = store.client_of(connection, told)
    client = find_client(services, client_id)
    if client is None or one.endpoint_url not in client.callback_urls:
        return sender.give_up(services, one, "callback_url_removed")
    post = Post(secrets=[client.callback_secret], body=one.body)
    spoil = take_from(services, TOLD, target=one.endpoint_url)
    post = spoil(post) if spoil else post
    now = int(services.clock()) if one.as_of is None else one.as_of
    headers = attempt_headers(
        secrets=post.secrets, message_id=one.message_id, timestamp=now, body=post.body
    )
    headers["Content-Type"] = "application/json"
    for _ in range(post.copies):
        with calling_as("callback_url", ("job", told)):
            sender.attempt(
                services, one, headers=headers, body=post.body, timestamp=now
            )


def _tell_ourselves(services: ProviderServices, job: Job) -> None:
    """Send the signal, once. It may fail; the job is done all the same."""
    shared = ("job", job.job_id)
    try:
        with recorded_signal(services.recorder, "provider", JOB_FINISHED, shared):
            job_finished.send(services, job=job)
    except CountFailed as failure:
        log.error("signal %s: %s", JOB_FINISHED, failure.code)


def _export(job: Job) -> Mapping[str, Any]:
    """The work itself: the same for the same job, whoever does it."""
    digest = hashlib.sha256(job.job_id.encode()).hexdigest()
    return {"file": f"export-{digest[:8]}.csv", "rows": int(digest[8:11], 16)}
