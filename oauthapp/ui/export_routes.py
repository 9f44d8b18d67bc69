"""A recorded call, or its run, as a file for other programs."""

import re
from collections.abc import Callable
from collections.abc import Mapping
from dataclasses import dataclass

from flask import Blueprint
from flask import Response

from oauthapp.recorder.call import Call
from oauthapp.recorder.decode import views
from oauthapp.recorder.exports.curl import curl
from oauthapp.recorder.exports.har import har
from oauthapp.recorder.exports.mermaid import mermaid
from oauthapp.recorder.exports.pytest_case import pytest_case
from oauthapp.recorder.exports.raw_http import raw_http
from oauthapp.recorder.exports.refusals import NoCommandPossible
from oauthapp.recorder.exports.refusals import UnknownFormat
from oauthapp.recorder.timeline import tell
from oauthapp.services import AppServices
from oauthapp.services import app_services
from oauthapp.ui.replay import source_of
from oauthapp.ui.replay_routes import answered
from oauthapp.ui.replay_routes import found

bp = Blueprint("export", __name__)
bp.add_app_template_global(views, "decoded_views")


@dataclass(frozen=True, kw_only=True)
class Format:
    """One kind of file."""

    #: What a link to it says.
    says: str
    file_name: str
    media_type: str
    write: Callable[[AppServices, Call], str]


def _run_as_har(services: AppServices, call: Call) -> str:
    steps = tell(services.recorder.run(call)).steps
    return har(step.call for step in steps)


def _as_mermaid(services: AppServices, call: Call) -> str:
    return mermaid(tell(services.recorder.run(call)))


def _as_test(services: AppServices, call: Call) -> str:
    call = answered(services, call)
    source = source_of(call, services.settings)
    return pytest_case(call, source.scheme if source else "")


#: By the last part of the address.
FORMATS: Mapping[str, Format] = {
    "curl": Format(
        says="a curl command",
        file_name="call-{}.sh",
        media_type="text/plain",
        write=lambda _services, call: curl(call),
    ),
    "http": Format(
        says="raw HTTP",
        file_name="call-{}.http.txt",
        media_type="text/plain",
        write=lambda _services, call: raw_http(call),
    ),
    "har": Format(
        says="HAR, for a browser’s own tools",
        file_name="call-{}.har",
        media_type="application/json",
        write=lambda _services, call: har([call]),
    ),
    "pytest": Format(
        says="a pytest test",
        file_name="test_call_{}.py",
        media_type="text/x-python",
        write=_as_test,
    ),
    "run-har": Format(
        says="HAR of its whole run",
        file_name="run-{}.har",
        media_type="application/json",
        write=_run_as_har,
    ),
    "mermaid": Format(
        says="a Mermaid diagram of its run",
        file_name="run-{}.mmd",
        media_type="text/vnd.mermaid",
        write=_as_mermaid,
    ),
}


@bp.get("/inspect/<call_id>/export/<name>")
def export(call_id: str, name: str) -> Response:
    """The call in that format, to be saved and not shown."""
    wanted = FORMATS.get(name)
    if wanted is None:
        raise UnknownFormat(arrived=name[:80], expected=", ".join(FORMATS))
    services = app_services()
    call = found(services, call_id)
    text = wanted.write(services, call)
    file_name = wanted.file_name.format(re.sub(r"[^0-9A-Za-z]", "", call.id)[:32])
    return Response(
        text.encode("utf-8", "backslashreplace"),
        content_type=f"{wanted.media_type}; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="{file_name}"',
            "X-Content-Type-Options": "nosniff",
        },
    )


@bp.app_template_global("curl_command")
def curl_command(call: Call) -> str:
    """The command to copy from a page, "" where there is none."""
    try:
        return curl(call)
    except NoCommandPossible:
        return ""
