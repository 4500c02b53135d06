"""One attempt over a real network on this machine: what is sent, what answers mean, and where it may not go."""

import asyncio
import shutil
import ssl
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest
from pydantic import SecretStr
from standardwebhooks import Webhook

from schemas.delivery import DeliveryOutcome
from schemas.failure import FailureReason
from services.alerting.clock import SystemClock
from services.alerting.endpoint import Endpoint
from services.alerting.outcome import Outcome
from services.alerting.render import render
from services.alerting.sender import Sender, SenderSettings
from services.common.ssrf import GuardedTransport, is_public
from tests.unit.alerting.build import OTHER_SECRET, SECRET, alert, endpoint, subscription
from tests.unit.alerting.http import Server, serving, text

NOT_PUBLIC = """
127.0.0.1 10.0.0.1 172.16.3.4 192.168.1.1 169.254.169.254 100.100.100.200 168.63.129.16 0.0.0.0 224.0.0.1 240.0.0.1
255.255.255.255 192.0.2.1 198.18.0.1 ::1 :: fe80::1 fe80::1%eth0 fd00:ec2::254 ff02::1 2002:7f00:1::
::ffff:127.0.0.1 ::ffff:169.254.169.254 64:ff9b::7f00:1
"""
OPEN = SenderSettings(allow_http=True, allow_private=True)


def to(server: Server, host: str = "127.0.0.1", path: str = "/hook", scheme: str = "http") -> Endpoint:
    return endpoint(url=f"{scheme}://{host}:{server.port}{path}")


async def send(target: Endpoint, settings: SenderSettings = OPEN, **transport: object) -> Outcome:
    guarded = GuardedTransport(
        allow_http=settings.allow_http,
        allow_private=settings.allow_private,
        **transport,  # type: ignore[arg-type]
    )
    sender = Sender(settings, SystemClock(), guarded)
    try:
        return await sender.send(target, alert())
    finally:
        await sender.aclose()


def answering(*addresses: str) -> object:
    async def resolve(host: str, port: int) -> Sequence[str]:
        return addresses

    return resolve


async def test_the_request_is_a_signed_standard_webhook() -> None:
    async with serving(text("204 No Content")) as server:
        rotating = Endpoint(
            subscription(url=f"http://127.0.0.1:{server.port}/hook?team=blue"),
            (SecretStr(SECRET), SecretStr(OTHER_SECRET)),
            (("x-team", SecretStr("blue")), ("webhook-id", SecretStr("forged"))),
        )
        outcome = await send(rotating)
    assert (outcome.outcome, outcome.status_code) == (DeliveryOutcome.DELIVERED, 204)
    [(line, headers, body)] = server.requests
    assert line == "POST /hook?team=blue HTTP/1.1"
    assert body == render(alert())
    assert headers["webhook-id"] == alert().id
    assert headers["content-type"] == "application/json"
    assert headers["x-team"] == "blue"
    assert headers["host"] == f"127.0.0.1:{server.port}"
    assert len(headers["webhook-signature"].split()) == 2
    for secret in (SECRET, OTHER_SECRET):
        assert Webhook(secret).verify(body, headers)["type"] == "incident.created"


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        ("302 Found", FailureReason.REDIRECT),
        ("410 Gone", FailureReason.GONE),
        ("400 Bad Request", FailureReason.CLIENT_ERROR),
        ("503 Service Unavailable", FailureReason.SERVER_ERROR),
    ],
)
async def test_answers(status: str, reason: FailureReason) -> None:
    async with serving(text(status, "location: http://127.0.0.1:1/")) as server:
        assert (await send(to(server))).reason is reason
    assert len(server.requests) == 1


async def test_retry_after_is_read() -> None:
    async with serving(text("429 Too Many Requests", "retry-after: 17")) as server:
        outcome = await send(to(server))
    assert (outcome.outcome, outcome.retry_after) == (DeliveryOutcome.RETRYING, 17)


async def test_an_endpoint_that_hangs_costs_no_more_than_the_total_time() -> None:
    async def hang(_: asyncio.StreamWriter) -> None:
        await asyncio.Event().wait()

    async with serving(hang) as server:
        outcome = await asyncio.wait_for(send(to(server), _hasty()), 5)
    assert (outcome.outcome, outcome.reason) == (DeliveryOutcome.RETRYING, FailureReason.TIMEOUT)


def _hasty() -> SenderSettings:
    return SenderSettings(total_seconds=0.2, drain_seconds=0.1, allow_http=True, allow_private=True)


