"""What the commands need to find broker and cache: the same variables as the services."""

from services.common.settings import CommonSettings, load


def settings() -> CommonSettings:
    """Read the environment. Raises `SettingsError`."""
    return load(CommonSettings)
