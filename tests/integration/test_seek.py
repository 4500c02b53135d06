"""After a rebalance every partition is read from where it was settled, also one of which nothing is committed yet."""

import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.structs import OffsetAndMetadata
from kafka import KafkaProducer

from services.common.bus import seek_all
from services.common.kafka import create_topics
from tests.integration.tally_service import Request, Topic

pytestmark = pytest.mark.broker

TOPIC = Topic("test.seek.v1", "key", Request, "read twice", partitions=2)


async def test_a_partition_without_a_commit_begins_at_its_beginning(bootstrap_servers: str) -> None:
    create_topics(bootstrap_servers, [TOPIC], 1)
    producer = KafkaProducer(bootstrap_servers=bootstrap_servers)
    for number in range(10):
        producer.send(TOPIC.name, value=b"x", partition=number % 2)
    producer.close()
    consumer = AIOKafkaConsumer(
        bootstrap_servers=bootstrap_servers, group_id="test-seek", auto_offset_reset="earliest",
        enable_auto_commit=False,
    )  # fmt: skip
    fresh, known = (TopicPartition(TOPIC.name, number) for number in range(2))
    await consumer.start()
    try:
        consumer.assign([fresh, known])
        await consumer.commit({known: OffsetAndMetadata(3, "")})
        while await consumer.position(fresh) < 5:
            await consumer.getmany(fresh, timeout_ms=500)
        await seek_all(consumer)
        assert [await consumer.position(place) for place in (fresh, known)] == [0, 3]
    finally:
        await consumer.stop()
