"""Which kind a name means."""

import pytest

from oauthapp.explain.names import in_words
from oauthapp.explain.names import kind_named

KINDS = {
    "redirect": """redirect_uri redirectUri redirect_uris redirect_url RedirectURI
        return_url returnUrl success_url successURL cancel_url failure_url error_url
        post_logout_redirect_uri postLogoutRedirectUris frontchannel_logout_uri
        return_to cancelled_url checkout_return_uris initiate_login_uri next_url""",
    "webhook": """webhook_url webhookUrl webhook notify_url notifyUrl notification_url
        hook_url events_url ipn_url Webhook-URL backchannel_logout_uri webhooks_url""",
    "callback_url": """callback_url callbackUrl callback_uri callbackURL StatusCallback
        status_callback_url callback postback_url ping_url result_url response_url""",
}
NO_CALLBACKS = """url avatar_url html_url redirect_count is_webhook_enabled returned
    successful callback_id callback_method logo_uri jwks_uri client_uri homepage_url
    cancel email hooks_enabled background_url""".split()


@pytest.mark.parametrize(
    ("kind", "name"),
    [(kind, name) for kind, names in KINDS.items() for name in names.split()],
)
def test_a_name_means_a_kind(kind: str, name: str) -> None:
    assert kind_named(name) == kind


@pytest.mark.parametrize("name", NO_CALLBACKS)
def test_other_names_mean_none(name: str) -> None:
    assert kind_named(name) is None


@pytest.mark.parametrize(
    "name",
    ["callbackUrl", "callback_url", "CallbackURL", "callback-url", "Callback Url"],
)
def test_names_are_compared_word_by_word(name: str) -> None:
    assert in_words(name) == "callback_url"
