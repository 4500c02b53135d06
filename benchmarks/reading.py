"""Nlp on one core: full-length articles a second, without a trigger and with three candidates, by each reader."""

import os
import time
from datetime import UTC, datetime
from pathlib import Path

from schemas.report import Report
from services.nlp.choose import Choice, choose
from services.nlp.reader import ReportReader

CALM = "The council met on Tuesday to discuss the budget for schools, roads and the new library in the old town. "
GRIM = (
    "An air strike hit a market in Kharkiv, Ukraine, on Tuesday, killing at least seven people, medics said. ",
    "Two shells fell on a house in the village of Tsyrkuny at about six in the morning and wounded a farmer. ",
    "Residents told reporters that the missile had destroyed the only bakery, and the governor blamed Russia. ",
)
ARTICLE_CHARACTERS = 3500
SECONDS = 5.0


def article(number: int, candidates: int) -> Report:
    """An article of usual length, `candidates` of its sentences telling of a strike."""
    calm = CALM * (ARTICLE_CHARACTERS // len(CALM) - candidates)
    text = f"Report {number}. " + calm + "".join(GRIM[:candidates])
    now = datetime(2026, 1, 7, 12, tzinfo=UTC)
    return Report(
        id=f"r{number}",
        revision="1",
        text=text,
        source="bench",
        published_at=now,
        fetched_at=now,
        language="en",
    )


def rate(reader: ReportReader, candidates: int) -> float:
    """Articles a second of one core's time; whatever else runs on the machine does not count."""
    began, count = time.process_time(), 0
    while time.process_time() - began < SECONDS:
        reader.read(article(count, candidates))
        count += 1
    return count / (time.process_time() - began)


def resident() -> float:
    """The memory of this process in MB; 0 where the system does not tell."""
    status = Path("/proc/self/status")
    if not status.is_file():
        return 0.0
    line = next(line for line in status.read_text().splitlines() if line.startswith("VmRSS:"))
    return int(line.split()[1]) / 1000


def measure(choice: Choice) -> None:
    """Print a line a case for one reader."""
    began = time.perf_counter()
    reader = ReportReader.load(sentence_reader=choice.reader)
    print(f"{reader.version}: loaded in {time.perf_counter() - began:.2f} s")
    for candidates in (0, 3):
        print(f"  {rate(reader, candidates):.0f} articles a second with {candidates} candidate sentences")
    print(f"  {resident():.0f} MB resident")


def main() -> None:
    """Measure the rules alone, and then the trained reader where there is one."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    measure(choose("rules"))
    trained = choose("auto")
    if trained.problem:
        print(f"no trained reader: {trained.problem}")
    else:
        measure(trained)


if __name__ == "__main__":
    main()
