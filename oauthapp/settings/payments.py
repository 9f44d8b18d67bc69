"""What the app is told of payments."""

from oauthapp import settings_checks as checks
from oauthapp.settings.shape import Shape


class Payments(Shape, frozen=True, kw_only=True):
    """Where orders are paid, and who may say that they are."""

    #: Name in `providers`: we ask for money under our client_id there.
    provider: str
    #: Opens a checkout: `POST /checkout/sessions` at our own provider.
    checkout_endpoint: str
    #: Name in `webhooks`: this sender's messages settle orders, and no others.
    webhooks: str

    def __post_init__(self) -> None:
        checks.require_url("checkout_endpoint", self.checkout_endpoint)
