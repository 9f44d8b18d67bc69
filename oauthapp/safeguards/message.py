"""What is asked of a message that a server posts."""

from typing import Final

from oauthapp.safeguards.safeguard import Safeguard

_NOTHING_TO_COMPARE = "Without it there is nothing that could be compared."

MESSAGE: Final[tuple[Safeguard, ...]] = (
    Safeguard(
        name="the_source_is_known",
        kind="webhook",
        title="We know a sender of this name",
        attack="None: there is no secret to check its messages with.",
        source="Standard Webhooks 1.0.0",
        reason="unknown_source",
        always_on=_NOTHING_TO_COMPARE,
    ),
    Safeguard(
        name="it_says_it_is_json",
        kind="webhook",
        title="It is announced as JSON",
        attack="The form of a web page, which browsers send to any site unasked, "
        "would be read as a message.",
        source="RFC 9110 §15.5.16",
        reason="not_json",
    ),
    Safeguard(
        name="the_body_is_not_too_large",
        kind="webhook",
        title="The body is not too large",
        attack="Whoever finds the address could fill our memory, since a body has to "
        "be read before its signature can be checked.",
        source="RFC 9110 §15.5.14",
        reason="body_too_large",
    ),
    Safeguard(
        name="all_headers_are_there",
        kind="webhook",
        title="All headers of the signature are there",
        attack="None: what is missing is not believed.",
        source="Standard Webhooks 1.0.0",
        reason="header_missing",
        always_on=_NOTHING_TO_COMPARE,
    ),
    Safeguard(
        name="message_id_is_well_formed",
        kind="webhook",
        title="The message id cannot be mistaken for the time",
        attack="Id, time and body are signed with dots between them: with a dot in "
        "the id an old message gets a new id and a new time, and its signature "
        "still fits.",
        source="Standard Webhooks 1.0.0",
        reason="message_id_malformed",
    ),
    Safeguard(
        name="timestamp_is_in_whole_seconds",
        kind="webhook",
        title="The time can be read",
        attack="None: what is no time is not recent.",
        source="Standard Webhooks 1.0.0",
        reason="timestamp_malformed",
        always_on="What is no number cannot be compared with our clock.",
    ),
    Safeguard(
        name="signatures_are_a_list",
        kind="webhook",
        title="There is a signature",
        attack="None: the next checks find nothing that fits.",
        source="Standard Webhooks 1.0.0",
        reason="signature_malformed",
        always_on=_NOTHING_TO_COMPARE,
    ),
    Safeguard(
        name="a_signature_is_of_our_version",
        kind="webhook",
        title="A signature is of a version that we have a secret for",
        attack="None: a secret fits its own version only.",
        source="Standard Webhooks 1.0.0",
        reason="signature_version_unknown",
        always_on=_NOTHING_TO_COMPARE,
    ),
    Safeguard(
        name="a_signature_is_readable",
        kind="webhook",
        title="A signature can be read",
        attack="None: what cannot be read does not fit.",
        source="Standard Webhooks 1.0.0",
        reason="signature_malformed",
        always_on=_NOTHING_TO_COMPARE,
    ),
    Safeguard(
        name="a_signature_is_theirs",
        kind="webhook",
        title="They signed these very bytes",
        attack="Anybody who knows the address could say that a bill was paid.",
        source="Standard Webhooks 1.0.0",
        reason="signature_mismatch",
    ),
    Safeguard(
        name="signed_not_long_ago",
        kind="webhook",
        title="It was signed not long ago",
        attack="Replay: a message that somebody overheard last year is sent again.",
        source="Standard Webhooks 1.0.0",
        reason="timestamp_too_old",
    ),
    Safeguard(
        name="signed_not_in_the_future",
        kind="webhook",
        title="It was not signed in the future",
        attack="A message dated far ahead could be sent again until then.",
        source="Standard Webhooks 1.0.0",
        reason="timestamp_in_future",
    ),
    Safeguard(
        name="it_is_an_event",
        kind="webhook",
        title="It says what happened, as agreed",
        attack="None: what is no event has no effect.",
        source="Standard Webhooks 1.0.0",
        reason="event_malformed",
        always_on="What cannot be read can do nothing.",
    ),
    Safeguard(
        name="each_message_counts_once",
        kind="webhook",
        title="Each message counts once",
        attack="A message that is sent again, as senders do whenever an answer is "
        "lost, would be acted upon again.",
        source="Standard Webhooks 1.0.0",
        reason="duplicate",
        lets_go_on=True,
        reason_when_off="duplicate_kept",
    ),
)
