"""A repository: somebody pushes, endpoints are told, and builds are reported back.

The event names an address, `statuses_url`: whoever builds calls us back there.
"""

import secrets
from typing import Annotated
from typing import Literal
from urllib.parse import urlsplit

import msgspec
from authlib.oauth2 import OAuth2Error
from flask import Blueprint
from flask import Response
from flask import redirect
from flask import render_template
from flask import request
from flask import url_for
from werkzeug.wrappers import Response as BaseResponse

from oauthapp.callers.provider.clients import calling_client
from oauthapp.callers.provider.machines import answer_json
from oauthapp.callers.provider.machines import answer_later
from oauthapp.callers.provider.machines import answer_oauth_error
from oauthapp.callers.repos import store
from oauthapp.callers.repos.refusals import CommitUnknown
from oauthapp.callers.repos.refusals import RepositoryUnknown
from oauthapp.callers.repos.refusals import StatusMalformed
from oauthapp.callers.repos.refusals import StatusNotAllowed
from oauthapp.callers.repos.refusals import StatusNotJson
from oauthapp.callers.repos.store import Status
from oauthapp.callers.sender.event_store import publish
from oauthapp.control.taking import take
from oauthapp.database import reading
from oauthapp.database import writing
from oauthapp.errors import TooMany
from oauthapp.pages import csrf
from oauthapp.recorder.call import note
from oauthapp.recorder.call import share
from oauthapp.services import ProviderServices
from oauthapp.services import provider_services

bp = Blueprint("repos", __name__)
bp.register_error_handler(OAuth2Error, answer_oauth_error)
bp.register_error_handler(TooMany, answer_later)

#: The event that tells endpoints of a push.
PUSH = "push"
#: Faults: the address is another party's; the report is not heard.
ELSEWHERE = "statuses_url_elsewhere"
STATUS_500 = "status_500"


class _Said(msgspec.Struct, frozen=True, kw_only=True):
    """What a client reports."""

    state: Literal["pending", "success", "failure", "error"]
    description: Annotated[
        str, msgspec.Meta(max_length=200, pattern=r"\A[^\x00-\x1f\x7f]*\Z")
    ] = ""


@bp.get("/repos/<repository>")
def show(repository: str) -> str:
    """What was pushed lately, and how its builds went."""
    services = _services(repository)
    with reading(services.database) as connection:
        commits = store.latest(connection, repository)
    return render_template(
        "provider/repository.html",
        repository=repository,
        commits=commits,
        statuses_url=f"{services.settings.issuer}/repos/{repository}/statuses/<commit>",
    )


@bp.post("/repos/<repository>/push")
def push(repository: str) -> BaseResponse:
    """Push a commit, as a person with the page before them; no code is in it."""
    note(kind="webhook")
    services = _services(repository)
    commit, now = secrets.token_hex(20), services.clock()
    address = _statuses_url(services, repository, commit)
    with writing(services.database) as connection:
        store.keep_commit(connection, repository, commit, now=now)
        publish(
            connection,
            event_type=PUSH,
            data={
                "repository": repository,
                "commit": commit,
                "statuses_url": address,
            },
            now=now,
        )
    services.wake.set()
    share("commit", commit)
    note(verdict="accepted")
    return redirect(url_for("repos.show", repository=repository), 303)


@bp.post("/repos/<repository>/statuses/<commit>")
def report(repository: str, commit: str) -> Response:
    """A client says how its build of a commit went; 201 once that is kept."""
    note(kind="callback_url")
    services = _services(repository)
    client, _method = calling_client(services)
    if take(services, STATUS_500, target=client.client_id):
        return Response("on purpose", status=500)
    if repository not in client.repositories:
        raise StatusNotAllowed(arrived=client.client_id)
    said = _said()
    status = Status(
        client_id=client.client_id,
        state=said.state,
        description=said.description,
        reported_at=services.clock(),
    )
    with writing(services.database) as connection:
        known = commit.isalnum() and store.is_known(connection, repository, commit)
        if not known:
            raise CommitUnknown(arrived=commit[:80])
        new = store.keep_status(connection, repository, commit, status)
    share("commit", commit)
    answer = answer_json({"commit": commit, "state": said.state}, 201)
    note(verdict="accepted", reason="" if new else "duplicate")
    return answer


csrf.exempt(report)


def _statuses_url(services: ProviderServices, repository: str, commit: str) -> str:
    party = services.settings.issuer
    if take(services, ELSEWHERE):
        party = _under_another_name(party)
    return f"{party}/repos/{repository}/statuses/{commit}"


def _under_another_name(issuer: str) -> str:
    """This machine, by a name that nobody's settings say: faults are for it alone."""
    parts = urlsplit(issuer)
    other = "127.0.0.1" if parts.hostname == "localhost" else "localhost"
    return parts._replace(netloc=f"{other}:{parts.port or 80}").geturl()


def _services(repository: str) -> ProviderServices:
    services = provider_services()
    if repository not in services.settings.repositories:
        raise RepositoryUnknown(arrived=repository[:80])
    return services


def _said() -> _Said:
    if request.mimetype != "application/json":
        raise StatusNotJson(arrived=request.mimetype[:80] or "no Content-Type")
    try:
        return msgspec.json.decode(request.get_data(), type=_Said)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise StatusMalformed(arrived=str(error)) from None
