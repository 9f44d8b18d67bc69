"""What two parties have in their databases after a while, and that it still works."""

import json
from dataclasses import asdict
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs
from urllib.parse import urlencode
from urllib.parse import urlsplit

from joserfc import jwt
from joserfc.jwk import KeySet
from sqlalchemy import func
from sqlalchemy import select

from oauthapp.callbacks.builds import store as builds
from oauthapp.callers.sender.delivery_store import listed
from oauthapp.callers.sender.event_store import publish
from oauthapp.database import reading
from oauthapp.database import writing
from oauthapp.recorder import search_store
from oauthapp.recorder.filter import Filter
from oauthapp.schema.app import announced_sessions
from oauthapp.schema.app import inbox
from tests.attacks.provider_house import CHALLENGE
from tests.attacks.provider_house import VERIFIER
from tests.migrations.household import APP
from tests.migrations.household import PROVIDER
from tests.migrations.household import Household
from tests.migrations.network import Cookies

_NATIVE = "http://127.0.0.1:9000/cb"


@dataclass(frozen=True, kw_only=True)
class Held:
    """What others hold, and the databases know by hash only."""

    #: Of a browser that is signed in at both.
    signed_in: Cookies
    #: Where it is on the way to, to finish another login.
    callback: str
    #: Of one that was asked for a password, and where.
    asked: Cookies
    login_page: str
    #: What was pushed.
    commit: str
    #: Of a native application.
    tokens: dict[str, Any]

    def as_json(self) -> str:
        return json.dumps(asdict(self), indent=1)


def live(house: Household) -> Held:
    """Begin, finish and leave open one of each."""
    alice = house.person()
    alice.sign_in(f"{APP}/login/demo")
    assert alice.open(f"{APP}/me").status_code == 200
    alice.open(f"{PROVIDER}/repos/demo")
    alice.submit(f"{PROVIDER}/repos/demo")
    house.deliver()
    assert house.process() == 2
    _announce(house, "kept, not processed")
    house.deliver()
    _announce(house, "not delivered")
    asked = house.person()
    login_page = asked.follow(f"{APP}/login/demo", until="/login?")
    callback = alice.sign_in(f"{APP}/login/demo", until="/callback/")
    return Held(
        signed_in=house.network.written_down(alice.cookies),
        callback=callback,
        asked=house.network.written_down(asked.cookies),
        login_page=login_page,
        commit=builds.latest(house.app.database)[0].commit,
        tokens=_native_tokens(house),
    )


def require_all_works(house: Household, held: Held) -> None:
    """Whatever was begun goes on, and what was finished is remembered."""
    _require_messages(house)
    _require_logins(house, held)
    _require_tokens(house, held)
    _require_records(house, held)


def _require_messages(house: Household) -> None:
    with reading(house.app.database) as connection:
        done = select(func.count()).where(inbox.c.status == "done")
        assert connection.execute(done).scalar() == 2
        bodies = connection.execute(select(inbox.c.body)).scalars().all()
    assert all(json.loads(body)["type"] for body in bodies)
    assert house.process() == 1, "the message that waited in the inbox"
    assert house.deliver() == 3, "that one, and two of logins"
    assert house.process() == 3
    with reading(house.app.database) as connection:
        sids = select(announced_sessions.c.sid)
        found = set(connection.execute(sids).scalars())
    assert {"kept, not processed", "not delivered"} < found
    with reading(house.provider.database) as connection:
        assert {one.status for one in listed(connection)} == {"delivered"}


def _require_logins(house: Household, held: Held) -> None:
    alice = house.person()
    alice.cookies.update(house.network.as_cookies(held.signed_in))
    assert alice.open(f"{APP}/me").get_json()["sub"] == "alice"
    before = dict(alice.cookies["localhost:5000"])
    alice.follow(held.callback)
    assert alice.cookies["localhost:5000"] != before, "a session of its own"
    assert alice.open(f"{APP}/me").get_json()["sub"] == "alice"

    other = house.person()
    other.cookies.update(house.network.as_cookies(held.asked))
    other.sign_in(held.login_page)
    assert other.open(f"{APP}/me").get_json()["sub"] == "alice"


def _require_tokens(house: Household, held: Held) -> None:
    keys = house.network.ask("GET", f"{PROVIDER}/jwks").get_json()
    told = jwt.decode(
        held.tokens["id_token"], KeySet.import_key_set(keys), algorithms=["ES256"]
    )
    assert told.claims["sub"] == "alice"
    bearer = {"Authorization": f"Bearer {held.tokens['access_token']}"}
    answer = house.network.ask("GET", f"{PROVIDER}/userinfo", headers=bearer)
    assert answer.get_json()["sub"] == "alice"
    old = {
        "grant_type": "refresh_token",
        "refresh_token": held.tokens["refresh_token"],
    }
    assert "access_token" in _token(house, old)
    assert _token(house, old)["error"] == "invalid_grant", "it is taken once"


def _require_records(house: Household, held: Held) -> None:
    calls = search_store.page(house.recorded, Filter(path="/webhooks/demo")).rows
    assert len(calls) == 6, "three from then, three from now"
    page = house.network.ask("GET", f"{APP}/inspect/{calls[-1].id}")
    assert page.status_code == 200
    assert held.commit in house.network.ask("GET", f"{APP}/builds").text


def _announce(house: Household, sid: str) -> None:
    data = {"sid": sid, "sub": "alice", "iss": PROVIDER}
    with writing(house.provider.database) as connection:
        now = house.provider.clock()
        publish(connection, event_type="session.created", data=data, now=now)


def _native_tokens(house: Household) -> dict[str, Any]:
    question = {
        "response_type": "code",
        "client_id": "other",
        "redirect_uri": _NATIVE,
        "scope": "openid offline_access",
        "state": "s",
        "nonce": "n",
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
    }
    url = f"{PROVIDER}/authorize?{urlencode(question)}"
    back = house.person().sign_in(url, until="/cb?")
    code = parse_qs(urlsplit(back).query)["code"][0]
    return _token(
        house,
        {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": _NATIVE,
            "code_verifier": VERIFIER,
        },
    )


def _token(house: Household, form: dict[str, str]) -> dict[str, Any]:
    sent = {"client_id": "other", **form}
    answer = house.network.ask("POST", f"{PROVIDER}/token", data=sent)
    found: dict[str, Any] = answer.get_json()
    return found
