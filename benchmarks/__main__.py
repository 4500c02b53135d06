"""`make bench`, or `python -m benchmarks [NAME ...]`: run measurements, each a module here that prints its figures."""

import argparse
import subprocess
import sys

MEASUREMENTS = ("reading", "pipeline")
"""Those that need nothing; the others say what they need: `python -m benchmarks.NAME --help`."""


def main() -> int:
    """Run those that are named, else all; 1 where one failed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("name", nargs="*", help=f"some of: {', '.join(MEASUREMENTS)}; none: all")
    failed = False
    for name in parser.parse_args().name or MEASUREMENTS:
        print(f"== {name}", flush=True)
        failed |= subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], check=False).returncode != 0
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
