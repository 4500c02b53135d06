"""The Slack format: golden, escaped, within Slack's limits, and sent without a signature."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.event import Evidence, Named
from schemas.incident import Incident
from schemas.subscription import Subscription, Target
from services.alerting.clock import SystemClock
from services.alerting.endpoint import Endpoint
from services.alerting.sender import Sender, SenderSettings
from services.alerting.slack import _cut, escape, render
from services.alerting.subscriptions import load
from tests.factories import IDLIB, event, evidence_of, incident, report_ref
from tests.unit.alerting.build import alert
from tests.unit.alerting.http import serving, text
from tests.unit.alerting.test_render import corroborated

GOLDEN = Path(__file__).parent / "golden" / "corroborated.slack.json"


def test_the_message_is_the_golden_one() -> None:
    assert json.dumps(json.loads(render(alert(corroborated()))), ensure_ascii=False, indent=2) + "\n" == (
        GOLDEN.read_text(encoding="utf-8")
    )


def hostile(words: str, url: str = "https://outlet.example/") -> Incident:
    """An incident whose every text is `words`."""
    told = event(
        report=report_ref(url=url, publisher=words, title=words),
        place=IDLIB.model_copy(update={"name": words}),
        actor=Named(text=words),
        claimants=(words,) * 5,
        evidence=tuple(Evidence(field=f"f{n}", start=0, end=1, quote=f"{n}{words}"[:280]) for n in range(9)),
    )
    return incident(told, evidence=(evidence_of(told),) * 50, evidence_count=70)


def texts(body: bytes) -> list[str]:
    message = json.loads(body)
    found = [message["text"]]
    for block in message["blocks"]:
        found += [element["text"] for element in block.get("elements", [])]
        found += [block["text"]["text"]] if "text" in block else []
    return found


def test_nothing_in_a_report_mentions_or_links() -> None:
    body = render(
        alert(hostile("<!channel> & <https://evil.example|safe>", "https://x.example/a|b>c<d?e=1&f=2"))
    )
    for told in texts(body):
        assert "<!" not in told and "<https://evil" not in told
    assert (
        "<https://x.example/a%7Cb%3Ec%3Cd?e=1&amp;f=2|&lt;!channel&gt; &amp; &lt;https://evil.example/safe&gt;>"
        in (texts(body))
    )


@given(st.text(max_size=400))
def test_the_limits_hold_whatever_a_report_says(words: str) -> None:
    message = json.loads(render(alert(hostile(words or "x"))))
    assert len(message["blocks"]) <= 50
    for block in message["blocks"]:
        if block["type"] == "header":
            assert 0 < len(block["text"]["text"]) <= 150
        elif block["type"] == "section":
            assert 0 < len(block["text"]["text"]) <= 3000
        else:
            assert 0 < len(block["elements"]) <= 10
            assert all(0 < len(element["text"]) <= 2000 for element in block["elements"])


@given(st.text(alphabet="a&<>;", max_size=40), st.integers(5, 40))
def test_a_cut_leaves_no_half_entity(words: str, limit: int) -> None:
    kept = _cut(escape(words), limit)
    assert len(kept) <= limit
    rest = kept.removesuffix("…").replace("&amp;", "").replace("&lt;", "").replace("&gt;", "")
    assert "&" not in rest


async def test_it_is_sent_without_a_signature_and_needs_no_secret(tmp_path: Path) -> None:
    async with serving(text("200 OK", body=b"ok")) as server:
        url = f"http://127.0.0.1:{server.port}/services/T0/B0/x"
        target = Endpoint(Subscription(id="desk", name="desk", target=Target(url=url, format="slack")), ())
        sender = Sender(SenderSettings(allow_http=True, allow_private=True), SystemClock())
        await sender.send(target, alert())
        await sender.aclose()
    [(_, headers, body)] = server.requests
    assert body == render(alert())
    assert headers["content-type"] == "application/json"
    assert not any(name.startswith("webhook-") for name in headers)


def test_a_subscription_in_that_format(tmp_path: Path) -> None:
    path = tmp_path / "subscriptions.yaml"
    path.write_text(
        "subscriptions:\n  - id: chat\n    target: {url: 'https://hooks.slack.com/x', format: slack}\n"
    )
    assert load(path, {})[0].secrets == ()


@pytest.mark.parametrize("body", [render(alert()), render(alert(hostile("x" * 280)))])
def test_a_message_is_small(body: bytes) -> None:
    assert len(body) < 8_000
