"""The errors that a command ends with: what, why, and what to do, in one line; never a traceback."""


class CliError(Exception):
    """The command cannot do what was asked. `str(error)` names the thing, the reason and the remedy. Exit code 1."""


class UsageError(CliError):
    """The command was asked for something that there is not. Exit code 2."""
