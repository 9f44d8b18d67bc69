"""Threads share heaps, as the C library itself counts them."""

import os
import platform
import subprocess
import sys
from multiprocessing import Pipe
from pathlib import Path
from typing import NoReturn

import pytest
from click.testing import CliRunner

from oauthapp import demo_command
from oauthapp.commands.serving import Serving
from oauthapp.commands.serving import serve
from oauthapp.commands.worker import worker
from oauthapp.errors import SettingsError
from oauthapp.production.worker import Worker

pytestmark = pytest.mark.skipif(
    platform.libc_ver()[0] != "glibc", reason="another C library has no such heaps"
)

#: Eight threads that hold memory at the same time, and how many heaps there are then.
COUNT = """
import ctypes, re, threading
from oauthapp.heaps import share_heaps

{before}
libc = ctypes.CDLL(None)
libc.malloc.restype = libc.open_memstream.restype = ctypes.c_void_p
all_hold = threading.Barrier(8)

def hold():
    libc.malloc(1000)
    all_hold.wait()

threads = [threading.Thread(target=hold) for _ in range(8)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
text, size = ctypes.c_char_p(), ctypes.c_size_t()
stream = libc.open_memstream(ctypes.byref(text), ctypes.byref(size))
libc.malloc_info(0, ctypes.c_void_p(stream))
libc.fclose(ctypes.c_void_p(stream))
print(len(re.findall(b"<heap nr", text.value)))
"""


def heaps(before: str, **environment: str) -> int:
    told = {name: text for name, text in os.environ.items() if "ARENA" not in name}
    ran = subprocess.run(
        [sys.executable, "-c", COUNT.format(before=before)],
        env=told | environment,
        capture_output=True,
        text=True,
        check=True,
        timeout=30,
    )
    return int(ran.stdout)


def test_threads_share_two_heaps() -> None:
    assert heaps("") > 2
    assert heaps("share_heaps()") == 2


def test_who_set_their_number_is_obeyed() -> None:
    assert heaps("share_heaps()", MALLOC_ARENA_MAX="4") == 4


def test_another_c_library_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    import ctypes

    from oauthapp.heaps import share_heaps

    monkeypatch.setattr(ctypes, "CDLL", lambda _name: object())
    monkeypatch.delenv("MALLOC_ARENA_MAX", raising=False)

    share_heaps()


def test_every_process_that_serves_shares_them_first(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    order = list[str]()

    def build() -> NoReturn:
        order.append("built")
        raise SettingsError("enough")

    monkeypatch.setattr("oauthapp.heaps.share_heaps", lambda: order.append("shared"))
    monkeypatch.setattr(
        "oauthapp.production.worker.share_heaps", lambda: order.append("shared")
    )
    monkeypatch.setattr(
        "oauthapp.demo_command.share_heaps", lambda: order.append("shared")
    )
    monkeypatch.setattr("oauthapp.demo_command.running_demo", lambda *_, **__: build())
    reader, writer = Pipe(duplex=False)
    with reader, writer:
        for start in (
            lambda: serve(build, "http://localhost:5000", Serving(port=0)),
            Worker(build=build, ready=writer),
            lambda: demo_command.serve(tmp_path, app_port=0, provider_port=0),
        ):
            with pytest.raises(SettingsError, match="enough"):
                start()
    told = CliRunner().invoke(worker, ["--config", str(tmp_path / "none.toml")])

    assert order == ["shared", "built"] * 3 + ["shared"]
    assert told.exit_code != 0
