"""Settings of `tocsin up`, from the environment or its options: a port for everything that it starts."""

from collections.abc import Mapping
from pathlib import Path

from pydantic import Field, ValidationError

from schemas.base import describe
from services.cli.errors import UsageError
from services.cli.stack import StackSettings

SERVICES = ("ingest", "nlp", "dedup", "alerting")
"""In the order of the flow."""


class UpSettings(StackSettings):
    """The local stack's settings, and the ports of the services and of the webhook receiver."""

    ingest_port: int = Field(8001, ge=1, le=65535, description="Port of ingest: its door and its pages.")
    nlp_port: int = Field(8002, ge=1, le=65535, description="Port of nlp's pages.")
    dedup_port: int = Field(8003, ge=1, le=65535, description="Port of dedup's pages.")
    alerting_port: int = Field(8004, ge=1, le=65535, description="Port of alerting's pages.")
    receiver_port: int = Field(8009, ge=1, le=65535, description="Port of the local webhook receiver.")

    @property
    def bootstrap(self) -> str:
        """Where the broker is, or will be."""
        return self.kafka_bootstrap_servers or f"127.0.0.1:{self.kafka_port}"

    @property
    def cache_url(self) -> str:
        """Where the cache is, or will be. May hold a password."""
        return self.redis_url or f"redis://127.0.0.1:{self.redis_port}/0"

    @property
    def logs(self) -> Path:
        """The folder of the services' logs."""
        return self.tocsin_data / "logs"

    def port_of(self, service: str) -> int:
        """The port of one of `SERVICES`."""
        port: int = getattr(self, f"{service}_port")
        return port

    def wanted_ports(self) -> tuple[tuple[int, str, str], ...]:
        """Every port that will be bound: (port, who wants it, the setting's name)."""
        wanted = [(self.port_of(name), name, f"{name.upper()}_PORT") for name in SERVICES]
        wanted.append((self.receiver_port, "the webhook receiver", "RECEIVER_PORT"))
        if not self.kafka_bootstrap_servers:
            wanted.append((self.kafka_port, "Kafka", "KAFKA_PORT"))
            if self.kafka_controller_port:
                wanted.append((self.kafka_controller_port, "Kafka's controller", "KAFKA_CONTROLLER_PORT"))
        if not self.redis_url:
            wanted.append((self.redis_port, "Redis", "REDIS_PORT"))
        return tuple(wanted)


def load(given: Mapping[str, int | None] | None = None) -> UpSettings:
    """The environment, overruled by the options that were given. Raises `UsageError` naming what is wrong."""
    options = {name: value for name, value in (given or {}).items() if value is not None}
    try:
        settings = UpSettings(**options)  # type: ignore[arg-type]
    except ValidationError as error:
        raise UsageError(describe(error, name=lambda path: path.upper())) from None
    return settings
