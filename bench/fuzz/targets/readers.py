"""What people write in files: settings, API descriptions, saved requests."""

import atexit
import json
import os
import re
import shutil
from pathlib import Path
from tempfile import mkdtemp

from oauthapp.callbacks.webhook.schemes import SCHEMES
from oauthapp.commands.raw_request import read_request
from oauthapp.commands.webhook_report import report
from oauthapp.configuration import load_settings
from oauthapp.errors import InputUnusable
from oauthapp.errors import SettingsError
from oauthapp.explain.report import FORMATS
from oauthapp.explain.report import explain

_FOLDER = mkdtemp(prefix="oauthapp-fuzz-")
atexit.register(shutil.rmtree, _FOLDER, ignore_errors=True)
_FILE = Path(_FOLDER) / "settings.toml"
#: What ends a line in YAML 1.1, a carriage return alone too.
_BREAK = re.compile(rb"\r\n|\r|\n|\xc2\x85|\xe2\x80[\xa8\xa9]")
_SECRETS = {
    "standard": ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
    "stripe": ["whsec_just_as_it_is"],
    "github": ["It's a Secret to Everybody"],
    "slack": ["a-secret-of-16-chars"],
}


def settings(raw: bytes) -> bool:
    """TOML; after a line `#env` the environment, a variable a line."""
    toml, _, environment = raw.partition(b"\n#env\n")
    _FILE.write_bytes(toml)
    pairs = (one.partition("=") for one in os.fsdecode(environment).split("\n"))
    environ = {name: value for name, sign, value in pairs if sign}
    try:
        load_settings(_FILE, environ)
    except SettingsError as refused:
        said = str(refused)
        assert said and "\n" not in said
        assert len(said) < 4 * len(raw) + 1000
        return False
    return True


def openapi(raw: bytes) -> bool:
    """What `oauthapp explain` says of a document."""
    try:
        found = explain(raw, file="x")
    except InputUnusable as refused:
        said = str(refused)
        assert "\n" not in said and len(said) < 1000
        return False
    for write in FORMATS.values():
        told = write(found)
        text = told if isinstance(told, str) else json.dumps(told)
        assert len(text.encode()) < 100 * len(raw) + 20_000
    lines = len(_BREAK.findall(raw)) + 1
    assert all(1 <= one.line <= lines for one in found.findings)
    return bool(found.findings)


def raw_request(raw: bytes) -> bool:
    """What `oauthapp verify` says of a saved request, under each scheme."""
    try:
        request = read_request(raw)
    except InputUnusable as refused:
        said = str(refused)
        assert "\n" not in said and said.isprintable()
        return False
    accepted = False
    for name in SCHEMES:
        said = report(
            name,
            secrets=_SECRETS[name],
            headers=request.headers,
            body=request.body,
            now=1_700_000_000.0,
        )
        words, told = said.in_words(), json.dumps(said.as_json())
        assert len(words.encode()) + len(told) < 30 * len(raw) + 10_000
        assert words.replace("\n", "").isprintable()
        accepted = accepted or said.accepted
    return accepted
