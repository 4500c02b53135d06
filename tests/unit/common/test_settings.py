"""Settings come from the environment or from a file; errors name the variable and never its value."""

from pathlib import Path

import pytest
from pydantic import SecretStr

from services.common.settings import CommonSettings, SettingsError, load


class WithSecret(CommonSettings):
    """A service with a secret."""

    some_secret: SecretStr = SecretStr("")


def test_defaults_bind_the_loopback_address() -> None:
    assert load(CommonSettings).http_host == "127.0.0.1"


def test_the_environment_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOG_LEVEL", "DEBUG")
    assert load(CommonSettings).log_level == "DEBUG"


def test_a_secret_may_come_from_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("hush\n")
    monkeypatch.setenv("SOME_SECRET_FILE", str(tmp_path / "secret"))
    settings = load(WithSecret)
    assert settings.some_secret.get_secret_value() == "hush"
    assert "hush" not in repr(settings)


def test_a_missing_file_is_named_by_its_variable(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SOME_SECRET_FILE", str(tmp_path / "nowhere"))
    with pytest.raises(SettingsError, match="SOME_SECRET_FILE"):
        load(WithSecret)


def test_a_wrong_value_is_named_and_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAX_RETRIES", "hunter2")
    with pytest.raises(SettingsError) as raised:
        load(CommonSettings)
    assert "MAX_RETRIES" in str(raised.value)
    assert "hunter2" not in str(raised.value)
