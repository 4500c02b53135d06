"""Names that only the encoder saw: a mention with its spans and what the rules found in, the named thing out."""

import re
from collections.abc import Sequence
from dataclasses import replace

from schemas.event import Named
from services.nlp.actors import NamedAt, Party
from services.nlp.draft import Claimant
from services.nlp.read import ENCODER, Mention
from services.nlp.text import Hit, Section, Span

_SURE = 0.8
"""From which probability the encoder's word outweighs the nearest party's."""
_ARTICLE = re.compile(r"^(?:the|an?|its|his|her|their|el|la|los|las|le|les|un|une|una)\s+", re.IGNORECASE)
_LONGEST = 120
"""Characters of a name; what is longer is a clause."""


def actor_of(mention: Mention, ruled: NamedAt | None, parties: Sequence[tuple[Hit, Party]]) -> NamedAt | None:
    """Who did it: as the rules found it, unless the encoder is sure that another named party did; else its span."""
    spans = mention.spans.get("actor", ())
    if ruled and (not spans or mention.confidence.get("actor", 0) < _SURE):
        return ruled
    if ruled and any(ruled.span.overlaps(span) for span in spans):
        return ruled
    read = _party_in(mention, spans, parties)
    if read or ruled:
        return read or ruled
    return _span_of(mention, spans)


def thing_of(mention: Mention, field: str, ruled: NamedAt | None) -> NamedAt | None:
    """The target or the weapon: the rules', else what the encoder saw."""
    return ruled or _span_of(mention, mention.spans.get(field, ()))


def claimants_of(mention: Mention) -> tuple[Claimant, ...]:
    """Who says so by the encoder; offsets count in the report."""
    at, title = mention.sentence.start, mention.sentence.section is Section.TITLE
    spans = mention.spans.get("claimant", ())[:2]
    return tuple(
        Claimant(at + s.start, at + s.end, mention.sentence.text[s.start : s.end], title, ENCODER)
        for s in spans
    )


def located(found: NamedAt | None, mention: Mention) -> NamedAt | None:
    """A named thing with where the report names it."""
    if found is None or not found.span.end:
        return found
    base, title = mention.sentence.start, mention.sentence.section is Section.TITLE
    return replace(found, at=(base + found.span.start, base + found.span.end, title))


def _party_in(
    mention: Mention, spans: Sequence[Span], parties: Sequence[tuple[Hit, Party]]
) -> NamedAt | None:
    for hit, party in parties:
        if any(Span(hit.start, hit.end).overlaps(span) for span in spans):
            text = mention.sentence.text[hit.start : hit.end]
            return NamedAt(Named(text=text, name=party.name), Span(hit.start, hit.end), party, ENCODER)
    return None


def _span_of(mention: Mention, spans: Sequence[Span]) -> NamedAt | None:
    for span in spans:
        text = mention.sentence.text[span.start : span.end].strip()
        if 1 < len(text) <= _LONGEST:
            return NamedAt(Named(text=_ARTICLE.sub("", text)), span, None, ENCODER)
    return None
