"""Signatures: the published vector of Standard Webhooks 1.0.0, and that its library accepts what we sign."""

from datetime import UTC, datetime

import pytest
from pydantic import SecretStr
from standardwebhooks import Webhook, WebhookVerificationError

from services.alerting.signing import SecretError, check_secret, new_secret, sign

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
MESSAGE = "msg_p5jXN8AQM9LWM0D4loKWxJek"
MOMENT = datetime.fromtimestamp(1614265330, UTC)
BODY = b'{"test": 2432232314}'
SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_the_published_vector() -> None:
    assert sign(MESSAGE, MOMENT, BODY, [SecretStr(SECRET)]) == {
        "webhook-id": MESSAGE,
        "webhook-timestamp": "1614265330",
        "webhook-signature": SIGNATURE,
    }


def test_the_time_is_whole_seconds_rounded_down_in_header_and_signature_alike() -> None:
    late = MOMENT.replace(microsecond=999_999)
    assert sign(MESSAGE, late, BODY, [SecretStr(SECRET)])["webhook-signature"] == SIGNATURE


def test_during_a_rotation_there_is_one_signature_a_secret_and_each_verifies() -> None:
    secrets = [new_secret(), new_secret()]
    body = '{"place":"إدلب"}'.encode()
    headers = sign(MESSAGE, datetime.now(UTC), body, secrets)
    assert [part[:3] for part in headers["webhook-signature"].split(" ")] == ["v1,", "v1,"]
    for secret in secrets:
        assert Webhook(secret.get_secret_value()).verify(body, headers) == {"place": "إدلب"}
    with pytest.raises(WebhookVerificationError):
        Webhook(new_secret().get_secret_value()).verify(body, headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(secrets[0].get_secret_value()).verify(body + b" ", headers)


def test_a_fresh_secret_is_of_the_form_that_is_asked_and_shown_nowhere() -> None:
    fresh = new_secret()
    assert check_secret(fresh.get_secret_value() + "\n") == fresh
    assert fresh.get_secret_value() not in repr(fresh)


@pytest.mark.parametrize(
    "bad", ["", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_", "whsec_????", "whsec_c2hvcnQ="]
)
def test_a_bad_secret_is_refused_without_being_told(bad: str) -> None:
    with pytest.raises(SecretError) as caught:
        check_secret(bad)
    assert len(bad) < 7 or bad[6:] not in str(caught.value)
