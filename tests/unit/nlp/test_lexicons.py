"""The data files: form, classes that a rule reads, terms that can be found."""

import pytest
from pydantic import BaseModel, ConfigDict

from services.nlp.countries import theatre_of
from services.nlp.data_files import DATA, read_yaml
from services.nlp.lexicon import Lexicon, expand, lexicon_files
from services.nlp.text import plain

FILES = [*lexicon_files("triggers"), *lexicon_files("cues")]


class LexiconFile(BaseModel):
    """What a lexicon file holds."""

    model_config = ConfigDict(extra="forbid")
    language: str
    source: str
    classes: dict[str, list[str]]


@pytest.mark.parametrize("name", FILES)
def test_form(name: str) -> None:
    file = LexiconFile.model_validate(read_yaml(name))
    assert file.language == name.removesuffix(".yaml")[-2:]
    for terms in file.classes.values():
        assert terms
        assert all(term == term.strip() and plain(term.rstrip("*")).strip() for term in terms)


@pytest.mark.parametrize("name", FILES)
def test_no_term_stands_twice_in_one_class(name: str) -> None:
    for label, terms in LexiconFile.model_validate(read_yaml(name)).classes.items():
        twice = {term for term in terms if terms.count(term) > 1}
        assert not twice, f"{label}: {twice}"


def test_every_file_names_its_source() -> None:
    assert all(read_yaml(path.name)["source"].strip() for path in DATA.glob("*.yaml"))


def test_entries_expand() -> None:
    assert list(expand("jet/n")) == ["jet", "jets"]
    assert list(expand("bomb/v")) == ["bomb", "bombs", "bombed", "bombing"]
    assert list(expand("party/n")) == ["party", "parties"]


def test_the_longest_term_wins_and_words_are_whole() -> None:
    lexicon = Lexicon({"strike": {"act"}, "hunger strike": {"mute"}, "удар*": {"event"}, "قصف": {"event"}})
    assert [h.term for h in lexicon.find("a hunger strike")] == ["hunger strike"]
    assert lexicon.find("striker") == []
    assert [h.term for h in lexicon.find("ударом по місту")] == ["удар"]
    assert [h.term for h in lexicon.find("والقصف")] == ["قصف"]
    assert lexicon.find("مقصف") == []


def test_each_word_of_a_term_may_be_a_stem() -> None:
    lexicon = Lexicon({"прекращени* огня": {"truce"}, "удар* бпла": {"air"}, "удар*": {"hit"}})
    assert [h.term for h in lexicon.find("договорились о прекращении огня")] == ["прекращени* огня"]
    assert [h.term for h in lexicon.find("удару бпла по селу")] == ["удар* бпла"]
    assert [h.term for h in lexicon.find("ударом по селу")] == ["удар"]
    assert lexicon.find("прекращении огнях") == []


def test_theatres() -> None:
    assert (theatre_of("SY"), theatre_of("IL"), theatre_of("PE"), theatre_of(None)) == (
        "levant",
        "levant",
        "PE",
        "unplaced",
    )
