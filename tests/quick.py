"""What makes a test run quicker, and changes nothing of what is tested."""

import gc
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from werkzeug.routing import Rule

MEMORY = Path("/dev/shm")
#: A test that has passed takes its files away; so much may be there at a time.
ENOUGH = 512 * 1024 * 1024


def write_to_memory() -> None:
    """Let temporary files be where no write waits for a disk, if there is room.

    SQLite syncs as it does elsewhere, which costs nothing there: processes are killed
    in these tests, machines are not.
    """
    if "TMPDIR" in os.environ or not os.access(MEMORY, os.W_OK):
        return
    if shutil.disk_usage(MEMORY).free >= ENOUGH:
        os.environ["TMPDIR"] = str(MEMORY)
        tempfile.tempdir = None  # look again


def keep_bytecode(config: pytest.Config) -> None:
    """Let us and processes that we start keep what is compiled, also where none may.

    Beside pytest's own cache, so that the tree stays as it is.
    """
    cache: pytest.Cache | None = getattr(config, "cache", None)
    if cache is not None and os.environ.pop("PYTHONDONTWRITEBYTECODE", ""):
        os.environ["PYTHONPYCACHEPREFIX"] = str(cache.mkdir("bytecode"))
        sys.pycache_prefix = os.environ["PYTHONPYCACHEPREFIX"]
        sys.dont_write_bytecode = False


def keep_what_is_there() -> None:
    """Let nobody look through modules and tests for garbage again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def share_url_builders() -> None:
    """Let werkzeug compile the two functions of a URL rule once, not for each app.

    They depend on nothing but the rule's text where it has no defaults.
    """
    compiled: dict[Any, Callable[..., tuple[str, str]]] = {}
    compile_builder = Rule._compile_builder

    def compile_once(
        self: Rule, append_unknown: bool = True
    ) -> Callable[..., tuple[str, str]]:
        if self.defaults:
            return compile_builder(self, append_unknown)
        key = (self.rule, tuple(self._trace), append_unknown)
        if key not in compiled:
            compiled[key] = compile_builder(self, append_unknown)
        return compiled[key]

    Rule._compile_builder = compile_once  # type: ignore[method-assign]
