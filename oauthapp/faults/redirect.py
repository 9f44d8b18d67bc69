"""What can go wrong with a redirect callback in the browser that makes the call."""

from typing import Final

from oauthapp.faults.fault import Fault


def _fault(
    name: str,
    *,
    says: str,
    rule: str,
    outcome: str,
    scenarios: tuple[str, ...] = ("login",),
) -> Fault:
    return Fault(
        name=name,
        scenarios=scenarios,
        kind="redirect",
        culprit="browser",
        says=says,
        rule=rule,
        outcome=(*outcome.split(", "),),
    )


REDIRECT_FAULTS: Final[tuple[Fault, ...]] = (
    _fault(
        "state_dropped",
        says="The state is lost on its way back.",
        rule="An answer without state is nobody’s (RFC 9700 §4.7.1).",
        outcome="refused state_missing",
    ),
    _fault(
        "state_altered",
        says="One character of the state is changed on its way back.",
        rule="The state must be one that this app made (RFC 9700 §4.7.1).",
        outcome="refused state_forged",
    ),
    _fault(
        "state_replayed",
        says="The callback is called a second time, with a fresh code: somebody goes "
        "back to the provider’s page and signs in once more.",
        rule="Each state is good for one answer (RFC 9700 §4.7.1).",
        outcome="accepted, refused state_unknown",
    ),
    _fault(
        "state_from_another_browser",
        says="Somebody sends you the end of a login that they began (login CSRF).",
        rule="The state is bound to the browser that began (RFC 9700 §4.7.1).",
        outcome="refused state_of_another_browser",
    ),
    _fault(
        "code_replayed",
        says="The code of a login that is over comes back with a fresh state.",
        rule="A code is redeemed once, and for its own code_verifier "
        "(RFC 6749 §4.1.2, RFC 7636 §4.6).",
        outcome="refused code_refused",
    ),
    _fault(
        "redirect_uri_slash",
        says="The redirect_uri that is asked for has a slash more at its end.",
        rule="The provider compares it character by character (RFC 9700 §2.1).",
        outcome="never",
    ),
    _fault(
        "redirect_uri_case",
        says="One letter of the redirect_uri that is asked for is a capital.",
        rule="The provider compares it character by character (RFC 9700 §2.1).",
        outcome="never",
    ),
    _fault(
        "redirect_uri_port",
        says="The redirect_uri that is asked for has another port.",
        rule="The port may vary for native clients alone (RFC 8252 §7.3).",
        outcome="never",
    ),
    _fault(
        "deny",
        says="The user says no.",
        rule="An error is an answer too: state and iss are looked at first, and "
        "nobody is signed in (RFC 6749 §4.1.2.1).",
        outcome="refused provider_said_no",
    ),
    _fault(
        "cookie_lost",
        says="The answer comes by form_post, and the login cookie stays behind, as "
        "one does that is SameSite=Lax.",
        rule="A cross-site POST brings only cookies that are SameSite=None; without "
        "it, the browser cannot be told from another (RFC 9700 §4.7.1).",
        outcome="refused state_of_another_browser",
    ),
    _fault(
        "cookie_clash",
        says="Another app on the same host sets a cookie of the same name: cookies "
        "know no ports.",
        rule="A cookie counts only with our own signature (RFC 6265 §8.5).",
        outcome="refused state_of_another_browser",
    ),
    _fault(
        "browser_closed",
        scenarios=("login", "payment"),
        says="The browser is closed before it comes back.",
        rule="Nobody calls again. What must not be lost travels by webhook: an order "
        "is settled by it all the same.",
        outcome="never",
    ),
    _fault(
        "host_mismatch",
        says="The callback is opened at another port of the same host.",
        rule="The redirect_uri is one address, and cookies do not tell ports apart "
        "(RFC 9700 §4.1.3).",
        outcome="refused host_mismatch",
    ),
)
