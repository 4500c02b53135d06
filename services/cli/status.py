"""`tocsin status`: what runs on this machine, whether each part is ready or why not, and what waits on the topics."""

import psutil
import typer

from services.cli.errors import CliError
from services.cli.output import say, table
from services.cli.stack.ports import accepts
from services.cli.supervise import run_file
from services.cli.supervise.flow import flow_of
from services.cli.supervise.probe import Readiness, readiness
from services.cli.supervise.run_file import Member, RunRecord
from services.cli.supervise.settings import load
from services.common.kafka import BrokerError


def status() -> None:
    """Show the running `tocsin up`. Exit code 1 where none runs, or a part of it is not ready.

    Finds it by its folder (TOCSIN_DATA, else .tocsin of this checkout).

    Example: tocsin status
    """
    folder = load().tocsin_data
    record = run_file.read(folder)
    if record is None:
        why = "a start is under way" if run_file.running(folder) else "nothing runs"
        raise CliError(f"{why} on {folder}; `tocsin up` starts Tocsin")
    states = [(member, _state(member)) for member in record.members]
    say(
        f"tocsin up: pid {record.supervisor_pid}, since {record.started_at:%Y-%m-%d %H:%M:%S} UTC, on {folder}"
    )
    table(("part", "pid", "port", "ready", "why not"), [_row(*state) for state in states])
    reached = _flow(record)
    if not reached or not all(state.ready for _, state in states):
        raise typer.Exit(1)


def _state(member: Member) -> Readiness:
    """A service is asked; of anything else its process and its port are looked at."""
    if member.port is None:
        return Readiness(True, "given, not started here")
    if member.pid is None or not psutil.pid_exists(member.pid):
        return Readiness(False, f"its process has ended; see {member.log}")
    if member.pages:
        return readiness(member.port)
    listens = accepts(member.port)
    return Readiness(listens, "" if listens else "does not listen")


def _row(member: Member, state: Readiness) -> tuple[str, ...]:
    why = "" if state.ready and state.why == "ok" else state.why
    return (member.name, str(member.pid or "-"), str(member.port or "-"), "yes" if state.ready else "NO", why)


def _flow(record: RunRecord) -> bool:
    """The records that wait; false where the broker does not tell."""
    try:
        with flow_of(record.bootstrap_servers) as flow:
            state = flow.look()
    except BrokerError as error:
        say(f"topics: {error}")
        return False
    table(
        ("service", "reads", "records waiting"),
        [(service, topic, str(count)) for (service, topic), count in state.waiting.items()],
    )
    dead = f"{state.dead} dead letters (`tocsin dlt list`)" if state.dead else "no dead letters"
    say(f"{state.alerts} alerts decided, {state.attempts} delivery attempts made, {dead}")
    return True
