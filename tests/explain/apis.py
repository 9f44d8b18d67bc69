"""OpenAPI documents, small and made for one question each."""

import json
from pathlib import Path
from typing import Any

from oauthapp.explain.finding import Finding
from oauthapp.explain.report import explain

HERE = Path(__file__).parent / "documents"
#: All four questions answered for a redirect.
ALL_SAID = (
    "The user's browser opens it by GET when the payment is done. "
    "Nobody calls it again; the user has to start over."
)


def api(paths: Any = None, **more: Any) -> bytes:
    told = {"openapi": "3.1.0", "info": {"title": "t", "version": "1"}}
    return json.dumps({**told, "paths": paths or {}, **more}).encode()


def posting(schema: Any, path: str = "/things", **operation: Any) -> bytes:
    """An API with one operation that takes one JSON body."""
    body = {"content": {"application/json": {"schema": schema}}}
    return api({path: {"post": {"requestBody": body, **operation}}})


def field(name: str, description: str = "", **more: Any) -> bytes:
    """An API whose one request has one field."""
    told = {"type": "string", "description": description, **more}
    return posting({"type": "object", "properties": {name: told}})


def found(raw: bytes) -> list[Finding]:
    return list(explain(raw, file="api.json").findings)


def only(raw: bytes) -> Finding:
    (finding,) = found(raw)
    return finding


def open_in(finding: Finding) -> list[str]:
    return [answer.question for answer in finding.open]
