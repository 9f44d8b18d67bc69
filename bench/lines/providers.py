"""Providers as tests start them: how soon they answer, logins and tokens a second."""

import base64
import tempfile
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from urllib.parse import urlsplit

import requests
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256

from bench.lines.line import Beside
from bench.lines.line import Line
from bench.lines.line import Round
from bench.lines.line import Sizes
from bench.lines.line import beside
from bench.lines.line import median
from bench.lines.receiving import serving
from bench.load import ask_all
from bench.logins import CLIENT
from bench.logins import begin
from bench.logins import log_in
from bench.parties import Party
from bench.parties import parties
from bench.plugin import WITHOUT
from bench.plugin import collect
from bench.processes import held_by

READY, LOGINS, TOKENS, MEMORY = "ready", "logins", "tokens", "memory"
#: Connections over which tokens are asked for.
CLIENTS = 4
#: Requests of a login at ours.
STEPS = 5
_FLOORS = {
    LOGINS: (f"{STEPS} requests to a bare view",),
    TOKENS: ("bare RS256 signature",),
    READY: ("bare Flask server", "pytest without a test"),
}
_LIMITS = {
    LOGINS: "five requests where peers have three or four, and who asks",
    TOKENS: "SQLAlchemy, Authlib and Flask; the RS256 signature is a fifth",
    READY: "importing SQLAlchemy, Flask and Authlib",
}
_WORDS = {
    LOGINS: ("complete logins at the provider", "/s"),
    TOKENS: ("token endpoint, codes exchanged", "/s"),
    READY: ("provider start-up until it answers", "s"),
}


def lines(sizes: Sizes) -> Iterator[Line]:
    """Ours beside other people's, in a test and as a process."""
    found = list(parties(sizes.iam_python))
    rounds: list[Round] = []
    for number in range(sizes.rounds + 1):  # the first one compiles their modules
        one = _floors(sizes)
        for party in found:
            one |= _round(party, sizes.logins if number else 1)
        rounds.append(one)
    for ours in dict.fromkeys(party.beside for party in found):
        for what in (LOGINS, TOKENS, READY):
            peers = [p.name for p in found if p.beside == ours and p.name != ours]
            yield _line(what, ours, peers, rounds[1:])


def _line(what: str, ours: str, peers: list[str], rounds: list[Round]) -> Line:
    words, unit = _WORDS[what]
    alone = ours.endswith("process")
    floors = _FLOORS[what]
    if what == READY:
        floors = floors[:1] if alone else floors[1:]
    return Line(
        what=f"{words}, {ours.removeprefix('oauthapp, ')}",
        ours=median(rounds, f"{ours} {what}"),
        unit=unit,
        floors=tuple(beside(rounds, f"{ours} {what}", name) for name in floors),
        peers=tuple(_peer(rounds, what, ours, name) for name in peers),
        limit=_LIMITS[what],
        sound=all(one[f"{ours} sound"] for one in rounds),
    )


def _peer(rounds: list[Round], what: str, ours: str, name: str) -> Beside:
    found = beside(rounds, f"{ours} {what}", f"{name} {what}")
    return Beside(name=name, value=found.value, ratio=found.ratio)


def _round(party: Party, logins: int) -> Round:
    """Start it, sign in, then exchange as many codes that were fetched before."""
    began = time.perf_counter()
    with party.running() as (process, metadata):
        ready = time.perf_counter() - began
        memory = held_by(process.pid).rss_kb / 1024
        log_in(metadata)
        began = time.perf_counter()
        users = {log_in(metadata).sub for _ in range(logins)}
        took = time.perf_counter() - began
        rate, sound = _tokens(metadata, logins)
    return {
        f"{party.name} {READY}": ready,
        f"{party.name} {LOGINS}": logins / took,
        f"{party.name} {TOKENS}": rate,
        f"{party.name} {MEMORY}": memory,
        f"{party.name} sound": float(len(users) == 1 and sound),
    }


def _tokens(metadata: dict[str, Any], count: int) -> tuple[float, bool]:
    where = urlsplit(metadata["token_endpoint"])
    raw = [
        _token_request(where.path, where.netloc, begin(metadata).form)
        for _ in range(count)
    ]
    answers = ask_all(where.port or 80, raw, CLIENTS)
    return count / answers.elapsed, answers.statuses == [200] * count


def _token_request(path: str, host: str, form: dict[str, str]) -> bytes:
    body = urlencode(form)
    known = base64.b64encode(":".join(CLIENT).encode()).decode()
    lines = [
        f"POST {path} HTTP/1.1",
        f"Host: {host}",
        f"Authorization: Basic {known}",
        "Content-Type: application/x-www-form-urlencoded",
        f"Content-Length: {len(body)}",
    ]
    return "\r\n".join((*lines, "", body)).encode()


def _floors(sizes: Sizes) -> Round:
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        with serving(Path(folder), "bench.bare") as port:
            bare = time.perf_counter() - began
            views = _bare_views(port, sizes.logins)
        empty = Path(folder, "empty")
        empty.mkdir()
        return {
            _FLOORS[LOGINS][0]: views,
            _FLOORS[TOKENS][0]: _bare_signatures(),
            _FLOORS[READY][0]: bare,
            _FLOORS[READY][1]: collect(str(empty), WITHOUT)[0] / 1000,
        }


def _bare_views(port: int, count: int) -> float:
    """As a login: three requests of a browser and two of a client, by the same code."""
    url = f"http://127.0.0.1:{port}/webhooks/demo"
    began = time.perf_counter()
    for _ in range(count):
        for steps in (STEPS - 2, 2):
            with requests.Session() as session:
                session.trust_env = False
                for _ in range(steps):
                    assert session.post(url, data={"a": "b"}).status_code == 204
    return count / (time.perf_counter() - began)


def _bare_signatures(count: int = 300) -> float:
    key, began = _key(), time.perf_counter()
    for _ in range(count):
        key.sign(b"x" * 600, PKCS1v15(), SHA256())
    return count / (time.perf_counter() - began)


@cache
def _key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)
