"""Its server in a thread, as its README shows it, until stdin ends."""

import json
import logging
import sys

from oidc_provider_mock import run_server_in_thread


def test_it():
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    with run_server_in_thread() as server:
        issuer = f"http://localhost:{server.server_port}"
        print(json.dumps({"issuer": issuer}), flush=True)
        sys.stdin.read()
