"""Pages in the layouts of news sites give their text and their date, and little else."""

import re
from collections import Counter
from pathlib import Path

import pytest

from schemas.base import iso_utc
from services.ingest.dates import read_date
from services.ingest.feeds.page import PageError, read_page

PAGES = Path(__file__).parent / "pages"
NAMES = sorted(path.stem for path in PAGES.glob("*.html"))
F1 = 0.90


def tokens(text: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", text.lower()))


def f1(read: str, right: str) -> float:
    """Of the tokens of the body, as many times as they stand there."""
    found, wanted = tokens(read), tokens(right)
    return 2 * (found & wanted).total() / (found.total() + wanted.total())


def answer(name: str) -> tuple[str, str]:
    """The date, and the text of the body."""
    date, _, text = (PAGES / f"{name}.txt").read_text(encoding="utf-8").partition("\n")
    return date, text


@pytest.mark.parametrize("name", NAMES)
def test_text_and_date(name: str) -> None:
    date, text = answer(name)
    article = read_page((PAGES / f"{name}.html").read_bytes(), f"https://valley.example/{name}")
    assert f1(article.text, text) >= F1, article.text
    read = read_date(article.published or "")
    assert read is not None
    assert iso_utc(read) == date
    assert article.is_seen_date is (name == "old_tables")


def test_captions_of_the_article_stay_as_captions() -> None:
    article = read_page((PAGES / "cookie_banner.html").read_bytes(), "https://valley.example/depot")
    assert article.text.splitlines()[-1] == "[CAPTION: Smoke over a depot in 2022. Photograph: Valley Echo]"
    page = """<body><main><article><h1>A raid</h1><p>{0}</p><p>{0}</p></article></main>
        <article class="card"><figure><figcaption>Another story</figcaption></figure></article>
        <div class="related"><figure><figcaption>Yet another</figcaption></figure></div></body>"""
    told = "Soldiers searched houses in the old town on Friday and took four men away, neighbours said. " * 3
    assert "CAPTION" not in read_page(page.format(told).encode(), "https://valley.example/raid").text


def test_there_are_all_the_layouts() -> None:
    assert {"cookie_banner", "related_stories", "live_blog", "amp", "paywall", "arabic", "old_tables"} <= set(
        NAMES
    )


@pytest.mark.parametrize(
    "body",
    [b"", b"\0\xff" * 500, b"<html></html>", b"<p>Subscribe to read on.</p>", b"<html>" + b"<div>" * 5_000],
)
def test_what_is_no_article_is_told(body: bytes) -> None:
    with pytest.raises(PageError):
        read_page(body, "https://valley.example/1")
