"""docs/webhooks.md as written: each way of verifying accepts what the service signs, and the YAML is a good file."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from services.alerting.signing import sign
from services.alerting.subscriptions import load

TEXT = (Path(__file__).parents[2] / "docs" / "webhooks.md").read_text(encoding="utf-8")
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
OTHER = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"
BODY = '{"type":"incident.created","data":{"headline":"Удар по Харькову\\n"}}'.encode()

Verify = Callable[[str, dict[str, str], bytes], bool]


def block(language: str) -> str:
    """The one code block in a language."""
    [found] = re.findall(rf"```{language}\n(.*?)```", TEXT, re.DOTALL)
    return str(found)


def signed(age: timedelta = timedelta(0)) -> dict[str, str]:
    """Headers as during a rotation."""
    return sign("alr_x", datetime.now(UTC) - age, BODY, [SecretStr(OTHER), SecretStr(SECRET)])


def in_python() -> Verify:
    names: dict[str, Verify] = {}
    exec(block("python"), names)  # noqa: S102 - our own document
    return names["verify"]


def in_node() -> Verify:
    node = shutil.which("node")
    if node is None:
        pytest.skip("needs node (Debian: nodejs)")

    def verify(secret: str, headers: dict[str, str], body: bytes) -> bool:
        call = f"verify({json.dumps(secret)}, {json.dumps(headers)}, Buffer.from('{body.hex()}', 'hex'))"
        program = f"{block('javascript')}\nprocess.stdout.write(String({call}))"
        return subprocess.run([node, "-e", program], capture_output=True, check=True).stdout == b"true"

    return verify


@pytest.mark.parametrize("language", [in_python, in_node])
def test_what_is_signed_verifies_and_nothing_else_does(language: Callable[[], Verify]) -> None:
    verify = language()
    assert verify(SECRET, signed(), BODY) is True
    assert verify(OTHER, signed(), BODY) is True
    assert verify("whsec_" + "A" * 32, signed(), BODY) is False
    assert verify(SECRET, signed(), BODY + b" ") is False
    assert verify(SECRET, signed() | {"webhook-id": "alr_y"}, BODY) is False
    assert verify(SECRET, signed(timedelta(minutes=6)), BODY) is False
    assert verify(SECRET, signed(timedelta(minutes=-6)), BODY) is False


def test_openssl_prints_the_signature(tmp_path: Path) -> None:
    if shutil.which("openssl") is None:
        pytest.skip("needs openssl (Debian: openssl)")
    (tmp_path / "body.json").write_bytes(BODY)
    headers = signed()
    environment = {
        "PATH": os.environ["PATH"],
        "WEBHOOK_ID": headers["webhook-id"],
        "WEBHOOK_TIMESTAMP": headers["webhook-timestamp"],
        "SECRET": SECRET,
    }
    done = subprocess.run(
        ["sh", "-c", block("sh")], cwd=tmp_path, env=environment, capture_output=True, check=True
    )
    assert done.stdout.decode().strip() == headers["webhook-signature"].split(" ")[1]


def test_the_yaml_is_a_good_file(tmp_path: Path) -> None:
    (tmp_path / "subscriptions.yaml").write_text(block("yaml"))
    (tmp_path / "night-desk.secret").write_text(SECRET)
    [endpoint] = load(tmp_path / "subscriptions.yaml")
    assert endpoint.id == "night-desk"


def test_the_local_list_is_a_good_file() -> None:
    local = Path(__file__).parents[2] / "deploy" / "local" / "subscriptions.yaml"
    [endpoint] = load(local, {"TOCSIN_RECEIVER_SECRET": SECRET}, allow_http=True)
    assert endpoint.subscription.target.url == "http://127.0.0.1:8009/"
