"""Labelled sentences are read with their spans located, and bad lines are named."""

import json
from pathlib import Path

import pytest

from schemas.event import Assertion, Kind, Novelty
from training.data import DataError, read
from training.labels import SPANS

LINE = {
    "id": "x-1", "text": "Shells hit Homs; then Homs was quiet and shells hit Hama.", "lang": "en",
    "events": [
        {"kind": "shelling", "assertion": "asserted", "novelty": "background", "trigger": "hit Hama"},
        {"kind": "shelling", "assertion": "asserted", "novelty": "new", "trigger": "hit", "place": ["Homs"]},
    ],
}  # fmt: skip
OWN = sorted((Path(__file__).parents[3] / "training" / "data").glob("*.jsonl"))


def write(folder: Path, *lines: str) -> Path:
    path = folder / "some.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_what_is_news_comes_first_and_spans_stand_where_they_are_nearest(tmp_path: Path) -> None:
    (sentence,) = read(write(tmp_path, json.dumps(LINE)))
    first, second = sentence.events
    assert (first.novelty, second.novelty) == (Novelty.NEW, Novelty.BACKGROUND)
    assert first.trigger == (7, 10)
    assert first.spans == {"place": ((11, 15),)}
    assert sentence.live
    assert not sentence.dev


def test_only_a_planned_truce_or_warning_is_news(tmp_path: Path) -> None:
    lines = [
        json.dumps(LINE | {"events": [{"kind": k, "assertion": "planned", "novelty": "new"}]})
        for k in ("ceasefire", "evacuation_warning", "air_strike")
    ]
    assert [s.live for s in read(write(tmp_path, *lines))] == [True, True, False]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("{", "some.jsonl:2: no JSON"),
        ('{"id": "x"}', "some.jsonl:2: text: Field required; mend the line"),
        ('{"id": "x", "text": "y", "events": [{"kind": "war"}]}', "some.jsonl:2: events.0.kind"),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, line: str, told: str) -> None:
    with pytest.raises(DataError, match=told):
        read(write(tmp_path, json.dumps(LINE), line))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="there is no such file"):
        read(tmp_path / "none.jsonl")


@pytest.mark.parametrize("path", OWN, ids=lambda p: p.name)
def test_our_own_sentences_are_well_formed(path: Path) -> None:
    sentences = read(path)
    assert len({s.id for s in sentences}) == len(sentences)
    for sentence in sentences:
        for event in sentence.events:
            assert event.trigger, sentence.id
            assert (event.kind is Kind.CEASEFIRE) == (event.phase is not None), sentence.id
            for name, ranges in event.spans.items():
                assert name in SPANS
                assert all(sentence.text[a:b].strip() for a, b in ranges), sentence.id


def test_our_own_sentences_hold_what_is_rare_elsewhere() -> None:
    events = [e for path in OWN for s in read(path) for e in s.events]
    for assertion in Assertion:
        assert sum(e.assertion is assertion for e in events) > 100
    for kind in Kind:
        assert sum(e.kind is kind for e in events) > 40
