"""The local receiver's subscription, secret and inbox."""

import base64
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import SecretStr

from services.alerting.subscriptions import load as load_subscriptions
from services.alerting.vault import Vault
from services.cli.cards import AlertBody
from services.cli.receive import SECRET_VARIABLE
from services.cli.receiver import Received
from services.cli.supervise.local_receiver import (
    SUBSCRIPTIONS,
    Inbox,
    alerting_environment,
    fresh_secret,
    secret_key,
    subscriptions_file,
)
from services.cli.supervise.settings import load


def test_alerting_can_read_the_list_with_the_secret_of_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOCSIN_DATA", str(tmp_path))
    secret = fresh_secret()
    given = alerting_environment(load({"receiver_port": 18009}), secret, {})
    (endpoint,) = load_subscriptions(Path(given["ALERTING_SUBSCRIPTIONS"]), given, allow_http=True)
    assert endpoint.subscription.target.url == "http://127.0.0.1:18009/"
    assert [each.get_secret_value() for each in endpoint.secrets] == [secret]
    assert given[SECRET_VARIABLE] == secret


def test_a_key_for_subscriptions_is_made_once_and_yours_goes_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOCSIN_DATA", str(tmp_path / "data"))
    file = Path(secret_key(load(), {})["ALERTING_SECRET_KEY_FILE"])
    key = file.read_text()
    assert file.stat().st_mode & 0o077 == 0
    Vault([SecretStr(key.strip())]).lock(SecretStr("a secret"))
    assert secret_key(load(), {}) == {"ALERTING_SECRET_KEY_FILE": str(file)}
    assert file.read_text() == key
    assert secret_key(load(), {"ALERTING_SECRET_KEY": "yours"}) == {}


def test_the_committed_list_is_read_itself_for_the_standard_port_so_that_an_edit_takes_effect() -> None:
    assert subscriptions_file(load({"receiver_port": 8009}), {}) == SUBSCRIPTIONS


def test_a_list_of_ones_own_is_left_alone(tmp_path: Path) -> None:
    own = tmp_path / "mine.yaml"
    assert subscriptions_file(load(), {"ALERTING_SUBSCRIPTIONS": str(own)}) == own


def test_a_secret_is_as_standard_webhooks_has_it() -> None:
    secret = fresh_secret(lambda count: b"x" * count)
    assert base64.b64decode(secret.removeprefix("whsec_")) == b"x" * 32
    assert fresh_secret() != fresh_secret()


def _received(body: bytes, *, problem: str | None = None, repeat: bool = False) -> Received:
    return Received(datetime.now(UTC), {"webhook-id": "alert_1"}, body, problem, repeat)


ALERT = (
    b'{"type":"incident.created","timestamp":"2026-03-01T12:00:00Z","data":{"alert_id":"alert_1",'
    b'"subscription_id":"s","severity":"urgent","headline":"h","summary":"s","source_count":1,'
    b'"incident":{"id":"i","version":1,"status":"unconfirmed"},'
    b'"sources":[{"origin":"o","url":"https://a.example/1"}]}}'
)


def test_alerts_are_shown_once_and_everything_else_is_told() -> None:
    shown: list[AlertBody] = []
    told: list[str] = []
    inbox = Inbox(lambda alert, _: shown.append(alert), told.append)
    inbox.take(_received(ALERT))
    inbox.take(_received(ALERT, repeat=True))
    inbox.take(_received(ALERT, problem="no matching signature"))
    inbox.take(_received(b"{}"))
    assert len(shown) == len(inbox.alerts) == 1
    assert inbox.urls() == {"https://a.example/1"}
    assert [line.split(":")[0] for line in told] == [
        "webhook alert_1 came again, as at-least-once may",
        "webhook refused",
        "webhook alert_1 is signed, but no alert",
    ]
