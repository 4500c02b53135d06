"""`tocsin up`: everything on this machine, started, shown at work on samples, and stopped by Ctrl-C."""

import os
import sys
import time
from typing import Annotated

import psutil
import typer
from rich.console import Console

from services.cli.supervise.feeder import Feeder
from services.cli.supervise.interrupts import Interrupts, StopAsked
from services.cli.supervise.printer import Printer
from services.cli.supervise.settings import load
from services.cli.supervise.supervisor import Supervisor
from services.cli.supervise.words import try_next

NoSamples = Annotated[bool, typer.Option("--no-samples", help="Feed no sample reports.")]
KeepData = Annotated[
    bool,
    typer.Option(
        "--keep-data",
        help="Go on with the broker's and the cache's data of the last run, and feed no samples: they are known there.",
    ),
]


def _port(what: str) -> object:
    return typer.Option(
        help=f"Port of {what}.", min=1, max=65535, show_default=False, rich_help_panel="Ports"
    )


def up(
    no_samples: NoSamples = False,
    keep_data: KeepData = False,
    ingest_port: Annotated[int | None, _port("ingest; INGEST_PORT, else 8001")] = None,
    nlp_port: Annotated[int | None, _port("nlp; NLP_PORT, else 8002")] = None,
    dedup_port: Annotated[int | None, _port("dedup; DEDUP_PORT, else 8003")] = None,
    alerting_port: Annotated[int | None, _port("alerting; ALERTING_PORT, else 8004")] = None,
    receiver_port: Annotated[int | None, _port("the webhook receiver; RECEIVER_PORT, else 8009")] = None,
    kafka_port: Annotated[int | None, _port("Kafka; KAFKA_PORT, else 9092")] = None,
    redis_port: Annotated[int | None, _port("Redis; REDIS_PORT, else 6379")] = None,
) -> None:
    """Start broker, cache, the four services and a webhook receiver; feed samples; print each alert; stay up.

    Ctrl-C (or `tocsin down`) stops all of it in order, with exit code 0; a second Ctrl-C kills.
    KAFKA_BOOTSTRAP_SERVERS and REDIS_URL name a broker and a cache to use instead of the ones started here.

    Each run begins with an empty broker and cache, so that the samples are news and ring again. The data of the
    last run is moved to .tocsin/previous (one is kept); --keep-data goes on with it instead.

    A service that dies is started again, at most three times in two minutes; then all stops with exit code 1,
    as it does at once where broker or cache die.

    Example: tocsin up
    Example: tocsin up --keep-data --kafka-port 19092
    """
    ports = {
        "ingest_port": ingest_port,
        "nlp_port": nlp_port,
        "dedup_port": dedup_port,
        "alerting_port": alerting_port,
        "receiver_port": receiver_port,
        "kafka_port": kafka_port,
        "redis_port": redis_port,
    }
    settings = load(ports)
    printer = Printer(Console(highlight=False), psutil.Process().create_time(), time.time)
    with Interrupts() as interrupts:
        supervisor = Supervisor(settings, printer, interrupts)
        try:
            with supervisor.running(keep_data=keep_data):
                _at_work(supervisor, samples=not (no_samples or keep_data))
        except StopAsked:
            if supervisor.killed:
                raise typer.Exit(1) from None
            printer.step("stopped")


def _at_work(supervisor: Supervisor, *, samples: bool) -> None:
    """Feed, tell what to try next, and watch until a signal ends it."""
    feeder = Feeder(
        supervisor.settings, supervisor.printer, supervisor.inbox, lambda: supervisor.first_alert_after
    )
    try:
        if samples:
            feeder.start()
            supervisor.watch(feeder.done.is_set)
            if feeder.defect:
                raise feeder.defect
        supervisor.printer.lines(try_next(supervisor.settings, os.environ, _command()))
        supervisor.watch(lambda: False)
    finally:
        feeder.stop.set()


def _command() -> str:
    """How this command was called, so that what it suggests can be copied."""
    called = sys.argv[0]
    return called if called.endswith("tocsin") else "tocsin"
