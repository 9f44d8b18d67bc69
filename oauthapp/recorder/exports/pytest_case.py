"""A call as a pytest test, with a clock that stands still: green here, and red when the
check that decided is removed. Pure.
"""

from oauthapp.recorder.call import Call
from oauthapp.recorder.exports.redirect_case import redirect_case
from oauthapp.recorder.exports.refusals import NoTestPossible
from oauthapp.recorder.exports.webhook_case import webhook_case
from oauthapp.recorder.step import path_of


def pytest_case(call: Call, scheme: str = "") -> str:
    """The text of a file with one test.

    :param scheme: how the source of a webhook signs; "" where that is not known.
    :raises NoTestPossible: saying why.
    """
    path = path_of(call.url)
    if call.party != "app" or call.direction != "inbound":
        raise NoTestPossible(
            arrived=f"a call that the {call.party} "
            + ("answered" if call.direction == "inbound" else "made"),
            expected="a callback that the app answered: there are its checks",
        )
    if path.startswith("/webhooks/"):
        return webhook_case(call, scheme)
    if path.startswith("/callback/"):
        return redirect_case(call)
    raise NoTestPossible(
        arrived="a call to another address",
        expected="/callback/<provider> or /webhooks/<source>, which have checks "
        "that depend on nothing but what came and what is known",
    )
