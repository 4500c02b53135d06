"""Scores a reader on labelled sentences: readings and labels in, figures out."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from schemas.event import Assertion, Kind, Novelty, Phase
from services.nlp.encoder_decode import EventReading, Reading
from services.nlp.text import Span
from training.data import Event, Labelled, Range
from training.labels import ASSERTIONS, KINDS, NOVELTIES, SPANS

_RARE = 4
"""A type of span with no more labels than this does not count in the mean."""
_Name = TypeVar("_Name", bound=str)


@dataclass(slots=True)
class Count:
    """Right answers, wrong ones, and missed ones."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    @property
    def f1(self) -> float:
        total = 2 * self.right + self.wrong + self.missed
        return 2 * self.right / total if total else 0.0

    def tell(self, said: bool, true: bool) -> None:
        self.right += said and true
        self.wrong += said and not true
        self.missed += true and not said


@dataclass(slots=True)
class Overlap:
    """Spans said and true, and those among them that meet one of the other side."""

    said: int = 0
    said_right: int = 0
    true: int = 0
    true_found: int = 0

    @property
    def f1(self) -> float:
        precision = self.said_right / self.said if self.said else 0.0
        recall = self.true_found / self.true if self.true else 0.0
        return 2 * precision * recall / (precision + recall) if precision + recall else 0.0

    def tell(self, said: Iterable[Span], true: Iterable[Span]) -> None:
        s, t = list(said), list(true)
        self.said += len(s)
        self.true += len(t)
        self.said_right += sum(any(a.overlaps(b) for b in t) for a in s)
        self.true_found += sum(any(b.overlaps(a) for a in s) for b in t)


@dataclass(frozen=True, slots=True)
class Figures:
    """What a set of sentences shows. F1 but for `phase`, which is the share that is right.

    Kinds, live and spans are end to end; assertion, novelty and phase are asked where the kind is truly there.
    Each mapping goes from a class to its F1 and how often it is truly there.
    """

    sentences: int
    kinds_micro: float
    kinds_macro: float
    live: float
    assertion: float
    novelty: float
    phase: float
    spans: float
    kinds_each: Mapping[str, tuple[float, int]]
    assertion_each: Mapping[str, tuple[float, int]]
    novelty_each: Mapping[str, tuple[float, int]]
    spans_each: Mapping[str, tuple[float, int]]
    attached: float
    """Spans that hang on an event of the right kind, in sentences of several kinds."""


def score(
    labelled: Sequence[Labelled], readings: Sequence[Reading], kind: float = 0.5, live: float = 0.5
) -> Figures:
    """Figures at the given thresholds. Readings must hold all kinds (a floor of 0)."""
    tally = _Tally(kind, live)
    for sentence, reading in zip(labelled, readings, strict=True):
        tally.add(sentence, reading)
    return tally.figures(len(labelled))


class _Tally:
    def __init__(self, kind: float, live: float) -> None:
        self._kind, self._threshold = kind, live
        self._kinds: dict[Kind, Count] = {k: Count() for k in KINDS}
        self._live = Count()
        self._assertion: Counter[tuple[Assertion, Assertion]] = Counter()
        self._novelty: Counter[tuple[Novelty, Novelty]] = Counter()
        self._phase: Counter[tuple[Phase, Phase]] = Counter()
        self._spans = {name: Overlap() for name in SPANS}
        self._attached = {name: Overlap() for name in SPANS}

    def add(self, sentence: Labelled, reading: Reading) -> None:
        said = {e.kind: e for e in reading.events if e.probability > self._kind}
        every = {e.kind: e for e in reading.events}
        true: dict[Kind, list[Event]] = defaultdict(list)
        for event in sentence.events:
            true[event.kind].append(event)
        for kind, count in self._kinds.items():
            count.tell(kind in said, kind in true)
        self._live.tell(reading.live > self._threshold, sentence.live)
        for kind, events in true.items():
            if kind in every:
                self._attributes(events[0], every[kind])
        self._add_spans(said, true)

    def _attributes(self, true: Event, said: EventReading) -> None:
        self._assertion[true.assertion, _most(said.assertion)] += 1
        self._novelty[true.novelty, _most(said.novelty)] += 1
        if true.phase and true.kind is Kind.CEASEFIRE:
            self._phase[true.phase, _most(said.phase)] += 1

    def _add_spans(self, said: Mapping[Kind, EventReading], true: Mapping[Kind, Sequence[Event]]) -> None:
        for name in SPANS:
            by_kind = {k: (_said_spans(said.get(k), name), _true_spans(true.get(k, ()), name)) for k in KINDS}
            self._spans[name].tell(
                {s for found, _ in by_kind.values() for s in found},
                {s for _, true in by_kind.values() for s in true},
            )
            if len(true) > 1:
                for found, labels in by_kind.values():
                    self._attached[name].tell(found, labels)

    def figures(self, sentences: int) -> Figures:
        kinds = {str(k): (c.f1, c.right + c.missed) for k, c in self._kinds.items()}
        whole = Count(
            *(sum(getattr(c, f) for c in self._kinds.values()) for f in ("right", "wrong", "missed"))
        )
        assertion, novelty = _each(ASSERTIONS, self._assertion), _each(NOVELTIES, self._novelty)
        spans = {name: (o.f1, o.true) for name, o in self._spans.items()}
        attached = Overlap()
        for o in self._attached.values():
            for field in ("said", "said_right", "true", "true_found"):
                setattr(attached, field, getattr(attached, field) + getattr(o, field))
        return Figures(
            sentences, whole.f1, _mean(kinds), self._live.f1, _mean(assertion), _mean(novelty),
            _share(self._phase), _mean({k: v for k, v in spans.items() if v[1] > _RARE}),
            kinds, assertion, novelty, spans, attached.f1,
        )  # fmt: skip


def _most(probabilities: Mapping[_Name, float]) -> _Name:
    return max(probabilities, key=lambda name: probabilities[name])


def _said_spans(event: EventReading | None, name: str) -> set[Span]:
    return set(event.spans.get(name, ())) if event else set()


def _true_spans(events: Sequence[Event], name: str) -> set[Span]:
    ranges: set[Range] = {r for e in events for r in e.spans.get(name, ())}
    return {Span(*r) for r in ranges}


def _each(names: Sequence[_Name], table: Mapping[tuple[_Name, _Name], int]) -> dict[str, tuple[float, int]]:
    found = {}
    for name in names:
        right = table.get((name, name), 0)
        true = sum(n for (t, _), n in table.items() if t == name)
        said = sum(n for (_, s), n in table.items() if s == name)
        found[str(name)] = (2 * right / (true + said) if true + said else 0.0, true)
    return found


def _mean(each: Mapping[str, tuple[float, int]]) -> float:
    values = [f1 for f1, count in each.values() if count]
    return sum(values) / len(values) if values else 0.0


def _share(table: Mapping[tuple[Phase, Phase], int]) -> float:
    total = sum(table.values())
    return sum(n for (t, s), n in table.items() if t == s) / total if total else 0.0
