"""What senders publish as right is right, and nearly right is not."""

from dataclasses import dataclass

import pytest

from oauthapp.callbacks.webhook.schemes import SCHEMES
from oauthapp.callbacks.webhook.verify import verify
from oauthapp.callers.sender.sign import signed_headers


@dataclass(frozen=True, kw_only=True)
class Published:
    """A message and its signature as somebody else wrote them down."""

    scheme: str
    secret: str
    headers: dict[str, str]
    body: bytes
    at: int = 0
    message_id: str | None = None
    #: What signs, where that is another secret than what checks.
    private: str = ""


STRIPE_BODY = b"""{
  "id": "evt_123",
  "object": "event",
  "account": "acct_123",
  "api_version": "2017-05-25",
  "created": 1533204620,
  "data": {
    "object": {
      "id": "cus_123",
      "object": "customer",
      "created": 123456789,
      "email": "test@stripe.com",
      "livemode": false,
      "metadata": {}
    }
  },
  "livemode": false,
  "pending_webhooks": 1,
  "request": {
    "id": "req_123",
    "idempotency_key": "idempotency-key-123"
  },
  "type": "customer.created"
}
"""
SLACK_BODY = (
    b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow"
    b"&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA"
    b"&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F"
    b"%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXa"
    b"IFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
)

PUBLISHED = {
    # github.com/standard-webhooks/standard-webhooks, the tests of its libraries
    "standard, v1": Published(
        scheme="standard",
        secret="whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        headers={
            "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
            "webhook-timestamp": "1614265330",
            "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        },
        body=b'{"test": 2432232314}',
        at=1614265330,
        message_id="msg_p5jXN8AQM9LWM0D4loKWxJek",
    ),
    # github.com/svix/svix-webhooks, server/svix-server/src/worker.rs and README.md
    "standard, v1a": Published(
        scheme="standard",
        secret="whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4=",
        private=(
            "whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlX0dR"
            "qSKJp4AJ6p9lMicMFs6Kvg=="
        ),
        headers={
            "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
            "webhook-timestamp": "1614265330",
            "webhook-signature": (
                "v1a,hnO3f9T8Ytu9HwrXslvumlUpqtNVqkhqw/enGzPCXe5BdqzCInXqYXFymVJaA7AZ"
                "dpXwVLPo3mNl8EM+m7TBAg=="
            ),
        },
        body=b'{"test": 2432232314}',
        at=1614265330,
        message_id="msg_p5jXN8AQM9LWM0D4loKWxJek",
    ),
    # github.com/stripe/stripe-dotnet, EventUtilityTest.cs and event_test_signature.json
    "stripe": Published(
        scheme="stripe",
        secret="webhook_secret",
        headers={
            "Stripe-Signature": (
                "t=1533204620,"
                "v1=2220f87ef101a04665f11cdf770523143f875572008577fa0f20882ddb9cc3c7,"
                "v0=63f3a72374a733066c4be69ed7f8e5ac85c22c9f0a6a612ab9a025a9e4ee7eef"
            )
        },
        body=STRIPE_BODY,
        at=1533204620,
        message_id="evt_123",
    ),
    # docs.github.com/webhooks/using-webhooks/validating-webhook-deliveries
    "github": Published(
        scheme="github",
        secret="It's a Secret to Everybody",
        headers={
            "X-GitHub-Delivery": "72d3162e-cc78-11e3-81ab-4c9367dc0958",
            "X-Hub-Signature-256": (
                "sha256="
                "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
            ),
        },
        body=b"Hello, World!",
        message_id="72d3162e-cc78-11e3-81ab-4c9367dc0958",
    ),
    # docs.slack.dev/authentication/verifying-requests-from-slack
    "slack": Published(
        scheme="slack",
        secret="8f742231b10e8888abcd99yyyzzz85a5",
        headers={
            "X-Slack-Request-Timestamp": "1531420618",
            "X-Slack-Signature": (
                "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"
            ),
        },
        body=SLACK_BODY,
        at=1531420618,
    ),
}


@pytest.fixture(params=PUBLISHED)
def published(request: pytest.FixtureRequest) -> Published:
    return PUBLISHED[request.param]


def test_a_published_signature_verifies_as_published(published: Published) -> None:
    verdict = verify(
        scheme=SCHEMES[published.scheme],
        secrets=[published.secret],
        headers=published.headers,
        body=published.body,
        now=published.at,
    )
    assert verdict.accepted, verdict.reason
    assert published.message_id in (None, verdict.message_id)


def test_with_one_byte_more_it_does_not(published: Published) -> None:
    verdict = verify(
        scheme=SCHEMES[published.scheme],
        secrets=[published.secret],
        headers=published.headers,
        body=published.body + b"\n",
        now=published.at,
    )
    assert verdict.reason == "signature_mismatch"


def test_we_sign_as_published(published: Published) -> None:
    ours = signed_headers(
        scheme=published.scheme,
        secret=published.private or published.secret,
        message_id=published.message_id or "",
        timestamp=published.at,
        body=published.body,
    )
    if published.scheme == "stripe":  # which signs a second time while testing
        theirs = published.headers["Stripe-Signature"].rpartition(",v0=")[0]
        assert ours == {"Stripe-Signature": theirs}
    else:
        assert ours == published.headers
