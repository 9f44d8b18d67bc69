"""RULES D.2: a state stands for a login only if it is one of those that were sent."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from itsdangerous import Signer
from sqlalchemy import Connection

from oauthapp.callbacks.redirect.browser import is_our_state
from oauthapp.callbacks.redirect.browser import new_state
from oauthapp.callbacks.redirect.store import keep
from oauthapp.callbacks.redirect.store import take
from oauthapp.database import open_database
from oauthapp.database import writing
from oauthapp.schema.app import app_tables
from oauthapp.settings import AppSettings
from tests.callbacks.redirect.test_verify import PENDING
from tests.generated.million import many
from tests.generated.near_misses import JUNK
from tests.generated.near_misses import near

SETTINGS = AppSettings(base_url="http://localhost:5000", secret_key="k" * 32)
OTHERS = AppSettings(base_url="http://localhost:5000", secret_key="o" * 32)
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


def signed(name: str, salt: str, key: str = SETTINGS.secret_key) -> str:
    return Signer(key, salt=salt, key_derivation="hmac").sign(name).decode()


#: The same ones in each run; that `new_state` makes them so, the next test says.
SENT = [signed(f"{number:043}", "oauthapp.state") for number in range(8000)]
PENDING_STATES = set(SENT[::2])
NAMES = st.text(LETTERS, min_size=43, max_size=43)
ELSEWHERE = (
    NAMES.map(lambda name: signed(name, "oauthapp.state"))  # ours, but never sent
    | NAMES.map(lambda name: signed(name, "oauthapp.browser"))
    | NAMES.map(lambda name: signed(name, "oauthapp.state", OTHERS.secret_key))
)
#: The last character's lowest two bits decode to nothing: four spellings of each.
SPELLED = st.tuples(st.sampled_from(SENT), st.sampled_from(LETTERS)).map(
    lambda both: both[0][:-1] + both[1]
)
SPLICED = st.tuples(st.sampled_from(SENT), st.sampled_from(SENT)).map(
    lambda both: f"{both[0].split('.')[0]}.{both[1].split('.')[1]}"
)
SENT_ONES = st.sampled_from(SENT)
#: Any of those sent, with text around it that may well be empty.
STATES = (
    st.tuples(SENT_ONES, st.sampled_from(["", "", " ", "=", ".", "\n"])).map("".join)
    | near(SENT_ONES)
    | SPELLED
    | SPLICED
    | ELSEWHERE
    | JUNK
)


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Connection]:
    """A store that holds every second one of those sent; the others were taken."""
    engine = open_database(f"sqlite:///{tmp_path}/app.sqlite", app_tables)
    with writing(engine) as connection:
        for state in sorted(PENDING_STATES):
            keep(connection, state, PENDING)
        yield connection
    engine.dispose()


def test_only_a_state_that_was_sent_and_not_yet_answered_stands_for_a_login(
    tally: Counter[bool], connection: Connection
) -> None:
    @given(STATES)
    @many
    def judge(state: str) -> None:
        # As routes.py asks: the signature, then the store.
        signed_by_us = is_our_state(SETTINGS, state)
        login = take(connection, state) if signed_by_us else None

        assert (login is not None) == (state in PENDING_STATES)
        if login is not None:
            assert take(connection, state) is None
            keep(connection, state, login)
        tally[login is not None] += 1

    judge()


def test_the_states_here_are_made_like_the_apps() -> None:
    made = new_state(SETTINGS)

    assert made == signed(made.split(".")[0], "oauthapp.state")
    assert all(is_our_state(SETTINGS, state) for state in SENT[:100])
