"""Which of the four questions do the words around a callback URL answer? Tables.

A question counts as answered when the structure answers it, or when one of its patterns
is found: anywhere in what is said of the URL alone, elsewhere only in sentences that
speak of it.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from itertools import chain
from textwrap import shorten
from typing import Final

from oauthapp.explain.advice import ADVICE
from oauthapp.explain.finding import Answer
from oauthapp.explain.finding import Said
from oauthapp.explain.finding import Subject
from oauthapp.kinds import Question


def _any(*patterns: str, flags: re.RegexFlag = re.IGNORECASE) -> re.Pattern[str]:
    return re.compile("|".join(patterns), flags)


_PEOPLE = r"(?:end[- ]?)?(?:user|customer|buyer|payer|visitor|shopper|consumer)s?"
_BRINGS = r"(?:redirects?|sends?|returns?|takes?|brings?)"
_ACTS = (
    r"(?:calls?|sends?|posts?|delivers?|notif(?:y|ies)|makes?|issues?|invokes?|pings?|"
    r"contacts?|retr(?:y|ies)|pushe?s?|forwards?|redirects?|returns?|requests?|polls?|"
    r"asks?|opens?|fetche?s?)"
)
_MAY = r"(?:will |may |can |shall |must |should |then |also |always |only )*"
_THEY = (
    r"(?:we|our \w+|(?:the|a|your) (?:[\w-]+ ){0,2}(?:servers?|services?|providers?|"
    r"platform|system|api|app|application|client|worker|sender|party|backend|gateway))"
)

#: By question: what answers it. Case is told apart where (?-i:…) says so.
PATTERNS: Final[Mapping[Question, re.Pattern[str]]] = {
    "who": _any(
        r"\bbrowsers?\b",
        r"\buser[- ]agents?\b",
        rf"\b{_PEOPLE} (?:who (?:[\w']+ ){{1,5}})?"
        r"(?:is|are|gets?|will be|should be|can be|to be) (?:\w+ )?"
        r"(?:redirected|sent|returned|taken|directed|forwarded|brought)\b",
        rf"\b{_BRINGS} (?:the |your |a )?{_PEOPLE}\b",
        rf"\b{_THEY} {_MAY}{_ACTS}\b",
        # A name that acts, "Acme posts"; other words have capitals only in front.
        r"\b(?-i:(?!(?:This|That|It|Which|URL|URI|Webhook|Callback|Event|Request|"
        r"Optional|If|When|The)\b)[A-Z]\w+) "
        rf"(?:will |may )?(?-i:{_ACTS})\b",
        r"\b(?:called|sent|made|posted|polled|requested|opened|redirected) by\b",
        r"\b(?:server|machine)[- ]to[- ](?:server|machine)\b",
        r"\bfrom (?:our|the \w+['’]s) servers?\b",
    ),
    "method": _any(
        r"\b(?-i:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)\b",
        r"\bHTTP (?:get|post|put|patch)\b",
        r"\b(?:posts|posted) (?:to|there|here)\b",
        r"\bform[_ ]post\b",
        r"\bin (?:the|its) quer(?:y|ies)\b",
        r"\bquery (?:string|parameters?|components?)\b",
        r"\b30[2378]\b",
    ),
    "trigger": _any(
        r"\b(?:when|whenever|as soon as|upon|until)\b"
        r"(?![^.;]{0,60}\b(?:fails?|error|not answer|times? out|unreachable))",
        r"(?<!only )(?<!exactly )(?<!at least )(?<!at most )(?<!just )"
        r"\bonce (?!(?:only|more|again|for)\b)[a-z]+ ",
        r"(?<!signed )(?<!named )(?<!-)\bafter "
        r"(?!\d|several|some|that|ten|five|three|each|every|failed)",
        r"\b(?:each|every) time\b",
        r"\b(?:on|in case of) (?:success|failure|completion|cancel\w*|payment|log ?out|"
        r"log ?in|approval|every|each|changes?)\b",
        r"\b(?:triggered|occasioned|caused) (?:by|when|on)\b",
        r"\bin response to\b",
        r"\bevery \d+",
        rf"\b(?:if|who|{_PEOPLE}) (?:the |a |an |your )?"
        r"(?:(?:they|customer|user|payment|order|job) )?"
        r"(?:cancels?|decides?|succeeds?|pays?|approves?|signs?)\b",
    ),
    "failure": _any(
        r"\bretr(?:y|ies|ied|ying)\b",
        r"\bre-?(?:sen[dt]s?|sending|deliver\w*|attempt\w*)\b",
        r"\b(?:tr(?:y|ies|ied)|trying|calls?|called|sends?|sent|asks?|posts?) "
        r"(?:it |them |us |you )?(?:once )?(?:again|anew|over)\b",
        r"\bback-?off\b",
        r"\bdead[- ]?letter\w*",
        r"\b(?:gives?|given|giving) up\b",
        r"\b(?:is|are|be|gets?) (?:automatically )?"
        r"(?:disabled|deactivated|suspended)\b",
        r"\bnot (?:be )?(?:repeated|retried|resent|called again|sent again)\b",
        r"\bno (?:second|further) (?:attempts?|calls?|try)\b",
        r"\b(?:nobody|nothing|no ?one) (?:resends|retries|repeats)\b",
        r"\bstarts? (?:\w+ )?(?:again|over|anew)\b",
        r"\b(?:sees?|shows?|shown|gets?) (?:\w+ ){0,2}error\b",
        r"\b(?:is|are|be|gets?) (?:lost|dropped|discarded|skipped)\b",
        r"\bbest[- ]effort\b",
        r"\bfall(?:s|ing)? ?back\b",
        r"\b(?:can|may) (?:still )?be (?:read|fetched|polled|asked for|replayed)\b",
    ),
    "person": _any(
        rf"\b{_PEOPLE} (?:\w+ )?(?:sees?|lands?|waits?)\b",
        r"\b(?:nobody|no ?one|no person) (?:sees|watches|is shown)\b",
        r"\bin the background\b",
    ),
}

#: Whoever says who calls has said whether that is a person.
_IMPLIED: Final[Mapping[Question, Question]] = {"person": "who"}

#: What a sentence must speak of to be about a kind of URL at all.
_ABOUT: Final[Mapping[str, re.Pattern[str]]] = {
    "redirect": _any(r"redirect", r"return(?:s|ed)? ?_?(?:url|uri|to)\b"),
    "webhook": _any(r"hook", r"notif"),
    "callback_url": _any(r"call-?back", r"post-?back", r"result_?ur[il]"),
    "polling": _any(r"\bpoll", r"\bLocation\b", r"\bRetry-After\b", r"\bstatus\b"),
}
_BETWEEN_SENTENCES = re.compile(r"(?<=[.!?])\s+|\n\s*\n|\n\s*[-*] ")
_MAX_EVIDENCE: Final = 160


def answers(subject: Subject) -> tuple[Answer, ...]:
    """Each question, with the first words that answer it."""
    return tuple(
        Answer(question=question, evidence=found, advice="" if found else advice)
        for question, advice in ADVICE[subject.kind].items()
        for found in [_found(subject, question)]
    )


def _found(subject: Subject, question: Question) -> Said | None:
    found = subject.facts.get(question) or _heard(subject, question)
    if found is None and question in _IMPLIED:
        return _found(subject, _IMPLIED[question])
    return found


def _heard(subject: Subject, question: Question) -> Said | None:
    said = (*subject.near, *(subject.answered if question == "failure" else ()))
    near = (_first(one, question, "") for one in said)
    far = (_first(one, question, subject.kind) for one in subject.far)
    return next(filter(None, chain(near, far)), None)


@lru_cache(maxsize=10_000)  # what is said of the whole API is asked for every URL
def _first(said: Said, question: Question, about: str) -> Said | None:
    """The words that answer; `about` a kind, if the sentence must speak of it."""
    for sentence in _BETWEEN_SENTENCES.split(said.text):
        if about and not _ABOUT[about].search(sentence):
            continue
        if found := PATTERNS[question].search(" ".join(sentence.split())):
            return Said(text=_around(found), pointer=said.pointer)
    return None


def _around(found: re.Match[str]) -> str:
    """The words found, with as much of their sentence as fits a line."""
    sentence = found.string
    if len(sentence) <= _MAX_EVIDENCE:
        return sentence
    begin = max(0, found.start() - _MAX_EVIDENCE // 2)
    before, after = sentence[begin : found.start()], sentence[found.start() :]
    if begin:
        before = "… " + before.partition(" ")[2]
    return shorten(before + after, _MAX_EVIDENCE, placeholder=" …")
