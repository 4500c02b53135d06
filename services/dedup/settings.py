"""Settings of dedup."""

from pydantic import Field

from services.common.settings import CommonSettings


class DedupSettings(CommonSettings):
    """What dedup needs beyond the common settings."""

    http_port: int = Field(8003, ge=0, le=65535)
    """The port of the health pages and of the metrics."""
