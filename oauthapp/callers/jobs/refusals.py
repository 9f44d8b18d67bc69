"""Why a job is not begun or not shown: one class a reason.

JobRefused                400, the request is not one for a job
├── JobMalformed, KindUnknown                             422
├── CallbackUrlUnknown    its result would go where nobody registered
├── IdempotencyKeyMalformed
└── IdempotencyKeyReused  422, the key was given with another request
JobUnknown                404, also for another client's job
"""

from collections.abc import Iterable

from oauthapp.allowlist import first_difference
from oauthapp.allowlist import nearest
from oauthapp.callers.provider.parameters import printable
from oauthapp.errors import NotFound
from oauthapp.errors import Refused


class JobRefused(Refused):
    """This job is not begun."""

    code = "job_refused"


class JobNotJson(JobRefused):
    """A job is asked for in JSON."""

    code = "not_json"
    status = 415
    expected = "Content-Type: application/json"


class JobMalformed(JobRefused):
    """This does not describe a job."""

    code = "job_malformed"
    status = 422
    expected = '{"kind": "export", "callback_url": "https://…"}'
    remedy = "Send a JSON object with these members; `reference` may be added."


class KindUnknown(JobRefused):
    """We do no work of this kind."""

    code = "kind_unknown"
    status = 422
    expected = "kind: export"


class CallbackUrlUnknown(JobRefused):
    """The result would be sent to an address that this client did not register."""

    code = "callback_url_unknown"
    cause = (
        "callback_url is compared character by character, like a redirect_uri: "
        "another port, a slash at the end or localhost for 127.0.0.1 make it another "
        "one. No job was begun."
    )
    remedy = "Register the address, or send one that is registered just as it is."

    def __init__(self, url: str, registered: Iterable[str]) -> None:
        """:param url: as sent; the nearest of `registered` is shown beside it."""
        arrived, expected = printable(url), nearest(url, registered)
        super().__init__(arrived=arrived, expected=expected or "none is registered")
        if expected is not None:
            self.difference = first_difference(arrived, expected)


class IdempotencyKeyMalformed(JobRefused):
    """The Idempotency-Key cannot be one."""

    code = "idempotency_key_malformed"
    expected = "Idempotency-Key: 1 to 255 visible ASCII characters"


class IdempotencyKeyReused(JobRefused):
    """This Idempotency-Key came before, with another request."""

    code = "idempotency_key_reused"
    status = 422
    expected = "a new key for a new job, the same request for a key that came before"


class JobUnknown(NotFound):
    """You have no job of this name here."""

    code = "job_unknown"
    cause = "The id is misspelled, or the job belongs to another client."
    remedy = "Ask for the address that Location named when the job was begun."
