"""How long does an answer ask its caller to wait? Pure."""

from datetime import UTC
from datetime import datetime
from email.utils import parsedate_to_datetime


def read_retry_after(value: str, *, now: float) -> float | None:
    """Seconds that `Retry-After` asks for (RFC 9110 §10.2.3), None when it does not."""
    if value.isascii() and value.isdigit():
        return float(value[:9])
    try:
        at = parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    moment = at if at.tzinfo else at.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.fromtimestamp(now, UTC)).total_seconds())
