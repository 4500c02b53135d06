"""The bytes of a news page in; its main text, title, address and publication time out. Runs apart: see `sandbox`."""

import json
import re
from collections.abc import Iterator
from typing import Any

import trafilatura
from lxml import etree, html

from services.ingest.dates import read_date
from services.ingest.feeds.markup import DROPPED, mark_caption
from services.ingest.feeds.told import Article

MAX_JSON_LD_CHARACTERS = 512 * 1024
MIN_TEXT_CHARACTERS = 80
"""A page that yields less is a stub (a paywall, a consent form): its feed's summary says more."""

MAX_CAPTIONS = 5
_META_DATES = (
    "article:published_time", "og:article:published_time", "og:published_time", "datepublished", "datecreated",
    "publication_date", "publish-date", "publishdate", "pubdate", "parsely-pub-date", "sailthru.date", "dc.date",
    "dc.date.issued", "dcterms.created", "dcterms.issued", "date", "article.published", "cxenseparse:recs:publishtime",
)  # fmt: skip
_SEEN_DATE = re.compile(
    r"^(?:Published|Posted|First published|Опубліковано|Опубликовано|نشر(?: في)?|Yayınlanma)\s?[:|]?\s+(.{8,40})$",
    re.IGNORECASE,
)
_ARTICLE_TYPES = frozenset(
    {"NewsArticle", "Article", "ReportageNewsArticle", "LiveBlogPosting", "BlogPosting"}
)
# what stands between a reader and the text, or beside it; by the names that sites give it
_BESIDE = re.compile(
    r"(?:^|[-_\s])(?:cookies?|consent|gdpr|onetrust|related|recommended|recirc\w*|read-?(?:more|also|next)|see-?also|most-?read|"
    r"trending|newsletter|subscribe|paywall|share|social|promo|advert\w*|sponsored|outbrain|taboola|breadcrumbs?|comments?|"
    r"more-?(?:stories|on)|latest|popular|donate|author-bio|bio|tags?)(?:$|[-_\s])",
    re.IGNORECASE,
)
_BESIDE_TAGS = frozenset(
    {"aside", "footer", "nav", "amp-ad", "amp-consent", "amp-sidebar", "figure", "figcaption"}
)
_BESIDE_ROLES = frozenset({"complementary", "navigation", "dialog", "alertdialog", "contentinfo", "banner"})
_NEVER_BESIDE = frozenset({"html", "body", "main", "article"})


class PageError(ValueError):
    """No article on the page."""


def read_page(body: bytes, url: str) -> Article:
    """Raises `PageError` where the page holds no article."""
    tree = trafilatura.load_html(body)
    if tree is None:
        raise PageError("is no HTML")
    linked = list(_json_ld(tree))
    published, is_seen = _published(tree, linked)
    canonical, author = _canonical(tree), _author(linked)
    title = _meta(tree, "og:title") or _first(linked, "headline")
    captions = _strip(tree)
    document = trafilatura.bare_extraction(
        tree, url=url, include_comments=False, include_tables=False, favor_precision=False, with_metadata=True
    )
    title = title or getattr(document, "title", None)
    text = _without_title((getattr(document, "text", None) or "").strip(), title)
    if len(text) < MIN_TEXT_CHARACTERS:
        raise PageError("holds no text of an article")
    return Article(
        text="\n".join([text, *captions[:MAX_CAPTIONS]]),
        title=title,
        author=author or getattr(document, "author", None),
        canonical_url=canonical,
        published=published,
        is_seen_date=is_seen and published is not None,
    )


def _without_title(text: str, title: str | None) -> str:
    first, _, rest = text.partition("\n")
    return rest.strip() if title and first.strip().casefold() == title.strip().casefold() else text


def _strip(tree: html.HtmlElement) -> list[str]:
    """Take away what is beside the article, so that no rule of thumb counts it in; the captions of its figures.

    What holds most of the page's paragraphs is the article, whatever its names say.
    """
    most = _paragraphs(tree) / 2
    captions: list[str] = []
    for element in list(tree.iter(etree.Element)):
        if element.getparent() is not None and _is_beside(element) and _paragraphs(element) <= most:
            captions += _captions(element, most) if len(captions) < MAX_CAPTIONS else []
            element.drop_tree()
    return [caption for caption in captions if caption]


