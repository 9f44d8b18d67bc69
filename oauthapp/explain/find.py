"""Where does an API speak of callback URLs? Everywhere but in named fields."""

import re
from collections.abc import Iterator

from oauthapp.explain.document import Document
from oauthapp.explain.document import Place
from oauthapp.explain.fields import Field
from oauthapp.explain.fields import field_at
from oauthapp.explain.fields import fields
from oauthapp.explain.finding import Said
from oauthapp.explain.finding import Subject
from oauthapp.explain.names import HOOK_PATH
from oauthapp.explain.names import kind_by_words
from oauthapp.explain.names import kind_named
from oauthapp.explain.operation import Operation
from oauthapp.explain.operation import operations
from oauthapp.explain.operation import said
from oauthapp.kinds import Kind
from oauthapp.kinds import Question

_EXPRESSION = re.compile(
    r"\$request\.(?:body#(?P<body>/[^}]*)|(?:query|header|path)\.(?P<name>[^}/]+))"
)
_STANDARD = {
    "authorizationCode": "RFC 6749 §4.1.2",
    "implicit": "RFC 6749 §4.2.2",
    "openIdConnect": "OpenID Connect Core §3.1.2.5",
}


def find(document: Document) -> list[Subject]:
    """Every callback URL that the document speaks of, each once."""
    root = document.root
    general = tuple(said(root / "info", "description"))
    found: list[Subject] = []
    spoken_of: set[str] = set()
    walked: set[str] = set()
    for operation in operations(root / "paths"):
        far = (*operation.said, *general)
        for callback, field in _callbacks(operation, far):
            found.append(callback)
            spoken_of.update([field.place.pointer] if field else [])
        for kind, field in fields(operation, walked):
            found.append(field.subject(kind, far))
        found.extend(_polling(operation))
    for key in ("webhooks", "x-webhooks"):
        for operation in operations(root / key):
            found.append(_webhook(operation, general))
    found.extend(_logins(root / "components" / "securitySchemes"))
    once = {one.pointer: one for one in reversed(found)}
    return [one for one in reversed(once.values()) if one.pointer not in spoken_of]


def _callbacks(
    operation: Operation, far: tuple[Said, ...]
) -> Iterator[tuple[Subject, Field | None]]:
    """What OpenAPI calls so, each with the field of the request that names its URL."""
    for name, callback in (operation.place / "callbacks").items():
        for call in operations(callback):
            field = _field_in(call.path, operation)
            kind, because = _kind_of_callback(name, field, operation)
            facts = call.as_sent_by_the_api("callbacks")
            if kind == "redirect":  # which no server calls, wherever it stands
                del facts["who"]
            subject = Subject(
                kind=kind,
                because=because,
                name=field.name if field else name,
                where=f"{operation.name}, callback {name}",
                pointer=call.place.pointer,
                near=(*call.said, *(field.said if field else ())),
                answered=call.answered,
                far=far,
                facts=facts,
            )
            yield subject, field


def _field_in(expression: str, operation: Operation) -> Field | None:
    found = _EXPRESSION.search(expression)
    if not found:
        return None
    return field_at(operation, body=found["body"], parameter=found["name"])


def _kind_of_callback(
    name: str, field: Field | None, operation: Operation
) -> tuple[Kind, str]:
    named = kind_named(field.name) if field else None
    if named == "redirect" and field:
        return "redirect", f"it stands under callbacks, and {field.name} names its URL"
    if named == "webhook" or HOOK_PATH.search(operation.path):
        return "webhook", "it stands under callbacks, of a webhook’s operation"
    texts = [name, operation.path, *(one.text for one in operation.said)]
    kind, words = kind_by_words(*texts)
    if kind == "webhook":
        return kind, f"it stands under callbacks, of an operation that says {words!r}"
    return "callback_url", "it stands under callbacks"


def _webhook(operation: Operation, far: tuple[Said, ...]) -> Subject:
    return Subject(
        kind="webhook",
        because="it stands under webhooks",
        name=operation.path,
        where=f"webhook {operation.path}",
        pointer=operation.place.pointer,
        near=operation.said,
        answered=operation.answered,
        far=far,
        facts=operation.as_sent_by_the_api("webhooks"),
    )


def _polling(operation: Operation) -> Iterator[Subject]:
    """An answer 202 that says where, or when, to ask for the outcome."""
    accepted = operation.place / "responses" / "202"
    headers = {name.lower(): header for name, header in (accepted / "headers").items()}
    told = [headers[one] for one in ("location", "retry-after") if one in headers]
    if not told:
        return
    who = "202 leaves asking to whoever sent the request"
    facts: dict[Question, Said] = {"who": Said(text=who, pointer=accepted.pointer)}
    if "retry-after" in headers:
        place = headers["retry-after"]
        facts["trigger"] = Said(text="Retry-After says when", pointer=place.pointer)
    near = [one for place in (accepted, *told) for one in said(place, "description")]
    yield Subject(
        kind="polling",
        because="it answers 202 with Location or Retry-After",
        name="202",
        where=operation.name,
        pointer=f"{operation.place.pointer}/responses/202",
        near=tuple(near),
        far=(*operation.said, *operation.answered),
        facts=facts,
    )


def _logins(schemes: Place) -> Iterator[Subject]:
    """Sign-ins that end in a redirect to the client."""
    for name, scheme in schemes.items():
        if (scheme / "type").text == "openIdConnect":
            yield _login(name, scheme, scheme, "openIdConnect")
        for flow in ("authorizationCode", "implicit"):
            if (scheme / "flows" / flow).is_map:
                yield _login(name, scheme, scheme / "flows" / flow, flow)


def _login(name: str, scheme: Place, place: Place, flow: str) -> Subject:
    def fact(text: str) -> Said:
        return Said(text=f"{text} ({_STANDARD[flow]})", pointer=place.pointer)

    return Subject(
        kind="redirect",
        because=f"{flow} ends at the client’s redirect URI",
        name=f"redirect_uri of {name}",
        where=f"security scheme {name}, {flow}",
        pointer=place.pointer,
        near=tuple(said(scheme, "description")),
        facts={
            "who": fact("the user’s browser"),
            "method": fact("GET"),
            "trigger": fact("the user has agreed, or has not"),
        },
    )
