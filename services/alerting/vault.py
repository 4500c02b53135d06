"""Keeps subscriptions' secrets from whoever can read their topic: clear text in, Fernet tokens out, and back.

Several keys are a rotation: the first encrypts, all decrypt (`ALERTING_SECRET_KEY`, comma-separated).
"""

from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from pydantic import SecretStr


class VaultError(Exception):
    """A secret cannot be encrypted or decrypted; the text says what to do, and never the secret."""


class Vault:
    """Encrypts under the first key; opens what any of them locked."""

    def __init__(self, keys: Sequence[SecretStr] = ()) -> None:
        """Raises `VaultError` for a key that is none."""
        try:
            fernets = [Fernet(key.get_secret_value()) for key in keys]
        except ValueError:
            why = "ALERTING_SECRET_KEY holds what is no key: 32 bytes in URL-safe base64 are needed"
            raise VaultError(f"{why} (`tocsin subscription key` makes one)") from None
        self._fernet = MultiFernet(fernets) if fernets else None

    def lock(self, secret: SecretStr) -> str:
        """Raises `VaultError` without a key."""
        return self._known().encrypt(secret.get_secret_value().encode()).decode()

    def open(self, token: str) -> SecretStr:
        """Raises `VaultError` where no key opens it."""
        try:
            return SecretStr(self._known().decrypt(token.encode()).decode())
        except (InvalidToken, UnicodeError):
            raise VaultError(
                "no key of ALERTING_SECRET_KEY opens its secrets: add the key that locked them"
            ) from None

    def _known(self) -> MultiFernet:
        if self._fernet is None:
            raise VaultError("ALERTING_SECRET_KEY is not set: `tocsin subscription key` makes a key for it")
        return self._fernet


def keys_of(setting: SecretStr | None) -> list[SecretStr]:
    """The keys of the setting, in their order."""
    parts = setting.get_secret_value().split(",") if setting else []
    return [SecretStr(part.strip()) for part in parts if part.strip()]


def new_key() -> str:
    """A fresh random key."""
    return Fernet.generate_key().decode()
