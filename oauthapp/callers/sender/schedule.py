"""When is an event that is sent again and again due next? Pure."""

import re
from datetime import UTC
from datetime import datetime

from cronsim import CronSim
from cronsim import CronSimError

_INTERVAL = re.compile(r"([1-9][0-9]{0,6})(s|m|h|d)", re.ASCII)
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


class ScheduleMalformed(ValueError):
    """Neither an interval nor a crontab line."""


def next_run(every: str, *, after: float) -> float:
    """The first moment later than `after` (unix seconds) at which it is due.

    :param every: `30s`, `5m`, `2h` or `1d`, or five fields as in crontab(5), in UTC.
    :raises ScheduleMalformed: when it is neither, or never comes due.
    """
    if match := _INTERVAL.fullmatch(every):
        return after + int(match[1]) * _SECONDS[match[2]]
    try:
        moment = next(CronSim(every, datetime.fromtimestamp(after, UTC)))
    except (CronSimError, StopIteration):
        raise ScheduleMalformed(
            f'{every!r}: write "30s", "5m", "2h", "1d" or five fields as in '
            'crontab(5), such as "0 9 * * 1-5"'
        ) from None
    return moment.timestamp()
