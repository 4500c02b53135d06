"""A real Apache Kafka on 127.0.0.1, one node in KRaft mode: from a Java and jars to a broker that answers."""

import logging
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from string import Template

from kafka import KafkaAdminClient
from kafka.errors import KafkaError

from services.cli.stack.errors import StackError
from services.cli.stack.java import Java
from services.cli.stack.layout import LOG4J, SERVER_PROPERTIES
from services.cli.stack.ports import LOCALHOST, accepts, free_port, require_free
from services.cli.stack.process import ServerProcess
from services.cli.stack.server import LocalServer

KAFKA_VERSION = "4.3.1"
FORMATTED_BY = "formatted-by"  # in the data folder: the version whose storage tool made it
CLUSTER_ID = "dG9jc2luLWxvY2FsLTAwMQ"  # base64 of 16 bytes, as Kafka wants it: "tocsin-local-001"
READY_TIMEOUT_S = 60.0
_UNSAFE_SWITCH_SINCE = 24  # Java 24 warns about sun.misc.Unsafe, which Kafka's libraries use


class KafkaServer(LocalServer):
    """One broker with its data: start, stop, kill, pause, resume, and start again on the same data."""

    def __init__(
        self,
        java: Java,
        jars: Sequence[Path],
        data_dir: Path,
        port: int,
        controller_port: int | None = None,
        heap: str = "400m",
    ) -> None:
        """port: where clients connect.  controller_port: the node's talk with itself; a free one where None.

        data_dir: takes the records, the settings file and the log.  heap: the JVM's ceiling ("400m").
        """
        self.port = port
        self._controller_port = controller_port or free_port()
        self._java, self._jars, self._heap = java, jars, heap
        self._data_dir = data_dir.resolve()
        self._properties = self._data_dir / "server.properties"
        self.process = ServerProcess(
            "Kafka", self._java_command("kafka.Kafka", str(self._properties)), self._data_dir / "kafka.log"
        )

    @property
    def bootstrap(self) -> str:
        """The address for clients, as KAFKA_BOOTSTRAP_SERVERS takes it."""
        return f"{LOCALHOST}:{self.port}"

    def start(self, timeout_s: float = READY_TIMEOUT_S) -> None:
        """Start the broker and return when it answers. Raises StackError: a port in use, a failed start."""
        if self.process.running:
            return
        require_free(self.port, "Kafka", "KAFKA_PORT")
        require_free(self._controller_port, "Kafka's controller", "KAFKA_CONTROLLER_PORT")
        self._write_properties()
        self._format_once()
        self._start_process(self._answers, timeout_s)

    def _write_properties(self) -> None:
        self._data_dir.mkdir(parents=True, exist_ok=True)
        text = Template(SERVER_PROPERTIES.read_text()).substitute(
            port=self.port, controller_port=self._controller_port, data_dir=self._data_dir / "data"
        )
        self._properties.write_text(text)

    def _format_once(self) -> None:
        """Give an empty data folder its cluster id, by Kafka's storage tool; one that has it is kept."""
        if (self._data_dir / "data" / "meta.properties").exists():
            return
        arguments = ("format", "--cluster-id", CLUSTER_ID, "--config", str(self._properties))
        command = self._java_command("kafka.tools.StorageTool", *arguments)
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
        if done.returncode != 0:
            said = (done.stdout + done.stderr).strip()
            raise StackError(f"Kafka's storage in {self._data_dir} cannot be made: {said}")
        (self._data_dir / FORMATTED_BY).write_text(KAFKA_VERSION)

    def _java_command(self, main_class: str, *arguments: str) -> list[str]:
        """A JVM that starts quickly and stays small: first compiler only, serial collector, a low ceiling."""
        quiet = ["--sun-misc-unsafe-memory-access=allow"] if self._java.major >= _UNSAFE_SWITCH_SINCE else []
        return [
            str(self._java.executable),
            f"-Xmx{self._heap}",
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-XX:-UsePerfData",
            *quiet,
            f"-Dlog4j2.configurationFile={LOG4J}",
            "-classpath",
            ":".join(map(str, self._jars)),
            main_class,
            *arguments,
        ]

    def _answers(self) -> bool:
        """Whether the broker accepts a connection and answers a metadata request with itself in it."""
        return accepts(self.port) and broker_answers(self.bootstrap)


def broker_answers(bootstrap: str, timeout_ms: int = 2000) -> bool:
    """Ask a broker for its cluster (a real request); False where it gives no answer that names a broker."""
    with _quiet_client_logs():
        try:
            admin = KafkaAdminClient(
                bootstrap_servers=bootstrap, bootstrap_timeout_ms=timeout_ms, request_timeout_ms=timeout_ms
            )
        except KafkaError:
            return False
        try:
            return bool(admin.describe_cluster()["brokers"])
        except KafkaError:
            return False
        finally:
            admin.close()


@contextmanager
def _quiet_client_logs() -> Iterator[None]:
    """A broker that is not up yet is what we ask about: no news for the log."""
    log = logging.getLogger("kafka")
    before = log.level
    log.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        log.setLevel(before)
