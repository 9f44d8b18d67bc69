"""What is asked of a result that a server posts where we asked it to."""

from typing import Final

from oauthapp.safeguards.safeguard import Safeguard

RESULT: Final[tuple[Safeguard, ...]] = (
    Safeguard(
        name="it_tells_a_result",
        kind="callback_url",
        title="It tells the result of a job",
        attack="None: there is no result to take.",
        source="Standard Webhooks 1.0.0",
        reason="not_a_result",
        always_on="What cannot be read can do nothing.",
    ),
    Safeguard(
        name="somebody_here_waits_for_it",
        kind="callback_url",
        title="Somebody here waits for it",
        attack="None: there is nothing that the result would belong to.",
        source="RFC 9110 §15.3.3",
        reason="job_not_asked",
        always_on="What nobody asked for has no place where it could be kept.",
    ),
    Safeguard(
        name="we_asked_this_provider",
        kind="callback_url",
        title="It is from the provider that we asked",
        attack="One provider could tell the results of another’s jobs.",
        source="RFC 9110 §15.3.3",
        reason="job_of_another_provider",
    ),
    Safeguard(
        name="it_is_the_job_that_was_begun",
        kind="callback_url",
        title="It is of the job that was begun for us",
        attack="The result of a job that somebody else ordered would pass for ours.",
        source="RFC 9110 §15.3.3",
        reason="job_mismatch",
    ),
    Safeguard(
        name="no_other_result_came_before",
        kind="callback_url",
        title="A job has one result",
        attack="A result that has been acted upon could be replaced later.",
        source="Standard Webhooks 1.0.0",
        reason="result_twice",
    ),
)

REPORT: Final[tuple[Safeguard, ...]] = (
    Safeguard(
        name="it_is_our_providers_address",
        kind="callback_url",
        title="The address is one of the provider in our settings",
        attack="Whoever names the address of a report is sent our client_secret, and "
        "may choose a machine that only we can reach (SSRF).",
        source="OWASP ASVS 5.0, 1.3.6",
        reason="address_elsewhere",
    ),
)
