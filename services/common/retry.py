"""What may go wrong with a record, and how long to wait before trying again."""

import random
from collections.abc import Iterator
from dataclasses import dataclass

from schemas.failure import FailureReason


class RetryLater(Exception):  # noqa: N818 - named as the outcome that it asks for
    """This record failed in a way that may pass."""

    def __init__(self, reason: FailureReason, text: str = "") -> None:
        super().__init__(text or reason.value)
        self.reason = reason


class Unprocessable(Exception):  # noqa: N818 - named as the outcome that it asks for
    """This record will never succeed: to its dead-letter topic."""

    def __init__(self, reason: FailureReason, text: str = "") -> None:
        super().__init__(text or reason.value)
        self.reason = reason


class OutageError(Exception):
    """Broker, cache or a projection cannot be reached: no record's fault, so wait without end."""

    def __init__(self, dependency: str, text: str) -> None:
        super().__init__(f"{dependency}: {text}")
        self.dependency = dependency


@dataclass(frozen=True, slots=True)
class Backoff:
    """Exponential waits in seconds, jittered so that workers do not come back all at once."""

    first: float = 0.1
    factor: float = 2.0
    longest: float = 10.0
    jitter: float = 0.2

    def waits(self, rng: random.Random) -> Iterator[float]:
        """Waits without end."""
        wait = self.first
        while True:
            yield wait * rng.uniform(1 - self.jitter, 1 + self.jitter)
            wait = min(wait * self.factor, self.longest)
