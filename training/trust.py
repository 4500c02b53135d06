"""Weighs rules and encoder: labelled sentences and a model in, the figures of `services/nlp/data/trust.yaml` out.

The last step of `make train`; after a change of the rules alone:

    python -m training.trust --model services/nlp/model training/data/own.jsonl [more.jsonl ...]

How often each rule is right is counted on all sentences, since no rule was fitted to them; the weights of the two
together are fitted on those of the development split, which the encoder has not seen.
"""

import argparse
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import yaml

from schemas.event import Assertion, Kind, Novelty, Phase
from services.nlp.data_files import DATA
from services.nlp.encoder import Encoder, EventReading, Reading
from services.nlp.fusion import MODEL_LANGUAGES, SentenceEncoder
from services.nlp.genre import genre_of
from services.nlp.language import SUPPORTED
from services.nlp.read import ENCODER, Candidate, Mention, RuleReader, mention_at
from services.nlp.scan import Scanner, may_tell
from services.nlp.story import Story
from services.nlp.text import Section
from services.nlp.times import Calendar
from services.nlp.trigger import Trigger
from services.nlp.trust import FieldTrust, KindTrust, Trust, logit, weighed

Floats = npt.NDArray[np.float64]
FIELDS: dict[str, type[Assertion] | type[Novelty] | type[Phase]] = {
    "assertion": Assertion, "novelty": Novelty, "phase": Phase,
}  # fmt: skip
UNSEEN = 0.02
FEW = 30
"""Events of a kind on the development split below which the encoder does not overrule a rule about that kind."""
_RIDGE = 1e-3


@dataclass(frozen=True, slots=True)
class Line:
    """A labelled sentence with what the rules say of it."""

    dev: bool
    pair: tuple[str | None, str]
    truth: dict[Kind, dict[str, str | None]]
    ruled: dict[Kind, Mention]
    candidate: Candidate
    scanned: bool


class Pair(NamedTuple):
    """One question put to both: the rule, its answer, the encoder's probabilities and the truth."""

    rule: str
    said: str
    read: dict[str, float]
    truth: str


def lines(paths: Sequence[Path]) -> Iterator[Line]:
    """The labelled sentences of the files, in the languages that have lexicons, read by the rules."""
    scanner, rules = Scanner(), RuleReader()
    for path in paths:
        for raw in map(json.loads, path.read_text(encoding="utf-8").splitlines()):
            if raw.get("lang", "en") not in MODEL_LANGUAGES and raw.get("lang", "en") in SUPPORTED:
                line = _line(raw, scanner, rules)
                if line:
                    yield line


def _line(raw: dict[str, object], scanner: Scanner, rules: RuleReader) -> Line | None:
    previous, text = str(raw.get("previous") or ""), str(raw["text"])
    title = str(raw.get("title") or "")
    sentences = scanner.sentences(title, f"{previous}\n{text}" if previous else text)
    calendar = _calendar(str(raw.get("date") or ""))
    story, genre = Story(sentences, calendar), genre_of(title, sentences)
    first = len(previous) + 1 if previous else 0
    mine = [s for s in sentences if s.section is not Section.TITLE and s.start >= first] or sentences[-1:]
    if not mine:
        return None
    candidates = [story.candidate(s, genre, scanned=True) for s in mine]
    ruled = {
        m.kind: m for found in rules.read([c for c in candidates if may_tell(c.sentence)]) for m in found
    }
    truth = {Kind(e["kind"]): e for e in reversed(raw.get("events") or [])}  # type: ignore[attr-defined,call-overload]
    longest = max(candidates, key=lambda c: len(c.sentence.text))
    scanned = any(may_tell(s) for s in mine)
    return Line(
        raw.get("split") == "dev", (None if ruled else previous or None, text), truth, ruled, longest, scanned
    )


def _calendar(day: str) -> Calendar | None:
    try:
        return Calendar(datetime.fromisoformat(day[:10]).replace(hour=20, tzinfo=UTC), ZoneInfo("UTC"))
    except ValueError:
        return None


def precision(found: Sequence[Line]) -> dict[str, float]:
    """How often a rule that names a kind is right, by rule; drawn towards the mean where it spoke seldom."""
    right: Counter[str] = Counter()
    spoke: Counter[str] = Counter()
    for line in found:
        for kind, mention in line.ruled.items():
            spoke[mention.rules["kind"]] += 1
            right[mention.rules["kind"]] += kind in line.truth
    mean = sum(right.values()) / max(1, sum(spoke.values()))
    return {rule: round((right[rule] + 4 * mean) / (n + 4), 3) for rule, n in sorted(spoke.items())}


def counted(found: Sequence[Line], field: str) -> dict[str, dict[str, int]]:
    """By "rule answer": how many sentences have which true answer."""
    table: dict[str, Counter[str]] = defaultdict(Counter)
    for line in found:
        for kind, mention in line.ruled.items():
            truth = (line.truth.get(kind) or {}).get(field)
            said = getattr(mention, field)
            if truth and said:
                table[f"{mention.rules.get(field, field)} {said}"][truth] += 1
    return {key: dict(counts.most_common()) for key, counts in sorted(table.items())}


