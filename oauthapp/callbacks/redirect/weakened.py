"""What does an app do that leaves a check out? Where to skip it is not enough."""

import re

from oauthapp.callbacks.redirect import store
from oauthapp.callbacks.redirect.next_path import confined
from oauthapp.callbacks.redirect.refusals import StateUnknown
from oauthapp.callbacks.redirect.verify import PendingLogin
from oauthapp.database import writing
from oauthapp.recorder.call import remark
from oauthapp.services import AppServices

#: What a Location header can carry.
_PRINTABLE = re.compile(r"[!-~]{1,1024}", re.ASCII)


def chosen_next(services: AppServices, asked: str) -> str:
    """Where a login is to lead, if that is a path of ours."""
    path = confined(asked)
    if asked in ("", path):
        return path
    if "next_is_a_path_of_ours" in services.weaknesses.off and _PRINTABLE.match(asked):
        return asked
    remark("next_confined")
    return path


def remark_where_it_leads(next_path: str) -> None:
    """Say so when a login ends elsewhere than at a path of ours."""
    remark("" if next_path == confined(next_path) else "next_elsewhere")


def login_to_answer(
    services: AppServices,
    *,
    taken: PendingLogin | None,
    state: str,
    signed: bool,
    provider: str,
    browser_hash: str,
) -> PendingLogin | None:
    """The login that was taken, or one that only a careless app would go on with."""
    off = services.weaknesses.off
    if signed and "each_state_counts_once" in off:
        return _spend_or_find(services, state, taken)
    unchecked = "state_is_signed_by_us" if state else "state_came"
    if signed or unchecked not in off:
        return taken
    with writing(services.database) as connection:
        return store.take_newest(
            connection, provider=provider, browser_hash=browser_hash
        )


def _spend_or_find(
    services: AppServices, state: str, taken: PendingLogin | None
) -> PendingLogin | None:
    """Remember a login that is answered, so that it can be answered again."""
    spent = f"spent {state}"
    with writing(services.database) as connection:
        if taken is not None:
            store.keep(connection, spent, taken)
            return taken
        found = store.find(connection, spent)
    if found is not None:
        remark(StateUnknown.code)
    return found
