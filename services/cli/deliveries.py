"""`tocsin deliveries`: the attempts at delivering alerts, one line each."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer

from schemas.base import UndecodableError, iso_utc
from schemas.delivery import Delivery, DeliveryOutcome
from schemas.topics import DELIVERY
from services.cli.moments import moment
from services.cli.output import remark, say, table
from services.cli.records import TopicView, decoded
from services.cli.settings import settings

Subscription = Annotated[str | None, typer.Option("--subscription", "-s", help="Only this subscription's.")]
Alert = Annotated[str | None, typer.Option("--alert", "-a", help="Only this alert's.")]
Outcome = Annotated[DeliveryOutcome | None, typer.Option(help="Only those that ended so.")]
Since = Annotated[str, typer.Option(help="How far back: 30m, 24h, 7d, or a time with its offset.")]
Most = Annotated[int, typer.Option("--max", "-n", min=1, help="The newest so many.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object a line.")]


def deliveries(
    subscription: Subscription = None,
    alert: Alert = None,
    outcome: Outcome = None,
    since: Since = "24h",
    most: Most = 50,
    as_json: AsJson = False,
) -> None:
    """Show the attempts at delivering alerts: when, how they ended and why, and when the next one is due.

    Example: tocsin deliveries --subscription desk --outcome dead
    """
    begun = moment(since, datetime.now(UTC))
    found = [
        one
        for one in _made_since(begun)
        if subscription in (None, one.subscription_id)
        and alert in (None, one.alert_id)
        and outcome in (None, one.outcome)
    ]
    shown = sorted(found, key=lambda one: one.attempted_at)[-most:]
    if as_json:
        for one in shown:
            say(one.model_dump_json())
    elif shown:
        table(
            ("at", "subscription", "alert", "version", "attempt", "outcome", "took", "next"), map(_row, shown)
        )
    remark(f"{len(shown)} of {len(found)} attempts since {iso_utc(begun.replace(microsecond=0))}")


def _made_since(begun: datetime) -> Iterator[Delivery]:
    with TopicView(settings().kafka_bootstrap_servers, DELIVERY) as view:
        # a record is written right after its attempt: the broker's time is a little later
        for seen in view.stored(view.offsets_since(begun - timedelta(minutes=1))):
            try:
                delivery = decoded(seen)
            except UndecodableError as error:
                remark(f"{seen.where} is no delivery: {error}")
                continue
            if isinstance(delivery, Delivery) and delivery.attempted_at >= begun:
                yield delivery


def _row(one: Delivery) -> tuple[str, ...]:
    why = one.reason.value if one.reason else ""
    status = f" ({one.status_code})" if one.status_code and one.reason else ""
    return (
        iso_utc(one.attempted_at.replace(microsecond=0)),
        one.subscription_id,
        one.alert_id,
        str(one.incident_version),
        str(one.attempt),
        f"{one.outcome.value} {why}{status}".strip(),
        f"{one.duration_seconds:.2f} s",
        iso_utc(one.next_attempt_at.replace(microsecond=0)) if one.next_attempt_at else "",
    )
