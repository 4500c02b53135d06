"""`tocsin redeliver ALERT_ID`: an alert as it was decided in, a pending record out, which a running sender adopts."""

from datetime import UTC, datetime
from typing import Annotated

import typer
from kafka import KafkaProducer

from schemas.alert import Alert, Pending
from schemas.envelope import Envelope, event_type
from schemas.topics import ALERT, MAX_RECORD_BYTES, PENDING, RECORD_OVERHEAD_BYTES
from services.cli.errors import CliError
from services.cli.moments import moment
from services.cli.output import remark, say
from services.cli.records import TopicView, decoded
from services.cli.settings import settings
from services.common.kafka import broker_errors

ACK_SECONDS = 30

AlertId = Annotated[
    str, typer.Argument(help="The alert's id: the webhook-id, as `tocsin deliveries` shows it.")
]
Since = Annotated[str, typer.Option(help="How far back to look for it: 24h, 30d, or a time with its offset.")]


def redeliver(alert_id: AlertId, since: Since = "30d") -> None:
    """Send an alert again, under the same id and with the same body; its age is not asked.

    A running alerting service takes it up within seconds, one that is down when it starts. `tocsin deliveries --alert
    ALERT_ID` shows what became of it.

    Example: tocsin redeliver alr_c3ychuit2j5oandrveva3dg3
    """
    now = datetime.now(UTC)
    servers = settings().kafka_bootstrap_servers
    partition, alert = _found(servers, alert_id, moment(since, now))
    _write(servers, partition, Pending(alert_id=alert.id, alert=alert, due_at=now, redelivery=now))
    say(f"{alert.id} will be sent again to {alert.subscription_id}: {alert.headline}")
    remark(f"`tocsin deliveries --alert {alert.id}` shows what becomes of it")


def _found(servers: str, alert_id: str, begun: datetime) -> tuple[int, Alert]:
    """The alert and its partition; one that was decided twice has the same bytes twice."""
    wanted = alert_id.encode()
    with TopicView(servers, ALERT) as view:
        for seen in view.stored(view.offsets_since(begun)):
            if seen.value is None or wanted not in seen.value:
                continue
            alert = decoded(seen)
            if isinstance(alert, Alert) and alert.id == alert_id:
                return seen.partition, alert
    raise CliError(
        f"there is no alert {alert_id!r} on {ALERT.name} in that time: "
        "`tocsin deliveries` lists ids, and --since looks further back"
    )


def _write(servers: str, partition: int, pending: Pending) -> None:
    mark = int(pending.due_at.timestamp() * 1000)
    envelope = Envelope(
        id=f"{pending.alert_id}-again-{mark}",
        source="/tocsin/cli",
        type=event_type(PENDING.entity),
        subject=pending.alert_id,
    )
    with broker_errors(servers):
        producer = KafkaProducer(
            bootstrap_servers=servers.split(","),
            max_request_size=MAX_RECORD_BYTES + RECORD_OVERHEAD_BYTES,
            bootstrap_timeout_ms=10_000,
            allow_auto_create_topics=False,
        )
        try:
            producer.send(
                PENDING.name,
                key=pending.alert_id.encode(),
                value=pending.to_bytes(),
                headers=envelope.to_headers(),
                partition=partition,
            ).get(timeout=ACK_SECONDS)
        finally:
            producer.close()
