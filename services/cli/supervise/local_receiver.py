"""The webhook receiver inside `tocsin up`: subscriptions and a secret for alerting, a card for every alert."""

import base64
import os
from collections.abc import Callable, Mapping
from pathlib import Path

from services.alerting.vault import new_key
from services.cli import cards
from services.cli.receive import SECRET_VARIABLE
from services.cli.receiver import Received, Receiver
from services.cli.stack.layout import LOCAL
from services.cli.supervise.settings import UpSettings

SUBSCRIPTIONS = LOCAL / "subscriptions.yaml"
COMMITTED_URL = "http://127.0.0.1:8009/"
"""The receiver's address in that file."""


def fresh_secret(random_bytes: Callable[[int], bytes] = os.urandom) -> str:
    """A signing secret for this run alone, as Standard Webhooks writes them."""
    return "whsec_" + base64.b64encode(random_bytes(32)).decode()


def subscriptions_file(settings: UpSettings, environ: Mapping[str, str]) -> Path:
    """The list that alerting reads: yours, or the committed one; for another receiver's port a copy of it."""
    if own := environ.get("ALERTING_SUBSCRIPTIONS"):
        return Path(own).resolve()
    url = f"http://127.0.0.1:{settings.receiver_port}/"
    if url == COMMITTED_URL:
        return SUBSCRIPTIONS
    copy = settings.tocsin_data / "subscriptions.yaml"
    copy.parent.mkdir(parents=True, exist_ok=True)
    copy.write_text(SUBSCRIPTIONS.read_text(encoding="utf-8").replace(COMMITTED_URL, url), encoding="utf-8")
    return copy


def secret_key(settings: UpSettings, environ: Mapping[str, str]) -> dict[str, str]:
    """The key that locks subscriptions' secrets: yours, or one of this stack's own, kept as long as its topics."""
    if environ.get("ALERTING_SECRET_KEY") or environ.get("ALERTING_SECRET_KEY_FILE"):
        return {}
    kept = settings.tocsin_data / "alerting-secret.key"
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.touch(mode=0o600)
        kept.write_text(new_key() + "\n", encoding="utf-8")
    return {"ALERTING_SECRET_KEY_FILE": str(kept.resolve())}


def alerting_environment(settings: UpSettings, secret: str, environ: Mapping[str, str]) -> dict[str, str]:
    """What alerting needs to reach a receiver on its own machine, over plain HTTP, and to keep subscriptions."""
    return {
        **secret_key(settings, environ),
        "ALERTING_SUBSCRIPTIONS": str(subscriptions_file(settings, environ)),
        "ALERTING_ALLOW_HTTP": "true",
        "ALERTING_ALLOW_PRIVATE_ADDRESSES": "true",
        SECRET_VARIABLE: secret,
    }


class Inbox:
    """What has come: each alert goes to `show`, what is no alert is told by `tell`."""

    def __init__(
        self, show: Callable[[cards.AlertBody, Received], None], tell: Callable[[str], None]
    ) -> None:
        self._show, self._tell = show, tell
        self.alerts: list[cards.AlertBody] = []

    def take(self, received: Received) -> None:
        """One request at the receiver; runs on its thread."""
        if received.problem:
            self._tell(f"webhook refused: {received.problem}")
        elif received.repeat:
            self._tell(f"webhook {received.webhook_id} came again, as at-least-once may: dropped")
        else:
            self._alert(received)

    def _alert(self, received: Received) -> None:
        try:
            alert = cards.parse(received.body)
        except cards.NoAlertError as error:
            self._tell(f"webhook {received.webhook_id} is signed, but no alert: {error}")
            return
        self.alerts.append(alert)
        self._show(alert, received)

    def urls(self) -> set[str]:
        """The reports behind all alerts."""
        return {source.url for alert in self.alerts for source in alert.data.sources if source.url}


def make_receiver(settings: UpSettings, secret: str, inbox: Inbox) -> Receiver:
    """The receiver on its port, not started."""
    return Receiver(
        [secret],
        port=settings.receiver_port,
        raw_log=settings.logs / "webhooks.jsonl",
        on_request=inbox.take,
    )
