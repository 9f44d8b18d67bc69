"""Two of everything on one PostgreSQL: it does not matter who of them is asked."""

import json
import time
from collections.abc import Iterator
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC
from datetime import datetime
from itertools import pairwise
from typing import Any
from urllib.parse import parse_qs
from urllib.parse import urlencode
from urllib.parse import urlsplit

import pytest
import requests
from sqlalchemy import Row
from sqlalchemy import Select
from sqlalchemy import func
from sqlalchemy import select
from standardwebhooks import Webhook

from oauthapp.configuration import load_settings
from oauthapp.demo_settings import write_demo_settings
from oauthapp.playing.stage import ALLOW
from oauthapp.schema.app import announced_sessions
from oauthapp.schema.app import inbox
from oauthapp.serving import Server
from oauthapp.settings import Settings
from oauthapp.visitor import Visitor
from tests.attacks.provider_house import CHALLENGE
from tests.attacks.provider_house import VERIFIER
from tests.journeys.balancer import Balancer
from tests.journeys.processes import PATIENCE
from tests.journeys.processes import PAUSE
from tests.journeys.processes import Parties
from tests.journeys.processes import sign_in
from tests.journeys.processes import use_postgresql
from tests.migrations.databases import plain_engine
from tests.postgresql import free_port

#: Enough that each of two steps in a row falls on either replica.
LOGINS = 3
MESSAGES = 30


@dataclass(frozen=True, kw_only=True)
class Replicas:
    """Two apps and two providers, each pair behind one address, and two workers."""

    parties: Parties
    settings: Settings
    apps: list[str]
    providers: list[str]
    before_apps: Balancer
    before_providers: Balancer


@pytest.fixture(scope="module")
def replicas(
    postgresql: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Replicas]:
    ports = [free_port() for _ in range(6)]
    config = write_demo_settings(
        tmp_path_factory.mktemp("replicas"), app_port=ports[0], provider_port=ports[1]
    )
    use_postgresql(config, postgresql)
    settings = load_settings(config, {})
    assert settings.app is not None and settings.provider is not None
    user = settings.provider.users[0]
    with ExitStack() as stack:
        parties = Parties(
            app_url=settings.app.base_url,
            user=user.sub,
            password=user.password,
            config=config,
            stack=stack,
        )
        start_all(parties, ports[2:4], ports[4:6])
        apps = [f"http://localhost:{port}" for port in ports[2:4]]
        providers = [f"http://127.0.0.1:{port}" for port in ports[4:6]]
        yield Replicas(
            parties=parties,
            settings=settings,
            apps=apps,
            providers=providers,
            before_apps=balanced(stack, ports[0], apps),
            before_providers=balanced(stack, ports[1], providers),
        )


def start_all(parties: Parties, apps: list[int], providers: list[int]) -> None:
    """All at the same time: each pair finds its database empty."""
    commands = [
        *(("app", "--port", str(port)) for port in apps),
        *(("provider", "--port", str(port)) for port in providers),
        *[("worker",)] * 2,
    ]
    with ThreadPoolExecutor(len(commands)) as pool:
        list(pool.map(lambda command: parties.start(*command), commands))


def balanced(stack: ExitStack, port: int, replicas: list[str]) -> Balancer:
    balancer = Balancer(replicas)
    stack.enter_context(Server("127.0.0.1", port).running(balancer))
    return balancer


def crossed(balancer: Balancer, first: str, then: str) -> bool:
    """Whether what began at one replica went on at another."""
    steps = [one for one in balancer.answered if one[1] in (first, then)]
    return any(
        (a[1], b[1]) == (first, then) and a[0] != b[0] for a, b in pairwise(steps)
    )


def test_a_login_begun_at_one_replica_finishes_at_another(replicas: Replicas) -> None:
    """Pending login, session, consent, code and the forms' CSRF tokens."""
    for number in range(LOGINS):
        if number % 2:
            replicas.before_apps.turn()
            replicas.before_providers.turn()
        sign_in(replicas.parties)

    assert crossed(replicas.before_apps, "/login/demo", "/callback/demo")
    assert crossed(replicas.before_apps, "/callback/demo", "/me")
    assert crossed(replicas.before_providers, "/login", "/login"), "page and form"
    assert crossed(replicas.before_providers, "/authorize", "/login")
    assert crossed(replicas.before_providers, "/login", "/token")


def test_tokens_of_one_replica_are_good_at_another_and_taken_once(
    replicas: Replicas,
) -> None:
    code = code_for_native_use(replicas)
    one, other = replicas.providers
    form = {"grant_type": "authorization_code", "code": code}
    form |= {"redirect_uri": redirect_uri(replicas), "code_verifier": VERIFIER}

    tokens = token(replicas, one, form)
    refresh = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]}
    again = token(replicas, other, refresh)

    for provider in replicas.providers:
        bearer = {"Authorization": f"Bearer {again['access_token']}"}
        told = requests.get(f"{provider}/userinfo", headers=bearer, timeout=PATIENCE)
        assert told.json()["sub"] == replicas.parties.user
    assert token(replicas, one, refresh)["error"] == "invalid_grant"
    after = token(replicas, other, {**refresh, "refresh_token": again["refresh_token"]})
    assert after["error"] == "invalid_grant", "a reuse at one ends it at all"


