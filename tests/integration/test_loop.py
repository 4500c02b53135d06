"""The agent loop on a real broker: whatever ends a worker, nothing is lost and no version comes twice."""

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from schemas.envelope import Envelope
from schemas.topics import dead_letter_topic
from services.common.guard import stop_marker
from services.common.kafka import create_topics
from tests.integration.tally_bench import Bench
from tests.integration.tally_service import ASIDE, REQUEST, TALLY, Request
from tests.processes import eventually
from tests.servers import Broker, Cache

pytestmark = pytest.mark.broker


@pytest.fixture
def bench(bootstrap_servers: str, redis_url: str, tmp_path: Path) -> Iterator[Bench]:
    """A bench with its topics."""
    create_topics(bootstrap_servers, [REQUEST, ASIDE, TALLY, dead_letter_topic(REQUEST)], 1)
    made = Bench(bootstrap_servers, redis_url, tmp_path)
    yield made
    made.close()


def test_a_handler_that_raises_is_dead_lettered_and_the_rest_goes_on(bench: Bench) -> None:
    worker = bench.worker(MAX_RETRIES="1")
    bench.ask(20)
    bench.send_raw(key=b"poison", value=b"\x00\xff no json", headers=[])
    bench.send_raw(key=b"poison", value=None, headers=[])
    good = Envelope(id="x", source="/test", type="test.request.v1", subject="bad").to_headers()
    failing = Request(id="failing", behaviour="raise").to_bytes()
    bench.send_raw(key=b"bad", value=failing, headers=good)
    bench.send_raw(key=b"bad", value=b'{"id": 7}', headers=good)
    bench.ask(20)
    assert bench.prove() == 0
    eventually(lambda: worker.metric("tocsin_dead_letters_total") == 4, what="four dead letters")
    letters = eventually(lambda: (found := bench.dead()) and len(found) >= 4 and found)
    by_value = {value: headers for _, value, headers in letters}
    assert by_value[failing]["dlt-reason"] == b"handler_error"
    assert by_value[failing]["ce_id"] == b"x"
    assert by_value[b'{"id": 7}']["dlt-reason"] == b"decode_error"
    assert by_value[b"\x00\xff no json"]["dlt-reason"] == b"envelope_error"
    assert worker.metric("tocsin_messages_processed_total") == 44
    assert worker.metric("tocsin_consumer_stopped") == 0


def test_sigterm_ends_cleanly_and_a_successor_goes_on(bench: Bench) -> None:
    first = bench.worker()
    bench.ask(400)
    eventually(lambda: len(bench.read()) > 20)
    assert first.terminate() == 0
    bench.worker()
    assert bench.prove() == 0


def test_sigkill_loses_nothing(bench: Bench) -> None:
    for _ in range(2):
        worker = bench.worker()
        bench.ask(300)
        seen = len(bench.read())
        eventually(lambda seen=seen: len(bench.read()) > seen + 20)
        worker.kill()
    bench.worker()
    bench.prove()


def test_a_slow_record_keeps_its_partition(bench: Bench) -> None:
    bench.worker()
    bench.ask(1, behaviour="slow:8")
    bench.ask(50)
    assert bench.prove() == 0


def test_two_workers_share_and_a_frozen_one_wakes_without_harm(bench: Bench) -> None:
    frozen = bench.worker()
    bench.ask(200)
    second = bench.worker()
    bench.ask(300, keys=20)
    frozen.signal(signal.SIGSTOP)
    bench.ask(300, keys=20)
    eventually(bench.settled, within=90, what="the second worker took over")
    bench.ask(200, keys=20)
    frozen.signal(signal.SIGCONT)
    bench.ask(200, keys=20)
    bench.prove()
    frozen.ready()
    second.ready()


def test_two_topics_are_assigned_together_and_their_records_settled_one_at_a_time(bench: Bench) -> None:
    """Both topics count on the same tallies: a fork, or a partition owned of one topic alone, would show."""
    workers = [bench.worker()]
    for topic in (REQUEST, ASIDE) * 3:
        bench.ask(60, keys=20, topic=topic)
    workers.append(bench.worker())
    for topic in (ASIDE, REQUEST) * 3:
        bench.ask(60, keys=20, topic=topic)
    workers[0].kill()
    bench.ask(60, keys=20, topic=ASIDE)
    bench.prove()
    workers[1].ready()
    assert "assigned apart" not in workers[1].log.read_text()
    eventually(lambda: workers[1].metric("tocsin_consumer_lag_messages") == 0, what="no lag on either")


