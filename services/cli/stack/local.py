"""The local stack as one thing: from settings to a broker and a cache that answer, and their clean end."""

from contextlib import ExitStack
from types import TracebackType
from typing import Self

from services.cli.stack.errors import StackError
from services.cli.stack.jars import Progress, cache_dir, ensure_jars, read_lock
from services.cli.stack.java import find_java
from services.cli.stack.kafka_server import KAFKA_VERSION, KafkaServer, broker_answers
from services.cli.stack.layout import JAR_LOCK
from services.cli.stack.redis_server import RedisServer, find_redis, redis_answers
from services.cli.stack.settings import StackSettings


class LocalStack:
    """A broker and a cache, ours or given. `start` on the main thread; `stop` ends only what it started."""

    def __init__(
        self, bootstrap: str, redis_url: str, kafka: KafkaServer | None, cache: RedisServer | None
    ) -> None:
        """Use `LocalStack.start`. kafka, cache: the servers that were started here; None for a given one."""
        self.bootstrap, self.redis_url = bootstrap, redis_url
        self.kafka, self.redis = kafka, cache

    @classmethod
    def start(cls, progress: Progress, settings: StackSettings | None = None) -> Self:
        """Bring up what the settings do not name, telling one line for each of the two.

        Raises StackError with a remedy; then nothing that was started here is left running.
        """
        chosen = settings or StackSettings()
        with ExitStack() as undo:
            cache = None if chosen.redis_url else _start_redis(chosen)
            if cache:
                undo.callback(cache.stop)
            redis_url = _cache_line(chosen, cache, progress)
            kafka = None if chosen.kafka_bootstrap_servers else _start_kafka(chosen, progress)
            if kafka:
                undo.callback(kafka.stop)
            bootstrap = _broker_line(chosen, kafka, progress)
            undo.pop_all()
        return cls(bootstrap, redis_url, kafka, cache)

    def stop(self) -> None:
        """Stop the broker, then the cache, where they were started here. May be called twice."""
        if self.kafka:
            self.kafka.stop()
        if self.redis:
            self.redis.stop()

    def __enter__(self) -> Self:
        """For `with LocalStack.start(...) as stack`."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop on leaving the `with` block."""
        self.stop()


def prefetch(progress: Progress) -> None:
    """Have all that a start needs here: Java, a Redis, Kafka's jars, verified. Raises StackError."""
    java, redis_program = find_java(), find_redis()
    jars = ensure_jars(read_lock(JAR_LOCK), cache_dir(), progress)
    progress(f"Kafka {KAFKA_VERSION}: {len(jars)} jars, verified; Java {java.major} from {java.origin}")
    progress(f"Redis: {redis_program}")


def _start_kafka(settings: StackSettings, progress: Progress) -> KafkaServer:
    jars = ensure_jars(read_lock(JAR_LOCK), cache_dir(), progress)
    server = KafkaServer(
        java=find_java(),
        jars=jars,
        data_dir=settings.tocsin_data / "kafka",
        port=settings.kafka_port,
        controller_port=settings.kafka_controller_port,
        heap=settings.kafka_heap,
    )
    server.start()
    return server


def _start_redis(settings: StackSettings) -> RedisServer:
    server = RedisServer(find_redis(), settings.tocsin_data / "redis", settings.redis_port)
    server.start()
    return server


def _broker_line(settings: StackSettings, server: KafkaServer | None, progress: Progress) -> str:
    """Tell which broker is used, and return its address. A given one must answer."""
    if server:
        progress(f"broker: real Apache Kafka {KAFKA_VERSION} (KRaft) on {server.bootstrap}, started")
        return server.bootstrap
    given = settings.kafka_bootstrap_servers or ""
    if not broker_answers(given, timeout_ms=5000):
        raise StackError(
            f"No Kafka answers at KAFKA_BOOTSTRAP_SERVERS={given}. Start it, or unset the variable."
        )
    progress(f"broker: using KAFKA_BOOTSTRAP_SERVERS={given}")
    return given


def _cache_line(settings: StackSettings, server: RedisServer | None, progress: Progress) -> str:
    """Tell which cache is used, and return its URL. A given one must answer. Its password is not shown."""
    if server:
        progress(f"cache: real Redis on 127.0.0.1:{server.port}, started")
        return server.url
    given = settings.redis_url or ""
    shown = given.split("@")[-1].removeprefix("redis://")
    if not redis_answers(given, timeout_s=5.0):
        raise StackError(f"No Redis answers at REDIS_URL ({shown}). Start it, or unset the variable.")
    progress(f"cache: using REDIS_URL ({shown})")
    return given
