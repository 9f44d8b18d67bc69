"""The files of one party as one OpenAPI document."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any
from typing import Literal
from typing import cast

import oauthapp

Party = Literal["app", "provider"]


@cache
def document(
    party: Party, url: str, *, control: bool = False, tenants: bool = False
) -> str:
    """The document as JSON.

    :param url: where the party is reached.
    :param control: whether it takes orders, which are described then, too.
    :param tenants: whether such an order may be for a provider more.
    """
    from oauthapp.explain.tree import read_tree  # YAML: nobody waits for it at start

    told: dict[str, Any] = {"openapi": "3.1.1"}
    for path in sorted((Path(__file__).parent / party).glob("*.yaml")):
        if not {"control": control, "tenants": tenants}.get(path.stem, True):
            continue
        area = cast(dict[str, Any], read_tree(path.read_bytes()).root)
        _merge(told, area, path.name)
    told["info"]["version"] = oauthapp.__version__
    told["servers"] = [{"url": url}]
    return json.dumps(told, ensure_ascii=False, indent=2)


def _merge(into: dict[str, Any], area: Mapping[str, Any], name: str) -> None:
    """Add what `area` says; nothing may be said twice."""
    for key, value in area.items():
        if key not in into:
            into[key] = value
        elif isinstance(value, dict) and isinstance(into[key], dict):
            _merge(into[key], value, name)
        else:
            raise ValueError(f"{name}: {key} is said in another file already")
