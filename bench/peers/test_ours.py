"""Our fixture, kept open until stdin ends."""

import json
import sys


def test_it(oauth_provider):
    oauth_provider.client(
        "http://localhost:1/callback", client_id="bench", client_secret="bench-secret"
    )
    print(json.dumps({"issuer": oauth_provider.issuer}), flush=True)
    sys.stdin.read()
