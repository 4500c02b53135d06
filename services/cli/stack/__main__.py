"""`python -m services.cli.stack`: fetch and check all that a start needs (`make setup` calls it)."""

import sys

from services.cli.stack import StackError, prefetch


def main() -> int:
    """Fetch; 0 where all is there, 1 with a message on stderr where something is not."""
    try:
        prefetch(lambda line: print(line, flush=True))  # noqa: T201
    except StackError as error:
        print(f"error: {error}", file=sys.stderr)  # noqa: T201
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
