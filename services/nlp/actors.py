"""Who did it to whom with what: a sentence and its trigger in, named actor, target and weapon out."""

import re
from collections import defaultdict
from dataclasses import dataclass

from schemas.event import Kind, Named
from services.nlp import countries, roles, seats
from services.nlp.data_files import read_yaml
from services.nlp.lexicon import Lexicon
from services.nlp.read import Mention
from services.nlp.text import Hit, Sentence, Span, plain


@dataclass(frozen=True, slots=True)
class Party:
    """A named actor of the lexicon: its country, where it has one, and whether a state's."""

    name: str
    country: str | None
    state: bool


@dataclass(frozen=True, slots=True)
class NamedAt:
    """A named thing and where the sentence names it."""

    named: Named
    span: Span
    party: Party | None = None
    rule: str = "lexicon"
    """What found it."""
    at: tuple[int, int, bool] | None = None
    """Where the report names it: offsets in its text, or in its title where the third says so."""


_TARGET = re.compile(
    r"\b(?:hit|hits|struck|strike on|strikes on|raid on|attack on|attacks on|bombed|shelled"
    r"|targeted|targeting|against|slammed into|crashed into|destroyed|hitting|striking|flattened"
    r"|tore through|burst (?:in|beside|among)|landed (?:in|on)|fell (?:on|in))"
    r" (?P<target>(?:(?:a|an|the|two|three|several) )?(?:[\w'-]+ ){0,4}?(?:house|home|hospital"
    r"|school|market|mosque|church|convoy|base|depot|checkpoint|post|building|buildings|flat|flats"
    r"|block|bridge|camp|airport|airfield|port|bus|car|truck|lorry|village|town|factory|plant|mill"
    r"|bakery|station|warehouse|refinery|hotel|embassy|consulate|ambulance|clinic|ship|tanker|boat"
    r"|vehicle|headquarters|tower|shelter|tent|tents|university|prison|stadium|garden|yard"
    r"|barracks|positions|dairy|store|theatre|centre|center))\b"
)
_BY = re.compile(r"\b(?:by|from|blamed|blames|blame|accused|accuses)\b")
_SPEAKS = re.compile(r"(?:'s)?(?: \w+){0,2}? (?:said|says|told|denied|accused|blamed|claims?|reported)\b")
_MEANS = {Kind.CEASEFIRE: 2, Kind.TERRITORY_CHANGE: 1}


