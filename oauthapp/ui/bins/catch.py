"""What is sent to a bin is recorded, and answered as the bin was told.

No route: whatever comes below `/bins/` is caught before there would have to be one, by
any method. Nothing is believed and nothing has an effect.
"""

from threading import BoundedSemaphore
from threading import Event

from flask import Blueprint
from flask import Response
from flask import request

from oauthapp.recorder.call import note
from oauthapp.recorder.call import share
from oauthapp.recorder.caller import looks_like
from oauthapp.recorder.inbound import request_headers
from oauthapp.services import app_services
from oauthapp.ui.bins import store
from oauthapp.ui.bins.form import WITHOUT_BODY
from oauthapp.ui.bins.form import Behaviour
from oauthapp.ui.bins.refusals import BinBusy
from oauthapp.ui.bins.store import Bin

bp = Blueprint("bin_catch", __name__)

BELOW = "/bins/"
#: Answers that may wait at the same time; the server has many more threads.
AT_ONCE = 8
#: A browser that opens a bin shows it as a page of no origin, that runs nothing.
POLICY = (
    "sandbox; default-src 'none'; form-action 'none'; "
    "frame-ancestors 'none'; base-uri 'none'"
)

_may_wait = BoundedSemaphore(AT_ONCE)


@bp.before_app_request
def catch() -> Response | None:
    """The answer of the bin, if the request is for one."""
    if not request.path.startswith(BELOW):
        return None
    browser = looks_like(request_headers(request.environ)).who == "browser"
    note(kind="redirect" if browser else "webhook")
    bin_id = request.path.removeprefix(BELOW).partition("/")[0]
    called = store.called(app_services().database, bin_id)
    share("bin", bin_id)
    request.get_data(cache=False)  # what is not read is not recorded
    if called.behaviour.delay:
        _wait(called.behaviour.delay)
    return _answer(called)


def _wait(seconds: float) -> None:
    if not _may_wait.acquire(blocking=False):
        raise BinBusy(expected=f"at most {AT_ONCE} that wait")
    try:
        Event().wait(seconds)
    finally:
        _may_wait.release()


def _answer(called: Bin) -> Response:
    told = called.behaviour
    if called.fails:
        note(verdict="failed", reason="bin_failing")
        says = f"failing on purpose: {called.came} of {told.failures}\n"
        told = Behaviour(status=told.failing_status, headers=told.headers, body=says)
    answer = Response(told.body, status=told.status, mimetype=told.content_type)
    if told.status in WITHOUT_BODY:
        del answer.headers["Content-Type"]
    answer.headers.extend(told.headers)
    answer.headers["Content-Security-Policy"] = POLICY
    answer.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    answer.autocorrect_location_header = False
    return answer