def _captions(element: html.HtmlElement, most: float) -> list[str]:
    """Of a figure within the article: what holds most of the page's paragraphs."""
    if element.tag != "figure" or not any(
        _paragraphs(one) > most for one in element.iterancestors("article", "main")
    ):
        return []
    return [mark_caption(caption.text_content()).strip() for caption in element.iter("figcaption")]


def _paragraphs(element: html.HtmlElement) -> int:
    """Characters in them."""
    return sum(len(paragraph.text_content()) for paragraph in element.iter("p"))


def _is_beside(element: html.HtmlElement) -> bool:
    if element.tag in _NEVER_BESIDE:
        return False
    if element.tag in _BESIDE_TAGS or element.tag in DROPPED - {"form"}:
        return True
    if element.get("role") in _BESIDE_ROLES or element.get("aria-modal") == "true":
        return True
    names = f"{element.get('class', '')} {element.get('id', '')}"
    return bool(_BESIDE.search(names))


def _published(tree: html.HtmlElement, linked: list[dict[str, Any]]) -> tuple[str | None, bool]:
    told = [_first(linked, "datePublished"), *(_meta(tree, name) for name in _META_DATES), *_times(tree)]
    for one in told:
        if one and read_date(one):
            return one, False
    return _seen_date(tree), True


def _seen_date(tree: html.HtmlElement) -> str | None:
    """In an element of its own that says "Published" or the like."""
    for element in tree.iter("p", "span", "div", "time", "li", "small"):
        text = " ".join((element.text or "").split())
        seen = _SEEN_DATE.match(text)
        if seen and read_date(seen[1]):
            return seen[1]
    return None


def _times(tree: html.HtmlElement) -> list[str]:
    """Of `<time>` elements only those that say that they are the publication's."""
    found = tree.xpath(
        '//time[@pubdate or @itemprop="datePublished" or contains(@class, "publish")]/@datetime'
    )
    found += tree.xpath('//*[@itemprop="datePublished"]/@content')
    alone = tree.xpath("//article//header//time/@datetime")
    return [str(one).strip() for one in found + alone]


def _canonical(tree: html.HtmlElement) -> str | None:
    found = tree.xpath('//link[@rel="canonical"]/@href')
    return str(found[0]).strip() if found else _meta(tree, "og:url")


def _meta(tree: html.HtmlElement, name: str) -> str | None:
    for element in tree.iter("meta"):
        told = element.get("property") or element.get("name") or element.get("itemprop") or ""
        if told.lower() == name and (content := (element.get("content") or "").strip()):
            return content
    return None


def _author(linked: list[dict[str, Any]]) -> str | None:
    for one in linked:
        authors = one.get("author")
        first = authors[0] if isinstance(authors, list) and authors else authors
        name = first.get("name") if isinstance(first, dict) else first
        if isinstance(name, str) and name.strip():
            return name.strip()
    return None


def _first(linked: list[dict[str, Any]], name: str) -> str | None:
    return next((one[name] for one in linked if isinstance(one.get(name), str)), None)


def _json_ld(tree: html.HtmlElement) -> Iterator[dict[str, Any]]:
    """What the page tells search engines of its article."""
    for script in tree.xpath('//script[@type="application/ld+json"]'):
        text = script.text or ""
        if len(text) > MAX_JSON_LD_CHARACTERS:
            continue
        try:
            told = json.loads(text, strict=False)
        except (ValueError, RecursionError):
            continue
        yield from (one for one in _objects(told) if _ARTICLE_TYPES & _types(one))


def _objects(told: object) -> Iterator[dict[str, Any]]:
    if isinstance(told, list):
        for one in told:
            yield from _objects(one)
    elif isinstance(told, dict):
        yield told
        yield from _objects(told.get("@graph"))


def _types(told: dict[str, Any]) -> set[str]:
    types = told.get("@type")
    return {one for one in (types if isinstance(types, list) else [types]) if isinstance(one, str)}
