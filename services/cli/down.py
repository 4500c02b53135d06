"""`tocsin down`: stops the Tocsin that runs on this machine, from another terminal."""

import os
import signal
import time
from typing import Annotated

import typer

from services.cli.errors import CliError
from services.cli.output import say
from services.cli.supervise import run_file
from services.cli.supervise.settings import load

Timeout = Annotated[float, typer.Option(min=1, help="Seconds to wait for its end.")]


def down(timeout: Timeout = 90.0) -> None:
    """Stop a running `tocsin up`: services, cache and broker, in order. It does nothing where none runs.

    Finds it by its folder (TOCSIN_DATA, else .tocsin of this checkout).

    Example: tocsin down
    """
    folder = load().tocsin_data
    if not run_file.running(folder):
        say(f"nothing runs on {folder}")
        return
    record = run_file.read(folder)
    if record is None:
        raise CliError(
            f"a start on {folder} is under way, and has not told its process yet; try again in a second"
        )
    began = time.monotonic()
    _ask(record.supervisor_pid)
    while run_file.running(folder):
        if time.monotonic() - began > timeout:
            raise CliError(
                f"pid {record.supervisor_pid} has not ended within {timeout:.0f} s; `kill -9 {record.supervisor_pid}` "
                "ends it and, on Linux, all that it started"
            )
        time.sleep(0.1)
    say(f"stopped pid {record.supervisor_pid} and all that it started, in {time.monotonic() - began:.1f} s")


def _ask(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGTERM)
    except ProcessLookupError:
        return
    except PermissionError:
        raise CliError(f"pid {pid} belongs to another user, who may stop it") from None
