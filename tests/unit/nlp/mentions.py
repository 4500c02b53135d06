"""Mentions of events for tests of what resolves them."""

from schemas.event import Assertion, Kind, Novelty
from services.nlp.read import Mention
from services.nlp.text import Sentence, Span


def mention_in(sentence: Sentence, place: str = "") -> Mention:
    """An event told by the first word of a sentence; `place` is where the encoder saw its place."""
    at = sentence.text.find(place)
    spans = {"place": (Span(at, at + len(place)),)} if place else {}
    trigger = Span(0, sentence.text.find(" "))
    return Mention(sentence, Kind.SHELLING, None, Assertion.ASSERTED, Novelty.NEW, trigger, {}, {}, spans)
