"""What looks for lost and repeated things finds them: each rule is broken once."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy import text

from bench.invariants import Promised
from bench.invariants import broken_deliveries
from bench.invariants import broken_logins
from bench.invariants import broken_messages
from bench.ledger import Ledger
from oauthapp.callbacks.redirect.session_store import SignedIn
from oauthapp.callbacks.redirect.session_store import keep_session
from oauthapp.callbacks.webhook.process import process
from oauthapp.callbacks.webhook.store import claim
from oauthapp.callbacks.webhook.store import keep
from oauthapp.callers.provider.grant_store import Code
from oauthapp.callers.provider.grant_store import Grant
from oauthapp.callers.provider.grant_store import keep_code
from oauthapp.callers.provider.grant_store import keep_grant
from oauthapp.callers.sender.event_store import publish
from oauthapp.database import open_database
from oauthapp.database import writing
from oauthapp.schema import secret_hash
from oauthapp.schema.app import app_tables
from oauthapp.schema.provider import provider_tables
from tests.chaos.believed import AT
from tests.chaos.believed import Believed

TOLD = Promised(acknowledged={"good"}, sessions={secret_hash("theirs"): "alice"})
SESSION = SignedIn(
    provider="demo",
    issuer="https://id.example",
    sub="alice",
    sid="s",
    claims={},
    created_at=AT,
    expires_at=AT + 60,
)
GRANT = Grant(
    grant_id="g", client_id="c", sub="alice", sid="s", scope="openid", auth_time=1
)
HOOK = "https://app.example/hook"


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Engine]:
    """With one message that is done, and one session."""
    engine = open_database(f"sqlite:///{tmp_path}/app.sqlite", app_tables)
    with writing(engine) as connection:
        keep_session(connection, "theirs", SESSION)
    yield engine
    engine.dispose()


@pytest.fixture
def ledger(app: Engine) -> Ledger:
    ledger = Ledger(app)
    keep_one(app, "good")
    process(app, claim(app, now=AT, limit=1), now=AT)
    return ledger


@pytest.fixture
def provider(tmp_path: Path) -> Iterator[Engine]:
    """With the login of that session, and its event delivered."""
    engine = open_database(f"sqlite:///{tmp_path}/provider.sqlite", provider_tables)
    code = Code(
        grant=GRANT,
        redirect_uri="https://app.example/callback",
        nonce=None,
        code_challenge="c",
        expires_at=AT,
        taken=True,
    )
    with writing(engine) as connection:
        keep_grant(connection, GRANT, expires_at=AT)
        keep_code(connection, "code", code)
        publish(connection, event_type="test", data={}, now=AT, to=[HOOK])
        connection.execute(text("PRAGMA defer_foreign_keys = ON"))
        for table in ("events", "deliveries"):
            connection.execute(text(f"UPDATE {table} SET message_id = 'good'"))
        connection.execute(text("UPDATE deliveries SET status = 'delivered'"))
    yield engine
    engine.dispose()


def keep_one(app: Engine, message_id: str) -> None:
    one = Believed.about(message_id)
    keep(app, source="demo", message=one, event_type="session.created", now=AT)


def do(engine: Engine, statement: str) -> None:
    with writing(engine) as connection:
        connection.execute(text(statement))


def test_nothing_is_found_where_all_is_well(
    app: Engine, provider: Engine, ledger: Ledger
) -> None:
    assert broken_messages(app, ledger, TOLD) == {}
    assert broken_logins(app, provider, TOLD) == {}
    assert broken_deliveries(app, provider) == {}


@pytest.mark.parametrize(
    ("statement", "rule"),
    [
        ("DELETE FROM inbox", "acknowledged and not kept"),
        ("UPDATE inbox SET status = 'pending'", "waits for ever"),
        ("DELETE FROM ledger", "done without effect"),
        ("INSERT INTO ledger VALUES ('good')", "effect more than once"),
        ("INSERT INTO ledger VALUES ('other')", "effect of none that is done"),
        ("UPDATE inbox SET status = 'dead'", "dead without cause"),
    ],
)
def test_a_message_gone_wrong_is_found(
    app: Engine, ledger: Ledger, statement: str, rule: str
) -> None:
    do(app, statement)

    assert broken_messages(app, ledger, TOLD)[rule] == 1


@pytest.mark.parametrize(
    ("promised", "rule"),
    [
        (replace(TOLD, acknowledged=()), "kept and never acknowledged"),
        (replace(TOLD, forged={"good"}), "forged and kept"),
        (replace(TOLD, hopeless={"good"}), "hopeless and not dead"),
    ],
)
def test_a_message_that_was_promised_otherwise_is_found(
    app: Engine, ledger: Ledger, promised: Promised, rule: str
) -> None:
    assert broken_messages(app, ledger, promised)[rule] == 1


def test_a_message_of_two_sources_is_kept_twice(app: Engine, ledger: Ledger) -> None:
    one = Believed.about("good")
    keep(app, source="other", message=one, event_type="session.created", now=AT)

    assert broken_messages(app, ledger, TOLD)["kept twice"] == 1


def test_a_login_that_began_two_sessions_is_found(
    app: Engine, provider: Engine
) -> None:
    with writing(app) as connection:
        keep_session(connection, "second", SESSION)

    assert broken_logins(app, provider, TOLD) == {
        "login finished twice": 1,
        "session that nobody can have": 1,
    }
    known = replace(TOLD, unanswered=1)
    assert broken_logins(app, provider, known) == {"login finished twice": 1}


@pytest.mark.parametrize(
    ("party", "statement", "rule"),
    [
        ("provider", "DELETE FROM grants", "session without a login"),
        (
            "provider",
            "UPDATE authorization_codes SET taken = 0",
            "session without a login",
        ),
        ("app", "DELETE FROM app_sessions", "told of a session that is not there"),
        (
            "app",
            "UPDATE app_sessions SET sub = 'eve'",
            "told of a session that is not there",
        ),
    ],
)
def test_a_login_gone_wrong_is_found(
    app: Engine, provider: Engine, party: str, statement: str, rule: str
) -> None:
    do({"app": app, "provider": provider}[party], statement)

    assert broken_logins(app, provider, TOLD)[rule] == 1


@pytest.mark.parametrize(
    ("party", "statement", "rule"),
    [
        (
            "provider",
            "UPDATE deliveries SET status = 'dead'",
            "given up or still on its way",
        ),
        ("provider", "DELETE FROM deliveries", "published and not on its way"),
        ("app", "DELETE FROM inbox", "delivered and not kept"),
    ],
)
@pytest.mark.usefixtures("ledger")
def test_a_delivery_gone_wrong_is_found(
    app: Engine, provider: Engine, party: str, statement: str, rule: str
) -> None:
    do({"app": app, "provider": provider}[party], statement)

    assert broken_deliveries(app, provider)[rule] == 1


def test_a_login_without_its_event_is_found(
    app: Engine, provider: Engine, ledger: Ledger
) -> None:
    with writing(provider) as connection:
        keep_grant(connection, replace(GRANT, grant_id="other"), expires_at=AT)

    assert broken_deliveries(app, provider) == {"login without its event": 1}
