"""One of the processes: it builds its party, answers, and keeps what it heard."""

import gc
import os
import signal
import sys
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from multiprocessing import parent_process
from multiprocessing.connection import Connection
from threading import Thread
from typing import Any

from flask import Flask

from oauthapp import running
from oauthapp.heaps import share_heaps
from oauthapp.production.bridge import Bridge

#: Makes the party; it is sent to the processes, so it is a function of a module.
Build = Callable[[], Flask]


@dataclass(frozen=True, kw_only=True)
class Worker:
    """What each process is told."""

    build: Build
    #: Where it says that it listens.
    ready: Connection

    def __call__(self) -> Any:
        """The application of this process; the server calls this in it."""
        share_heaps()
        stack = ExitStack()
        party = self.build()
        stack.callback(running.close, party)
        stack.enter_context(running.recording(party))
        gc.collect()
        gc.freeze()  # what is there now stays: nobody waits while it is looked through
        ended = partial(_end, stack)
        return Bridge(party.wsgi_app, listening=self._listening, stopped=ended)

    def _listening(self) -> None:
        # Ctrl-C reaches every process of a terminal; the first one tells the others.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        Thread(target=_end_with_parent, name="parent", daemon=True).start()
        self.ready.send_bytes(b"1")


def _end(stack: ExitStack) -> None:
    """Close all, and the process with it: the server's own threads still run.

    They cannot outlive the interpreter, and would say so by aborting.
    """
    stack.close()
    sys.stdout.flush()
    os._exit(0)


def _end_with_parent() -> None:
    """Nobody could stop or replace a process whose parent is gone."""
    parent = parent_process()
    assert parent is not None
    parent.join()
    os.kill(os.getpid(), signal.SIGTERM)
