"""Turns a mention's words into values: places, times, bands, actors, claimants; a mention in, a draft out."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from schemas.event import Assertion, Kind, Named, Novelty, Phase, TimeSpan
from services.nlp import novelty, times, timewords
from services.nlp.actors import ActorFinder, NamedAt
from services.nlp.casualties import Casualties
from services.nlp.claims import claimants_in
from services.nlp.draft import Claimant, Draft
from services.nlp.effective import Effective, effective, end_by_length
from services.nlp.elsewhere import is_host
from services.nlp.located import Located
from services.nlp.named import actor_of, claimants_of, located, thing_of
from services.nlp.placed import Placed
from services.nlp.read import HAPPENED, Mention
from services.nlp.text import Section, Sentence, Span
from services.nlp.times import Calendar
from services.nlp.tolls import Toll
from services.nlp.where import place_of

_SUPPOSED = re.compile(
    r"\b(?:aircraft|jets?|planes?|warplanes?|drones?|attackers?|gunmen|assailants|rockets?"
    r"|helicopters?|shells?) (?:was|were|are|is) (?:believed|thought|said|suspected|presumed"
    r"|likely)\b"
)
_UNCHECKED = re.compile(
    r"\b(?:could not (?:be )?(?:independently )?(?:verif\w+|check\w*|confirm\w*)|unconfirmed|treat as rumour)\b"
)
_HOLDS = (Phase.DECLARED, Phase.AGREED, Phase.EXTENDED, Phase.PROPOSED, Phase.IN_FORCE)


class Resolver:
    """Knows one report: its sentences, places and calendar."""

    def __init__(
        self,
        sentences: Sequence[Sentence],
        located: Located,
        calendar: Calendar | None,
        actors: ActorFinder,
        language: str,
        zone_of_country: Callable[[str], str | None] = lambda country: None,
    ) -> None:
        self._titles = [s for s in sentences if s.section is Section.TITLE]
        self._body = [s for s in sentences if s.section is not Section.TITLE]
        self._located, self._calendar, self._actors, self._language = located, calendar, actors, language
        self._zone_of_country = zone_of_country
        self._casualties = Casualties(self._titles, self._body, language)
        self._seen: dict[int, Sequence[Span]] = {}

    def resolve(self, mention: Mention) -> Draft:
        """All fields of one mention."""
        sentence = mention.sentence
        around = self._around(sentence)
        placed = self._place(mention, around)
        actor = self._actor(mention)
        calendar = self._local(placed, actor)
        found = self._occurred(mention, calendar)
        effective = self._effective(mention, calendar)
        return Draft(
            mention=mention,
            placed=placed,
            own_place=bool(placed and _inside(placed, sentence)),
            occurred=found[0], time_at=(*found[1], sentence.section is Section.TITLE) if found[1] else None,
            own_time=found[2],
            effective=effective,
            tolls=self._casualties.of(mention),
            actor=located(actor, mention),
            target=located(thing_of(mention, "target", self._actors.target(mention)), mention),
            weapon=located(thing_of(mention, "weapon", self._actors.weapon(mention)), mention),
            claimants=self._claimants(mention),
            assertion=self._assertion(mention), novelty=mention.novelty,
            body_length=sum(len(s.text) for s in self._body),
        )  # fmt: skip

    def title_tolls(self) -> list[Toll]:
        """What the report's title counts."""
        return self._casualties.of_title()

    def _supposed(self, mention: Mention) -> Sentence | None:
        """The next sentence, where it says who is believed to have done it."""
        at = mention.sentence.index + 1
        if mention.sentence.section is Section.TITLE or at >= len(self._body):
            return None
        return self._body[at] if _SUPPOSED.search(self._body[at].plain) else None

    def _assertion(self, mention: Mention) -> Assertion:
        if mention.assertion is not Assertion.ASSERTED or mention.kind is Kind.CEASEFIRE:
            return mention.assertion
        at = mention.sentence.index
        beside = self._body[max(0, at - 1) : at + 3] if mention.sentence.section is not Section.TITLE else ()
        if self._supposed(mention) or any(_UNCHECKED.search(s.plain) for s in beside):
            return Assertion.ALLEGED
        return mention.assertion

    def _actor(self, mention: Mention) -> NamedAt | None:
        """From the sentence, from one that says who is believed to have done it, or from those before it."""
        supposed = self._supposed(mention)
        if supposed:
            found = self._actors.parties(supposed)
            if found:
                hit, party = found[0]
                return NamedAt(
                    Named(text=supposed.text[hit.start : hit.end], name=party.name), Span(0, 0), party
                )
        own = actor_of(mention, self._actors.actor(mention), self._actors.parties(mention.sentence))
        if own or mention.kind is not Kind.TERRITORY_CHANGE or mention.sentence.section is Section.TITLE:
            return own
        for other in reversed(self._body[max(0, mention.sentence.index - 3) : mention.sentence.index]):
            sides = [(hit, party) for hit, party in self._actors.parties(other) if party.country]
            if sides:
                hit, party = sides[0]
                return NamedAt(
                    Named(text=other.text[hit.start : hit.end], name=party.name), Span(0, 0), party
                )
        return None

    def _around(self, sentence: Sentence) -> list[Sentence]:
        """Where to look for what the sentence does not say: the next, the one before, the title, two on, the lead."""
        if sentence.section is Section.TITLE:
            return self._body[:3]
        at = sentence.index
        order = [at + 1, at - 1, at - 2]
        near = [self._body[k] for k in order if 0 <= k < len(self._body)]
        rest = [
            self._body[k] for k in (at + 2, 0, 1) if 0 <= k < len(self._body) and k not in order and k != at
        ]
        if at == 0:
            return [*self._titles, *near, *rest]
        return [*near[1:2], *self._titles, *near[:1], *near[2:], *rest]

    def _place(self, mention: Mention, around: Sequence[Sentence]) -> Placed | None:
        self._seen[id(mention.sentence)] = mention.spans.get("place", ())
        placed = place_of(mention, around, self._located, self._seen)
        if placed and mention.kind is Kind.CEASEFIRE and self._is_of_the_hosts(placed, mention):
            return None
        return placed

    def _is_of_the_hosts(self, placed: Placed, mention: Mention) -> bool:
        """Whether a truce's place is only where it was talked about: a capital of none of its parties' countries."""
        sentences = (mention.sentence, *self._titles)
        lands = {party.country for s in sentences for _, party in self._actors.parties(s) if party.country}
        place = placed.place
        return place.country is not None and is_host(place.name, place.country, lands)

    def _local(self, placed: Placed | None, actor: NamedAt | None) -> Calendar | None:
        """The calendar of the event's place; of a place not found, that of who acted, as far as it is one land's."""
        land = actor.party.country if actor and actor.party and placed is None else None
        zone = placed.zone if placed else self._zone_of_country(land) if land else None
        return replace(self._calendar, zone=ZoneInfo(zone)) if self._calendar and zone else self._calendar

    def _occurred(
        self, mention: Mention, calendar: Calendar | None
    ) -> tuple[TimeSpan | None, tuple[int, int] | None, bool]:
        """When: from the sentence, else from the sentence before or after, else (for news) the publication day."""
        if calendar is None:
            return self._undated(mention)
        sentence = mention.sentence
        if mention.kind is Kind.CEASEFIRE and mention.assertion is Assertion.PLANNED:
            return None, None, False
        update = mention.novelty is Novelty.UPDATE  # adds to what the sentence before tells, however old
        day = None if update else self._day_told(sentence, calendar)
        found = times.occurred(sentence.plain, mention.trigger.start, calendar, day)
        own = found is not None and found.end > found.start
        if found and own and not found.said:
            at = (sentence.start + found.start, sentence.start + found.end)
            return found.span, at, _own_time(sentence)
        beside = self._told_beside(sentence, calendar, day, update)
        if found and found.said and update and not beside:
            return None, None, False  # on the day that they mourned it was past
        if found and not (beside and (own or times.within(beside, found.span))):
            at = (sentence.start + found.start, sentence.start + found.end)
            return found.span, at if own else None, own and _own_time(sentence)
        if beside:
            return beside, None, False
        if mention.novelty is not Novelty.NEW or mention.assertion not in HAPPENED:
            return None, None, False  # an update tells what became known today, not when it happened
        if timed := times.by_the_clock(sentence.plain, mention.trigger.start, calendar):
            at = (sentence.start + timed.start, sentence.start + timed.end)
            return timed.span, at, _own_time(sentence)
        return times.whole_day(calendar.today, calendar), None, False

    def _told_beside(
        self, sentence: Sentence, calendar: Calendar, day: date | None, update: bool
    ) -> TimeSpan | None:
        """When, by the first sentence beside it that says so; a step back from the story only beside another one."""
        back = novelty.told_before_the_story(sentence.plain)
        said: TimeSpan | None = None
        near = self._around(sentence)
        # an update adds to the sentence before it, or to its title; what follows tells of today
        others = [*near[:1], *(t for t in self._titles if t not in near[:1])] if update else near[:3]
        for other in others:
            if novelty.told_before_the_story(other.plain) and not back:
                continue
            found = times.occurred(other.plain, 0, calendar, day)
            if found and (update or (calendar.published - found.span.start).days <= times.NEWS_DAYS):
                if not found.said:
                    return found.span
                said = said or found.span
        return said

    def _undated(self, mention: Mention) -> tuple[TimeSpan | None, tuple[int, int] | None, bool]:
        """A report without a date: only a date written in full says when."""
        for sentence in (mention.sentence, *self._around(mention.sentence)[:2]):
            for word in timewords.days(sentence.plain):
                if word.kind == "date" and word.year:
                    try:
                        day = date(word.year, word.month, word.day)
                    except ValueError:
                        continue
                    own = sentence is mention.sentence
                    at = (sentence.start + word.start, sentence.start + word.end) if own else None
                    return times.day_in_utc(day), at, own
        return None, None, False

    def _day_told(self, sentence: Sentence, calendar: Calendar) -> date | None:
        """The day named last before a sentence, for one that gives only the hour."""
        if sentence.section is Section.TITLE:
            return None
        for other in reversed(self._body[max(0, sentence.index - 2) : sentence.index]):
            if novelty.told_before_the_story(other.plain):
                continue
            words = [w for w in timewords.days(other.plain) if w.kind in ("date", "weekday", "offset")]
            day = times.nearest_day(words, len(other.plain), calendar)
            if day and 0 <= (calendar.today - day).days <= times.NEWS_DAYS:
                return day
        return None

    def _effective(self, mention: Mention, calendar: Calendar | None) -> Effective:
        if (
            calendar is None
            or mention.kind not in (Kind.CEASEFIRE, Kind.EVACUATION_WARNING)
            or mention.phase not in _HOLDS
        ):
            return Effective()
        sentence = mention.sentence
        found = effective(sentence.plain, calendar, mention.assertion is Assertion.PLANNED)
        at = sentence.index if sentence.section is Section.BODY else -1
        for other in self._body[at + 1 : at + 3]:
            if found.start and found.end:
                break
            if not _about_start(other):
                continue
            more = effective(other.plain, calendar)
            found = Effective(
                found.start or more.start, found.end or more.end, found.at if found.start else (0, 0)
            )
        if found.start and not found.end:
            found = replace(found, end=self._length_nearby(sentence, found))
        return found

    def _length_nearby(self, sentence: Sentence, found: Effective) -> datetime | None:
        for other in (sentence, *self._around(sentence)[:3]):
            if found.start and (end := end_by_length(other.plain, found.start)):
                return end
        return None

    def _claimants(self, mention: Mention) -> tuple[Claimant, ...]:
        """By the words of saying in the sentence or beside it, else by the encoder."""
        sentence, at = mention.sentence, mention.trigger.start
        named = claimants_in(sentence, at, self._body, self._titles, self._language)
        return named or claimants_of(mention)


def _inside(placed: Placed, sentence: Sentence) -> bool:
    return (
        placed.in_title == (sentence.section is Section.TITLE)
        and sentence.start <= placed.start < sentence.end
    )


def _own_time(sentence: Sentence) -> bool:
    days = [w for w in timewords.days(sentence.plain) if w.kind in ("date", "weekday", "offset")]
    return any(not times.only_said(sentence.plain, w) for w in days)


def _about_start(sentence: Sentence) -> bool:
    words = (
        "begin",
        "start",
        "takes effect",
        "take effect",
        "into force",
        "lasts",
        "last for",
        "runs for",
        "until",
        "will hold",
        "expire",
    )
    return any(word in sentence.plain for word in words)
