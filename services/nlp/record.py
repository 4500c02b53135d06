"""Makes records: drafts of events in, `ConflictEvent`s with their evidence out."""

from collections.abc import Iterator
from datetime import datetime

from schemas.codes import Variant, codes_of
from schemas.event import (
    MAX_QUOTE,
    ConflictEvent,
    Evidence,
    Kind,
    Place,
    ReportRef,
    judge,
)
from schemas.ids import event_id
from schemas.report import Report
from services.nlp.countries import UNPLACED, theatre_of
from services.nlp.draft import Draft, band_of
from services.nlp.offsets import Bare
from services.nlp.read import is_faint
from services.nlp.signature import signature
from services.nlp.text import Section, Span


class Maker:
    """Makes the records of one report."""

    def __init__(
        self, report: Report, language: str, origin: str, version: str, title: Bare, text: Bare
    ) -> None:
        self._report, self._origin, self._version = report, origin, version
        self._bare = {True: title, False: text}
        self._language = report.language or language or None
        self._signature = signature(report.title, report.text)

    def make(self, draft: Draft) -> ConflictEvent:
        """One event with every field that was found; what was not stays empty."""
        mention, report = draft.mention, self._report
        place = draft.placed.place if draft.placed else None
        assertion = draft.assertion
        verdict = judge(draft.kind, draft.phase, assertion, draft.novelty, is_faint(mention))
        at = mention.sentence.start
        trigger = Span(at + mention.trigger.start, at + mention.trigger.end)
        return ConflictEvent(
            id=event_id(report.id, report.revision, trigger.start, trigger.end, self._span_key(draft)),
            report=self._ref(),
            kind=draft.kind, phase=draft.phase, assertion=assertion, novelty=draft.novelty,
            place=place, theatre=_theatre(draft, place),
            occurred=draft.occurred,
            effective_from=draft.effective.start, effective_until=_later(draft),
            killed=band_of(draft, "killed"), injured=band_of(draft, "injured"), displaced=band_of(draft, "displaced"),
            actor=draft.actor.named if draft.actor else None,
            target=draft.target.named if draft.target else None,
            weapon=draft.weapon.named if draft.weapon else None,
            claimants=tuple(dict.fromkeys(said.text for said in draft.claimants))[:6],
            origin=self._origin,
            evidence=tuple(self._evidence(draft, trigger)),
            confidence=mention.confidence,
            reader=self._version,
            text_signature=self._signature,
            codes=codes_of(draft.kind, draft.phase, _variant(draft)),
            alert_worthy=verdict.alert_worthy, alert_rule=verdict.rule,
        )  # fmt: skip

    @staticmethod
    def _span_key(draft: Draft) -> str:
        """The kind, and for a title's span that it is one: offsets there count anew."""
        return draft.kind.value + ("@title" if draft.mention.sentence.section is Section.TITLE else "")

    def _ref(self) -> ReportRef:
        report = self._report
        return ReportRef(
            id=report.id, revision=report.revision, url=report.url, title=report.title, source=report.source,
            publisher=report.publisher, publisher_family=report.publisher_family, language=self._language,
            published_at=report.published_at, fetched_at=report.fetched_at,
        )  # fmt: skip

    def _evidence(self, draft: Draft, trigger: Span) -> Iterator[Evidence]:
        mention = draft.mention
        title = mention.sentence.section is Section.TITLE
        rules = mention.rules
        yield self._quote("trigger", trigger, title, rules.get("kind"))
        yield self._quote("assertion", trigger, title, rules.get("assertion"))
        yield self._quote("novelty", trigger, title, rules.get("novelty"))
        if draft.phase:
            yield self._quote("phase", trigger, title, rules.get("phase", "phase"))
        if draft.effective.at[1]:
            at = mention.sentence.start
            begins = Span(at + draft.effective.at[0], at + draft.effective.at[1])
            yield self._quote("effective_from", begins, title, "news_time")
        for other in draft.others[:5]:
            start = other.sentence.start
            span = Span(start + other.trigger.start, start + other.trigger.end)
            yield self._quote(
                "trigger", span, other.sentence.section is Section.TITLE, other.rules.get("kind")
            )
        if draft.placed:
            placed = draft.placed
            yield self._quote("place", Span(placed.start, placed.end), placed.in_title, placed.rule)
        if draft.time_at:
            start, end, titled = draft.time_at
            yield self._quote("occurred", Span(start, end), titled, "news_time")
        for toll in draft.tolls:
            yield self._quote(toll.field, Span(toll.start, toll.end), toll.in_title, toll.rule)
        for name, found in (("actor", draft.actor), ("target", draft.target), ("weapon", draft.weapon)):
            if found and found.at:
                start, end, titled = found.at
                yield self._quote(name, Span(start, end), titled, found.rule)
        for said in draft.claimants[:4]:
            yield self._quote("claimants", Span(said.start, said.end), said.in_title, said.rule)

    def _quote(self, name: str, span: Span, in_title: bool, rule: str | None) -> Evidence:
        text = (self._report.title or "") if in_title else self._report.text
        read = self._bare[in_title]
        start = min(read.back(span.start), len(text))
        end = min(max(read.back(span.end), start), len(text))
        return Evidence(
            field=name,
            start=start,
            end=end,
            quote=text[start:end][:MAX_QUOTE],
            in_title=in_title,
            set_by=rule,
        )


def _theatre(draft: Draft, place: Place | None) -> str:
    if place and place.country:
        return theatre_of(place.country)
    party = draft.actor.party if draft.actor else None
    return theatre_of(party.country) if party and party.country else UNPLACED


def _later(draft: Draft) -> datetime | None:
    start, end = draft.effective.start, draft.effective.end
    return end if end and (start is None or end > start) else None


def _variant(draft: Draft) -> Variant | None:
    text = draft.mention.sentence.plain
    if draft.kind is Kind.AIR_STRIKE and draft.weapon and draft.weapon.named.name == "drone":
        return Variant.DRONE
    if draft.kind is Kind.EXPLOSION and (
        "suicide" in text or "blew himself" in text or "blew herself" in text
    ):
        return Variant.SUICIDE
    if draft.kind is Kind.EXPLOSION and "grenade" in text:
        return Variant.GRENADE
    if draft.kind is Kind.TERRITORY_CHANGE and draft.actor and draft.actor.party and draft.actor.party.state:
        return Variant.BY_STATE
    return None
