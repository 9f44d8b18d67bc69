"""How the endpoints for machines answer: JSON, never cached, errors by the book."""

import re

from authlib.oauth2 import OAuth2Error
from flask import Response
from flask import jsonify
from flask import request

from oauthapp.callers.provider.parameters import sent_parameters
from oauthapp.errors import CallFailed
from oauthapp.errors import Full
from oauthapp.errors import TooMany
from oauthapp.parameters import Parameters
from oauthapp.parameters import repeated
from oauthapp.recorder.call import note

#: All but what an error_description may hold (RFC 6749 §5.2, RFC 7591 §3.2.2).
_NOT_IN_DESCRIPTION = re.compile(r"[^ !#-\[\]-~]")


class Complaint(Exception):
    """An error answer for a machine (RFC 6749 §5.2)."""

    def __init__(self, error: str, description: str, status: int = 400) -> None:
        """:param description: what does not belong in one is shown as `?`."""
        self.error = error
        self.description = _NOT_IN_DESCRIPTION.sub("?", description)
        self.status = status
        super().__init__(f"{error}: {self.description}")


def sent_form() -> Parameters:
    """The form of this request.

    :raises Complaint: when a parameter came twice (RFC 6749 §3.2).
    """
    sent = sent_parameters()
    if repeated(sent):
        raise Complaint("invalid_request", "a parameter came more than once")
    return sent


def answer_json(told: object, status: int = 200) -> Response:
    """`told` to whoever may know it, and to no cache."""
    note(verdict="accepted")
    answer = jsonify(told)
    answer.status_code = status
    answer.headers["Cache-Control"] = "no-store"
    return answer


def answer_complaint(complaint: Complaint) -> Response:
    """error and error_description, with the challenge that a 401 needs."""
    note(verdict="refused", reason=complaint.error)
    told = {"error": complaint.error, "error_description": complaint.description}
    # Authlib has none for some errors, and an empty one is none (Appendix A.8).
    answer = jsonify({name: text for name, text in told.items() if text})
    answer.status_code = complaint.status
    answer.headers["Cache-Control"] = "no-store"
    if complaint.status == 401:
        scheme = "Bearer" if complaint.error == "invalid_token" else "Basic"
        answer.headers["WWW-Authenticate"] = f'{scheme} realm="{_realm()}"'
    return answer


def _realm() -> str:
    """What asks for credentials, in our words: a path is whatever its caller wrote."""
    rule = request.url_rule
    return rule.rule.split("/")[1] if rule else ""


def answer_oauth_error(error: OAuth2Error) -> Response:
    """The same for what Authlib complains about."""
    return answer_complaint(
        Complaint(error.error, error.get_error_description(), error.status_code)
    )


def answer_later(refusal: TooMany | Full) -> Response:
    """Not now. OAuth has one error code that says so (RFC 6749 §4.1.2.1), and none of
    its own for 429: status and Retry-After tell the rest."""
    complaint = Complaint("temporarily_unavailable", refusal.message(), refusal.status)
    answer = answer_complaint(complaint)
    answer.headers["Retry-After"] = str(refusal.retry_after)
    failed = isinstance(refusal, CallFailed)
    note(verdict="failed" if failed else "refused", reason=refusal.code)
    return answer


def let_any_origin_read(answer: Response) -> Response:
    """Let scripts of other origins call: no cookie counts here, so nothing is lent."""
    answer.headers["Access-Control-Allow-Origin"] = "*"
    if request.method == "OPTIONS":
        answer.headers["Access-Control-Allow-Headers"] = "Authorization, Content-Type"
        answer.headers["Access-Control-Max-Age"] = "3600"
    else:
        answer.headers["Access-Control-Expose-Headers"] = (
            "Retry-After, WWW-Authenticate"
        )
    return answer
