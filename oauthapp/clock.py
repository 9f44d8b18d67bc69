"""What time is it? The only place that asks; everyone else is given a clock."""

import time
from collections.abc import Callable

#: Gives the time now, in unix seconds.
Clock = Callable[[], float]

#: The machine's own clock.
system_clock: Clock = time.time
