"""A login as both parties' recorders hear it: ten records of seven calls."""

from dataclasses import replace

from oauthapp.recorder.observation import Observation

APP = "http://localhost:5000"
PROVIDER = "http://127.0.0.1:5001"
BROWSER = (("User-Agent", "Mozilla/5.0"), ("Sec-Fetch-Mode", "navigate"))
PROGRAM = (("User-Agent", "oauthapp/0.1 (app)"),)
FORM = ("Content-Type", "application/x-www-form-urlencoded")
JSON = ("Content-Type", "application/json")

STATE, CODE, SID, MESSAGE = "the-state", "the-code", "the-sid", "msg_1"
BACK = (
    f"{APP}/callback/demo?code={CODE}&state={STATE}&iss=http%3A%2F%2F127.0.0.1%3A5001"
)
SIGNED = (JSON, ("Webhook-Id", MESSAGE), ("Webhook-Signature", "v1,c2ln"), *PROGRAM)

#: A browser's GET of the app that nothing ties to anything.
GOOD = Observation(
    id="0000000000000000",
    party="app",
    direction="inbound",
    at=100.0,
    ms=2.0,
    method="GET",
    url=f"{APP}/",
    request_headers=BROWSER,
    request_body=b"",
    status=303,
    answer_headers=(),
    answer_body=b"",
    kind="redirect",
    verdict="accepted",
    reason="",
)

LOGIN = replace(
    GOOD,
    id="login",
    url=f"{APP}/login/demo",
    answer_headers=(("Location", f"{PROVIDER}/authorize?state={STATE}"),),
)
DISCOVERY = replace(
    GOOD,
    id="discovery-sent",
    direction="outbound",
    at=100.1,
    url=f"{PROVIDER}/.well-known/openid-configuration",
    request_headers=PROGRAM,
    status=200,
    verdict="",
    parent_id="login",
)
DISCOVERY_HEARD = replace(
    DISCOVERY,
    id="discovery",
    party="provider",
    direction="inbound",
    at=100.11,
    parent_id=None,
    caller_id="discovery-sent",
)
AUTHORIZE = replace(
    GOOD,
    id="authorize",
    party="provider",
    at=101.0,
    url=f"{PROVIDER}/authorize?state={STATE}",
    answer_headers=(("Location", "/consent?interaction=one"),),
)
CONSENT = replace(
    GOOD,
    id="consent",
    party="provider",
    at=102.0,
    method="POST",
    url=f"{PROVIDER}/consent?interaction=one",
    answer_headers=(("Location", BACK),),
    shares=(("sid", SID),),
)
CALLBACK = replace(
    GOOD,
    id="callback",
    at=103.0,
    url=f"{APP}/callback/demo?code={CODE}&state={STATE}&iss={PROVIDER}",
    answer_headers=(("Location", f"{APP}/"),),
    shares=(("sid", SID),),
)
TOKEN = replace(
    GOOD,
    id="token-sent",
    direction="outbound",
    at=103.1,
    method="POST",
    url=f"{PROVIDER}/token",
    request_headers=(FORM, *PROGRAM),
    request_body=f"grant_type=authorization_code&code={CODE}".encode(),
    status=200,
    verdict="",
    parent_id="callback",
)
TOKEN_HEARD = replace(
    TOKEN,
    id="token",
    party="provider",
    direction="inbound",
    at=103.11,
    verdict="accepted",
    parent_id=None,
    caller_id="token-sent",
)
DELIVERY = replace(
    GOOD,
    id="webhook-sent",
    party="provider",
    direction="outbound",
    at=103.2,
    method="POST",
    url=f"{APP}/webhooks/demo",
    request_headers=SIGNED,
    request_body=b'{"type": "session.created"}',
    status=204,
    kind="webhook",
    verdict="",
)
WEBHOOK = replace(
    DELIVERY,
    id="webhook",
    party="app",
    direction="inbound",
    at=103.21,
    verdict="accepted",
    caller_id="webhook-sent",
    shares=(("sid", SID),),
)

#: In the order in which they are kept: a call when it has ended.
RUN = (
    DISCOVERY_HEARD,
    DISCOVERY,
    LOGIN,
    AUTHORIZE,
    CONSENT,
    TOKEN_HEARD,
    TOKEN,
    CALLBACK,
    WEBHOOK,
    DELIVERY,
)
