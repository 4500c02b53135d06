"""W3C trace context: one trace from a report to its webhook, a new span at each hop."""

import re
import secrets
from contextvars import ContextVar

_VALID = re.compile(r"^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$")

current: ContextVar[str | None] = ContextVar("traceparent", default=None)
"""The `traceparent` of the record in hand."""


def new_traceparent() -> str:
    """The root of a new trace, sampled."""
    return f"00-{secrets.token_hex(16)}-{secrets.token_hex(8)}-01"


def is_valid(traceparent: str) -> bool:
    """Whether it has version 00's form."""
    return bool(_VALID.match(traceparent))


def child(traceparent: str | None) -> str:
    """The same trace with a new span; a new trace where there is none."""
    if not traceparent:
        return new_traceparent()
    version, trace, _, flags = traceparent.split("-")
    return f"{version}-{trace}-{secrets.token_hex(8)}-{flags}"


def trace_id(traceparent: str | None) -> str | None:
    """The 32 hex digits that name the trace."""
    return traceparent.split("-")[1] if traceparent else None
