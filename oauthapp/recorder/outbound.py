"""The one door outward: every call we make is bounded in time and becomes a call."""

import secrets
from http.cookiejar import DefaultCookiePolicy
from typing import Any

import requests

import oauthapp
from oauthapp.kinds import Kind
from oauthapp.recorder.addresses import NotGlobal
from oauthapp.recorder.addresses import Reach
from oauthapp.recorder.call import Headers
from oauthapp.recorder.call import Notes
from oauthapp.recorder.call import Verdict
from oauthapp.recorder.call import current_notes
from oauthapp.recorder.call import new_call_id
from oauthapp.recorder.deadline import time_limit
from oauthapp.recorder.observation import Observation
from oauthapp.recorder.store import Recorder
from oauthapp.recorder.trace import traceparent
from oauthapp.recorder.transport import TimedAdapter
from oauthapp.scenarios import Party

#: Seconds for a whole call, where the caller says nothing.
DEFAULT_TIMEOUT = 5.0
#: Bytes of an answer that are read: nobody we call has more to say.
ANSWER_LIMIT = 1024 * 1024


#: How the form begins that tells of a logout by the back channel.
LOGOUT = b"logout_token="


class AnswerTooLong(requests.RequestException):
    """The answer has more than `ANSWER_LIMIT` bytes."""


class AddressNotGlobal(requests.RequestException):
    """An address of the host is out of the session's reach: nothing was sent."""


def recorded_session(
    recorder: Recorder, party: Party, *, reach: Reach
) -> requests.Session:
    """A session that records what it sends, follows no redirect and reads no .netrc.

    `timeout=` is the time for the whole call in seconds, answer included.

    A redirect is not followed because what we send (codes, client secrets, signed
    messages) is meant for the address it was sent to and for no other.

    :param reach: "anywhere" only if we chose ourselves whom to call; "global" if
        somebody else names the address, who may not see our own network.
    """
    session = _NoRedirects()
    session.trust_env = False  # no proxy and no .netrc decides where secrets go
    # One session serves everybody: what is set in one call must not show in another.
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=()))
    session.headers["User-Agent"] = f"oauthapp/{oauthapp.__version__} ({party})"
    adapter = _RecordingAdapter(recorder, party, reach)
    session.mount("http://", adapter)
    session.mount("https://", adapter)
    return session


class _NoRedirects(requests.Session):
    def get_redirect_target(self, resp: requests.Response) -> None:
        return None


class _RecordingAdapter(TimedAdapter):
    def __init__(self, recorder: Recorder, party: Party, reach: Reach) -> None:
        super().__init__(reach)
        self._recorder = recorder
        self._party = party

    def send(  # type: ignore[override]  # the stub names all of requests' keywords
        self, request: requests.PreparedRequest, **options: Any
    ) -> requests.Response:
        call_id = new_call_id()
        request.headers["traceparent"] = traceparent(secrets.token_hex(16), call_id)
        began = self._recorder.clock()
        response: requests.Response | None = None
        reason = ""
        try:
            response = self._send_within(request, options)
            return response
        except requests.RequestException as error:
            reason = type(error).__name__
            raise
        finally:
            self._keep(call_id, began, request, response, reason)

    def _send_within(
        self, request: requests.PreparedRequest, options: dict[str, Any]
    ) -> requests.Response:
        seconds = options.pop("timeout", None) or DEFAULT_TIMEOUT
        options["stream"] = True
        with time_limit(seconds) as deadline:
            try:
                response = _read(super().send(request, timeout=seconds, **options))
            except NotGlobal as error:
                raise AddressNotGlobal(str(error), request=request) from None
            except requests.RequestException:
                if not deadline.passed:
                    raise
        # A cut connection looks like an error, or like the end of the answer.
        if deadline.passed:
            raise requests.Timeout(f"no answer within {seconds} s", request=request)
        return response

    def _keep(
        self,
        call_id: str,
        began: float,
        request: requests.PreparedRequest,
        response: requests.Response | None,
        reason: str,
    ) -> None:
        notes = current_notes.get()
        remarks = " ".join(notes.remarks) if notes and notes.outward else ""
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
                kind=_kind(request, notes),
                verdict=_verdict(response, remarks),
                reason=reason or remarks,
                parent_id=(notes.call_id or None) if notes else None,
                shares=tuple(notes.shares) if notes and notes.outward else (),
            )
        )


def _verdict(response: requests.Response | None, remarks: str) -> Verdict:
    """Whoever answers judges, but for what we remark ourselves."""
    if response is None:
        return "failed"
    return "accepted" if remarks else ""


def _read(response: requests.Response) -> requests.Response:
    """`response` with its body read, to its end or not at all."""
    body = bytearray()
    for chunk in response.iter_content(64 * 1024):
        body += chunk
        if len(body) > ANSWER_LIMIT:
            response.close()
            raise AnswerTooLong(f"more than {ANSWER_LIMIT} bytes", response=response)
    response._content = bytes(body)
    return response


def _kind(request: requests.PreparedRequest, notes: Notes | None) -> Kind:
    """As its caller says; else a signed message is a webhook, and the rest is of the
    kind that occasioned it."""
    if notes is not None and notes.outward:
        return notes.kind
    if "webhook-id" in request.headers or _body(request.body).startswith(LOGOUT):
        return "webhook"
    return "redirect" if notes is None else notes.kind


def _headers(headers: Any) -> Headers:
    return tuple((str(name), str(value)) for name, value in headers.items())


def _body(body: bytes | str | None) -> bytes:
    return body.encode() if isinstance(body, str) else body or b""
