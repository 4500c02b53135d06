"""Reads whole reports: a report in, its events with places and sources out. Loaded once, stateless over reports."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from zoneinfo import ZoneInfo

from schemas.event import ConflictEvent
from schemas.report import Report, TimeProvenance
from services.nlp.actors import ActorFinder
from services.nlp.attribution import Attribution, attributions, origin_of
from services.nlp.choose import choose
from services.nlp.credits import origin_terms
from services.nlp.draft import Draft
from services.nlp.faint import plainly_told, told_faintly
from services.nlp.gazetteer import Gazetteer
from services.nlp.genre import genre_of
from services.nlp.headline import counted_by_title
from services.nlp.language import SUPPORTED, detect
from services.nlp.located import Located
from services.nlp.merge import merge
from services.nlp.offsets import Bare, bare
from services.nlp.outlets import Outlets
from services.nlp.places import PlaceFinder
from services.nlp.read import Mention, RuleReader, SentenceReader, is_faint, is_news
from services.nlp.record import Maker
from services.nlp.resolve import Resolver
from services.nlp.scan import Scanner, may_tell
from services.nlp.settings import NlpSettings
from services.nlp.story import Story
from services.nlp.text import Section, Sentence
from services.nlp.times import Calendar
from services.nlp.toponyms import Context, Found

MAX_CANDIDATES = 40
MAX_UNSCANNED = 12
"""Sentences that are read of a report in a language without lexicons: its title and its beginning."""
_THIN = frozenset({"ar", "ru", "uk"})
"""Languages whose lexicons hold fewer words than the encoder reads."""
MAX_SECOND_LOOK = 12
"""Further sentences that are read of a report that tells nothing but faintly."""
MAX_TEXT = 300_000
"""Characters that are read; more than a normalised report can hold."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a report says. `places` and `attributions` carry offsets into the text; they are filled on request only."""

    events: tuple[ConflictEvent, ...]
    language: str | None
    supported: bool
    places: tuple[Found, ...] = ()
    attributions: tuple[Attribution, ...] = ()


