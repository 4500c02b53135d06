"""Times as people type them: text in, an instant out."""

import re
from datetime import datetime, timedelta

from services.cli.errors import UsageError

_UNITS = {"m": "minutes", "h": "hours", "d": "days"}


def moment(text: str, now: datetime) -> datetime:
    """A time with its offset, or so long before now. Raises `UsageError`."""
    if found := re.fullmatch(r"(\d{1,5})([mhd])", text):
        return now - timedelta(**{_UNITS[found[2]]: int(found[1])})
    try:
        told = datetime.fromisoformat(text)
    except ValueError:
        raise UsageError(f"--since {text!r}: write 30m, 24h, 7d, or 2026-03-04T12:00:00+00:00") from None
    if told.tzinfo is None:
        raise UsageError(f"--since {text!r}: add the offset from UTC, as in {text}+00:00")
    return told
