"""The connection to Redis: bounded in time, so that an outage is noticed and told."""

import redis.asyncio as aioredis

TIMEOUT_SECONDS = 3.0


def connect(redis_url: str) -> "aioredis.Redis":
    """A client that connects at its first use; replies are text. Raises `redis.exceptions` then, not now."""
    client: aioredis.Redis = aioredis.Redis.from_url(
        redis_url,
        decode_responses=True,
        socket_timeout=TIMEOUT_SECONDS,
        socket_connect_timeout=TIMEOUT_SECONDS,
        health_check_interval=10,
    )
    return client
