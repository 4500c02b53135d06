"""What nlp reads in one report, for a person: the report's text with its spans, each event's fields, and why."""

import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from schemas.base import iso_utc
from schemas.event import CasualtyBand, ConflictEvent, Evidence, Named, Place, TimeSpan
from schemas.report import Report
from services.cli.output import WIDTH_WITHOUT_TERMINAL, printable, shortened

_OF_THE_TRIGGER = ("assertion", "novelty", "phase")
"""Fields whose evidence is the trigger: the text need not mark them once more."""
_COLOURS = {
    "trigger": "bold red", "place": "green", "occurred": "cyan", "killed": "magenta", "injured": "magenta",
    "displaced": "magenta", "actor": "yellow", "target": "yellow", "weapon": "yellow", "claimants": "blue",
}  # fmt: skip
_QUOTE = 60


class Mark(NamedTuple):
    """A span of the text and what it is evidence of: "1 trigger"."""

    start: int
    end: int
    label: str
    field: str


def show(report: Report, events: Sequence[ConflictEvent], silence: str) -> None:
    """Print it. `silence`: why there is no event, where there is none."""
    console = Console(width=None if sys.stdout.isatty() else WIDTH_WITHOUT_TERMINAL, highlight=False)
    console.print(explained(report, events, silence))


def explained(report: Report, events: Sequence[ConflictEvent], silence: str) -> RenderableType:
    """The whole explanation of one report."""
    parts: list[RenderableType] = [_head(report, events)]
    for in_title, text in ((True, report.title or ""), (False, report.text)):
        if text:
            style = "bold" if in_title else ""
            parts.append(Padding(marked(text, marks(events, in_title), style), (1, 0, 0, 2), expand=False))
    if not events:
        parts.append(Padding(Text(silence), (1, 0), expand=False))
    for number, event in enumerate(events, 1):
        parts += [Padding(_verdict(number, event), (1, 0, 0, 0), expand=False), _fields(event)]
    return Group(*parts)


def _head(report: Report, events: Sequence[ConflictEvent]) -> Text:
    when = iso_utc(report.published_at) if report.published_at else "no date"
    reader = f" · {events[0].reader}" if events else ""
    return Text(
        shortened(f"{report.id} · {report.source} · {when}{reader}", WIDTH_WITHOUT_TERMINAL), style="dim"
    )


def marks(events: Sequence[ConflictEvent], in_title: bool) -> list[Mark]:
    """The spans to mark in the title or in the text, in order, none over another; equal spans share their labels."""
    labels: dict[tuple[int, int], list[tuple[str, str]]] = defaultdict(list)
    for number, event in enumerate(events, 1):
        for e in event.evidence:
            if e.in_title is in_title and e.field not in _OF_THE_TRIGGER and e.end > e.start:
                label = (f"{number} {e.field}", e.field)
                if label not in labels[e.start, e.end]:
                    labels[e.start, e.end].append(label)
    kept: list[Mark] = []
    for (start, end), told in sorted(labels.items(), key=lambda item: (item[1][0][1] != "trigger", item[0])):
        if all(end <= mark.start or mark.end <= start for mark in kept):
            kept.append(Mark(start, end, ", ".join(label for label, _ in told), told[0][1]))
    return sorted(kept)


def marked(text: str, found: Sequence[Mark], style: str = "") -> Text:
    """A text with its marks: [Idlib](1 place); coloured on a terminal."""
    shown, at = Text(style=style), 0
    for mark in found:
        shown.append(_lines(text[at : mark.start]))
        shown.append(
            f"[{printable(text[mark.start : mark.end])}]", style=_COLOURS.get(mark.field, "underline")
        )
        shown.append(f"({mark.label})", style="dim")
        at = mark.end
    shown.append(_lines(text[at:]))
    return shown


def _lines(text: str) -> str:
    return "\n".join(printable(line) for line in text.split("\n"))


def _verdict(number: int, event: ConflictEvent) -> Text:
    rings = "rings" if event.alert_worthy else "is silent"
    return Text(f"{number} {event.kind} {rings}: {event.alert_rule}", style="bold")


def _fields(event: ConflictEvent) -> Table:
    table = Table(
        "field", "value", "set by", "where", "probability", box=None, pad_edge=True, padding=(0, 2, 0, 0)
    )
    for field, value in values(event):
        found = _evidence(event, field)
        where = shortened(f"“{found.quote}”", _QUOTE) if found and found.quote else ""
        rule = (found.set_by if found else None) or ("phase" if field == "phase" else "")
        probability = event.confidence.get(field)
        sure = f"{probability:.2f}" if probability is not None else ""
        table.add_row(field, shortened(value, _QUOTE), rule, where, sure)
    return table


def _evidence(event: ConflictEvent, field: str) -> Evidence | None:
    name = "trigger" if field == "kind" else field
    return next((e for e in event.evidence if e.field == name), None)


def values(event: ConflictEvent) -> Iterator[tuple[str, str]]:
    """Each field that is set, as a person writes it."""
    told = {
        "kind": event.kind, "phase": event.phase, "assertion": event.assertion, "novelty": event.novelty,
        "place": _place(event.place), "occurred": _span(event.occurred),
        "effective_from": event.effective_from and iso_utc(event.effective_from),
        "effective_until": event.effective_until and iso_utc(event.effective_until),
        "killed": _band(event.killed), "injured": _band(event.injured), "displaced": _band(event.displaced),
        "actor": _name(event.actor), "target": _name(event.target), "weapon": _name(event.weapon),
        "claimants": "; ".join(event.claimants), "origin": event.origin,
    }  # fmt: skip
    return ((field, str(value)) for field, value in told.items() if value)


def _place(place: Place | None) -> str:
    if place is None:
        return ""
    at = f" ({place.lat:.3f}, {place.lon:.3f}, ±{place.radius_km:.0f} km)" if place.lat is not None else ""
    return ", ".join(filter(None, (place.name, place.country))) + at


def _span(span: TimeSpan | None) -> str:
    if span is None:
        return ""
    until = f" to {iso_utc(span.end)}" if span.end != span.start else ""
    return f"{iso_utc(span.start)}{until} ({span.precision})"


def _band(band: CasualtyBand | None) -> str:
    if band is None:
        return ""
    who = f" {band.who}" if band.who else ""
    if band.max == band.min:
        return f"{band.min}{who}"
    return f"{band.min} to {band.max}{who}" if band.max is not None else f"{band.min} or more{who}"


def _name(named: Named | None) -> str:
    if named is None:
        return ""
    return f"{named.text} = {named.name}" if named.name and named.name != named.text else named.text
