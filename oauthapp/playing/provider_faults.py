"""Logins that go wrong at the provider: it is told what to spoil."""

from oauthapp.faults import Fault
from oauthapp.playing.stage import Stage
from oauthapp.playing.waiting import callbacks_in
from oauthapp.playing.waiting import wait_for

#: What the app fetches seldom, and knows from the last login.
_FETCHED_SELDOM = ("discovery_", "jwks_")
#: What shows only to an app that has fetched keys before.
_AFTER_ANOTHER_LOGIN = ("id_token_key_rotated",)


def play(stage: Stage, fault: Fault) -> None:
    """Sign in while the provider does wrong, once."""
    fetched_anew = fault.name.startswith(_FETCHED_SELDOM)
    if fetched_anew or fault.name in _AFTER_ANOTHER_LOGIN:
        _forget_providers(stage)
    if fault.name in _AFTER_ANOTHER_LOGIN:
        _log_in_before(stage)
    before = stage.arrivals.count()
    stage.arm(fault)
    try:
        stage.walk()
        coming = callbacks_in(fault)
        wait_for(stage, before, redirects=coming, webhooks=coming)
    finally:
        stage.disarm(fault)
        if fetched_anew:  # or it would go on believing what it was told
            _forget_providers(stage)


def _log_in_before(stage: Stage) -> None:
    before = stage.arrivals.count()
    stage.walk()
    wait_for(stage, before, redirects=1, webhooks=1)


def _forget_providers(stage: Stage) -> None:
    stage.order("DELETE", f"{stage.app_url}/control/discovery")
