"""Its fixture, as its tutorial shows it, until stdin ends.

Its user is signed in and has agreed beforehand, so there is no page on the way.
"""

import json
import sys


def test_it(iam_server):
    user = iam_server.random_user(user_name="alice", emails=["alice@example.com"])
    client = iam_server.models.Client(
        client_id="bench",
        client_secret="bench-secret",
        client_name="bench",
        contacts=["bench@example.com"],
        redirect_uris=["http://localhost:1/callback"],
        grant_types=["authorization_code"],
        response_types=["code"],
        scope=["openid", "profile", "email"],
        token_endpoint_auth_method="client_secret_basic",
    )
    iam_server.backend.save(client)
    client.audience = [client]
    iam_server.backend.save(client)
    iam_server.login(user)
    iam_server.consent(user, client)
    print(json.dumps({"issuer": iam_server.url.rstrip("/")}), flush=True)
    sys.stdin.read()
