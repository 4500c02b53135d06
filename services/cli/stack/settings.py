"""Settings of the local stack, from the environment: what to use instead of it, its ports and its folder."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from services.cli.stack.layout import PROJECT


class StackSettings(BaseSettings):
    """Which broker and cache to use, and where the ones that we start listen and keep their data."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", env_ignore_empty=True)

    kafka_bootstrap_servers: str | None = Field(None, description="Use this Kafka and start none.")
    redis_url: str | None = Field(None, description="Use this Redis and start none.")
    kafka_port: int = Field(9092, ge=1, le=65535, description="Port of the Kafka started here.")
    kafka_controller_port: int | None = Field(
        None, ge=1, le=65535, description="Port of its controller; a free one where unset."
    )
    kafka_heap: str = Field("400m", pattern=r"^\d+[mg]$", description="Heap ceiling of that Kafka's JVM.")
    redis_port: int = Field(6379, ge=1, le=65535, description="Port of the Redis started here.")
    tocsin_data: Path = Field(PROJECT / ".tocsin", description="Folder of their data and logs.")
