"""Settings of nlp."""

from pydantic import Field

from services.common.settings import CommonSettings


class NlpSettings(CommonSettings):
    """What nlp needs beyond the common settings."""

    http_port: int = Field(8002, ge=0, le=65535)
    """The port of the health pages and of the metrics."""
