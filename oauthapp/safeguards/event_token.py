"""What is asked of a security event that a provider pushes."""

from typing import Final

from oauthapp.safeguards.safeguard import Safeguard

_NOTHING_TO_KEEP = "What it stands for could not be kept."

EVENT_TOKEN: Final[tuple[Safeguard, ...]] = (
    Safeguard(
        name="event_token.is_announced_as_one",
        kind="webhook",
        title="It is announced as an event token",
        attack="None: what is asked of the token itself says the same.",
        source="RFC 8935 §2.1",
        reason="event_token_content_type",
        always_on="Other types of content have no meaning at that address.",
    ),
    Safeguard(
        name="event_token.its_signature_holds",
        kind="webhook",
        title="The provider signed it",
        attack="Anybody could say that an account was stolen.",
        source="RFC 8935 §5.1",
        reason="event_token_signature",
    ),
    Safeguard(
        name="event_token.says_what_it_is",
        kind="webhook",
        title="It says that it is an event token",
        attack="An id_token, signed with the same key, could be passed off as one.",
        source="RFC 8417 §2.3",
        reason="event_token_typ",
    ),
    Safeguard(
        name="event_token.issued_by_the_provider",
        kind="webhook",
        title="The provider issued it",
        attack="One provider could tell of the users of another.",
        source="RFC 8417 §2.2",
        reason="event_token_iss",
    ),
    Safeguard(
        name="event_token.meant_for_us_alone",
        kind="webhook",
        title="It is meant for us alone",
        attack="Another receiver could pass on what it was told.",
        source="RFC 8417 §2.2",
        reason="event_token_aud",
    ),
    Safeguard(
        name="event_token.not_issued_in_future",
        kind="webhook",
        title="It does not come from the future",
        attack="An event could be told before it happens.",
        source="RFC 8417 §2.2",
        reason="event_token_iat",
        always_on=_NOTHING_TO_KEEP,
    ),
    Safeguard(
        name="event_token.has_an_id",
        kind="webhook",
        title="It has an id of its own",
        attack="None: one event could not be told from another.",
        source="RFC 8417 §2.2",
        reason="event_token_jti",
        always_on=_NOTHING_TO_KEEP,
    ),
    Safeguard(
        name="event_token.tells_of_an_event",
        kind="webhook",
        title="It tells of an event",
        attack="None: nothing happened.",
        source="RFC 8417 §2.2",
        reason="event_token_events",
        always_on=_NOTHING_TO_KEEP,
    ),
)
