"""The one door outward: every call we make is bounded in time and becomes a call."""

import secrets
from typing import Any

import requests
from requests.adapters import HTTPAdapter

import oauthapp
from oauthapp.recorder.call import Headers
from oauthapp.recorder.call import Party
from oauthapp.recorder.call import current_notes
from oauthapp.recorder.call import new_call_id
from oauthapp.recorder.store import Observation
from oauthapp.recorder.store import Recorder
from oauthapp.recorder.trace import traceparent

#: Seconds to connect and to wait for the next byte, where the caller says nothing.
DEFAULT_TIMEOUT = (3.0, 5.0)


def recorded_session(recorder: Recorder, party: Party) -> requests.Session:
    """A session that records what it sends, follows no redirect and reads no .netrc.

    A redirect is not followed because what we send (codes, client secrets, signed
    messages) is meant for the address it was sent to and for no other.
    """
    session = _NoRedirects()
    session.trust_env = False  # no proxy and no .netrc decides where secrets go
    session.headers["User-Agent"] = f"oauthapp/{oauthapp.__version__} ({party})"
    adapter = _RecordingAdapter(recorder, party)
    session.mount("http://", adapter)
    session.mount("https://", adapter)
    return session


class _NoRedirects(requests.Session):
    def get_redirect_target(self, resp: requests.Response) -> None:
        return None


class _RecordingAdapter(HTTPAdapter):
    def __init__(self, recorder: Recorder, party: Party) -> None:
        super().__init__()
        self._recorder = recorder
        self._party = party

    def send(  # type: ignore[override]  # the stub names all of requests' keywords
        self, request: requests.PreparedRequest, **options: Any
    ) -> requests.Response:
        call_id = new_call_id()
        request.headers["traceparent"] = traceparent(secrets.token_hex(16), call_id)
        options["timeout"] = options.get("timeout") or DEFAULT_TIMEOUT
        began = self._recorder.clock()
        response: requests.Response | None = None
        reason = ""
        try:
            response = super().send(request, **options)
            _ = response.content  # read here, so that the time is the whole call's
            return response
        except requests.RequestException as error:
            reason = type(error).__name__
            raise
        finally:
            self._keep(call_id, began, request, response, reason)

    def _keep(
        self,
        call_id: str,
        began: float,
        request: requests.PreparedRequest,
        response: requests.Response | None,
        reason: str,
    ) -> None:
        notes = current_notes.get()
        self._recorder.keep(
            Observation(
                id=call_id,
                party=self._party,
                direction="outbound",
                at=began,
                ms=(self._recorder.clock() - began) * 1000,
                method=request.method or "",
                url=request.url or "",
                request_headers=_headers(request.headers),
                request_body=_body(request.body),
                status=None if response is None else response.status_code,
                answer_headers=() if response is None else _headers(response.headers),
                answer_body=b"" if response is None else response.content,
                kind="redirect" if notes is None else notes.kind,
                verdict="failed" if response is None else "",
                reason=reason,
                parent_id=None if notes is None else notes.call_id,
                shares=(),
            )
        )


def _headers(headers: Any) -> Headers:
    return tuple((str(name), str(value)) for name, value in headers.items())


def _body(body: bytes | str | None) -> bytes:
    return body.encode() if isinstance(body, str) else body or b""
