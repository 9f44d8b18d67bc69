"""What is asked of the answer that a browser brings, and of the browser."""

from typing import Final

from oauthapp.safeguards.safeguard import Safeguard

ANSWER: Final[tuple[Safeguard, ...]] = (
    Safeguard(
        name="it_came_to_our_host",
        kind="redirect",
        title="The answer came to our own address",
        attack="Cookies do not tell ports apart: whoever listens at another port of "
        "this host could take answers and pass them on to us unnoticed.",
        source="RFC 9700 §4.1.3",
        reason="host_mismatch",
    ),
    Safeguard(
        name="no_parameter_came_twice",
        kind="redirect",
        title="Each parameter came once",
        attack="Of two codes one would be looked at and the other one used.",
        source="RFC 6749 §3.1",
        reason="duplicate_parameter",
    ),
    Safeguard(
        name="state_came",
        kind="redirect",
        title="A state came",
        attack="Any address with a code, opened in your browser, would count as the "
        "answer to whatever login you have begun.",
        source="RFC 6749 §10.12",
        reason="state_missing",
    ),
    Safeguard(
        name="state_is_signed_by_us",
        kind="redirect",
        title="The state is one that we made",
        attack="An invented state would do, as it does in apps that send a state and "
        "never compare it.",
        source="RFC 9700 §4.7.1",
        reason="state_forged",
    ),
    Safeguard(
        name="state_was_pending",
        kind="redirect",
        title="The state belongs to a login that is open",
        attack="An answer would be taken though nobody here asked.",
        source="RFC 9700 §4.7.1",
        reason="state_unknown",
        always_on="Without an open login there is no nonce, no code_verifier and no "
        "provider to go on with.",
    ),
    Safeguard(
        name="each_state_counts_once",
        kind="redirect",
        title="Each state is good for one answer",
        attack="Whoever copied the address of a callback could open it again, with "
        "another code.",
        source="RFC 9700 §4.2.4",
        reason="state_unknown",
    ),
    Safeguard(
        name="state_is_this_browsers",
        kind="redirect",
        title="The login was begun in this browser",
        attack="Login CSRF: you open the end of an attacker’s login, and go on in "
        "their account without noticing.",
        source="RFC 9700 §4.7",
        reason="state_of_another_browser",
    ),
    Safeguard(
        name="state_is_for_this_provider",
        kind="redirect",
        title="The login was begun at this provider",
        attack="Mix-up: a code of an honest provider is sent to the token endpoint of "
        "a hostile one.",
        source="RFC 9700 §4.4.2.2",
        reason="state_of_another_provider",
    ),
    Safeguard(
        name="login_is_recent",
        kind="redirect",
        title="The login was begun not long ago",
        attack="An answer that was kept for hours would still sign somebody in.",
        source="RFC 9700 §4.2.4",
        reason="login_expired",
    ),
    Safeguard(
        name="issuer_is_named_where_promised",
        kind="redirect",
        title="The answer says who made it",
        attack="Who wants to hide which provider an answer is from leaves it out.",
        source="RFC 9207 §2.4",
        reason="iss_missing",
    ),
    Safeguard(
        name="issuer_is_the_one_we_asked",
        kind="redirect",
        title="The answer is from the provider we asked",
        attack="Mix-up: a hostile provider has you sign in at an honest one, and is "
        "brought the code.",
        source="RFC 9207 §2.4",
        reason="iss_mismatch",
    ),
    Safeguard(
        name="provider_said_yes",
        kind="redirect",
        title="The provider did not say no",
        attack="Somebody would be signed in who was refused.",
        source="RFC 6749 §4.1.2.1",
        reason="provider_said_no",
        always_on="With a refusal comes no code, and so nothing to go on with.",
    ),
    Safeguard(
        name="code_came",
        kind="redirect",
        title="A code came",
        attack="None: without a code nobody can be signed in.",
        source="RFC 6749 §4.1.2",
        reason="code_missing",
        always_on="There would be nothing to redeem.",
    ),
    Safeguard(
        name="code_is_bound_to_our_verifier",
        kind="redirect",
        title="The code was made for this very login (PKCE)",
        attack="Code injection: a code stolen from you is slipped into the thief’s "
        "own login, which ends in your account.",
        source="RFC 7636 §4.6, RFC 9700 §2.1.1",
        reason="code_refused",
        always_on="It is the provider that compares the code_verifier; without one it "
        "refuses every login.",
    ),
    Safeguard(
        name="next_is_a_path_of_ours",
        kind="redirect",
        title="A login leads back to a page of ours",
        attack="Open redirect: a link to us ends, after a true login, on a page that "
        "asks for the password once more.",
        source="RFC 9700 §4.11.1",
        reason="next_confined",
        lets_go_on=True,
        reason_when_off="next_elsewhere",
    ),
    Safeguard(
        name="session_id_is_new",
        kind="redirect",
        title="A login gives a new session id",
        attack="Session fixation: an attacker leaves a session id in your browser, "
        "and it becomes yours when you sign in.",
        source="OWASP ASVS 5.0, 7.2.4",
        reason="session_id_replaced",
        lets_go_on=True,
        reason_when_off="session_id_kept",
    ),
    Safeguard(
        name="forms_carry_our_token",
        kind="redirect",
        title="Our forms are sent from our own pages",
        attack="Another site could press our buttons in your name and sign you out.",
        source="OWASP ASVS 5.0, 3.5.1",
        reason="csrf_mismatch",
        always_on="It guards the buttons of this page, too.",
    ),
)
