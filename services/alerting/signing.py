"""Signs a webhook by Standard Webhooks 1.0.0: alert id, time, body and secrets in, the three headers out."""

import base64
import binascii
import secrets as randomness
from collections.abc import Sequence
from datetime import datetime

from pydantic import SecretStr
from standardwebhooks import Webhook

PREFIX = "whsec_"
MIN_BYTES, MAX_BYTES = 24, 64


class SecretError(ValueError):
    """A signing secret is not of the form that Standard Webhooks asks; never tells the secret."""


def check_secret(text: str) -> SecretStr:
    """The secret, if it is `whsec_` and base64 of 24 to 64 bytes; raises `SecretError`."""
    text = text.strip()
    if not text.startswith(PREFIX):
        raise SecretError("must start with whsec_ (make one with: openssl rand -base64 32)")
    try:
        size = len(base64.b64decode(text[len(PREFIX) :], validate=True))
    except binascii.Error:
        raise SecretError("is not base64 after whsec_") from None
    if not MIN_BYTES <= size <= MAX_BYTES:
        raise SecretError(f"holds {size} bytes; {MIN_BYTES} to {MAX_BYTES} are needed")
    return SecretStr(text)


def new_secret() -> SecretStr:
    """A fresh random secret of 32 bytes."""
    return SecretStr(PREFIX + base64.b64encode(randomness.token_bytes(32)).decode())


def sign(alert_id: str, attempted_at: datetime, body: bytes, secrets: Sequence[SecretStr]) -> dict[str, str]:
    """The headers of one attempt: the id stays over attempts, the time is this attempt's, one signature a secret.

    A receiver accepts any one of the signatures: that is how a secret is rotated without a gap.
    """
    text = body.decode()
    signatures = [Webhook(s.get_secret_value()).sign(alert_id, attempted_at, text) for s in secrets]
    return {
        "webhook-id": alert_id,
        "webhook-timestamp": str(int(attempted_at.timestamp())),
        "webhook-signature": " ".join(signatures),
    }
