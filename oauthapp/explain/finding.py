"""A callback URL that was found, what is said of it, and what that answers."""

from dataclasses import dataclass
from dataclasses import field

from oauthapp.kinds import Kind
from oauthapp.kinds import Question


@dataclass(frozen=True, kw_only=True)
class Said:
    """Words of the document, and where they stand."""

    text: str
    pointer: str


@dataclass(frozen=True, kw_only=True)
class Subject:
    """A callback URL, before anybody asks what its description answers."""

    kind: Kind
    #: From what we know the kind.
    because: str
    name: str
    #: The operation or object it belongs to, such as "POST /jobs".
    where: str
    pointer: str
    #: Said of nothing else.
    near: tuple[Said, ...] = ()
    #: Said of the answers to it, which is about failure.
    answered: tuple[Said, ...] = ()
    #: Said of more than this: only sentences that speak of it count.
    far: tuple[Said, ...] = ()
    #: What the structure answers, without a word.
    facts: dict[Question, Said] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Answer:
    """One question, with the words that answer it or what to do about it."""

    question: Question
    #: None when it is left open.
    evidence: Said | None
    #: One sentence, "" when there is nothing to do.
    advice: str = ""


@dataclass(frozen=True, kw_only=True)
class Finding:
    """A callback URL and the questions, each answered or left open."""

    subject: Subject
    line: int
    answers: tuple[Answer, ...]

    @property
    def open(self) -> tuple[Answer, ...]:
        return tuple(one for one in self.answers if one.evidence is None)
