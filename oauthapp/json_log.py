"""What is printed for programs: one object a line, without queries and secrets."""

import json
import logging
import re
from collections.abc import Mapping
from collections.abc import Sequence
from datetime import UTC
from datetime import datetime
from traceback import walk_tb

from oauthapp.console import is_seen_here
from oauthapp.console import print_lines
from oauthapp.console import printable
from oauthapp.console import printable_path
from oauthapp.recorder.call import Call

#: Characters of a message, and frames of where it came from.
LIMIT = 1000
FRAMES = 20
_QUERY = re.compile(r"\?[^\s'\")>]+")
_LEVELS = {"failed": "error", "refused": "warning"}


def print_calls_as_json(calls: Sequence[Call]) -> None:
    """Print answered calls; what a party sends itself is seen by the other one."""
    print_lines(map(line_of, filter(is_seen_here, calls)))


def line_of(call: Call) -> str:
    """One call. Lines that share one of `links` belong to one run."""
    return _line(
        {
            "time": _moment(call.at),
            "level": _LEVELS.get(call.verdict, "info"),
            "party": call.party,
            "direction": call.direction,
            "method": printable(call.method),
            "path": printable_path(call.url),
            "status": call.status,
            "ms": round(call.ms, 1),
            "kind": call.kind,
            "verdict": call.verdict,
            "reason": call.reason,
            "call": call.id,
            "parent": call.parent_id,
            "caller": call.caller_id,
            "links": sorted(call.links),
        }
    )


def log_as_json() -> None:
    """Let what is logged in this process, also by libraries, be such lines."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonFormatter())
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)


class JsonFormatter(logging.Formatter):
    """A record as one object. Of an error its kind and place: its words may be secret.

    They are the words of whoever raised it, such as an address with its query.
    """

    def format(self, record: logging.LogRecord) -> str:
        told: dict[str, object] = {
            "time": _moment(record.created),
            "level": record.levelname.lower(),
            "logger": record.name,
            "process": record.process,
            "message": _QUERY.sub("?…", record.getMessage())[:LIMIT],
        }
        if record.exc_info and record.exc_info[0] is not None:
            kind, _error, trace = record.exc_info
            told["error"] = kind.__name__
            told["trace"] = [
                f"{frame.f_globals.get('__name__')}:{line} {frame.f_code.co_name}"
                for frame, line in walk_tb(trace)
            ][-FRAMES:]
        return _line(told)


def _line(told: Mapping[str, object]) -> str:
    return json.dumps(told, separators=(",", ":"))


def _moment(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds")
