"""Readers for all tests of this folder: they load once, and reading changes nothing in them."""

import pytest

from services.nlp.choose import choose
from services.nlp.read import RuleReader
from services.nlp.reader import ReportReader


@pytest.fixture(scope="session")
def reader() -> ReportReader:
    """By rules alone."""
    return ReportReader.load(sentence_reader=RuleReader())


@pytest.fixture(scope="session")
def trained() -> ReportReader:
    """With the encoder that is shipped."""
    choice = choose()
    if choice.problem:
        pytest.skip(choice.problem)
    return ReportReader.load(sentence_reader=choice.reader)
