"""The CloudEvents 1.0 envelope of every record, in Kafka's binary mode, with `traceparent`."""

import re
from collections.abc import Iterable, Mapping

from schemas.base import Model, UtcDatetime, iso_utc

CONTENT_TYPE = "application/json"
Headers = list[tuple[str, bytes]]

_ATTRIBUTES = ("id", "source", "type", "subject", "time")
_TRACEPARENT = re.compile(r"^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$")


class EnvelopeError(ValueError):
    """The headers are not those of a CloudEvent in binary mode."""


class Envelope(Model):
    """The attributes of one CloudEvent. `source` and `id` together are unique: readers drop repeats so."""

    id: str
    source: str
    """`/tocsin/<service>`."""
    type: str
    """`org.tocsin.<entity>.v1`."""
    subject: str
    """The record's key."""
    time: UtcDatetime | None = None
    traceparent: str | None = None

    def to_headers(self, *, removal: bool = False) -> Headers:
        """Kafka headers. A removal (null value) has no data and therefore no `content-type`."""
        headers = [("ce_specversion", "1.0")]
        headers += [(f"ce_{name}", value) for name in _ATTRIBUTES if (value := self._text(name))]
        if not removal:
            headers.append(("content-type", CONTENT_TYPE))
        if self.traceparent:
            headers.append(("traceparent", self.traceparent))
        return [(name, value.encode()) for name, value in headers]

    def _text(self, name: str) -> str | None:
        if name == "time":
            return iso_utc(self.time) if self.time else None
        return str(getattr(self, name))

    @classmethod
    def from_headers(cls, headers: Mapping[str, bytes] | Iterable[tuple[str, bytes]]) -> "Envelope":
        """Read an envelope; header names in any case. Raises `EnvelopeError` naming what is missing or wrong.

        A `traceparent` that is not W3C's is dropped, as the Trace Context recommendation asks.
        """
        pairs = headers.items() if isinstance(headers, Mapping) else headers
        try:
            found = {name.lower(): value.decode() for name, value in pairs}
        except UnicodeDecodeError:
            raise EnvelopeError("a header is not UTF-8") from None
        if found.get("content-type", CONTENT_TYPE).lower().startswith("application/cloudevents"):
            raise EnvelopeError("structured mode: this topic carries binary mode only")
        if found.get("ce_specversion") != "1.0":
            raise EnvelopeError("header ce_specversion is not 1.0")
        missing = [name for name in ("id", "source", "type") if not found.get(f"ce_{name}")]
        if missing:
            raise EnvelopeError("missing header " + ", ".join(f"ce_{name}" for name in missing))
        return cls._build(found)

    @classmethod
    def _build(cls, found: Mapping[str, str]) -> "Envelope":
        trace = found.get("traceparent", "")
        values = {name: found.get(f"ce_{name}") for name in _ATTRIBUTES}
        values["subject"] = values["subject"] or ""
        values["traceparent"] = trace if _TRACEPARENT.match(trace) else None
        try:
            return cls.model_validate(values)
        except ValueError:
            raise EnvelopeError("header ce_time is not an RFC 3339 time") from None


def event_type(entity: str) -> str:
    """The CloudEvents type of a topic's records: `org.tocsin.event.v1`."""
    return f"org.tocsin.{entity}.v1"
