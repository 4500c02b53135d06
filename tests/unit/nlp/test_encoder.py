"""The reader that is shipped: its files are verified, and it reads plain sentences rightly."""

import shutil
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.event import Assertion, Kind, Phase
from services.nlp.encoder import FOLDER, Encoder, ModelBrokenError, ModelMissingError, Reading, buckets
from services.nlp.encoder_files import FILES, SUMS, sums_of

STRIKE = "Israeli warplanes bombed the port of Hodeidah on Sunday, killing six workers, the Houthis said."
TRUCE = "The two armies agreed on a ceasefire in Sudan's capital that will begin at 6 p.m. on Tuesday."
NOTHING = "Teachers in Lyon went on strike for better pay, and parents looked for sitters."


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return Encoder.load()


def only(encoder: Encoder, text: str, previous: str | None = None) -> Reading:
    return encoder.read([(previous, text)])[0]


def test_a_strike_with_its_spans(encoder: Encoder) -> None:
    event = only(encoder, STRIKE).events[0]
    found = {name: [STRIKE[s.start : s.end] for s in spans] for name, spans in event.spans.items()}
    assert event.kind is Kind.AIR_STRIKE
    assert event.probability > 0.8
    assert "bombed" in STRIKE[event.trigger.start : event.trigger.end]
    assert any("Hodeidah" in place for place in found["place"])
    assert any("Israeli" in actor for actor in found["actor"])
    assert any("six" in killed for killed in found["killed"])
    assert set(event.confidence) == set(event.spans)


def test_a_truce_with_its_phase(encoder: Encoder) -> None:
    reading = only(encoder, TRUCE)
    event = reading.events[0]
    assert event.kind is Kind.CEASEFIRE
    assert max(event.phase, key=lambda p: event.phase[p]) is Phase.AGREED
    assert reading.live > 0.5


def test_a_homonym_stays_silent(encoder: Encoder) -> None:
    reading = only(encoder, NOTHING)
    assert reading.live < 0.3
    assert all(e.probability < 0.5 for e in reading.events)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("قصفت طائرات حربية سوقاً في مدينة إدلب صباح اليوم وقتلت أربعة أشخاص", Kind.AIR_STRIKE),
        ("Російська артилерія обстріляла Херсон, загинула жінка", Kind.SHELLING),
        ("Боевики похитили двух врачей в районе Тиллабери", Kind.ABDUCTION),
        ("Bomba yüklü araç Afrin'de patladı, üç kişi öldü", Kind.EXPLOSION),
        ("Une mine a explosé au passage d'un convoi près de Ménaka, tuant trois soldats", Kind.EXPLOSION),
        ("El gobierno y la guerrilla acordaron un cese al fuego de seis meses", Kind.CEASEFIRE),
        ("מטוסי קרב תקפו הלילה מחסן נשק בדרום לבנון", Kind.AIR_STRIKE),
    ],
)
def test_it_reads_the_other_languages(encoder: Encoder, text: str, kind: Kind) -> None:
    reading = only(encoder, text)
    assert reading.events[0].kind is kind
    assert reading.live > 0.5


def test_a_denial_is_no_claim(encoder: Encoder) -> None:
    event = only(encoder, "The army denied that its jets had bombed the hospital in Khan Younis.").events[0]
    assert event.assertion[Assertion.DENIED] > event.assertion[Assertion.ASSERTED]


def test_sentences_read_together_are_read_as_alone_in_their_order(encoder: Encoder) -> None:
    texts = [STRIKE, NOTHING, TRUCE, "Shells fell on Homs.", STRIKE + " " + TRUCE]
    together = encoder.read([(None, text) for text in texts])
    for text, reading in zip(texts, together, strict=True):
        alone = only(encoder, text)
        assert reading.live == pytest.approx(alone.live, abs=0.1)  # 8-bit scales are taken over the batch
        assert [e.kind for e in reading.events if e.probability > 0.5] == [
            e.kind for e in alone.events if e.probability > 0.5
        ]


def test_no_sentences_no_readings(encoder: Encoder) -> None:
    assert encoder.read([]) == []


@settings(max_examples=25, deadline=None)
@given(st.text(st.characters(), max_size=200), st.none() | st.text(st.characters(), max_size=50))
def test_any_text_is_read(encoder: Encoder, text: str, previous: str | None) -> None:
    reading = only(encoder, text, previous)
    assert 0 <= reading.live <= 1
    for event in reading.events:
        for span in (event.trigger, *(s for spans in event.spans.values() for s in spans)):
            assert 0 <= span.start <= span.end <= len(text)


def test_an_endless_sentence_is_read_to_its_limit(encoder: Encoder) -> None:
    assert only(encoder, "Shells hit Homs and " * 20_000).events[0].kind is Kind.SHELLING


@pytest.mark.parametrize("lengths", [[], [5], [90, 5, 6, 40, 41, 7], [30] * 50, [195] * 9])
def test_buckets_hold_each_sentence_once_and_little_padding(lengths: list[int]) -> None:
    found = list(buckets(lengths))
    assert sorted(i for bucket in found for i in bucket) == list(range(len(lengths)))
    for bucket in found:
        assert len(bucket) <= 16
        assert len(bucket) * lengths[bucket[-1]] <= 800
        assert lengths[bucket[-1]] <= 1.25 * lengths[bucket[0]] + 8


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in (*FILES, SUMS):
        shutil.copy(FOLDER / name, tmp_path / name)
    return tmp_path


@pytest.mark.parametrize("name", [*FILES, SUMS])
def test_a_missing_file_is_named_with_the_remedy(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(ModelMissingError, match=rf"{name}: there is no such file; .*make train"):
        Encoder.load(folder)


@pytest.mark.parametrize("name", FILES)
def test_a_damaged_file_is_refused(folder: Path, name: str) -> None:
    with (folder / name).open("r+b") as file:
        file.seek(100)
        file.write(b"\0\0\0\0")
    with pytest.raises(ModelBrokenError, match=rf"{name}: its SHA-256 is not the one in {SUMS}"):
        Encoder.load(folder)


def test_a_manifest_that_lacks_a_field_is_refused(folder: Path) -> None:
    (folder / "reader.json").write_text('{"version": "x"}')
    (folder / SUMS).write_text(sums_of(folder))
    with pytest.raises(ModelBrokenError, match=r"reader\.json: base: Field required"):
        Encoder.load(folder)


def test_a_graph_that_is_none_is_refused(folder: Path) -> None:
    (folder / "reader.onnx").write_bytes(b"no graph")
    (folder / SUMS).write_text(sums_of(folder))
    with pytest.raises(ModelBrokenError, match="make train"):
        Encoder.load(folder)
