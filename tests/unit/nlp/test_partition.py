"""The partition of a key is the one that Kafka's own clients choose."""

from hypothesis import given
from hypothesis import strategies as st
from kafka.partitioner.default import murmur2 as reference

from schemas.topics import PARTITIONS
from services.common.partition import murmur2, partition_of


@given(st.binary(max_size=64))
def test_murmur2(data: bytes) -> None:
    assert murmur2(data) == reference(data) & 0xFFFFFFFF


@given(st.text(max_size=20))
def test_partition(key: str) -> None:
    assert partition_of(key) == (reference(key.encode()) & 0x7FFFFFFF) % PARTITIONS
