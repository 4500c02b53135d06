"""A server of the local stack: what starting, stopping and breaking one have in common."""

from abc import ABC, abstractmethod
from collections.abc import Callable

from services.cli.stack.process import ServerProcess


class LocalServer(ABC):
    """One server process on one port, on data of its own."""

    process: ServerProcess

    @abstractmethod
    def start(self) -> None:
        """Start it where it does not run; returns when it answers."""

    def _start_process(self, answers: Callable[[], bool], timeout_s: float) -> None:
        self.process.start()
        try:
            self.process.wait_ready(answers, timeout_s)
        except BaseException:  # Ctrl-C included: nothing half started stays behind
            self.process.kill()
            raise

    def stop(self) -> None:
        """Stop it cleanly; what it holds is written."""
        self.process.stop()

    def kill(self) -> None:
        """End it as a crash does (SIGKILL)."""
        self.process.kill()

    def pause(self) -> None:
        """Freeze it: clients stay connected and get no answer."""
        self.process.pause()

    def resume(self) -> None:
        """Let it go on."""
        self.process.resume()

    def restart(self) -> None:
        """Stop it where it runs, and start it again on the same data and port."""
        self.stop()
        self.start()
