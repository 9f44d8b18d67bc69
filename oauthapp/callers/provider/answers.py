"""The provider's answer, carried by the browser to the client's redirect URI.

Every answer names us (`iss`, RFC 9207 §2) and gives `state` back byte for byte; it is
a 303, so that a form's POST never goes on to the client (RFC 9700 §4.12).
"""

import secrets

from flask import redirect
from werkzeug.wrappers import Response

from oauthapp.callers.provider.asked import Asked
from oauthapp.callers.provider.claims import granted
from oauthapp.callers.provider.grant_store import Code
from oauthapp.callers.provider.grant_store import Grant
from oauthapp.callers.provider.grant_store import keep_code
from oauthapp.callers.provider.grant_store import keep_grant
from oauthapp.callers.provider.interaction_store import take_interaction
from oauthapp.callers.provider.login_pages import form_to_client
from oauthapp.callers.provider.misbehaving.answers import spoiled_answer
from oauthapp.callers.provider.misbehaving.answers import spoiled_code
from oauthapp.callers.provider.refusals import AuthorizationError
from oauthapp.callers.provider.refusals import InteractionUnknown
from oauthapp.callers.provider.session_store import ProviderSession
from oauthapp.callers.provider.users import find_user
from oauthapp.callers.sender.event_store import publish
from oauthapp.database import writing
from oauthapp.parameters import add_to_query
from oauthapp.recorder.call import note
from oauthapp.recorder.call import share
from oauthapp.services import ProviderServices

#: The event that tells endpoints of a login.
SESSION_CREATED = "session.created"


def answer_with_code(
    services: ProviderServices, asked: Asked, session: ProviderSession, *, ends: str
) -> Response:
    """Send the browser back with a code, and write the event of this login.

    :param ends: the interaction that is answered, once.
    :raises InteractionUnknown: when it was answered before.
    """
    now, code = services.clock(), secrets.token_urlsafe(32)
    grant = _grant(services, asked, session)
    kept = Code(
        grant=grant,
        redirect_uri=asked.get("redirect_uri"),
        nonce=asked.get("nonce") if asked.has("nonce") else None,
        code_challenge=asked.get("code_challenge"),
        expires_at=now + services.settings.code_ttl,
    )
    kept = spoiled_code(services, kept)
    # One transaction: who sees the code can rely on the event being sent, too.
    with writing(services.database) as connection:
        if not take_interaction(connection, ends):
            raise InteractionUnknown
        until = max(session.expires_at, kept.expires_at)
        keep_grant(connection, grant, expires_at=until)
        keep_code(connection, code, kept)
        publish(
            connection,
            event_type=SESSION_CREATED,
            data={
                "sub": grant.sub,
                "sid": grant.sid,
                "client_id": grant.client_id,
                "auth_time": grant.auth_time,
            },
            now=now,
        )
    services.wake.set()
    share("sid", grant.sid)
    note(verdict="accepted")
    return _back_to_client(services, asked, [("code", code)])


def _grant(services: ProviderServices, asked: Asked, session: ProviderSession) -> Grant:
    """What this login allows the client."""
    user = find_user(services.settings, session.sub)
    return Grant(
        grant_id=secrets.token_urlsafe(16),
        client_id=asked.client.client_id,
        sub=session.sub,
        sid=secrets.token_urlsafe(16),
        session_ref=session.session_ref,
        scope=asked.granted_scope(),
        claims=granted(asked.claims(), user.claims if user else {}),
        auth_time=int(session.auth_time),
    )


def answer_with_error(
    services: ProviderServices,
    asked: Asked,
    error: AuthorizationError,
    *,
    ends: str | None = None,
) -> Response:
    """Send the browser back with an error (RFC 6749 §4.1.2.1).

    :param ends: the interaction that is answered, if one was begun.
    :raises InteractionUnknown: when it was answered before.
    """
    if ends is not None:
        with writing(services.database) as connection:
            if not take_interaction(connection, ends):
                raise InteractionUnknown
    note(verdict="refused", reason=error.error)
    said = [("error", error.error), ("error_description", error.description)]
    return _back_to_client(services, asked, said)


def _back_to_client(
    services: ProviderServices, asked: Asked, said: list[tuple[str, str]]
) -> Response:
    # As it came, byte for byte: also without a value.
    state = [pair for pair in asked.parameters if pair[0] == "state"]
    good = [*said, *state[:1], ("iss", services.settings.issuer)]
    pairs = spoiled_answer(services, asked.client.client_id, good)
    if asked.get("response_mode") == "form_post":
        return form_to_client(asked.get("redirect_uri"), pairs)
    answer = redirect("/", 303)
    # Set as it is: redirect() would re-encode the registered URI.
    answer.headers["Location"] = add_to_query(asked.get("redirect_uri"), pairs)
    return answer
