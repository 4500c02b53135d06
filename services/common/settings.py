"""Settings from the environment alone; every one may also come from a file that `<NAME>_FILE` names."""

import os
from pathlib import Path
from typing import Any, Literal, TypeVar

from pydantic import Field, ValidationError
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from schemas.base import describe


class SettingsError(Exception):
    """A setting is missing or wrong; the text names it and never its value."""


class FileSource(PydanticBaseSettingsSource):
    """Reads `<NAME>_FILE`: the way that secrets are mounted into containers."""

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        """The stripped content of the file, or None where the variable is not set."""
        variable = f"{field_name.upper()}_FILE"
        path = os.environ.get(variable)
        if not path:
            return None, field_name, False
        try:
            return Path(path).read_text(encoding="utf-8").strip(), field_name, False
        except OSError as error:
            raise SettingsError(f"{variable} names a file that cannot be read: {error.strerror}") from None

    def __call__(self) -> dict[str, Any]:
        """All settings that come from files."""
        fields = self.settings_cls.model_fields
        read = {name: self.get_field_value(field, name)[0] for name, field in fields.items()}
        return {name: value for name, value in read.items() if value is not None}


class CommonSettings(BaseSettings):
    """What every service needs."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", use_attribute_docstrings=True)

    kafka_bootstrap_servers: str = "127.0.0.1:9092"
    """The brokers, comma-separated `host:port`."""
    redis_url: str = "redis://127.0.0.1:6379/0"
    """The cache. May hold a password, so it is never logged."""
    http_host: str = "127.0.0.1"
    """The address that the service's HTTP port binds. Containers set 0.0.0.0."""
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    """The least level that is logged."""
    log_format: Literal["auto", "json", "text"] = "auto"
    """`auto`: text on a terminal, one JSON object a line elsewhere."""
    kafka_session_timeout_seconds: float = Field(30.0, gt=0)
    """After this long without a heartbeat a worker's partitions go to another."""
    kafka_heartbeat_seconds: float = Field(3.0, gt=0)
    """Between a worker's heartbeats; at most a third of the session timeout."""
    kafka_replication_factor: int = Field(1, ge=1)
    """Of topics that `tocsin topics create` makes. Production: 3."""
    dead_letter_limit_consecutive: int = Field(50, ge=1)
    """So many dead letters in a row stop the service's consuming until `tocsin resume`."""
    dead_letter_limit_share: float = Field(0.5, gt=0, le=1)
    """This share of the last `dead_letter_limit_window` records being dead letters stops consuming too."""
    dead_letter_limit_window: int = Field(200, ge=1)
    """Records over which the share is taken; no judgement before so many were seen."""
    max_retries: int = Field(3, ge=0)
    """Tries after the first for a record whose failure may pass."""
    watchdog_seconds: float = Field(30.0, gt=0)
    """A record in hand for longer makes the service dump its stacks and exit."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments, then files, then the environment. No dotenv: one place to look."""
        return init_settings, FileSource(settings_cls), env_settings


S = TypeVar("S", bound=CommonSettings)


def load(cls: type[S]) -> S:
    """Read the environment; raises `SettingsError` naming the variable and what is wrong with it."""
    try:
        return cls()
    except ValidationError as error:
        raise SettingsError(describe(error, name=lambda path: path.upper())) from None
