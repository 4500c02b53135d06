"""One server process of the local stack: in its own session, its output in a file, not outliving us."""

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from services.cli.stack.errors import StackError

_PR_SET_PDEATHSIG = 1  # linux/prctl.h
_LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None
_POLL_S = 0.02


class ServerProcess:
    """A child process that writes to a log file and ends when we end.

    It runs in a session of its own, so that a Ctrl-C in the terminal reaches us alone, and we stop things in
    order. On Linux the kernel sends it SIGTERM when the *thread* that started it ends, even by SIGKILL; so
    `start` must be called on the main thread, and says so where it is not. Elsewhere it ends by `stop` alone.
    """

    def __init__(
        self, name: str, argv: Sequence[str], log_file: Path, environ: Mapping[str, str] | None = None
    ) -> None:
        """name: for messages ("Kafka").  log_file: takes stdout and stderr; each start begins it anew.

        environ: the process's whole environment; ours where None.
        """
        self.name = name
        self.argv = list(argv)
        self.log_file = log_file
        self._environ = environ
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def running(self) -> bool:
        """Whether the process has been started and has not ended."""
        return self._process is not None and self._process.poll() is None

    @property
    def exit_code(self) -> int | None:
        """The ended process's exit code (minus the signal that ended it); None where it runs or never ran."""
        return None if self._process is None else self._process.poll()

    @property
    def pid(self) -> int:
        """The running process's id; raises StackError where none runs."""
        return self._require().pid

    def start(self) -> None:
        """Start the process. Raises StackError where its program is missing or may not be run."""
        if self.running:
            return
        if _LIBC is not None and threading.current_thread() is not threading.main_thread():
            raise RuntimeError(f"start {self.name} on the main thread: it ends with the thread that did")
        self.log_file.parent.mkdir(parents=True, exist_ok=True)
        with self.log_file.open("wb") as log:
            try:
                self._process = subprocess.Popen(
                    self.argv,
                    env=self._environ,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                    preexec_fn=_end_with_parent(os.getpid()),
                )
            except OSError as error:
                reason = f"{self.argv[0]}: {error.strerror}"
                raise StackError(f"{self.name} cannot be started: {reason}.") from error

    def wait_ready(self, ready: Callable[[], bool], timeout_s: float) -> None:
        """Poll `ready` until it is true.

        Raises StackError, with the log's last lines, where the process ends first or the deadline passes.
        """
        deadline = time.monotonic() + timeout_s
        while not ready():
            if not self.running:
                code = self.exit_code
                raise StackError(f"{self.name} ended while starting (exit code {code}).{self._tail()}")
            if time.monotonic() > deadline:
                raise StackError(f"{self.name} was not ready within {timeout_s:.0f} s.{self._tail()}")
            time.sleep(_POLL_S)

    def stop(self, timeout_s: float = 10.0) -> None:
        """End the process with SIGTERM, or SIGKILL where that takes too long; nothing where none runs."""
        if self._process is None or not self.running:
            return
        self.terminate()
        try:
            self._process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            self.kill()

    def terminate(self) -> None:
        """Ask the process to end (SIGTERM), without waiting for it."""
        if self._process is not None and self.running:
            self._process.send_signal(signal.SIGTERM)
            self._process.send_signal(signal.SIGCONT)  # one that was paused would never see the other

    def kill(self) -> None:
        """End the process at once (SIGKILL) and wait for its end."""
        if self._process is not None and self.running:
            self._process.kill()
            self._process.wait()

    def pause(self) -> None:
        """Freeze the process (SIGSTOP): it keeps its connections and answers nothing, as a hung machine."""
        self._require().send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Let a paused process go on (SIGCONT)."""
        self._require().send_signal(signal.SIGCONT)

    def last_lines(self, count: int = 15) -> list[str]:
        """Return the last lines of the log file; none where there is no log."""
        if not self.log_file.exists():
            return []
        return self.log_file.read_text(errors="replace").splitlines()[-count:]

    def _require(self) -> subprocess.Popen[bytes]:
        if self._process is None or not self.running:
            raise StackError(f"{self.name} is not running.")
        return self._process

    def _tail(self) -> str:
        lines = self.last_lines()
        return f" The end of {self.log_file}:\n" + "\n".join(f"  {line}" for line in lines) if lines else ""


def _end_with_parent(parent: int) -> Callable[[], None] | None:
    """Make the hook that asks the kernel, in the child, for SIGTERM when the parent ends (Linux only)."""
    if _LIBC is None:
        return None
    prctl = _LIBC.prctl

    def hook() -> None:
        prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:  # the parent ended before we asked
            os._exit(1)

    return hook
