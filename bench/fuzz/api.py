"""Does the API keep what `/openapi.json` promises, whatever it is asked?

Requests are made up by schemathesis from the document itself: good ones, and ones that
break what it says. Where a value is known to both parties (a provider's name, a
client_id), it comes up now and then, so that requests get past the first check.
"""

import json
from typing import Any
from urllib.parse import urlsplit

import schemathesis
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import content_type_conformance
from schemathesis.specs.openapi.checks import response_headers_conformance
from schemathesis.specs.openapi.checks import response_schema_conformance
from schemathesis.specs.openapi.checks import status_code_conformance

from bench.fuzz.parties import CLIENT
from bench.fuzz.parties import SECRET
from bench.fuzz.parties import Parties
from oauthapp.openapi.document import Party
from oauthapp.openapi.document import document

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
#: Bytes of the longest answer, but for the one list that is as long as what came.
LONGEST = 256 * 1024
_LONG = "/control/requests"
KNOWN: dict[str, list[Any]] = {
    "provider": ["demo", "form_post"],
    "source": ["demo", "stripe", "github", "slack"],
    "repository": ["demo"],
    "client_id": [CLIENT],
    "client_secret": [SECRET],
    "grant_type": ["authorization_code", "refresh_token", "client_credentials"],
    "response_type": ["code"],
    "code_challenge": ["c" * 43],
    "code_challenge_method": ["S256"],
    "scope": ["openid", "openid profile offline_access", "api"],
    "sub": ["alice"],
    "currency": ["EUR"],
    "amount": [1, "1.00"],
}


def operations(parties: Parties, party: Party) -> list[APIOperation]:
    """All that the party's document describes, but for orders to begin providers.

    Orders come last: they may take away what the others need. The list of all that was
    asked comes first, while it is short.
    """
    told = json.loads(document(party, parties.url[party], control=True))
    schema = schemathesis.openapi.from_dict(told)
    schema.app = parties.wsgi[party]
    found = [one.ok() for one in schema.get_all_operations()]
    return sorted(
        found, key=lambda one: (one.path != _LONG, one.path.startswith("/control"))
    )


@schemathesis.serializer("application/secevent+jwt")
def _as_it_is(_context: object, value: Any) -> bytes:
    return str(value).encode()


@st.composite
def cases(draw: st.DrawFn, operation: APIOperation, parties: Parties) -> Any:
    """A request, good or not, by somebody who is known or not."""
    mode = draw(st.sampled_from(list(schemathesis.GenerationMode)))
    case = draw(operation.as_strategy(generation_mode=mode))
    for container in (case.path_parameters, case.query, case.body):
        _with_known(draw, container, known_values(parties))
    credentials = draw(
        st.sampled_from(["", "", parties.basic, f"Bearer {parties.token}", "Basic x"])
    )
    if credentials:
        case.headers["Authorization"] = credentials
    return case


def judge(case: Any, parties: Parties, party: Party) -> int:
    """Ask, and compare the answer with the document: its status."""
    origin = parties.url[party]
    answer = case.call(base_url=origin, headers={"Host": urlsplit(origin).netloc})
    case.validate_response(answer, checks=CHECKS)
    size = len(answer.content)
    assert size < LONGEST or case.path == _LONG, f"{size} bytes"
    return int(answer.status_code)


def _with_known(draw: st.DrawFn, container: Any, known: dict[str, list[Any]]) -> None:
    if not isinstance(container, dict):
        return
    for name in sorted(known.keys() & container.keys()):
        value = draw(st.sampled_from([None, *known[name]]))
        if value is not None:
            container[name] = value


def known_values(parties: Parties) -> dict[str, list[Any]]:
    """Names of parameters and members, and what a good one says."""
    app = parties.url["app"]
    return {
        **KNOWN,
        "redirect_uri": [f"{app}/callback/demo"],
        "return_url": [f"{app}/orders/return"],
        "callback_url": [f"{app}/results/demo"],
    }
