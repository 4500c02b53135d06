"""Sums up a pytest report: takes JUnit XML, prints the figures; 1 where tests on the real broker did not run."""

import sys
from pathlib import Path
from xml.etree import ElementTree

BROKER_FOLDERS = ("tests.integration", "tests.e2e")
"""Tests here use a real Kafka and a real Redis."""


def main(report: Path) -> int:
    """0 where tests of each folder that needs the broker ran, and passed."""
    suite = ElementTree.parse(report).getroot().find("testsuite")  # noqa: S314 - pytest wrote it just now
    if suite is None:
        sys.stderr.write(f"{report} holds no test suite\n")
        return 1
    figures = {name: int(suite.get(name, "0")) for name in ("tests", "failures", "errors", "skipped")}
    sys.stdout.write(f"{figures} in {float(suite.get('time', '0')):.0f} s\n")
    for case in suite.iter("testcase"):
        skipped = case.find("skipped")
        if skipped is not None:
            sys.stdout.write(
                f"skipped {case.get('classname')}.{case.get('name')}: {skipped.get('message')}\n"
            )
    return max([_on_the_broker(suite, folder) for folder in BROKER_FOLDERS])


def _on_the_broker(suite: ElementTree.Element, folder: str) -> int:
    ran = [
        case
        for case in suite.iter("testcase")
        if case.get("classname", "").startswith(folder) and case.find("skipped") is None
    ]
    sys.stdout.write(f"{folder}: {len(ran)} ran on a real Kafka and a real Redis\n")
    return 0 if ran else 1


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
