"""An endpoint that is gone is shown as such, and can be sent to again."""

from flask.testing import FlaskClient

from oauthapp.callers.sender import endpoint_store
from oauthapp.callers.sender.endpoints import add_endpoint
from oauthapp.database import writing
from oauthapp.services import ProviderServices
from oauthapp.settings import Endpoint
from tests.callers.sender.conftest import SECRET
from tests.control.conftest import NOW
from tests.control.conftest import calls
from tests.control.conftest import client
from tests.control.conftest import control
from tests.control.conftest import provider
from tests.control.conftest import recorder
from tests.control.conftest import services

__all__ = ["calls", "client", "control", "provider", "recorder", "services"]

URL = "http://localhost:5000/webhooks/demo"


def test_what_is_gone_is_sent_to_again(
    client: FlaskClient, services: ProviderServices
) -> None:
    add_endpoint(services, Endpoint(url=URL, secret=SECRET))
    with writing(services.database) as connection:
        endpoint_store.disable(connection, URL, reason="gone", now=NOW)
    gone = client.get("/control/endpoints").get_json()

    again = client.delete("/control/endpoints/disabled").get_json()

    assert gone == {"endpoints": [{"url": URL, "disabled": "gone"}]}
    assert again == {"endpoints": [{"url": URL, "disabled": ""}]}


def test_nobody_from_elsewhere_gives_this_order(client: FlaskClient) -> None:
    answer = client.delete(
        "/control/endpoints/disabled", headers={"Sec-Fetch-Site": "same-site"}
    )

    assert answer.status_code == 403
