"""The summary of the samples, and what to try next."""

import json
import re
import shlex
from pathlib import Path

import pytest

from services.cli.supervise.flow import FlowState
from services.cli.supervise.samples import Fed, read_samples
from services.cli.supervise.settings import UpSettings, load
from services.cli.supervise.words import summary, try_next

SAMPLES = read_samples()
TRAPS = [sample for sample in SAMPLES if sample.trap]


@pytest.fixture
def settings(monkeypatch: pytest.MonkeyPatch) -> UpSettings:
    for name in ("KAFKA_BOOTSTRAP_SERVERS", "REDIS_URL", "KAFKA_PORT", "INGEST_PORT"):
        monkeypatch.delenv(name, raising=False)
    return load()


IDLE = FlowState({("nlp", "report"): 0, ("dedup", "event"): 0})


def test_silent_traps_are_counted() -> None:
    said = summary(
        Fed(accepted=list(SAMPLES)),
        11,
        {SAMPLES[0].url},
        6.42,
        FlowState({("nlp", "r"): 0, ("dedup", "e"): 0}),
    )
    assert said.startswith(
        f"{len(SAMPLES)} reports fed: 11 alerts; the {len(TRAPS)} traps stayed silent (a denial, "
    )
    assert said.endswith("; the first alert came 6.4 s after the start")


def test_a_trap_that_rang_is_named_and_not_passed_over() -> None:
    said = summary(Fed(accepted=list(SAMPLES)), 12, {TRAPS[0].url}, 6.0, FlowState({}))
    assert f"a trap rang: {TRAPS[0].title} (a denial)" in said
    assert "stayed silent" not in said


def test_known_reports_and_unfinished_work_are_told() -> None:
    said = summary(Fed(known=list(SAMPLES[:2])), 0, set(), None, FlowState({("dedup", "e"): 3}, dead=2))
    assert said == (
        "2 reports fed: 0 alerts; 2 known from before, which ring nothing new; still being worked on: dedup 3; "
        "2 dead letters: see `tocsin dlt list`"
    )


def test_the_suggested_report_can_be_copied_into_a_shell(settings: UpSettings) -> None:
    told = try_next(settings, {}, "tocsin")
    match = re.search(r"(curl .*?)\n  a file", told, re.S)
    assert match
    words = shlex.split(match[1].replace("\\\n", ""))
    assert words[2] == "http://127.0.0.1:8001/v1/reports"
    assert "Zaporizhzhia" in json.loads(words[words.index("-d") + 1])["text"]


def test_commands_carry_what_another_terminal_needs(settings: UpSettings) -> None:
    assert "KAFKA_BOOTSTRAP_SERVERS=" not in try_next(settings, {}, "tocsin")
    other = load({"kafka_port": 19092, "ingest_port": 18001})
    told = try_next(other, {"TOCSIN_DATA": "/data"}, "tocsin")
    assert "KAFKA_BOOTSTRAP_SERVERS=127.0.0.1:19092" in told
    assert "TOCSIN_INGEST_URL=http://127.0.0.1:18001 tocsin ingest" in told
    assert "TOCSIN_DATA=" in told


def test_logs_are_shown_relative_to_where_one_is(
    settings: UpSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(settings.tocsin_data.parent)
    assert " .tocsin/logs/" in try_next(settings, {}, "tocsin")
    monkeypatch.chdir(Path("/"))
    assert " .tocsin/logs/" not in try_next(settings, {}, "tocsin").replace(
        str(settings.tocsin_data.parent), ""
    )
