"""Looks at broker and cache from time to time; `/readyz` and the metrics tell what it saw."""

import asyncio
import contextlib

import redis.asyncio as aioredis
from redis.exceptions import RedisError

from schemas.topics import REPORT
from services.common.health import Health
from services.common.kafka import BrokerError, check_topics
from services.common.logging import get_logger
from services.common.metrics import WAITING

log = get_logger(__name__)

PROBE_SECONDS = 3.0
TURN_SECONDS = 1.0


async def watch(
    health: Health, bootstrap_servers: str, client: "aioredis.Redis", every_seconds: float
) -> None:
    """Look again and again, until cancelled."""
    while True:
        looks = look_at_broker(health, bootstrap_servers), look_at_cache(health, client)
        for failed in await asyncio.gather(*looks, return_exceptions=True):
            if isinstance(failed, Exception):
                # must go on looking: a readiness that nobody renews would say yesterday's truth
                log.error("look_failed", error=type(failed).__name__, exc_info=failed)
        health.ready("start")
        await asyncio.sleep(every_seconds)


async def turn(health: Health) -> None:
    """Show that the event loop turns, until cancelled."""
    while True:
        health.turned()
        await asyncio.sleep(TURN_SECONDS)


async def look_at_broker(health: Health, bootstrap_servers: str) -> None:
    """Without the broker, or with another number of partitions, no report can be taken."""
    try:
        await asyncio.to_thread(check_topics, bootstrap_servers, [REPORT], PROBE_SECONDS)
    except BrokerError as error:
        health.not_ready("broker", str(error))
        WAITING.labels("broker").set(1)
    else:
        health.ready("broker")
        WAITING.labels("broker").set(0)


async def look_at_cache(health: Health, client: "aioredis.Redis") -> None:
    """Without the cache reports are taken all the same: a repeat is written again, which its id makes harmless."""
    try:
        await client.ping()
    except RedisError as error:
        health.remarks["cache"] = (
            f"Redis does not answer ({type(error).__name__}); reports are taken all the same"
        )
        WAITING.labels("cache").set(1)
    else:
        with contextlib.suppress(KeyError):
            del health.remarks["cache"]
        WAITING.labels("cache").set(0)
