"""One reader for all tests of this folder: it loads once, and reading changes nothing in it."""

import pytest

from services.nlp.reader import ReportReader


@pytest.fixture(scope="session")
def reader() -> ReportReader:
    return ReportReader.load()
