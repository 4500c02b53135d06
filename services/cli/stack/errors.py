"""The one error of the local stack: what is wrong, why, and what to do, ready to be shown."""


class StackError(Exception):
    """The local stack cannot do what was asked. `str(error)` names the thing, the reason and the remedy."""
