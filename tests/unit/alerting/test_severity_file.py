"""Another severity rule from a file: what it names is changed, and its mistakes are told with their field."""

import re
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path

import pytest

from schemas.alert import Severity
from schemas.event import Kind
from services.alerting.severity import DEFAULT_RULE, severity
from services.alerting.severity_file import SeverityFileError, load_rule
from tests.factories import band, incident

RULE = "flash_killed: 3\nroutine_kinds: [interception, explosion]\nstale_after: PT6H\n"


def test_without_a_file_the_rule_is_the_documented_one() -> None:
    assert load_rule(None) == DEFAULT_RULE


def test_what_the_file_names_is_changed(tmp_path: Path) -> None:
    (tmp_path / "severity.yaml").write_text(RULE)
    rule = load_rule(tmp_path / "severity.yaml")
    assert (rule.flash_killed, rule.stale_after) == (3, timedelta(hours=6))
    assert Kind.EXPLOSION in rule.routine_kinds
    assert rule.flash_kinds == DEFAULT_RULE.flash_kinds
    assert severity(incident(killed=band(4)), rule) is Severity.FLASH
    assert severity(incident(killed=band(4))) is Severity.URGENT


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("flash_killed: many", "flash_killed: Input should be a valid integer"),
        ("flash_kinds: [strike]", "flash_kinds.0: Input should be"),
        ("flash_dead: 3", "flash_dead: Unexpected keyword argument"),
        ("[", "not YAML"),
    ],
)
def test_a_mistake_is_told_with_file_and_field(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "severity.yaml"
    path.write_text(text)
    with pytest.raises(SeverityFileError) as caught:
        load_rule(path)
    assert str(caught.value).startswith(f"{path}: {told}")


def test_the_rule_in_the_documents_is_the_default(tmp_path: Path) -> None:
    page = (Path(__file__).parents[3] / "docs" / "subscriptions.md").read_text(encoding="utf-8")
    [*_, shown] = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    (tmp_path / "severity.yaml").write_text(shown)
    assert asdict(load_rule(tmp_path / "severity.yaml")) == asdict(DEFAULT_RULE)
