"""`python -m services.cli.docs`: make the generated files (`make docs`), check them, or release the schemas."""

import sys

from services.cli.docs.pages import MarkersMissingError, stale, write
from services.cli.docs.release import broken_promises, release, told

USAGE = """\
usage: python -m services.cli.docs [check | release]

  (nothing)  make all generated files
  check      say which are not what the code says; 1 where there are any
  release    promise the schemas of now to subscribers; refused where an earlier promise would be broken
"""


def main(arguments: list[str]) -> int:
    """0 done, 1 stale or refused, 2 not understood."""
    actions = {(): _write, ("check",): _check, ("release",): _release}
    action = actions.get(tuple(arguments))
    if action is None:
        sys.stderr.write(USAGE)
        return 2
    try:
        return action()
    except MarkersMissingError as error:
        sys.stderr.write(f"error: {error}\n")
        return 1


def _write() -> int:
    changed = write()
    sys.stdout.write("".join(f"made {path}\n" for path in changed) or "all generated files are up to date\n")
    return 0


def _check() -> int:
    paths = stale()
    sys.stdout.write("".join(f"stale: {path} (run `make docs`)\n" for path in paths) or "up to date\n")
    return 1 if paths else 0


def _release() -> int:
    write()
    if broken := broken_promises():
        sys.stderr.write(f"error: refused, since subscribers would break:\n{told(broken)}\n")
        return 1
    changed = release()
    sys.stdout.write("".join(f"released {topic}\n" for topic in changed) or "nothing new to release\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