def fit_kind(found: Sequence[Line], readings: Sequence[Reading], rules: dict[str, float]) -> KindTrust:
    """The logistic over both, by ridge regression on the development split."""
    both: list[tuple[float, float, bool]] = []
    alone: list[tuple[float, bool]] = []
    for line, reading in zip(found, readings, strict=True):
        seen = {e.kind: e.probability for e in reading.events}
        for kind in {*seen, *line.ruled}:
            p, truth = logit(seen.get(kind, UNSEEN)), kind in line.truth
            if kind in line.ruled:
                both.append((p, logit(rules[line.ruled[kind].rules["kind"]]), truth))
            else:
                alone.append((p, truth))
    w = logistic(np.array([[p, r] for p, r, _ in both]), np.array([t for *_, t in both], float))
    v = logistic(np.array([[p] for p, _ in alone]), np.array([t for _, t in alone], float))
    seen_kinds = Counter(kind for line in found for kind in line.truth)
    few = tuple(kind for kind in Kind if seen_kinds[kind] < FEW)
    return KindTrust(
        slope=round(w[0], 3), rule=round(w[1], 3), bias=round(w[2], 3), alone_slope=round(v[0], 3),
        alone_bias=round(v[1], 3), unseen=UNSEEN, precision=rules, few=few,
    )  # fmt: skip


def logistic(x: Floats, y: Floats) -> list[float]:
    """Weights of a logistic regression, the constant last, by Newton's method."""
    x = np.hstack([x, np.ones((len(x), 1))])
    w = np.zeros(x.shape[1])
    for _ in range(50):
        p = 1 / (1 + np.exp(-x @ w))
        hessian = (x * (p * (1 - p))[:, None]).T @ x + _RIDGE * np.eye(len(w))
        w = w - np.linalg.solve(hessian, x.T @ (p - y) + _RIDGE * w)
    return [float(value) for value in w]


def pairs(found: Sequence[Line], readings: Sequence[Reading], field: str) -> list[Pair]:
    """The questions of one field that both answered, on events that are there."""
    asked = []
    for line, reading in zip(found, readings, strict=True):
        for event in reading.events:
            truth = (line.truth.get(event.kind) or {}).get(field)
            mention = line.ruled.get(event.kind) or _by_rules(line, event)
            said = getattr(mention, field) if mention else None
            if truth and mention and said:
                read = {str(k): v for k, v in getattr(event, field).items()}
                asked.append(Pair(mention.rules.get(field, field), str(said), read, truth))
    return asked


def _by_rules(line: Line, event: EventReading) -> Mention | None:
    at = event.trigger
    return mention_at(line.candidate, Trigger(event.kind, at.start, at.end, event.probability, ENCODER))


def fit_field(asked: Sequence[Pair], counts: dict[str, dict[str, int]], field: str) -> FieldTrust:
    """The weights of encoder and rule under which the true answers are most probable, by search."""
    answers = FIELDS[field]
    best: tuple[float, float, float] = (np.inf, 1.0, 0.0)
    for slope in np.arange(0.4, 1.61, 0.1):
        for rule in np.arange(0.0, 1.21, 0.1):
            trial = FieldTrust(slope=slope, rule=rule, counts=counts)
            loss = -sum(
                np.log(max(1e-6, weighed(trial, p.rule, answers(p.said), {answers(k): v for k, v in p.read.items()})
                           [answers(p.truth)])) for p in asked
            )  # fmt: skip
            best = min(best, (float(loss), float(slope), float(rule)))
    return FieldTrust(slope=round(best[1], 2), rule=round(best[2], 2), counts=counts)


def fitted(found: Sequence[Line], encoder: SentenceEncoder) -> Trust:
    """All figures."""
    dev = [line for line in found if line.dev]
    readings = encoder.read([line.pair for line in dev])
    rules = precision(found)
    fields = {}
    for field in FIELDS:
        counts = counted(found, field)
        fields[field] = fit_field(pairs(dev, readings, field), counts, field)
    scanned = [k for k, line in enumerate(dev) if line.scanned]
    kind = fit_kind([dev[k] for k in scanned], [readings[k] for k in scanned], rules)
    source = (
        f"counted on {len(found)} labelled sentences, fitted on {len(dev)} of them with {encoder.version}"
    )
    return Trust(
        source=source,
        kind=kind,
        assertion=fields["assertion"],
        novelty=fields["novelty"],
        phase=fields["phase"],
    )


def write(sentences: Sequence[Path], model: Path, out: Path) -> Trust:
    """Fit on the files of `sentences` with the model in the folder `model`; the figures, which are written to `out`."""
    figures = fitted(list(lines(sentences)), Encoder.load(model))
    text = yaml.safe_dump(figures.model_dump(mode="json"), sort_keys=False, allow_unicode=True, width=120)
    out.write_text(text, encoding="utf-8")
    return figures


def main() -> None:
    """Read the arguments, fit, write the file."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("sentences", nargs="+", type=Path)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=DATA / "trust.yaml")
    options = parser.parse_args()
    figures = write(options.sentences, options.model, options.out)
    sys.stdout.write(f"{options.out}: {figures.source}\n")


if __name__ == "__main__":
    main()
