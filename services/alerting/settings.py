"""Settings of alerting."""

from pathlib import Path
from typing import Annotated

from pydantic import Field, SecretStr

from services.common.settings import CommonSettings


class AlertingSettings(CommonSettings):
    """What alerting needs beyond the common settings."""

    http_port: int = Field(8004, ge=0, le=65535)
    """The port of the health pages and of the metrics."""
    alerting_subscriptions: Path = Path("deploy/local/subscriptions.yaml")
    """The YAML file of subscriptions; read again when it changes. What it names cannot be changed over HTTP."""
    alerting_secret_key: SecretStr | None = None
    """Fernet keys, comma-separated, for subscriptions' secrets on their topic: the first encrypts, all decrypt. Without
    one the subscriptions of the topic cannot be used or changed."""
    alerting_api_keys: SecretStr | None = None
    """`name:scopes:key`, comma-separated, for `/v1/subscriptions`; scopes are `read`, `write` or `read+write`. Without
    any the pages answer on a loopback `HTTP_HOST` only."""
    alerting_severity: Path | None = None
    """A YAML file with another severity rule than the documented one; docs/subscriptions.md shows its fields."""
    alert_max_age_hours: float = Field(72.0, gt=0)
    """No alert for a version whose newest report was fetched longer ago: a long stop rings no old bells."""
    alerting_allow_http: bool = False
    """Let alerts go to `http://` URLs. For receivers on one's own machine."""
    alerting_allow_private_addresses: bool = False
    """Let alerts go to loopback and private addresses. Off, since a URL may come from someone else."""
    alerting_concurrency_per_endpoint: int = Field(8, ge=1)
    """Attempts at one endpoint at the same time."""
    alerting_timeout_seconds: float = Field(15.0, gt=0)
    """Of one attempt in total."""
    alerting_retry_seconds: tuple[Annotated[float, Field(ge=0)], ...] = Field(
        (0.0, 5.0, 30.0, 120.0, 600.0, 3600.0), min_length=1
    )
    """Seconds before each attempt at an alert, counted from the failure of the one before; as many as attempts."""
    alerting_disable_after_hours: float = Field(24.0, gt=0)
    """A subscription whose endpoint takes nothing for so long is switched off; its topic says so."""
