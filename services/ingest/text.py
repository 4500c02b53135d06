"""Text as people send it in, text that every later step can rely on out: NFC, no control characters."""

import re
import unicodedata

_LINE_ENDS = re.compile("\r\n?|[\u0085\u2028\u2029]")
# control characters but tab and line feed; byte-order marks; characters that Unicode says are none
_REMOVED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufeff\ufffe\uffff\ud800-\udfff]")
_SPACES = re.compile(r"\s+")


def clean_text(told: str) -> str:
    """Unicode NFC with line feeds alone as line ends; applying it twice changes nothing."""
    return unicodedata.normalize("NFC", _REMOVED.sub("", _LINE_ENDS.sub("\n", told))).strip()


def clean_line(told: str) -> str:
    """The same on one line, each run of white space one space: titles and names."""
    return _SPACES.sub(" ", clean_text(told))
