"""The command `tocsin`: registers the subcommands; turns every error into one line and an exit code."""

import os
import sys

import typer

from services.cli import (
    dedup,
    deliveries,
    dlt,
    down,
    extract,
    incident,
    ingest,
    receive,
    redeliver,
    resume,
    sources,
    status,
    tail,
    topics,
    up,
)
from services.cli import subscription as subscriptions
from services.cli.errors import CliError, UsageError
from services.cli.stack.errors import StackError

FAILED, USAGE, INTERRUPTED = 1, 2, 130
DEBUG_VARIABLE = "TOCSIN_DEBUG"

app = typer.Typer(
    help="Tocsin reads reports about armed conflict, merges them into incidents, and alerts over signed webhooks.",
    epilog="Exit codes: 0 done, 1 failed, 2 not understood. `tocsin COMMAND --help` shows an example.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command()(up.up)
app.command()(down.down)
app.command()(status.status)
app.command()(ingest.ingest)
app.command()(sources.sources)
app.command()(tail.tail)
app.add_typer(topics.app, name="topics")
app.command()(extract.extract)
app.command()(dedup.dedup)
app.add_typer(incident.app, name="incident")
app.add_typer(dlt.app, name="dlt")
app.command()(resume.resume)
app.command()(deliveries.deliveries)
app.command()(redeliver.redeliver)
app.add_typer(subscriptions.app, name="subscription")
app.command()(receive.receive)


def main() -> None:
    """The entry point of the package. Exits with 0, 1 or 2; TOCSIN_DEBUG=1 shows tracebacks."""
    try:
        app(prog_name="tocsin")
    except Exception as error:
        if os.environ.get(DEBUG_VARIABLE):
            raise
        sys.stderr.write(f"tocsin: {_told(error)}\n")
        sys.exit(USAGE if isinstance(error, UsageError) or _is_setting(error) else FAILED)
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)


def _told(error: Exception) -> str:
    if isinstance(error, CliError | StackError) or _is_setting(error) or _is_broker(error):
        return str(error)
    return (
        f"{type(error).__name__}: {error}. This is a defect of tocsin; "
        f"{DEBUG_VARIABLE}=1 before the command shows where."
    )


def _is_setting(error: Exception) -> bool:
    from services.common.settings import SettingsError

    return isinstance(error, SettingsError)


def _is_broker(error: Exception) -> bool:
    from services.common.kafka import BrokerError

    return isinstance(error, BrokerError)


if __name__ == "__main__":
    main()
