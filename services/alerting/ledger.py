"""What alerting must remember, as projections: alerts already decided, and alerts not yet settled.

Records of `conflict.alert.v1` and `conflict.pending.v1` in, commands on the partition's state out; and the reads.
"""

from collections.abc import Sequence

from schemas.alert import Alert, Pending
from schemas.base import UndecodableError
from services.common.logging import get_logger
from services.common.store import Command, Store

log = get_logger(__name__)

LEDGER = "ledger"
PENDING = "pending"


def _member(subscription_id: str, incident_id: str) -> str:
    return f"{subscription_id}|{incident_id}"


def reduce_alert(key: str, value: bytes | None) -> list[Command]:
    """Remember the version alerted. The highest stands: a worker that wakes late cannot set it back."""
    if value is None:
        return []
    try:
        alert = Alert.from_bytes(value)
    except UndecodableError as error:
        # a foreign record must not stop the rebuild; it was no alert of ours
        log.warning("alert_record_ignored", key=key, problem=str(error))
        return []
    member = _member(alert.subscription_id, alert.incident_id)
    return [("ZADD", LEDGER, "GT", alert.incident_version, member)]


def reduce_pending(key: str, value: bytes | None) -> list[Command]:
    """Remember the alert until its null settles it."""
    if value is None:
        return [("HDEL", PENDING, key)]
    try:
        Pending.from_bytes(value)
    except UndecodableError as error:
        log.warning("pending_record_ignored", key=key, problem=str(error))
        return []
    return [("HSET", PENDING, key, value.decode())]


async def last_versions(
    store: Store, subscription_ids: Sequence[str], incident_id: str
) -> dict[str, int | None]:
    """The version last alerted to each subscription, None before the first; one read, however many they are."""
    if not subscription_ids:
        return {}
    members = [_member(subscription_id, incident_id) for subscription_id in subscription_ids]
    [scores] = await store.read([("ZMSCORE", LEDGER, *members)])
    versions = (None if score is None else int(float(score)) for score in scores)
    return dict(zip(subscription_ids, versions, strict=True))


async def unsettled(store: Store) -> list[Pending]:
    """All pending alerts of the partition. Raises `StaleProjectionError` or `OutageError`."""
    [flat] = await store.read([("HGETALL", PENDING)])
    return [Pending.from_bytes(value.encode()) for value in flat[1::2]]


async def pending_of(store: Store, alert_ids: Sequence[str]) -> list[Pending]:
    """Those of the alerts that are not yet settled."""
    if not alert_ids:
        return []
    [values] = await store.read([("HMGET", PENDING, *alert_ids)])
    return [Pending.from_bytes(value.encode()) for value in values if value is not None]
