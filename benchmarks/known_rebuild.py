"""What ingest knows of reports after a flush: how long reading their topic takes, and what it takes of Redis.

python -m benchmarks.known_rebuild [COUNT]
"""

import argparse
import asyncio
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from kafka import KafkaProducer

from schemas.topics import ALL_TOPICS, REPORT
from services.common.cache import connect
from services.common.health import Health
from services.common.kafka import create_topics
from services.common.topic_reader import KafkaTopicReader
from services.ingest.known_projection import KnownProjection
from services.ingest.normalise import normalise
from tests.conftest import make_kafka, make_redis

TEXT = "An air strike hit a market in the district, killing seven people, medics said. " * 30


def main() -> None:
    """Measure once, and print what was found."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("count", type=int, nargs="?", default=100_000)
    count = parser.parse_args().count
    with tempfile.TemporaryDirectory() as name:
        kafka, redis = make_kafka(Path(name) / "kafka"), make_redis(Path(name) / "redis")
        try:
            kafka.start()
            redis.start()
            create_topics(kafka.bootstrap, ALL_TOPICS)
            fill(kafka.bootstrap, count)
            asyncio.run(read(kafka.bootstrap, redis.url, count))
        finally:
            redis.kill()
            kafka.kill()


def fill(bootstrap: str, count: int) -> None:
    """So many reports of 2.4 kB."""
    report = normalise({"text": TEXT, "id": "a", "source": "bench"}, datetime.now(UTC)).report
    producer = KafkaProducer(bootstrap_servers=bootstrap, batch_size=256 * 1024)
    for number in range(count):
        one = report.model_copy(update={"id": f"rep_{number:024d}"})
        producer.send(REPORT.name, one.to_bytes(), one.id.encode())
    producer.flush(60)
    producer.close()


async def read(bootstrap: str, redis_url: str, count: int) -> None:
    """With an empty Redis, and once more with a full one."""
    client, reader = connect(redis_url), KafkaTopicReader(bootstrap)
    known = KnownProjection(client, reader, lambda: datetime.now(UTC))
    for told in ("from nothing", "again"):
        began = time.monotonic()
        known.doubt()
        await known.refresh(Health())
        took = time.monotonic() - began
        print(f"{told}: {took:.2f} s, {count / took:.0f} a second; {await client.dbsize()} keys")
    print(f"{(await client.info('memory'))['used_memory'] / count:.0f} bytes of Redis a report")
    await reader.close()
    await client.aclose()


if __name__ == "__main__":
    main()
