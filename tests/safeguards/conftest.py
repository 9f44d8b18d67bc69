"""The app under attack, as in `tests/attacks`, with everybody an attack may need."""

from collections.abc import Callable

import pytest
from joserfc.jwk import RSAKey

from oauthapp.settings import Payments
from oauthapp.settings import WebhookSource
from tests.attacks.evil_provider import EvilProvider
from tests.attacks.house import Clock
from tests.attacks.house import House
from tests.attacks.house import addresses
from tests.attacks.house import clock
from tests.attacks.house import evil
from tests.attacks.house import open_house
from tests.attacks.house import other
from tests.attacks.house import other_rsa_key
from tests.attacks.house import registration
from tests.attacks.house import rsa_key
from tests.callbacks.webhook.senders import SYMMETRIC
from tests.safeguards.scene import Scene

__all__ = [
    "addresses",
    "clock",
    "evil",
    "open_house",
    "other",
    "other_rsa_key",
    "rsa_key",
]


@pytest.fixture
def scene(
    open_house: Callable[..., House],
    evil: EvilProvider,
    other: EvilProvider,
    clock: Clock,
    rsa_key: RSAKey,
    other_rsa_key: RSAKey,
) -> Scene:
    return Scene(
        house=open_house(
            providers={
                name: registration(one.issuer, callback_secrets=[SYMMETRIC])
                for name, one in (("demo", evil), ("other", other))
            },
            webhooks={"demo": WebhookSource(secrets=[SYMMETRIC], provider="demo")},
            payments=Payments(
                provider="demo",
                checkout_endpoint=f"{evil.issuer}/checkout/sessions",
                webhooks="demo",
            ),
        ),
        evil=evil,
        other=other,
        clock=clock,
        key=rsa_key,
        stolen_key=other_rsa_key,
    )