class ActorFinder:
    """Knows the names of armies and armed groups."""

    def __init__(self) -> None:
        self._parties: dict[str, Party] = {}
        terms: dict[str, set[str]] = defaultdict(set)
        for entry in read_yaml("actors.yaml")["actors"]:
            party = Party(entry["name"], entry.get("country"), entry["side"] == "state")
            self._parties[party.name] = party
            for term in entry["terms"]:
                terms[" ".join(plain(str(term)).split())].add(party.name)
        self._lexicon = Lexicon(dict(terms))

    def parties(self, sentence: Sentence) -> list[tuple[Hit, Party]]:
        """Named parties of a sentence, in order; not capitals that are meant as towns."""
        found = []
        for hit in self._lexicon.find(sentence.plain):
            town = seats.is_seat(hit.term) and seats.means_the_city(sentence.text, hit.start, hit.end)
            if not town:
                found.append((hit, self._parties[min(hit.classes)]))
        return found

    def actor(self, mention: Mention) -> NamedAt | None:
        """Who did it. For a ceasefire the parties to it; else who stands before the act, or after "by".

        Who is said to be the act's object ("strikes on", "against", "killed two soldiers of") did not do it.
        """
        found = self.parties(mention.sentence)
        if found and mention.kind is Kind.CEASEFIRE:
            return _joined(mention.sentence, _parties_to(mention.sentence, found))
        doers = [f for f in found if not roles.suffers(mention.sentence.plain, f[0].start, f[0].end)]
        if not doers:
            return None
        hit, party = min(doers, key=lambda f: self._distance(f[0], f[1], mention))
        if self._distance(hit, party, mention) > 200:
            return None
        return _named(mention.sentence, hit, party)

    def _distance(self, hit: Hit, party: Party, mention: Mention) -> float:
        text, trigger = mention.sentence.plain, mention.trigger
        after = text[hit.end : hit.end + 40]
        speaks = 120 if _SPEAKS.match(after) else 0
        if hit.start >= trigger.end:
            by = _BY.search(text, trigger.end, hit.start)
            return (hit.start - trigger.end) + (0 if by and hit.start - by.end() < 25 else 150) + speaks
        gap = float(max(0, trigger.start - hit.end)) + speaks
        if re.search(r"\b(?:of|in|near) (?:the )?$", text[: hit.start]):
            gap += 60
        if re.match(
            r"(?: |-)(?:border|backed|supplied|made|citizens?|mediators?|occupied|controlled|held|maps?"
            r"|language)\b",
            after,
        ):
            gap += 400
        return gap + (40 if party.name in ("United Nations", "government forces") else 0)

    def target(self, mention: Mention) -> NamedAt | None:
        """What was hit, where the sentence calls it a thing that can be hit; else the party that it was done to."""
        if mention.kind in (Kind.CEASEFIRE, Kind.EVACUATION_WARNING, Kind.TERRITORY_CHANGE):
            return None
        match = _TARGET.search(mention.sentence.plain)
        if match:
            span = Span(match.start("target"), match.end("target"))
            return NamedAt(Named(text=mention.sentence.text[span.start : span.end]), span)
        victims = [
            f
            for f in self.parties(mention.sentence)
            if roles.suffers(mention.sentence.plain, f[0].start, f[0].end)
        ]
        near = min(victims, key=lambda f: abs(f[0].start - mention.trigger.start), default=None)
        return _named(mention.sentence, *near) if near else None

    def weapon(self, mention: Mention) -> NamedAt | None:
        """The weapon named nearest to the trigger, with its family."""
        if mention.kind is Kind.CEASEFIRE:
            return None
        hits = [
            h
            for h in mention.sentence.having("weapon")
            if h.term not in ("aviation", "device", "belt", "vest", "gun", "guns")
        ]
        if not hits:
            return None
        hit = min(hits, key=lambda h: abs(h.start - mention.trigger.start))
        family = min(c for c in hit.classes if c.startswith("weapon.")).removeprefix("weapon.")
        return NamedAt(
            Named(text=mention.sentence.text[hit.start : hit.end], name=_FAMILIES[family]),
            Span(hit.start, hit.end),
        )


def _named(sentence: Sentence, hit: Hit, party: Party) -> NamedAt:
    """A party as the sentence names it."""
    text, name = sentence.text[hit.start : hit.end], party.name
    land = countries.named_before(sentence.plain[: hit.start]) if name == _SOME_FORCES else None
    return NamedAt(Named(text=text, name=land or name), Span(hit.start, hit.end), party)


_SOME_FORCES = "government forces"
"""The name of forces of which the words do not say whose: where a country stands before, they are its own."""


_FAMILIES = {"air": "aircraft", "drone": "drone", "indirect": "artillery, rockets or missiles",
    "explosive": "explosive device",
             "gun": "small arms", "chem": "chemical agent"}  # fmt: skip


def _parties_to(sentence: Sentence, found: list[tuple[Hit, Party]]) -> list[tuple[Hit, Party]]:
    """The parties to a truce: not who only announces it, brokers it or asks for it."""
    sides = []
    for hit, party in found:
        after = sentence.plain[hit.end : hit.end + 28]
        speaker = re.match(
            r"(?:'s)? ?(?:defen[cs]e ministry|foreign ministry|ministry|envoy|reconciliation"
            r"|president)?[\w ]{0,14}?(?:said|says|announced|announces|told|proposed|asked|voted|brokered"
            r"|mediators?)\b",
            after,
        )
        if not speaker and party.name not in (
            "United Nations",
            "Qatar",
            "Pope",
            "European Union",
            "government forces",
            "rebels",
        ):
            sides.append((hit, party))
    return sides or found[:1]


def _joined(sentence: Sentence, sides: list[tuple[Hit, Party]]) -> NamedAt | None:
    names = list(dict.fromkeys(party.name for _, party in sides))[:4]
    if not names:
        return None
    first, party = sides[0]
    return NamedAt(
        Named(text=sentence.text[first.start : first.end], name="; ".join(names)),
        Span(first.start, first.end),
        party,
    )