def test_flushing_the_cache_rebuilds_it_from_the_topic(bench: Bench) -> None:
    worker = bench.worker()
    bench.ask(300)
    eventually(lambda: len(bench.read()) > 50)
    with redis.Redis.from_url(bench.redis_url) as client:
        client.flushall()
    bench.ask(100)
    assert bench.prove() == 0
    assert worker.metric("tocsin_projection_rebuilds_total") > 0


def test_an_outage_of_the_cache_is_waited_for(bench: Bench, redis_server: Cache) -> None:
    worker = bench.worker()
    bench.ask(20)
    eventually(bench.settled)
    redis_server.kill()
    bench.ask(20)
    eventually(lambda: worker.readyz() == 503, what="not ready without Redis")
    assert "cache" in worker.problems()
    redis_server.start()
    assert bench.prove() == 0
    worker.ready()
    assert worker.metric("tocsin_dead_letters_total") == 0


def test_an_outage_of_the_broker_is_waited_for(bench: Bench, kafka: Broker) -> None:
    worker = bench.worker()
    bench.ask(200)
    eventually(lambda: len(bench.read()) > 10)
    kafka.kill()
    eventually(lambda: worker.readyz() == 503, what="not ready without a broker")
    kafka.start()
    bench.ask(50)
    bench.prove(within=120)
    worker.ready()
    assert worker.metric("tocsin_dead_letters_total") == 0


def test_it_ends_in_time_where_the_broker_is_gone(bench: Bench, kafka: Broker) -> None:
    worker = bench.worker()
    bench.ask(300)
    eventually(lambda: len(bench.read()) > 5)
    kafka.kill()
    worker.terminate(within=25)
    kafka.start()
    worker.start()
    bench.prove()


def test_a_dead_letter_limit_stops_consuming_until_resumed(bench: Bench) -> None:
    worker = bench.worker(DEAD_LETTER_LIMIT_CONSECUTIVE="5", MAX_RETRIES="0")
    poison = f"{bench.session}poison".encode()

    def stopped() -> bool:
        """Whether it stopped; one more until then, for good records of an earlier test may stand between."""
        bench.send_raw(key=poison, value=b"no json", headers=[])
        return worker.metric("tocsin_consumer_stopped") == 1

    eventually(stopped, what="stopped")
    for _ in range(3):
        place = bench.send_raw(key=poison, value=b"no json", headers=[])
    letters = [headers for key, _, headers in bench.dead() if key == poison]
    assert len(letters) >= 5
    last = max(int(headers["dlt-original-offset"]) for headers in letters)
    assert last < bench.last.offset - 2, "it went on after it had stopped"
    # what is committed is not told again: five more in a row would stop the next start, too
    eventually(lambda: bench.committed(place) > last, what="the five are committed")
    assert worker.readyz() == 503
    worker.kill()
    worker.start()
    eventually(lambda: worker.readyz() == 503 and "stopped" in worker.problems(), what="stopped again")
    with redis.Redis.from_url(bench.redis_url) as client:
        client.delete(stop_marker("tally"))
    worker.ready()
    bench.ask(5)
    bench.prove()


def test_a_record_that_hangs_ends_the_process_and_is_dead_at_the_third_start(bench: Bench) -> None:
    worker = bench.worker(WATCHDOG_SECONDS="1")
    bench.ask(5)
    envelope = Envelope(id="hangs", source="/test", type="test.request.v1", subject="hangs")
    hangs = Request(id="hangs", behaviour="hang").to_bytes()
    bench.send_raw(key=b"hangs", value=hangs, headers=envelope.to_headers())
    bench.ask(5)
    for _ in range(2):
        eventually(worker.ended, what="the watchdog ended it")
        assert "most recent call first" in worker.tail(200)
        worker.start()
    bench.prove()
    letters = eventually(lambda: [h for _, value, h in bench.dead() if value == hangs])
    assert letters[0]["dlt-reason"] == b"stuck"
    assert worker.terminate() == 0, "it commits past the record, which another test's worker would hang on"


def test_the_commit_reaches_the_end_of_a_compacted_topic(bench: Bench) -> None:
    """Lag falls to nothing, so offsets were acked to the end."""
    worker = bench.worker()
    bench.ask(100)
    bench.prove()
    eventually(lambda: worker.metric("tocsin_consumer_lag_messages") == 0, what="no lag")
