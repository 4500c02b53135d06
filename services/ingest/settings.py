"""Settings of ingest."""

from pathlib import Path

from pydantic import Field, SecretStr, field_validator

from services.common.api_keys import parse_keys
from services.common.settings import CommonSettings
from services.ingest.feeds.feed_list import Shard


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
    ingest_feeds: Path | None = None
    """The YAML file of feeds to read; none are read where it is unset. deploy/feeds.yaml is one to begin with."""
    ingest_shard: str = "1/1"
    """This worker's share of the feeds: 1/3 is the first of three workers. A feed read twice does no harm."""
    ingest_user_agent: str = Field(
        "tocsin/0.1 (+https://github.com/tocsin/tocsin)", min_length=1, max_length=200
    )
    """How feeds and pages are asked: name whom their owners may turn to."""
    ingest_pushed_sources: str = ""
    """Sources that send over HTTP and are to be heard of, comma-separated: each has a heartbeat as a feed has, and is
    silent when it has sent nothing new for far longer than it usually does."""
    ingest_allow_private_addresses: bool = False
    """Let feeds and pages lie on loopback and private addresses. Off, since a feed names its pages itself."""

    ingest_api_keys: SecretStr | None = None
    """`name:scopes:key`, comma-separated; scopes are `read`, `write` or `read+write`. Without any the door is open.

    A fourth part (`name:scopes:key:600`) is that key's own rate in reports a minute.
    """
    ingest_reports_per_minute: float = Field(6_000, gt=0)
    """How many reports a key may send to a worker; a minute's worth at once. Without keys there is no limit."""

    @field_validator("ingest_api_keys")
    @classmethod
    def _are_keys(cls, told: SecretStr | None) -> SecretStr | None:
        parse_keys(told)
        return told

    @field_validator("ingest_feeds", mode="before")
    @classmethod
    def _none_where_empty(cls, told: object) -> object:
        # containers pass on a variable that is unset as an empty one
        return None if told == "" else told

    @property
    def pushed_sources(self) -> tuple[str, ...]:
        """The names, each once."""
        names = map(str.strip, self.ingest_pushed_sources.split(","))
        return tuple(dict.fromkeys(name for name in names if name))

    @field_validator("ingest_shard")
    @classmethod
    def _is_shard(cls, told: str) -> str:
        Shard.parse(told)
        return told
