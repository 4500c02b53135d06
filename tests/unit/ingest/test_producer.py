"""The thread that owns kafka-python's producer: bridged futures, a bound, and answers when no broker is there."""

import asyncio
import threading
import time
from collections.abc import Callable
from typing import NamedTuple

import pytest
from kafka.errors import KafkaTimeoutError
from kafka.future import Future

from schemas.envelope import Headers
from services.ingest.producer import Outgoing, Placed, Producer, UnavailableError


def record(size: int = 10) -> Outgoing:
    return Outgoing("topic", b"key", b"x" * size, [])


class Stands(NamedTuple):
    """What the library says of an acknowledged record, as far as it is used."""

    partition: int
    offset: int


class Client:
    """Kafka-python's producer, as far as it is used; the test acknowledges."""

    def __init__(self, acknowledge: bool = True) -> None:
        self.futures: list[Future] = []
        self.threads: set[int] = set()
        self.acknowledge = acknowledge
        self.closed = False

    def send(self, topic: str, value: bytes, key: bytes, headers: Headers) -> Future:
        self.threads.add(threading.get_ident())
        future = Future()
        self.futures.append(future)
        if self.acknowledge:
            future.success(Stands(0, len(self.futures)))
        return future

    def close(self, timeout: float) -> None:
        self.closed = True


def producer(connect: Callable[[], Client], limit: int = 1_000_000, timeout: float = 5.0) -> Producer:
    one = Producer(connect, max_outstanding_bytes=limit, ack_timeout_seconds=timeout)
    one.start()
    return one


async def send(one: Producer, *records: Outgoing) -> list[bool]:
    return [place is not None for place in await one.placed(one.hand(records))]


async def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 5
    while not condition():
        assert time.monotonic() < deadline
        await asyncio.sleep(0.001)


async def test_one_thread_owns_the_client() -> None:
    client = Client()
    one = producer(lambda: client)
    answers = await asyncio.gather(*(send(one, record(), record()) for _ in range(10)))
    assert answers == [[True, True]] * 10
    assert len(client.threads) == 1
    assert threading.get_ident() not in client.threads
    await one.stop()
    assert client.closed


async def test_without_an_acknowledgement_nothing_is_promised_and_the_bound_holds() -> None:
    client = Client(acknowledge=False)
    one = producer(lambda: client, limit=3_000, timeout=0.05)
    assert await send(one, record(), record()) == [False, False]
    with pytest.raises(UnavailableError):
        await send(one, record())
    for future in client.futures:
        future.success(Stands(3, 7))
    client.acknowledge = True
    # the late acknowledgements free what they held
    await until(lambda: one._outstanding == 0)
    assert await send(one, record()) == [True]
    await one.stop()


async def test_a_record_that_the_broker_refuses_fails_alone() -> None:
    client = Client(acknowledge=False)
    one = producer(lambda: client)
    sending = asyncio.create_task(one.placed(one.hand([record(), record()])))
    await until(lambda: len(client.futures) == 2)
    client.futures[0].failure(KafkaTimeoutError("late"))
    client.futures[1].success(Stands(3, 7))
    assert await sending == [None, Placed(3, 7)]
    await one.stop()


async def test_without_a_broker_all_are_answered_at_once_and_the_next_tries_again() -> None:
    client, tries, gate = Client(), [], threading.Event()

    def connect() -> Client:
        tries.append(1)
        if len(tries) == 1:
            gate.wait(5)  # kafka-python looks for a broker for a while
            raise KafkaTimeoutError("no broker")
        return client

    one = producer(connect)
    async with asyncio.TaskGroup() as group:
        sending = group.create_task(send(one, *(record() for _ in range(100))))
        await until(lambda: bool(tries))
        gate.set()
    assert sending.result() == [False] * 100
    assert len(tries) == 1
    assert await send(one, record()) == [True]
    await one.stop()


async def test_a_defect_of_the_client_does_not_end_the_thread() -> None:
    client = Client()

    def broken(*_: object, **__: object) -> Future:
        client.send = good  # type: ignore[method-assign]
        raise ValueError("a defect")

    good = client.send
    client.send = broken  # type: ignore[method-assign]
    one = producer(lambda: client)
    assert await send(one, record()) == [False]
    assert await send(one, record()) == [True]
    await one.stop()


async def test_a_client_that_neither_sends_nor_gives_up_is_replaced() -> None:
    class Unflushed(Client):
        def close(self, timeout: float) -> None:
            super().close(timeout)
            raise KafkaTimeoutError("not flushed")

    clients = [Unflushed(acknowledge=False), Client()]
    one = Producer(
        iter(clients).__next__, max_outstanding_bytes=10_000, ack_timeout_seconds=5, stuck_seconds=0.05
    )
    one.start()
    assert await send(one, record(), record()) == [False, False]
    await until(lambda: clients[0].closed)
    assert one._outstanding == 0
    assert await send(one, record()) == [True]
    # its late word changes nothing
    clients[0].futures[0].success(Stands(0, 0))
    assert await send(one, record()) == [True]
    await one.stop()
