"""Logins that go wrong in the browser: one table, each fault with its play."""

from collections.abc import Callable
from collections.abc import Mapping
from urllib.parse import parse_qsl
from urllib.parse import urlencode
from urllib.parse import urlsplit

from oauthapp.faults import Fault
from oauthapp.playing.neighbour import neighbour
from oauthapp.playing.stage import DENY
from oauthapp.playing.stage import Stage
from oauthapp.playing.waiting import callbacks_in
from oauthapp.playing.waiting import wait_for
from oauthapp.visitor import Visitor

Play = Callable[[Stage], None]
#: Query parameters, changed.
Change = Callable[[dict[str, str]], dict[str, str]]

#: The cookie that a login by form_post is known by, and that of any other.
POST_COOKIE, COOKIE = "oauthapp_login_post", "oauthapp_login"

#: How many logins are told of, where that is not one: nobody agrees, or does twice.
_NEWS: Mapping[str, int] = {
    "deny": 0,
    "redirect_uri_slash": 0,
    "redirect_uri_case": 0,
    "redirect_uri_port": 0,
    "state_replayed": 2,
}


def play(stage: Stage, fault: Fault) -> None:
    """Sign in, with a browser that does this on the way."""
    before = stage.arrivals.count()
    PLAYED[fault.name](stage)
    webhooks = _NEWS.get(fault.name, 1)
    wait_for(stage, before, redirects=callbacks_in(fault), webhooks=webhooks)


def _changed(url: str, change: Change) -> str:
    parts = urlsplit(url)
    query = change(dict(parse_qsl(parts.query, keep_blank_values=True)))
    return parts._replace(query=urlencode(query)).geturl()


def _is_callback(stage: Stage, url: str) -> bool:
    return url.startswith(f"{stage.app_url}/callback/")


def _coming_back(change: Change) -> Play:
    """The answer is changed on its way to the callback."""

    def play(stage: Stage) -> None:
        stage.visitor.on_the_way = lambda url: (
            _changed(url, change) if _is_callback(stage, url) else url
        )
        stage.walk()

    return play


def _ask_otherwise(stage: Stage, change: Change) -> None:
    """From now on, questions are changed on their way to the provider."""
    asked = f"{stage.provider_url}/authorize"
    stage.visitor.on_the_way = lambda url: (
        _changed(url, change) if url.startswith(asked) else url
    )


def _redirect_uri(change: Callable[[str], str]) -> Play:
    def play(stage: Stage) -> None:
        _ask_otherwise(
            stage,
            lambda asked: {**asked, "redirect_uri": change(asked["redirect_uri"])},
        )
        stage.walk()

    return play


def _other_port(uri: str) -> str:
    parts = urlsplit(uri)
    return parts._replace(netloc=f"{parts.hostname}:9").geturl()


def _stopped(stage: Stage) -> str:
    """Sign in, and stop before the callback: its address."""
    return _addresses(stage)[-1]


def _addresses(stage: Stage) -> list[str]:
    """The addresses that a login leads to, up to the callback, which is not opened."""
    addresses = []

    def stop(url: str) -> str | None:
        addresses.append(url)
        return None if _is_callback(stage, url) else url

    stage.visitor.on_the_way = stop
    stage.walk()
    stage.visitor.on_the_way = lambda url: url
    return addresses


def _without_state(answer: dict[str, str]) -> dict[str, str]:
    return {name: answer[name] for name in answer if name != "state"}


def _other_state(answer: dict[str, str]) -> dict[str, str]:
    state = answer["state"]
    return {**answer, "state": ("A" if state[0] != "A" else "B") + state[1:]}


def _replayed(stage: Stage) -> None:
    """The question is asked again, so that a fresh code comes with the old state."""
    question, *_, address = _addresses(stage)
    stage.visitor.open(address)
    stage.visitor.open(question)


def _another_browser(stage: Stage) -> None:
    address = _stopped(stage)
    victim = Visitor()
    try:
        victim.open(address)
    finally:
        victim.close()


def _code_replayed(stage: Stage) -> None:
    address = _stopped(stage)
    before = stage.arrivals.count()
    stage.visitor.open(address)
    wait_for(stage, before, redirects=1, webhooks=1)
    old = dict(parse_qsl(urlsplit(address).query))["code"]
    _coming_back(lambda answer: {**answer, "code": old})(stage)


def _deny(stage: Stage) -> None:
    # Who has agreed before is not asked again, unless the question says so.
    _ask_otherwise(stage, lambda asked: {**asked, "prompt": "consent"})
    stage.visitor.open(f"{stage.app_url}/login/demo")
    stage.give_password()
    stage.visitor.submit({}, button=DENY)


def _cookie_lost(stage: Stage) -> None:
    stage.walk("form_post")
    stage.visitor.forget_cookie(POST_COOKIE)
    stage.visitor.submit({})


def _cookie_clash(stage: Stage) -> None:
    address = _stopped(stage)
    host = urlsplit(stage.app_url).hostname or ""
    with neighbour(host, sets=f"{COOKIE}=of-another-app") as url:
        stage.visitor.open(url)
    stage.visitor.open(address)


def _browser_closed(stage: Stage) -> None:
    _stopped(stage)
    stage.visitor.close()


def _host_mismatch(stage: Stage) -> None:
    """Another port of the same host, to which the browser sends the same cookies."""
    address = _stopped(stage)
    other = urlsplit(_other_port(address)).netloc
    stage.visitor.open(address, host=other)


#: By the name of the fault.
PLAYED: Mapping[str, Play] = {
    "state_dropped": _coming_back(_without_state),
    "state_altered": _coming_back(_other_state),
    "state_replayed": _replayed,
    "state_from_another_browser": _another_browser,
    "code_replayed": _code_replayed,
    "redirect_uri_slash": _redirect_uri(lambda uri: f"{uri}/"),
    "redirect_uri_case": _redirect_uri(
        lambda uri: uri.replace("/callback", "/Callback")
    ),
    "redirect_uri_port": _redirect_uri(_other_port),
    "deny": _deny,
    "cookie_lost": _cookie_lost,
    "cookie_clash": _cookie_clash,
    "browser_closed": _browser_closed,
    "host_mismatch": _host_mismatch,
}
