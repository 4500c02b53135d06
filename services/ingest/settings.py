"""Settings of ingest."""

from pydantic import Field

from services.common.settings import CommonSettings


class IngestSettings(CommonSettings):
    """What ingest needs beyond the common settings."""

    http_port: int = Field(8001, ge=0, le=65535)
    """The port of `POST /v1/reports`, of the health pages and of the metrics."""
    ingest_ack_timeout_seconds: float = Field(10.0, gt=0, le=60)
    """So long a request waits for the broker's acknowledgement before it is answered 503."""
    ingest_max_outstanding_bytes: int = Field(64 * 1024 * 1024, ge=1024 * 1024)
    """Reports taken and not yet acknowledged, in bytes; beyond it requests are answered 503 at once."""
    ingest_check_seconds: float = Field(5.0, gt=0)
    """Between two looks at broker and cache for `/readyz`."""
