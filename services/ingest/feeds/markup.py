"""A piece of HTML in, the text that a reader would see out: a paragraph a line, captions marked as such."""

import re

from lxml import etree, html

DROPPED = frozenset(
    ("script", "style", "template", "noscript", "iframe", "form", "button", "svg", "nav", "object")
)
BLOCKS = frozenset({
    "p", "div", "br", "li", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "tr", "table",
    "section", "article", "figure", "figcaption", "hr", "pre",
})  # fmt: skip
_BLANKS = re.compile(r"[ \t\r\f\v\u00a0]+")
_LINES = re.compile(r" *\n\s*")
_SIGNATURE = re.compile(
    r"^(?:The post .{1,300} (?:appeared first|first appeared) on .{1,100}"
    r"|(?:Continue reading|Read more|Read the full story)\b.{0,120}|\[?(?:…|\.\.\.)\]?)$",
    re.MULTILINE,
)
MAX_CAPTION_CHARACTERS = 380
"""What is longer is no caption; nlp looks for its end no further than 400 characters on."""
MAX_DEPTH = 200
"""Beyond it the markup is an attack, or so broken that it has no structure to lose."""


def plain_text(markup: str) -> str:
    """The text. What is no markup comes back as it is."""
    if "<" not in markup and "&" not in markup:
        return _tidy(markup)
    try:
        root = html.fragment_fromstring(markup, create_parent="div")
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return _tidy(re.sub(r"<[^<>]{0,500}>", " ", markup))
    parts: list[str] = []
    _gather(root, parts, 0)
    return _tidy("".join(parts))


def mark_caption(text: str) -> str:
    """A caption that says that it is one: it tells of a picture, which may be years old."""
    inner = " ".join(text.split())[:MAX_CAPTION_CHARACTERS].replace("[", "(").replace("]", ")")
    return f"\n[CAPTION: {inner}]\n" if inner else ""


def _gather(element: etree._Element, parts: list[str], depth: int) -> None:
    tag = element.tag if isinstance(element.tag, str) else ""
    if tag == "figcaption":
        parts.append(mark_caption("".join(element.itertext())))
    elif tag and tag not in DROPPED and depth < MAX_DEPTH:
        edge = "\n" if tag in BLOCKS else ""
        parts += [edge, _BLANKS.sub(" ", (element.text or "").replace("\n", " "))]
        for child in element:
            _gather(child, parts, depth + 1)
        parts.append(edge)
    parts.append(_BLANKS.sub(" ", (element.tail or "").replace("\n", " ")))


def _tidy(text: str) -> str:
    lines = _LINES.sub("\n", _BLANKS.sub(" ", text)).strip()
    return _LINES.sub("\n", _SIGNATURE.sub("", lines)).strip()
