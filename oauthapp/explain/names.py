"""Which kind is a field, by its name and by the words around it? Tables."""

import re
from collections.abc import Sequence
from typing import Final

from oauthapp.kinds import Kind

_URL = r"_ur[il]s?$"

#: Of a name in words_joined_so. The first that fits decides.
NAMES: Final[Sequence[tuple[Kind, re.Pattern[str]]]] = (
    ("webhook", re.compile(r"(^|_)backchannel_logout" + _URL)),
    (
        "webhook",
        re.compile(
            r"(^|_)(web_?hooks?|hooks?|notif(y|ications?)|events?|ipn|listener|"
            r"delivery|subscriber)" + _URL
        ),
    ),
    ("webhook", re.compile(r"(^|_)(web_?hooks?|notify_to)$")),
    ("redirect", re.compile(r"(^|_)(frontchannel_logout|initiate_login)" + _URL)),
    (
        "redirect",
        re.compile(
            r"(^|_)(redirect(ion)?|return|success|cancel(led|lation)?|fail(ed|ure)?|"
            r"error|decline|abort|continue|complete|back|next)(_page)?" + _URL
        ),
    ),
    ("redirect", re.compile(r"(^|_)(return|redirect)_to$")),
    (
        "callback_url",
        re.compile(
            r"(^|_)(callback|call_?back|postback|ping(back)?|results?|response|reply|"
            r"completion|report)" + _URL
        ),
    ),
    ("callback_url", re.compile(r"(^|_)(callbacks?|postback|pingback)$")),
)

#: Names that say "address" and no more; what they stand in says whose.
BARE: Final = re.compile(r"^((target|endpoint)_)?ur[il]s?$|^endpoint$|^address$")

#: Paths whose operations make or change a webhook.
HOOK_PATH: Final = re.compile(
    r"(^|[/_\-.])(web)?hooks?([/_\-.]|$)|notification[_-]?(url|endpoint)s?", re.I
)

#: A name such as `callback_url` is used for all of them; then the words decide.
UNSURE: Final = frozenset({"callback_url"})
WORDS: Final[Sequence[tuple[Kind, re.Pattern[str]]]] = (
    (
        "redirect",
        re.compile(
            r"\bredirect\w*|\bbrowsers?\b|\buser[- ]agent|\bOAuth\b|\b(user|customer|"
            r"buyer|payer|visitor|shopper|consumer)s? (is|are|will be|gets?|should be) "
            r"(sent|returned|taken|directed|forwarded|brought)\b",
            re.I,
        ),
    ),
    (
        "webhook",
        re.compile(
            r"\bweb-?hooks?\b|\bevents?\b|\bsubscri(be|bes|bed|ption|ptions)\b|"
            r"\b(each|every) (time|change|update)\b|\bnotifications\b",
            re.I,
        ),
    ),
)

_EDGE = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|[^A-Za-z0-9]+")


def in_words(name: str) -> str:
    """`callbackUrl`, `Callback-URL` and `callback_url` as the last of them."""
    return "_".join(filter(None, _EDGE.split(name))).lower()


def kind_named(name: str) -> Kind | None:
    """The kind whose URLs have such names."""
    words = in_words(name)
    return next((kind for kind, names in NAMES if names.search(words)), None)


def kind_by_words(*texts: str) -> tuple[Kind | None, str]:
    """The kind that the words speak of, if any, and which words those are."""
    for kind, words in WORDS:
        for text in texts:
            if found := words.search(text):
                return kind, found.group()
    return None, ""
