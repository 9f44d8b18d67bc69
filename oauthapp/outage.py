"""What fails over and over is logged once, and once more when it works again."""

import logging

log = logging.getLogger(__name__)


class Outage:
    """Of one loop: a store that is away fails it every second."""

    def __init__(self, who: str) -> None:
        """:param who: as the log names it."""
        self._who = who
        self._failing: type[Exception] | None = None
        self._times = 0

    def failed(self, error: Exception) -> None:
        """Log `error`, unless the round before failed in the same way."""
        self._times += 1
        if type(error) is self._failing:
            return
        self._failing = type(error)
        log.error("%s: %s", self._who, self._failing.__name__, exc_info=error)

    def worked(self) -> None:
        """Log that it does again, if it did not."""
        if self._failing is None:
            return
        log.warning("%s: works again, %d rounds had failed", self._who, self._times)
        self._failing, self._times = None, 0
