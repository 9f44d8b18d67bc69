"""Whatever the APIs are asked, they answer as their documents say, and never by a 5xx.

A few requests for each operation; `python -m bench.fuzz http` makes as many as wanted.
"""

from collections.abc import Iterator

import pytest

from bench.fuzz.parties import Parties
from bench.fuzz.parties import both_parties
from oauthapp.openapi.document import Party

#: Requests of each operation.
INPUTS = 2

pytestmark = pytest.mark.filterwarnings("ignore")  # those of schemathesis


@pytest.fixture(scope="module")
def parties() -> Iterator[Parties]:
    with both_parties() as running:
        yield running


@pytest.mark.xdist_group("openapi")
@pytest.mark.parametrize("party", ["app", "provider"])
def test_each_answer_is_one_that_the_document_tells_of(
    parties: Parties, party: Party
) -> None:
    pytest.importorskip("schemathesis", reason="python -m pip install schemathesis")
    from bench.fuzz.api import operations
    from bench.fuzz.http import try_operation

    bugs = {}
    for operation in operations(parties, party):
        tally = try_operation(operation, parties, party, inputs=INPUTS, start=1)
        bugs.update({operation.label: tally.bugs} if tally.bugs else {})

    assert not bugs
