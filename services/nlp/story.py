"""How the sentences of a report stand to each other: all sentences and the calendar in, what one may lean on out."""

from collections.abc import Sequence

from services.nlp import novelty
from services.nlp.genre import Genre
from services.nlp.read import Candidate
from services.nlp.text import Section, Sentence
from services.nlp.times import Calendar
from services.nlp.trigger import Setting


class Story:
    """The sentences of one report in order. The words of time of each are read at most once, and only when asked."""

    def __init__(self, sentences: Sequence[Sentence], calendar: Calendar | None) -> None:
        self._sentences, self._calendar = sentences, calendar
        self._body = sum(1 for s in sentences if s.section is Section.TITLE)
        self._timings: dict[int, novelty.Timing] = {}
        self._setting: Setting | None = None

    def candidate(self, sentence: Sentence, genre: Genre, scanned: bool) -> Candidate:
        """A sentence with what a reader may know of its surroundings."""
        return Candidate(
            sentence, self.beside(sentence, -1), self.timing(sentence), genre, self.told_old(sentence),
            self.dated, self.setting(), self.beside(sentence, 1), self.after_news(sentence), scanned,
            self._sentences[self._body - 1] if self._body and self.is_lead(sentence) else None,
        )  # fmt: skip

    def is_lead(self, sentence: Sentence) -> bool:
        """Whether a sentence is the first below the title."""
        return sentence.section is not Section.TITLE and sentence.index == 0

    @property
    def dated(self) -> bool:
        return self._calendar is not None

    def timing(self, sentence: Sentence) -> novelty.Timing:
        """The ages of the words of time of one of its sentences."""
        if id(sentence) not in self._timings:
            self._timings[id(sentence)] = novelty.timing(sentence, self._calendar)
        return self._timings[id(sentence)]

    def beside(self, sentence: Sentence, step: int) -> Sentence | None:
        """The sentence so many before or after in the body; beside the title stands nothing."""
        at = sentence.index + step
        if sentence.section is Section.TITLE or at < 0:
            return None
        return self._sentences[self._body + at] if self._body + at < len(self._sentences) else None

    def after_news(self, sentence: Sentence) -> bool:
        """Whether one of the two sentences before tells of a day of this week."""
        before = (self.beside(sentence, -1), self.beside(sentence, -2))
        return any(self.timing(b).recent for b in before if b)

    def told_old(self, sentence: Sentence) -> bool:
        """Whether a sentence without a time of its own goes on telling what its paragraph placed in the past."""
        at: Sentence | None = sentence
        while at and at.section is not Section.TITLE and at.paragraph == sentence.paragraph:
            times = self.timing(at)
            if times.recent or times.old:
                return at is not sentence and not times.recent
            at = self.beside(at, -1)
        return False

    def setting(self) -> Setting:
        """What the report speaks of as a whole."""
        self._setting = self._setting or Setting(
            air=self._any("weapon.air", "weapon.drone", "event.air_strike"),
            armed=self._any("who.armed", "who.army", "weapon.explosive"),
            truce=self._any("event.ceasefire"),
        )
        return self._setting

    def _any(self, *prefixes: str) -> bool:
        return any(s.any(*prefixes) for s in self._sentences)
