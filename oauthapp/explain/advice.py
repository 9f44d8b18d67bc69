"""What to write where a question is left open: one sentence for each kind."""

from collections.abc import Mapping
from typing import Final

from oauthapp.kinds import Kind
from oauthapp.kinds import Question

ADVICE: Final[Mapping[Kind, Mapping[Question, str]]] = {
    "redirect": {
        "who": "Say that the user’s browser opens it, and that no server of yours "
        "calls it.",
        "method": "Say whether the browser comes by GET, with the answer in the query, "
        "or posts a form.",
        "trigger": "Say after which step the browser is sent there.",
        "failure": "Say what happens when the browser never arrives: usually nobody "
        "calls again, and the outcome has to be learnt another way.",
        "person": "Say that somebody sits at the browser and needs a page to read.",
    },
    "webhook": {
        "who": "Say that your server calls it, and how the receiver can tell that it "
        "was you: a signature.",
        "method": "Say by which method it is called, usually POST, and where the "
        "message stands.",
        "trigger": "Say what has to happen for it to be called.",
        "failure": "Say which answers count as failure, how often and for how long you "
        "send again, and what happens when you give up.",
        "person": "Say that a server calls it and nobody sees the answer.",
    },
    "callback_url": {
        "who": "Say that your server calls it, and how the receiver can tell that it "
        "was you.",
        "method": "Say by which method it is called, usually POST, and with what.",
        "trigger": "Say what has to be finished before it is called, and how often it "
        "is called for one request.",
        "failure": "Say whether you call again when that fails, and where the result "
        "can be read instead.",
        "person": "Say that a server calls it and nobody sees the answer.",
    },
    "polling": {
        "who": "Say that the client asks, since nobody calls it.",
        "method": "Say how to ask: GET the URL in Location, for example.",
        "trigger": "Say how long to wait between two questions: send Retry-After.",
        "failure": "Say what to do when asking fails, and how long the result can be "
        "asked for.",
        "person": "Say that a program asks, and whether somebody waits for it.",
    },
}
