"""The threshold of a merge, looked at: gold sets in, precision and recall at each threshold out, as text and as a plot.

    python -m benchmarks.dedup_curve SETS [--plot docs/dedup-threshold.svg]

SETS is a folder with `pairs_dev.jsonl` and `dedup/airwars_syria_{docs_en,docs_ar,incidents}_dev.jsonl`. Reports are
read once, and merged anew for each threshold by the service's own functions.
"""

import argparse
import asyncio
import json
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from schemas.event import ConflictEvent
from services.dedup import match
from services.dedup.batch import Bench
from services.nlp.batch import report_from
from services.nlp.handle import read_report
from services.nlp.reader import ReportReader

THRESHOLDS = [2.0 + step * 0.25 for step in range(13)]
WIDTH, HEIGHT, LEFT, TOP = 560, 300, 50, 20
COLOURS = {"en precision": "#1b6ca8", "en recall": "#9cc7e4", "ar precision": "#a83232", "ar recall": "#e4a79c",
           "pairs right": "#2e7d32"}  # fmt: skip

Told = tuple[str, Sequence[ConflictEvent]]
Line = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Gold:
    """Reports with their events, and which belong together; or pairs with what is right of each."""

    syria: Mapping[str, tuple[Sequence[Told], Mapping[str, str]]]
    pairs: Sequence[tuple[Sequence[Told], bool]]


def lines(path: Path) -> list[Line]:
    """A file of JSON Lines."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def read(reader: ReportReader, report: Line) -> Told:
    """A report's id and its events."""
    return report["id"], read_report(report_from(report), reader).events


def gold_from(folder: Path) -> Gold:
    """Read all reports of the sets."""
    reader = ReportReader.load()
    sets = folder / "dedup"
    dates = {each["id"]: each["date"] for each in lines(sets / "airwars_syria_incidents_dev.jsonl")}
    syria = {}
    for language in ("en", "ar"):
        told = lines(sets / f"airwars_syria_docs_{language}_dev.jsonl")
        docs = [doc for doc in told if not doc["multi"] and doc.get("checked") != "broad"]
        for doc in docs:
            day = dates[doc["incident_ids"][0]][:10]
            doc |= {
                "published_at": doc["published"] or f"{day}T20:00:00Z",
                "source": doc["publisher"] or doc["host"],
            }
        docs.sort(key=lambda doc: str(doc["published_at"]))
        syria[language] = (
            [read(reader, doc) for doc in docs],
            {doc["id"]: doc["incident_ids"][0] for doc in docs},
        )
    pairs = []
    for pair in lines(folder / "pairs_dev.jsonl"):
        sides = sorted("ab", key=lambda side: str(pair[side]["published_at"]))
        pairs.append(([read(reader, {"id": side, **pair[side]}) for side in sides], pair["same_incident"]))
    return Gold(syria, pairs)


async def merged(reports: Sequence[Told]) -> dict[str, tuple[str, ...]]:
    """The incidents of each report, its main event's first."""
    bench = Bench()
    return {name: (await bench.answer(name, events)).incident_ids for name, events in reports}


async def figures(gold: Gold) -> dict[str, float]:
    """Pair precision and recall on the Syria sets, and the share of pairs decided rightly."""
    found = {}
    for language, (reports, truth) in gold.syria.items():
        answers = await merged(reports)
        guess = {name: ids[0] if ids else name for name, ids in answers.items()}
        both = _pairs({name: f"{truth[name]}/{guess[name]}" for name in truth})
        found[f"{language} precision"] = both / max(1, _pairs(guess))
        found[f"{language} recall"] = both / max(1, _pairs(truth))
    right = 0
    for reports, same in gold.pairs:
        first, second = (await merged(reports)).values()
        right += bool(set(first) & set(second)) == same
    found["pairs right"] = right / len(gold.pairs)
    return found


def _pairs(groups: Mapping[str, str]) -> int:
    return sum(count * (count - 1) // 2 for count in Counter(groups.values()).values())


def plot(curves: Sequence[tuple[float, Mapping[str, float]]], chosen: float) -> str:
    """An SVG of the curves, the threshold in force marked."""

    def at(threshold: float, share: float) -> str:
        span = THRESHOLDS[-1] - THRESHOLDS[0]
        return f"{LEFT + (threshold - THRESHOLDS[0]) / span * WIDTH:.1f},{TOP + (1 - share) * HEIGHT:.1f}"

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {LEFT + WIDTH + 120} {TOP + HEIGHT + 45}" '
        'font-family="sans-serif" font-size="11">',
        '<rect width="100%" height="100%" fill="white"/>',
    ]
    for tenth in range(0, 11, 2):
        y = TOP + (1 - tenth / 10) * HEIGHT
        parts.append(
            f'<path d="M{LEFT},{y}h{WIDTH}" stroke="#ddd"/><text x="{LEFT - 26}" y="{y + 4}">{tenth / 10}</text>'
        )
    for threshold in THRESHOLDS[::2]:
        x = at(threshold, 0).split(",")[0]
        parts.append(f'<text x="{x}" y="{TOP + HEIGHT + 16}" text-anchor="middle">{threshold}</text>')
    middle, below = LEFT + WIDTH / 2, TOP + HEIGHT + 34
    parts.append(f'<text x="{middle}" y="{below}" text-anchor="middle">points from which two are one</text>')
    parts.append(f'<path d="M{at(chosen, 0)}L{at(chosen, 1)}" stroke="#555" stroke-dasharray="4 3"/>')
    for name, colour in COLOURS.items():
        points = " ".join(at(threshold, told[name]) for threshold, told in curves)
        x, y = at(*[(threshold, told[name]) for threshold, told in curves][-1]).split(",")
        parts.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts.append(f'<text x="{float(x) + 6}" y="{float(y) + 4}" fill="{colour}">{name}</text>')
    return "\n".join([*parts, "</svg>", ""])


def main() -> int:
    """Measure, print, and draw where asked."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("sets", type=Path)
    parser.add_argument("--plot", type=Path)
    told = parser.parse_args()
    gold, chosen, curves = gold_from(told.sets), match.ACCEPT, []
    for threshold in THRESHOLDS:
        match.ACCEPT = threshold
        curves.append((threshold, asyncio.run(figures(gold))))
        print(threshold, " ".join(f"{name} {share:.3f}" for name, share in curves[-1][1].items()), flush=True)
    match.ACCEPT = chosen
    if told.plot:
        told.plot.write_text(plot(curves, chosen), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