class ReportReader:
    """Lexicons, gazetteer and sentence reader, ready to read. Loads in about a second."""

    def __init__(self, gazetteer: Gazetteer, sentence_reader: SentenceReader | None = None) -> None:
        self._sentences: SentenceReader = sentence_reader or RuleReader()
        self._scanner = Scanner(self._sentences.wide)
        self._places = PlaceFinder(gazetteer)
        self._outlets = Outlets(gazetteer)
        self._actors = ActorFinder()
        self._origins = origin_terms()
        self._gazetteer = gazetteer
        self.version = f"{self._sentences.version} lexicons-{self._scanner.size}"

    @classmethod
    def load(
        cls, folder: Path | None = None, sentence_reader: SentenceReader | None = None
    ) -> "ReportReader":
        """Open the gazetteer (built first where it is missing) and read the lexicons.

        Sentences are read by the reader that `NLP_READER` names where none is given.
        """
        return cls(Gazetteer.open(folder), sentence_reader or choose(NlpSettings().nlp_reader).reader)

    def read(self, report: Report, annotate: bool = False) -> Reading:
        """The events of a report. `annotate` adds all places and sources that the text names."""
        marked_title, marked = bare(report.title or ""), bare(report.text[:MAX_TEXT])
        title, text = marked_title.text, marked.text
        language = detect(f"{title} {text}", report.language)
        scanned = language in SUPPORTED
        supported = scanned or language in self._sentences.languages
        sentences = self._sentences_of(title, text, scanned) if supported else []
        told = self._worth_reading(sentences, language) if scanned else _first(sentences)
        located: Located | None = None
        context: Context | None = None
        if told or annotate:
            context = self._places.context(title, text, language=language, home=self._outlets.home_of(report))
            located = self._places.locate(title, text, context)
        events: tuple[ConflictEvent, ...] = ()
        if told and located:
            maker = Maker(
                report, language or "", origin_of(report, self._origins), self.version, marked_title, marked
            )
            drafts = self._drafts(report, language or "", sentences, told, located)
            events = tuple(maker.make(draft) for draft in drafts)
        places = tuple(_given(p, marked) for p in located.body) if annotate and located else ()
        said = tuple(attributions(text)) if annotate and language == "en" else ()
        return Reading(events, language, supported, places, said)

    def _sentences_of(self, title: str, text: str, scanned: bool) -> list[Sentence]:
        """What is read on: of a language with lexicons, nothing unless a sentence may tell an event."""
        return self._scanner.scan(title, text) if scanned else self._scanner.sentences(title, text)

    def _worth_reading(self, sentences: Sequence[Sentence], language: str | None) -> list[Sentence]:
        """The candidates in their order; where there are too many, those with a trigger first.

        Where the lexicon knows less than the encoder, the beginning of a report that has a candidate is read whole.
        """
        whole = MAX_UNSCANNED if language in _THIN and self._sentences.wide else 0
        first = {id(s) for s in _first(sentences)[:whole]} if sentences else set()
        worth = [s for s in sentences if id(s) in first or self._scanner.passes(s)]
        if len(worth) > MAX_CANDIDATES:
            told = [s for s in worth if may_tell(s)][:MAX_CANDIDATES]
            rest = [s for s in worth if not may_tell(s)][: MAX_CANDIDATES - len(told)]
            kept = {id(s) for s in (*told, *rest)}
            worth = [s for s in worth if id(s) in kept]
        return worth

    def _drafts(
        self, report: Report, language: str, sentences: list[Sentence], told: list[Sentence], located: Located
    ) -> list[Draft]:
        calendar = self._calendar(report, located)
        mentions = self._mentions(report, sentences, told, calendar, language in SUPPORTED - _THIN)
        if not mentions:
            return []
        resolver = Resolver(sentences, located, calendar, self._actors, language, self._zone_of_country)
        drafts = [resolver.resolve(m) for m in mentions]
        firm, faint = ([d for d in drafts if is_faint(d.mention) is weak] for weak in (False, True))
        return counted_by_title(merge(firm) + told_faintly(merge(faint)), resolver.title_tolls())

    def _mentions(
        self, report: Report, sentences: list[Sentence], told: list[Sentence], calendar: Calendar | None,
        scanned: bool,
    ) -> list[Mention]:  # fmt: skip
        genre = genre_of(report.title or "", sentences)
        story = Story(sentences, calendar)

        def read(chosen: Sequence[Sentence]) -> list[Mention]:
            candidates = [story.candidate(s, genre, scanned) for s in chosen]
            return [m for found in self._sentences.read(candidates) for m in found]

        found = read(told)
        if not any(map(is_news, found)) and any(map(is_faint, found)):
            found += read(_not_yet(sentences, told))
        return plainly_told(found)

    def _calendar(self, report: Report, located: Located) -> Calendar | None:
        """Publication time, in the zone of the place that the report is about."""
        if report.published_at is None and report.published_at_provenance is TimeProvenance.MISSING:
            return None
        published = report.published_at or report.fetched_at
        settled = [p.entry for p in (*located.title, *located.body) if p.entry and not p.dateline]
        countries: dict[str, float] = {}
        for place in (*located.title, *located.body):
            if place.country:
                countries[place.country] = countries.get(place.country, 0) + (1.5 if place.entry else 1.0)
        main = max(countries, key=lambda c: countries[c], default=None)
        zone = next((e.zone for e in settled if e.country == main), None) or self._zone_of_country(main)
        return Calendar(published, ZoneInfo(zone or "UTC"), self.zone_of)

    def _zone_of_country(self, country: str | None) -> str | None:
        return self._gazetteer.zone_of_country(country) if country else None

    def zone_of(self, name: str) -> str | None:
        """The time zone of the most populous place of that name, or of the country."""
        entries = self._gazetteer.lookup(name)
        if entries and entries[0].exact:
            return entries[0].zone
        return self._zone_of_country(self._places.country_of(name))


def _given(place: Found, marked: Bare) -> Found:
    """A place with its offsets in the text as given."""
    return replace(place, start=marked.back(place.start), end=marked.back(place.end))


def _not_yet(sentences: Sequence[Sentence], read: Sequence[Sentence]) -> list[Sentence]:
    """The first sentences that were not read yet."""
    known = {id(s) for s in read}
    left = [s for s in sentences if id(s) not in known and s.section is not Section.CAPTION]
    return left[:MAX_SECOND_LOOK]


def _first(sentences: Sequence[Sentence]) -> list[Sentence]:
    return [s for s in sentences if s.section is not Section.CAPTION][:MAX_UNSCANNED]
