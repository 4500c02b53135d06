"""Settings of nlp."""

from pydantic import Field

from services.common.settings import CommonSettings
from services.nlp.choose import Mode


class NlpSettings(CommonSettings):
    """What nlp needs beyond the common settings."""

    http_port: int = Field(8002, ge=0, le=65535)
    """The port of the health pages and of the metrics."""
    nlp_reader: Mode = "auto"
    """`auto`: the trained reader with the rules, or the rules alone where it cannot be loaded. `model`: no start
    without it. `rules`: the rules alone."""
