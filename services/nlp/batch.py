"""Reads reports without a broker: one JSON object in, one answer out, by the functions that the service uses."""

import json
import sys
from collections.abc import Mapping
from datetime import UTC, datetime

from schemas.base import to_utc
from schemas.ids import content_hash, report_id
from schemas.report import Report, TimeProvenance
from services.nlp import countries
from services.nlp.reader import ReportReader
from services.nlp.toponyms import Found

UNKNOWN_TIME = datetime(1970, 1, 1, tzinfo=UTC)
"""`fetched_at` of a report that does not say when it was published: nothing is then relative to now."""


def report_from(given: Mapping[str, object], now: datetime = UNKNOWN_TIME) -> Report:
    """A report as the batch commands are given it: {id?, title?, text, published_at?, source?, language?, url?}.

    Raises ValueError naming the field that is missing or malformed.
    """
    text = given.get("text")
    if not isinstance(text, str):
        raise ValueError("text: missing or not a string")
    published = _instant(given.get("published_at"))
    title, source = _text(given, "title"), _text(given, "source") or "batch"
    return Report(
        id=_text(given, "id") or report_id(_text(given, "url"), source, title, text),
        revision=content_hash(title, text), text=text, title=title, url=_text(given, "url"), source=source,
        language=_text(given, "language"), published_at=published, fetched_at=published or now,
        published_at_provenance=TimeProvenance.GIVEN if published else TimeProvenance.MISSING,
    )  # fmt: skip


def _text(given: Mapping[str, object], name: str) -> str | None:
    value = given.get(name)
    return str(value) if value not in (None, "") else None


def _instant(value: object) -> datetime | None:
    if not value:
        return None
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        raise ValueError(f"published_at: {value!r} is not an ISO 8601 time") from None
    return to_utc(moment if moment.tzinfo else moment.replace(tzinfo=UTC))


def answer(
    given: Mapping[str, object], reader: ReportReader, now: datetime = UNKNOWN_TIME
) -> dict[str, object]:
    """{id, events, places, attributions}: the form that the scoring commands read.

    Offsets of places and attributions count in `text` as given.
    """
    report = report_from(given, now)
    reading = reader.read(report, annotate=True)
    return {
        "id": given.get("id", report.id),
        "language": reading.language,
        "events": [event.model_dump(mode="json") for event in reading.events],
        "places": [_place(found) for found in reading.places],
        "attributions": [{"start": a.start, "end": a.end, "text": a.text} for a in reading.attributions],
    }


def _place(found: Found) -> dict[str, object]:
    """A place; a country stands at its middle."""
    entry = found.entry
    lat, lon = (entry.lat, entry.lon) if entry else countries.centres().get(found.country or "", (None, None))
    return {
        "start": found.start, "end": found.end, "name": found.name, "country": found.country,
        "lat": lat, "lon": lon,
    }  # fmt: skip


def main() -> None:
    """JSON Lines on standard input, answers on standard output."""
    reader = ReportReader.load()
    for line in sys.stdin:
        if line.strip():
            sys.stdout.write(json.dumps(answer(json.loads(line), reader), ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
