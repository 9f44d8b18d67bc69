"""What labels may say: only what stands in tables of ours, and "other"."""

from collections.abc import Iterator

from oauthapp.errors import OauthappError

OTHER = "other"

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

#: Reason codes of calls that were accepted, and of bins.
_ACCEPTED = {"duplicate", "still_running", "bin_failing"}
#: What the standards name: RFC 6749 §4.1.2.1 and §5.2, RFC 6750, 7009, 7591, 9101 and
#: OpenID Connect Core §3.1.2.6.
_STANDARD = {
    *("invalid_request", "invalid_client", "invalid_grant", "invalid_scope"),
    *("unauthorized_client", "unsupported_grant_type", "unsupported_response_type"),
    *("access_denied", "server_error", "temporarily_unavailable", "invalid_token"),
    *("insufficient_scope", "login_required", "consent_required"),
    *("interaction_required", "account_selection_required", "invalid_request_uri"),
    *("request_not_supported", "request_uri_not_supported", "invalid_request_object"),
    *("unsupported_token_type", "invalid_redirect_uri", "invalid_client_metadata"),
}


def known_reasons() -> frozenset[str]:
    """Every reason code that there is, "" among them."""
    codes = {one.code for one in _descendants(OauthappError)}
    return frozenset({"", *_ACCEPTED, *_STANDARD, *codes})


def _descendants(of: type[OauthappError]) -> Iterator[type[OauthappError]]:
    yield of
    for one in of.__subclasses__():
        yield from _descendants(one)
