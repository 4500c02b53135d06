"""Every port that a start needs, looked at before anything starts: all that is wrong with them, at once."""

from collections.abc import Sequence

from services.cli.stack import StackError
from services.cli.stack.ports import require_free


def check_ports(wanted: Sequence[tuple[int, str, str]]) -> None:
    """wanted: (port, who wants it, its setting). Raises StackError: two want one, or something has one."""
    problems = _twice(wanted)
    for port, user, setting in wanted:
        try:
            require_free(port, user, setting)
        except StackError as error:
            problems.append(str(error))
    if problems:
        raise StackError("\n  ".join([*problems, "Nothing was started."]))


def _twice(wanted: Sequence[tuple[int, str, str]]) -> list[str]:
    first: dict[int, str] = {}
    problems = []
    for port, _, setting in wanted:
        if other := first.get(port):
            problems.append(f"{other} and {setting} both name port {port}: each needs one of its own.")
        first.setdefault(port, setting)
    return problems
