"""What filters ask of an incident: an incident in, its answers out, read once however many subscriptions ask. Pure."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlsplit

from schemas.alert import Severity
from schemas.event import Named, ReportRef
from schemas.incident import Incident
from services.alerting.geography import Point
from services.alerting.severity import DEFAULT_RULE, SeverityRule, severity

_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Facts:
    """One incident version, as matchers see it."""

    incident: Incident
    rule: SeverityRule = DEFAULT_RULE

    @cached_property
    def severity(self) -> Severity:
        """By the rule."""
        return severity(self.incident, self.rule)

    @cached_property
    def country(self) -> str | None:
        """Of the place."""
        return self.incident.place.country if self.incident.place else None

    @cached_property
    def point(self) -> Point | None:
        """The place's coordinates; how uncertain they are is not asked."""
        place = self.incident.place
        if place is None or place.lat is None or place.lon is None:
            return None
        return Point(place.lat, place.lon)

    @cached_property
    def killed(self) -> int:
        """By the toll's lower end: "at least 12" is 12, "up to 12" may be none."""
        return self.incident.killed.min if self.incident.killed else 0

    @cached_property
    def casualties(self) -> int:
        """Killed and injured, by the lower ends."""
        return self.killed + (self.incident.injured.min if self.incident.injured else 0)

    @cached_property
    def actors(self) -> tuple[str, ...]:
        """Who acts, in words."""
        return _names(self.incident.actor)

    @cached_property
    def targets(self) -> tuple[str, ...]:
        """Who or what is hit, in words."""
        return _names(self.incident.target)

    @cached_property
    def weapons(self) -> tuple[str, ...]:
        """With what, in words."""
        return _names(self.incident.weapon)

    @cached_property
    def languages(self) -> frozenset[str]:
        """Of the reports that stand."""
        return frozenset(report.language for report in self._reports if report.language)

    @cached_property
    def voices(self) -> tuple[frozenset[str], ...]:
        """For each report that stands, all that its source may be called."""
        return tuple(dict.fromkeys(frozenset(_callings(report)) for report in self._reports))

    @cached_property
    def sources(self) -> frozenset[str]:
        """All of the voices together."""
        return frozenset().union(*self.voices)

    @cached_property
    def _reports(self) -> list[ReportRef]:
        return [evidence.report for evidence in self.incident.evidence if evidence.withdrawn_at is None]


def words(text: str) -> str:
    """Words alone, in one form of letters and case, each between spaces: so that ` idf ` is in ` the idf `."""
    return f" {' '.join(_WORD.findall(unicodedata.normalize('NFKC', text).casefold()))} "


def calling(text: str) -> str:
    """A source's name in one form of letters and case."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _names(named: Named | None) -> tuple[str, ...]:
    return tuple(words(text) for text in (named.text, named.name) if text) if named else ()


def _callings(report: ReportRef) -> Iterator[str]:
    """Source, publisher, the publisher's family, and the web domains that its address lies in."""
    yield from (calling(name) for name in (report.source, report.publisher, report.publisher_family) if name)
    try:
        host = urlsplit(report.url or "").hostname or ""
    except ValueError:
        return
    labels = host.split(".")
    yield from (".".join(labels[at:]) for at in range(len(labels) - 1))