async def test_headers_that_drip_cost_no_more_than_the_total_time() -> None:
    async def drip(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n")
        for number in range(1000):
            writer.write(f"x-{number}: drip\r\n".encode())
            await writer.drain()
            await asyncio.sleep(0.02)

    async with serving(drip) as server:
        outcome = await asyncio.wait_for(send(to(server), _hasty()), 5)
    assert outcome.reason is FailureReason.TIMEOUT


async def test_a_body_without_end_does_not_undo_a_success() -> None:
    async def flood(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n")
        while True:
            writer.write(b"10000\r\n" + b"x" * 65536 + b"\r\n")
            await writer.drain()

    async def drip(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 1000000\r\n\r\nx")
        await asyncio.Event().wait()

    for body in (flood, drip):
        async with serving(body) as server:
            outcome = await asyncio.wait_for(send(to(server), _hasty()), 5)
        assert outcome.outcome is DeliveryOutcome.DELIVERED


async def test_no_connection_and_no_http_are_retried() -> None:
    async def garble(writer: asyncio.StreamWriter) -> None:
        writer.write(b"\x00\x01 not HTTP\r\n\r\n")
        writer.close()

    async with serving(garble) as server:
        garbled = await send(to(server))
    refused = await send(to(server))
    unknown = await send(endpoint(url="http://nowhere.invalid/hook"))
    assert {o.reason for o in (garbled, refused, unknown)} == {FailureReason.CONNECTION_ERROR}
    assert {o.outcome for o in (garbled, refused, unknown)} == {DeliveryOutcome.RETRYING}


async def test_connections_are_used_again_and_cookies_are_not_kept() -> None:
    async with serving(text("200 OK", "set-cookie: id=7; Path=/", body=b"ok")) as server:
        sender = Sender(OPEN, SystemClock())
        for _ in range(3):
            await sender.send(to(server), alert())
        await sender.aclose()
    assert (len(server.requests), server.connections) == (3, 1)
    assert not any("cookie" in headers for _, headers, _ in server.requests)


@pytest.mark.parametrize("address", NOT_PUBLIC.split())
def test_addresses_that_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "2001:4860:4860::8888", "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_addresses_that_are_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "[::1]"])
async def test_private_addresses_in_any_spelling_are_refused_before_a_connection(host: str) -> None:
    async with serving(text("200 OK")) as server:
        outcome = await send(to(server, host), SenderSettings(allow_http=True))
    assert outcome.outcome is not DeliveryOutcome.DELIVERED
    assert outcome.reason in (FailureReason.FORBIDDEN_ADDRESS, FailureReason.CONNECTION_ERROR)
    assert server.connections == 0


async def test_one_private_address_among_public_ones_is_refused() -> None:
    settings = SenderSettings(allow_http=True)
    outcome = await send(
        endpoint(url="http://desk.example/"), settings, resolve=answering("8.8.8.8", "10.0.0.7")
    )
    assert (outcome.outcome, outcome.reason) == (DeliveryOutcome.DEAD, FailureReason.FORBIDDEN_ADDRESS)
    assert "10.0.0.7" not in outcome.detail


async def test_plain_http_is_refused_unless_allowed() -> None:
    async with serving(text("200 OK")) as server:
        outcome = await send(to(server), SenderSettings(allow_private=True))
    assert outcome.reason is FailureReason.FORBIDDEN_ADDRESS
    assert server.connections == 0


async def test_the_connection_goes_to_the_checked_address_and_the_next_one_where_the_first_is_down() -> None:
    async with serving(text("204 No Content")) as server:
        # nothing listens on 127.0.0.9 at this port
        outcome = await send(to(server, "desk.example"), resolve=answering("127.0.0.9", "127.0.0.1"))
    assert outcome.outcome is DeliveryOutcome.DELIVERED
    assert server.requests[0][1]["host"] == f"desk.example:{server.port}"


async def test_tls_asks_for_the_urls_name_and_refuses_a_certificate_of_another(tmp_path: Path) -> None:
    trusted, serves = _certificate(tmp_path, "desk.example")
    async with serving(text("204 No Content"), serves) as server:
        resolve = answering("127.0.0.1")
        good = await send(to(server, "desk.example", scheme="https"), verify=trusted, resolve=resolve)
        wrong = await send(to(server, "other.example", scheme="https"), verify=trusted, resolve=resolve)
        unknown = await send(to(server, "desk.example", scheme="https"), resolve=resolve)
    assert good.outcome is DeliveryOutcome.DELIVERED
    assert server.names[:2] == ["desk.example", "other.example"]
    assert (wrong.reason, unknown.reason) == (FailureReason.CONNECTION_ERROR,) * 2
    assert len(server.requests) == 1


def _certificate(folder: Path, name: str) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """A context that trusts a fresh certificate for `name`, and one that serves it."""
    if shutil.which("openssl") is None:
        pytest.skip("needs openssl (Debian: openssl)")
    subprocess.run(
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -keyout key.pem "
        f"-out cert.pem -subj /CN={name} -addext subjectAltName=DNS:{name}".split(),
        cwd=folder, check=True, capture_output=True,
    )  # fmt: skip
    trusted = ssl.create_default_context(cafile=str(folder / "cert.pem"))
    serves = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serves.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return trusted, serves
