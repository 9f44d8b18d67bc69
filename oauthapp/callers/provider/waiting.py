"""Which request waits for this page, who is there to answer it, and what is missing?"""

import json
import secrets
from dataclasses import dataclass
from functools import partial

from flask import request
from sqlalchemy import Connection

from oauthapp.callers.provider import interaction_store
from oauthapp.callers.provider import pushed_store
from oauthapp.callers.provider.asked import Asked
from oauthapp.callers.provider.asked import known_client
from oauthapp.callers.provider.claims import asked_beyond
from oauthapp.callers.provider.clients import find_client
from oauthapp.callers.provider.id_token import read_hint
from oauthapp.callers.provider.interaction_store import Interaction
from oauthapp.callers.provider.keys import published_key_set
from oauthapp.callers.provider.parameters import printable
from oauthapp.callers.provider.refusals import InteractionUnknown
from oauthapp.callers.provider.refusals import ParameterRepeated
from oauthapp.callers.provider.refusals import RequestsFull
from oauthapp.callers.provider.refusals import RequestTooLarge
from oauthapp.callers.provider.refusals import RequestUriUnknown
from oauthapp.callers.provider.session_store import ProviderSession
from oauthapp.callers.provider.sessions import this_browser
from oauthapp.callers.provider.steps import Situation
from oauthapp.callers.provider.steps import Standing
from oauthapp.capacity import Amount
from oauthapp.database import reading
from oauthapp.database import writing
from oauthapp.parameters import Parameters
from oauthapp.parameters import get
from oauthapp.parameters import repeated
from oauthapp.schema import secret_hash
from oauthapp.services import ProviderServices
from oauthapp.vault import MOST
from oauthapp.vault import fits
from oauthapp.vault import seal
from oauthapp.vault import unseal

#: What every request_uri of ours begins with (RFC 9126 §2.2).
PUSHED = "urn:ietf:params:oauth:request_uri:"


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """A request that waits in this browser for its user."""

    interaction_id: str
    asked: Asked
    #: When it came.
    began: float


def read_question(services: ProviderServices, sent: Parameters) -> Asked:
    """What the client asks: as sent, or as it pushed it beforehand.

    :raises RequestRefused: to be shown as a page; nothing may be redirected.
    """
    request_uri = get(sent, "request_uri")
    if not request_uri.startswith(PUSHED):
        return question(services, sent)
    if twice := repeated(sent):
        raise ParameterRepeated(arrived=printable(", ".join(twice))[:80])
    with reading(services.database) as connection:
        pushed = pushed_store.find(
            connection,
            request_uri,
            client_id=get(sent, "client_id"),
            now=services.clock(),
        )
    if pushed is None:
        raise RequestUriUnknown
    return question(services, _unseal_parameters(services, pushed), pushed=True)


def question(
    services: ProviderServices, parameters: Parameters, *, pushed: bool = False
) -> Asked:
    """What a known client asks.

    :raises RequestRefused: when it is not known, or its redirect URI is not; or when
        it asks with more than can be kept.
    """
    client = known_client(parameters, lambda one: find_client(services, one))
    if not fits(_written(parameters)):
        raise RequestTooLarge(expected=f"at most {MOST} bytes, written as JSON")
    return Asked(parameters=parameters, client=client, pushed=pushed)


def let_wait(services: ProviderServices, asked: Asked, sent: Parameters) -> Waiting:
    """Keep the request while its user signs in or decides, for this browser alone.

    :raises RequestUriUnknown: when another browser has used it just now.
    :raises RequestsFull: when too many wait already.
    """
    now, interaction_id = services.clock(), secrets.token_urlsafe(32)
    kept = Interaction(
        parameters_jwe=seal_parameters(services, asked.parameters),
        browser_hash=secret_hash(this_browser()),
        created_at=now,
    )
    with services.request_room.taking(partial(_waiting, services, now)) as free:
        if not free:
            raise RequestsFull
        with writing(services.database) as connection:
            _take_pushed(connection, asked, sent)
            interaction_store.keep_interaction(connection, interaction_id, kept)
    return Waiting(interaction_id=interaction_id, asked=asked, began=now)


def _take_pushed(connection: Connection, asked: Asked, sent: Parameters) -> None:
    if asked.pushed and not pushed_store.take(connection, get(sent, "request_uri")):
        raise RequestUriUnknown


def _waiting(services: ProviderServices, now: float) -> Amount:
    with writing(services.database) as connection:
        interaction_store.forget_expired(connection, now=now)
        return Amount(interaction_store.count(connection))


def waiting_here(services: ProviderServices) -> Waiting:
    """The request that waits for this page.

    :raises InteractionUnknown: when none does, or in another browser.
    """
    interaction_id = request.args.get("interaction", "")
    with reading(services.database) as connection:
        kept = interaction_store.find_interaction(
            connection, interaction_id, now=services.clock()
        )
    if kept is None or kept.browser_hash != secret_hash(this_browser()):
        raise InteractionUnknown
    asked = question(services, _unseal_parameters(services, kept.parameters_jwe))
    return Waiting(interaction_id=interaction_id, asked=asked, began=kept.created_at)


def situation(
    services: ProviderServices, waiting: Waiting, session: ProviderSession | None
) -> Situation:
    """The question, who is there to answer it, and the time."""
    asked, standing = waiting.asked, None
    if session is not None:
        with reading(services.database) as connection:
            consented = interaction_store.consented_scope(
                connection, sub=session.sub, client_id=asked.client.client_id
            )
        standing = Standing(
            sub=session.sub, auth_time=session.auth_time, consented=consented
        )
    return Situation(
        asked=asked,
        to_agree=frozenset(to_agree(services, asked)),
        standing=standing,
        wanted_sub=_wanted_sub(services, asked),
        began=waiting.began,
        now=services.clock(),
    )


def to_agree(services: ProviderServices, asked: Asked) -> list[str]:
    """What the user has to allow: scopes, then claims that none of them opens."""
    scope, more = asked.granted_scope(), services.settings.scopes
    beyond = asked_beyond(asked.claims(), scope, more)
    return [*scope.split(), *(f"claim:{name}" for name in beyond)]


def seal_parameters(services: ProviderServices, parameters: Parameters) -> str:
    """A request as it is kept: its state and its id_token_hint are secrets."""
    return seal(_written(parameters), services.settings.secret_key)


def _written(parameters: Parameters) -> bytes:
    return json.dumps(parameters).encode()


def _unseal_parameters(services: ProviderServices, sealed: str) -> Parameters:
    pairs = json.loads(unseal(sealed, services.settings.secret_key))
    return tuple((name, value) for name, value in pairs)


def _wanted_sub(services: ProviderServices, asked: Asked) -> str | None:
    """The one user who may answer; "" is nobody, None anybody."""
    subject, hint = asked.claims().subject(), asked.get("id_token_hint")
    if not hint:
        return subject
    keys, issuer = published_key_set(services), services.settings.issuer
    said = read_hint(hint, keys, issuer=issuer)
    # A hint that we did not issue to this client fits no session.
    if said is None or said.client_id != asked.client.client_id:
        return ""
    return said.sub if subject in (None, said.sub) else ""
