"""Tells a report's text from what surrounds it: text in, the same text with noise blanked and captions marked out.

Nothing moves: what is dropped becomes spaces, so that every offset holds.
"""

import re
from dataclasses import dataclass

from services.nlp.text import Span

_BLOCKS = re.compile(  # from a mark of foreign matter to the end of its line or block
    r"(?:-{3,}\s{0,3}(?:READ ALSO|MOST READ|RELATED|SEE ALSO|READ MORE)[^\n]{0,2000}"
    r"|^(?:read more|read also|see also|related|also read|more on this|watch|recommended|trending"
    r"|most read|advertisement)\b"
    r"\s?[:|-][^\n]{0,400}"
    r"|(?<=[.!?] )(?:Read more|Read also|See also|Related|Also read|RELATED|READ MORE): [^.\n]{0,200}\.?"
    r"|\[ADVERTISEMENT[^\]\n]{0,300}\]|\[Accept all\]|\[Manage\]|We value your privacy\."
    r"|Share \| Print[^\n]{0,40}|Comments are off\.|Sign in\.|Already a member\?"
    r"|(?:^|(?<=[.!?] ))(?:RECAP|SUMMARY OF [^,.\n]{0,40}|As it happened)\b[^\n.]{0,400})",
    re.IGNORECASE | re.MULTILINE,
)
_CAPTIONS = re.compile(
    r"\[(?:IMAGE|PHOTO|CAPTION|FILE)[^\]\n]{0,400}\]"
    r"|^[^\n]{0,400}\((?:Reuters|AFP|AP|EPA|Getty|Anadolu|AA|Getty Images|Reuters/[^)]{1,40}"
    r"|AP Photo[^)]{0,60}|File)\)\s{0,3}$"
    r"|^[^\n]{0,400}\b(?:file photo|file picture|archive photo|photo taken)\b[^\n]{0,200}$"
    r"|^(?:PHOTO|FILE|CAPTION|IMAGE)\b\s?[-:–][^\n]{0,400}$"
    r"|^[^\n]{0,60}\b(?:is seen|inspect|look at|looks at|stand|stands|walk|walks|gather|search|sit"
    r"|react|carry|mourn)\b"
    r"[^\n]{0,300}\b(?:January|February|March|April|May|June|July|August|September|October|November|December)"
    r" \d{1,2}, \d{4}\.?\s{0,3}$",
    re.MULTILINE | re.IGNORECASE,
)
_BLOCK_MARKS = (
    "read also", "most read", "related", "see also", "read more", "also read", "more on this", "watch",
    "recommended", "trending", "advertisement", "[accept all]", "[manage]", "we value your privacy", "share | print",
    "comments are off", "sign in.", "already a member", "recap", "summary of", "as it happened",
)  # fmt: skip
_CAPTION_MARKS = (
    "(reuters", "(afp", "(ap", "(epa", "(getty", "(anadolu", "(aa", "(file", "[image", "[photo", "[caption", "[file",
    "file photo", "file picture", "archive photo", "photo taken", "\nphoto", "\nfile", "\ncaption", "\nimage",
)  # fmt: skip
_DATED_LINE = re.compile(r", [0-9]{4}\.?\s{0,3}$", re.MULTILINE)
"""What a text holds wherever one of the patterns matches: to look for words costs a tenth of a pattern."""


@dataclass(frozen=True, slots=True)
class CleanText:
    """A text of the same length as the one given, and which of its parts are captions."""

    text: str
    captions: tuple[Span, ...]


def clean(text: str) -> CleanText:
    """Blank boilerplate, link boxes and advertisements; mark captions."""
    low = "\n" + text.lower()
    if any(mark in low for mark in _BLOCK_MARKS):
        text = _BLOCKS.sub(lambda m: "\n" + " " * (len(m.group()) - 1) if m.group() else "", text)
    if not any(mark in low for mark in _CAPTION_MARKS) and not _DATED_LINE.search(text):
        return CleanText(text, ())
    return CleanText(text, tuple(Span(m.start(), m.end()) for m in _CAPTIONS.finditer(text)))
