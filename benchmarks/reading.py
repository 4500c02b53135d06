"""Nlp on one core: full-length articles a second, without a trigger and with three candidate sentences."""

import time
from datetime import UTC, datetime

from schemas.report import Report
from services.nlp.reader import ReportReader

CALM = "The council met on Tuesday to discuss the budget for schools, roads and the new library in the old town. "
GRIM = (
    "An air strike hit a market in Kharkiv, Ukraine, on Tuesday, killing at least seven people, medics said. "
)
ARTICLE_CHARACTERS = 3500
SECONDS = 5.0


def article(number: int, candidates: int) -> Report:
    """An article of usual length, `candidates` of its sentences telling of a strike."""
    text = f"Report {number}. " + CALM * (ARTICLE_CHARACTERS // len(CALM) - candidates) + GRIM * candidates
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
    """Articles a second."""
    began, count = time.perf_counter(), 0
    while time.perf_counter() - began < SECONDS:
        reader.read(article(count, candidates))
        count += 1
    return count / (time.perf_counter() - began)


def main() -> None:
    """Measure, and print a line a case."""
    began = time.perf_counter()
    reader = ReportReader.load()
    print(f"loaded in {time.perf_counter() - began:.2f} s")
    for candidates in (0, 3):
        print(f"{rate(reader, candidates):.0f} articles a second with {candidates} candidate sentences")


if __name__ == "__main__":
    main()
