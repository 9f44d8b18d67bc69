"""What is a step? One call that took place, as every side heard it. Pure."""

import re
from collections.abc import Callable
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from oauthapp.kinds import Kind
from oauthapp.recorder.call import Call
from oauthapp.recorder.call import Verdict
from oauthapp.recorder.caller import Guess


@dataclass(frozen=True, kw_only=True)
class Step:
    """One HTTP call that took place, and who made it to whom."""

    #: Every record of it, that of the party which answered first.
    records: tuple[Call, ...]
    kind: Kind
    #: "browser", "app", "provider", or the host of somebody else.
    caller: str
    callee: str
    #: Judged from the request alone.
    looks_like: Guess

    @property
    def call(self) -> Call:
        """The record to show: what the answering party saw, where it is ours."""
        return self.records[0]

    @property
    def id(self) -> str:
        """The id of the record to show."""
        return self.call.id

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of all its records."""
        return tuple(call.id for call in self.records)

    @property
    def at(self) -> float:
        """When the caller began, as far as anybody heard."""
        return min(call.at for call in self.records)

    @property
    def path(self) -> str:
        """The path that was called, without its query."""
        return path_of(self.call.url)

    @property
    def links(self) -> frozenset[str]:
        """What it shares with other calls, as either side saw it."""
        return frozenset().union(*(call.links for call in self.records))

    @property
    def verdict(self) -> Verdict:
        """What the callee made of it; what the caller did, where nobody else says."""
        return next((call.verdict for call in self.records if call.verdict), "")

    @property
    def failed(self) -> bool:
        """Whether it was refused, or did not work."""
        return self.verdict in ("refused", "failed")

    @property
    def unmade(self) -> bool:
        """Whether it was refused before anything was sent."""
        return self.verdict == "refused" and self.call.direction == "outbound"

    @property
    def reason(self) -> str:
        """The reason code that goes with the verdict."""
        return next((call.reason for call in self.records if call.verdict), "")

    @property
    def request_text(self) -> str:
        """URL and body of the request, as far as they were kept."""
        return f"{self.call.url}\n{self.call.request_body}"

    def header(self, name: str) -> str:
        """A header of the answer, "" when it has none of that name."""
        headers = self.call.answer_headers
        return next((text for key, text in headers if key.lower() == name), "")


def _by_browser(step: Step) -> bool:
    """A GET, or with response_mode=form_post the POST of a form."""
    call, form = step.call, "application/x-www-form-urlencoded"
    sent = dict(call.request_headers).get("Content-Type", "").startswith(form)
    return call.method == "GET" or (call.method == "POST" and sent)


def _by_post(step: Step) -> bool:
    return step.call.method == "POST"


def _by_get(step: Step) -> bool:
    return step.call.method == "GET"


def _by_signal(step: Step) -> bool:
    return step.call.method == "SIGNAL"


#: How a callback of each kind looks: how it comes, and to which of our routes.
_CALLBACKS: Mapping[Kind, tuple[Callable[[Step], bool], re.Pattern[str]]] = {
    "redirect": (
        _by_browser,
        re.compile(r"/callback/.*|/signed-out/.*|/orders/return"),
    ),
    "webhook": (
        _by_post,
        re.compile(r"/webhooks/.*|/backchannel-logout/.*|/events/.*"),
    ),
    "callback_url": (_by_post, re.compile(r"/results/.*|/repos/.*/statuses/[^/]+")),
    "polling": (_by_get, re.compile(r"/jobs/.*")),
    "in-process": (_by_signal, re.compile(r".*")),
}


def is_callback(step: Step, kind: Kind) -> bool:
    """Whether somebody was called back in that way."""
    comes, path = _CALLBACKS[kind]
    return comes(step) and bool(path.fullmatch(step.path))


def path_of(url: str) -> str:
    """The path of `url`, without its query."""
    return place_of(url)[1]


def place_of(url: str) -> tuple[str, str]:
    """Host with port, and path without query; a URL that cannot be read is all path."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "", url.partition("?")[0]
    return parts.netloc.rpartition("@")[2], parts.path or "/"
