"""What is this address for? One sentence beside each that a page shows.

Who calls it, how, when, and what happens on failure: the four questions of
`kinds.py`, answered for one address.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

NAMING: Final[Mapping[str, str]] = MappingProxyType(
    {
        "redirect_uri": "The user’s browser opens it by GET when the provider sends it "
        "back with an answer; if that fails nobody calls again, and the user starts "
        "over.",
        "return_url": "The buyer’s browser opens it by GET when it comes back from "
        "paying; if it never does nobody calls again, and nothing is lost, since it "
        "settles nothing.",
        "webhook": "The other server calls it by POST when something has happened "
        "there; if that fails it calls again on a schedule, until it is answered 2xx "
        "or gives up.",
        "callback_url": "The other server calls it by POST once our job is done there; "
        "what is not answered 2xx is sent again, and the job can still be read.",
        "job_url": "Our worker asks for it by GET when Retry-After is over; if that "
        "fails it asks again, after a longer pause.",
        "statuses_url": "The building app calls it by POST when the build has ended; "
        "what is not answered 2xx is sent again, after a longer pause.",
        "issuer": "It names the provider, and the app fetches the metadata below it by "
        "GET when somebody signs in; if that fails the user sees an error and starts "
        "over.",
        "metadata": "The app fetches it by GET when somebody signs in there; if that "
        "fails the user sees an error and starts over.",
        "bin": "Any server or browser that you give it to calls it, by GET, POST or "
        "another method, whenever it likes; whether a call that fails is sent again is "
        "its own choice.",
    }
)
