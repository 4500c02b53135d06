"""Which partition a key belongs to, as Kafka's own Java client would choose: murmur2 over the key's bytes."""

from schemas.topics import PARTITIONS

_SEED = 0x9747B28C
_M = 0x5BD1E995
_MASK = 0xFFFFFFFF


def murmur2(data: bytes) -> int:
    """Kafka's 32-bit murmur2 (org.apache.kafka.common.utils.Utils), as an unsigned number."""
    length = len(data)
    whole = length - length % 4
    h = (_SEED ^ length) & _MASK
    for at in range(0, whole, 4):
        k = (int.from_bytes(data[at : at + 4], "little") * _M) & _MASK
        k = ((k ^ (k >> 24)) * _M) & _MASK
        h = ((h * _M) & _MASK) ^ k
    if whole < length:
        h = ((h ^ int.from_bytes(data[whole:], "little")) * _M) & _MASK
    h = ((h ^ (h >> 13)) * _M) & _MASK
    return h ^ (h >> 15)


def partition_of(key: str, partitions: int = PARTITIONS) -> int:
    """The partition of a key: the same in every process and every client that speaks murmur2."""
    return (murmur2(key.encode()) & 0x7FFFFFFF) % partitions
