"""Waits for services to be ready: each told as it comes, and what is waited for where it takes long."""

from collections.abc import Callable, Sequence

from services.cli.stack import StackError
from services.cli.supervise.probe import Readiness, readiness
from services.cli.supervise.services import Service

TIMEOUT_S = 120.0
PATIENCE_S = 10.0
"""After so long of silence it is told what is waited for."""


class Readying:
    """Ask `over` again and again; it is true when all are ready."""

    def __init__(
        self,
        services: Sequence[Service],
        tell: Callable[[str], None],
        clock: Callable[[], float],
        probe: Callable[[int], Readiness] = readiness,
    ) -> None:
        """clock: seconds, from anywhere.  probe: a port in, whether the service there is ready."""
        self._left = list(services)
        self._tell, self._clock, self._probe = tell, clock, probe
        self._deadline = clock() + TIMEOUT_S
        self._tell_at = clock() + PATIENCE_S

    def over(self) -> bool:
        """Look once. Raises `StackError` where it has taken too long."""
        states = [(service, self._probe(service.port)) for service in self._left]
        for service in [service for service, state in states if state.ready]:
            self._left.remove(service)
            self._tell(f"ready: {service.name}, pages on port {service.port}")
        late = [_why(service, state) for service, state in states if not state.ready]
        if late:
            self._grumble(", ".join(late))
        return not late

    def _grumble(self, late: str) -> None:
        now = self._clock()
        if now > self._deadline:
            raise StackError(f"Not ready within {TIMEOUT_S:.0f} s: {late}")
        if now > self._tell_at:
            self._tell_at = now + PATIENCE_S
            self._tell(f"still waiting for {late}")


def _why(service: Service, state: Readiness) -> str:
    return f"{service.name} ({state.why}; its log is {service.process.log_file})"
