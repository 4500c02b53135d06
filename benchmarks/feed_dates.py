"""Scores the reading of feed dates: a file of strings and their answers in, the share that is right out.

    python -m benchmarks.feed_dates FILE.jsonl [--wrong]

A line is `{"string": ..., "utc": RFC 3339 to the second, or null where the string tells no date}`.
"""

import argparse
import json
import sys
from pathlib import Path

from schemas.base import iso_utc
from services.ingest.dates import read_date


def main() -> int:
    """Exit code 1 where less than 0.95 is right, or a date was invented."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--wrong", action="store_true", help="list what was read otherwise")
    told = parser.parse_args()
    cases = [json.loads(line) for line in told.file.read_text(encoding="utf-8").splitlines() if line.strip()]
    wrong = [(case, read) for case in cases if (read := _read(case["string"])) != case["utc"]]
    invented = [case for case, read in wrong if case["utc"] is None]
    if told.wrong:
        for case, read in wrong:
            print(f"{case['string']!r}: {read}, and should be {case['utc']}")
    share = 1 - len(wrong) / len(cases)
    print(f"right to the second {share:.3f} of {len(cases)}; invented {len(invented)}")
    return 0 if share >= 0.95 and not invented else 1


def _read(string: str) -> str | None:
    instant = read_date(string)
    return None if instant is None else iso_utc(instant.replace(microsecond=0))


if __name__ == "__main__":
    sys.exit(main())