def test_a_new_key_is_published_and_believed_by_all(replicas: Replicas) -> None:
    assert replicas.settings.provider is not None
    order = f"{replicas.settings.provider.issuer}/control/keys/rotate"
    kid = requests.post(order, json={}, timeout=PATIENCE).json()["kid"]

    for provider in replicas.providers:
        keys = requests.get(f"{provider}/jwks", timeout=PATIENCE).json()["keys"]
        assert kid in {key["kid"] for key in keys}
    for _ in range(2):  # to each app the key is unknown at first
        sign_in(replicas.parties)
        replicas.before_apps.turn()


def test_a_message_that_both_are_told_is_kept_once_and_done_once(
    replicas: Replicas,
) -> None:
    sids = [f"told-twice-{number}" for number in range(MESSAGES)]
    with ThreadPoolExecutor(8) as pool:
        answers = pool.map(lambda sid: tell(replicas, sid), [*sids, *sids])
        assert {status for both in answers for status in both} == {204}

    assert once_all_done(replicas) == {("done", 1): MESSAGES}
    assert effects(replicas) == MESSAGES


def code_for_native_use(replicas: Replicas) -> str:
    """A code that the app does not get to see."""
    visitor = Visitor()
    visitor.on_the_way = lambda url: None if "code=" in url else url
    question = {
        "response_type": "code",
        "client_id": "oauthapp-demo",
        "redirect_uri": redirect_uri(replicas),
        "scope": "openid offline_access",
        "state": "s",
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
    }
    provider = replicas.settings.provider
    assert provider is not None
    visitor.open(f"{provider.issuer}/authorize?{urlencode(question)}")
    parties = replicas.parties
    visitor.submit({"username": parties.user, "password": parties.password})
    if visitor.sees(ALLOW):
        visitor.submit({}, button=ALLOW)
    assert visitor.page is not None
    location = visitor.page.headers["Location"]
    visitor.close()
    return parse_qs(urlsplit(location).query)["code"][0]


def redirect_uri(replicas: Replicas) -> str:
    return f"{replicas.parties.app_url}/callback/demo"


def token(replicas: Replicas, provider: str, form: dict[str, str]) -> dict[str, str]:
    assert replicas.settings.provider is not None
    client = replicas.settings.provider.clients[0]
    found: dict[str, str] = requests.post(
        f"{provider}/token",
        data=form,
        auth=(client.client_id, client.client_secret),
        timeout=PATIENCE,
    ).json()
    return found


def tell(replicas: Replicas, sid: str) -> list[int]:
    """The same message to each app: what they answer."""
    assert replicas.settings.app is not None
    secret = replicas.settings.app.webhooks["demo"].secrets[0]
    now = datetime.now(UTC)
    said = {"type": "session.created", "timestamp": now.isoformat()}
    body = json.dumps({**said, "data": {"sid": sid, "sub": "alice"}})
    headers = {
        "Content-Type": "application/json",
        "webhook-id": sid,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(secret).sign(sid, now, body),
        "Host": urlsplit(replicas.parties.app_url).netloc,
    }
    return [
        requests.post(
            f"{app}/webhooks/demo", data=body, headers=headers, timeout=PATIENCE
        ).status_code
        for app in replicas.apps
    ]


def once_all_done(replicas: Replicas) -> dict[tuple[str, int], int]:
    """How many messages have which status after how many tries."""
    count = func.count()
    told = (
        select(inbox.c.status, inbox.c.tries, count)
        .where(inbox.c.message_id.startswith("told-twice-"))
        .group_by(inbox.c.status, inbox.c.tries)
    )
    end = time.monotonic() + PATIENCE
    while True:
        found = {(row[0], row[1]): row[2] for row in rows(replicas, told)}
        waiting = any(status == "pending" for status, _ in found)
        if not waiting or time.monotonic() > end:
            return found
        time.sleep(PAUSE)


def effects(replicas: Replicas) -> int:
    sid = announced_sessions.c.sid
    told = select(func.count()).where(sid.startswith("told-twice-"))
    return int(rows(replicas, told)[0][0])


def rows(replicas: Replicas, asked: Select[Any]) -> Sequence[Row[Any]]:
    assert replicas.settings.app is not None
    engine = plain_engine(replicas.settings.app.database_url)
    with engine.connect() as connection:
        found = connection.execute(asked).all()
    engine.dispose()
    return found
