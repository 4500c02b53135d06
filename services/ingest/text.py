"""Text as people send it in, text that every later step can rely on out: mended, NFC, no control characters."""

import re
import unicodedata

from ftfy import fix_encoding
from ftfy.badness import is_bad

_LINE_ENDS = re.compile("\r\n?|[\u0085\u2028\u2029]")
# control characters but tab and line feed; byte-order marks; characters that Unicode says are none
_REMOVED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufeff\ufffe\uffff\ud800-\udfff]")
MAX_PASSES = 5
_SPACES = re.compile(r"\s+")


def clean_text(told: str) -> str:
    """Unicode NFC with line feeds alone as line ends; applying it twice changes nothing.

    Text that was written in one encoding and read in another ("cafÃ©") is mended, line by line.
    """
    # mending comes before the line ends: a broken character may hold one of their code points. What is removed may
    # have kept apart what is mended together, so all is done until nothing changes.
    for _ in range(MAX_PASSES):
        mended = "\n".join(fix_encoding(line) if is_bad(line) else line for line in told.split("\n"))
        cleaned = unicodedata.normalize("NFC", _REMOVED.sub("", _LINE_ENDS.sub("\n", mended))).strip()
        if cleaned == told:
            break
        told = cleaned
    return told


def clean_line(told: str) -> str:
    """The same on one line, each run of white space one space: titles and names."""
    # lines that are joined may be mended together, as they were not apart
    for _ in range(MAX_PASSES):
        line = _SPACES.sub(" ", clean_text(told))
        if line == told:
            break
        told = line
    return told
