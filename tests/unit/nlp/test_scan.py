"""The scan: what ends before a sentence is cut, and that nothing ends there which a sentence could tell."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.nlp.clean import clean
from services.nlp.language import detect
from services.nlp.lexicon import Lexicon
from services.nlp.scan import Scanner, may_tell
from services.nlp.sentences import split
from services.nlp.text import Section, Sentence, plain
from tests.unit.nlp.test_properties import WORDS

SCANNER = Scanner()
TRIGGERS = Lexicon.of_triggers()


def tells(text: str) -> bool:
    """The same question, sentence by sentence and without a short cut."""
    for start, end in split(clean(text).text):
        sentence = Sentence(start, end, text[start:end], Section.BODY, 0)
        sentence.hits = tuple(TRIGGERS.find(sentence.plain))
        if may_tell(sentence):
            return True
    return False


@settings(max_examples=300, deadline=None)
@given(words=st.lists(st.sampled_from(WORDS), max_size=20))
def test_the_short_cut_ends_no_report_that_a_sentence_could_tell(words: list[str]) -> None:
    text = " ".join(words)
    assert bool(SCANNER.scan("", text)) == tells(text)


def test_nothing_comes_of_a_calm_report() -> None:
    assert (
        SCANNER.scan("The budget", "The council met on Tuesday. It spoke of roads, schools and a library.")
        == []
    )


def test_a_trigger_brings_all_sentences_with_their_cues() -> None:
    sentences = SCANNER.scan("Fire", "It rained. A shell hit a house, officials denied.\nMore soon.")
    assert [s.text for s in sentences] == [
        "Fire", "It rained.", "A shell hit a house, officials denied.", "More soon."
    ]  # fmt: skip
    assert [s.section for s in sentences] == [Section.TITLE, *[Section.BODY] * 3]
    assert [s.paragraph for s in sentences] == [0, 0, 0, 1]
    assert sentences[2].any("cue.deny")
    assert sentences[2].any("weapon")
    assert not sentences[2].any("who")


@pytest.mark.parametrize("text", ["An air\nstrike is no term.", "Boxes.\nRead more: an air strike hit Idlib"])
def test_lines_and_boxes_end_what_the_first_look_found(text: str) -> None:
    assert SCANNER.scan("", text) == []


def test_sentences_end_before_the_number_of_a_list() -> None:
    text = "Thread on the raid.1/4 The jets came at dawn. 2/4 They left."
    assert [text[a:b] for a, b in split(text)] == [
        "Thread on the raid.", "1/4 The jets came at dawn.", "2/4 They left."
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The rain fell on the hills and the farmers were glad of it.", "en"),
        ("Le ministre a parlé de la pluie dans les collines pendant toute la journée.", "fr"),
        ("Bakan gün boyunca tepelerdeki yağmurdan ve çiftçilerin sevincinden söz etti.", "tr"),
        ("Minister rain hills (farmers glad), he said; \"the\", 'of', the, of.", "en"),
        ("12 34 ?!", None),
        ("x", None),
        ("дощ і вітер", "uk"),
        ("هطل المطر على التلال وفرح المزارعون", "ar"),
        ("باران بر تپه‌ها بارید و کشاورزان شاد شدند", "fa"),
        ("بارش پہاڑیوں پر ہوئی اور کسان خوش ہیں", None),
        ("A chuva caiu sobre as colinas e os agricultores ficaram contentes.", "pt"),
        ("Міська рада обговорила бюджет шкіл і нової бібліотеки в місті. " * 40, "uk"),
        ("Городской совет обсудил бюджет школ и новой библиотеки в городе. " * 40, "ru"),
        ("The council’s “budget” — for the schools and the roads of the town — was agreed. " * 40, "en"),
        ("Belediye meclisi salı günü okulların ve yolların bütçesini görüştü. " * 40, "tr"),
    ],
)
def test_language(text: str, language: str | None) -> None:
    assert detect(text) == language


def test_captions_and_boxes_are_found_where_marked() -> None:
    text = "Rain fell.\nA street in Homs. (Reuters)\nFile: an old photo\nSee also: more rain\nThe end."
    cleaned = clean(text)
    assert [text[c.start : c.end].strip() for c in cleaned.captions] == [
        "A street in Homs. (Reuters)", "File: an old photo"
    ]  # fmt: skip
    assert "See also" not in cleaned.text
    assert len(cleaned.text) == len(text)


@pytest.mark.parametrize("text", ["“Ça va”—he’s İn\u00a0Łódź…\n‑ok", "ΣΟΦΟΣ «Да»", "A-b\tc", "plain"])
def test_plain_text_keeps_every_character_at_its_offset(text: str) -> None:
    assert len(plain(text)) == len(text)
    assert not set(plain(text)) & set("“”‘’«»\u00a0\n\t‑—-")
