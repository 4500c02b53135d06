"""The scrape configuration and the five alert rules: valid, tested, documented, and about metrics that exist."""

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from services.cli.docs.configuration import FLOW, service_settings
from services.cli.docs.metrics_page import sample_names
from services.cli.stack.layout import PROJECT

FOLDER = PROJECT / "deploy" / "prometheus"
RULES_FILE, TESTS_FILE = FOLDER / "alerts.yml", FOLDER / "alerts_test.yml"
CONFIGS = ("prometheus.yml", "prometheus.compose.yml")
RUNBOOK = PROJECT / "docs" / "runbook.md"


def load(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


RULES = [rule for group in load(RULES_FILE)["groups"] for rule in group["rules"]]
each_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])


@pytest.fixture
def promtool() -> str:
    found = shutil.which("promtool")
    if not found and os.environ.get("CI") == "true":
        pytest.fail("promtool is missing, and CI must check the rules: apt-get install prometheus")
    if not found:
        pytest.skip("promtool is missing: on Debian, apt-get install prometheus brings it")
    return found


def seconds(duration: str) -> int:
    return int(duration[:-1]) * {"s": 1, "m": 60, "h": 3600}[duration[-1]]


@pytest.mark.parametrize(
    "arguments",
    [
        ["check", "config", *CONFIGS],
        ["check", "rules", RULES_FILE.name],
        ["test", "rules", TESTS_FILE.name],
    ],
    ids=["config", "rules", "tests"],
)
def test_promtool_is_content(promtool: str, arguments: list[str]) -> None:
    done = subprocess.run([promtool, *arguments], cwd=FOLDER, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_there_are_five_rules_and_each_is_tested() -> None:
    tested = TESTS_FILE.read_text(encoding="utf-8")
    assert len(RULES) == 5
    assert [rule["alert"] for rule in RULES if rule["alert"] not in tested] == []


@each_rule
def test_rule_uses_metrics_that_exist(rule: dict[str, Any]) -> None:
    used = set(re.findall(r"\btocsin_\w+", rule["expr"]))
    assert used
    assert used <= sample_names()


@each_rule
def test_rule_waits_for_two_scrapes_and_tells_what_to_do(rule: dict[str, Any]) -> None:
    interval = load(FOLDER / CONFIGS[0])["global"]["scrape_interval"]
    assert seconds(rule["for"]) >= 2 * seconds(interval)
    assert rule["labels"]["severity"] in ("page", "ticket")
    assert rule["annotations"].keys() == {"summary", "description", "runbook_url"}


@each_rule
def test_rule_has_a_section_in_the_runbook(rule: dict[str, Any]) -> None:
    page, _, anchor = rule["annotations"]["runbook_url"].partition("#")
    assert page.endswith("/docs/runbook.md")
    assert anchor == rule["alert"].lower()
    assert f"\n## {rule['alert']}\n" in RUNBOOK.read_text(encoding="utf-8")


def test_both_configurations_scrape_every_service_at_its_port() -> None:
    ports = {name: str(cls.model_fields["http_port"].default) for name, cls in service_settings()}
    local, compose = (load(FOLDER / name) for name in CONFIGS)
    for config, host in ((local, None), (compose, "service")):
        scraped = {
            one["labels"]["service"]: one["targets"][0]
            for one in config["scrape_configs"][0]["static_configs"]
        }
        assert list(scraped) == list(FLOW)
        for name, port in ports.items():
            assert scraped[name] == f"{name if host else '127.0.0.1'}:{port}"


def test_configurations_differ_in_targets_alone() -> None:
    local, compose = (load(FOLDER / name) for name in CONFIGS)
    for config in (local, compose):
        for one in config["scrape_configs"][0]["static_configs"]:
            del one["targets"]
    assert local == compose
