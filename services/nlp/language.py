"""The language of a report: text in, two letters or None out."""

import re
from functools import lru_cache

from lingua import Language, LanguageDetector, LanguageDetectorBuilder

SUPPORTED = frozenset({"en", "ar", "uk", "ru"})
"""Languages with lexicons; a report in another one yields no events."""

_TWO_LETTERS = re.compile(r"[A-Za-z][^A-Za-z]*[A-Za-z]")
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]")
_ARABIC = re.compile(r"[\u0600-\u06ff]")
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_HEBREW = re.compile(r"[\u0590-\u05ff]")
_UKRAINIAN = re.compile(r"[іїєґІЇЄҐ]")
_PERSIAN, _ARABIC_ONLY = re.compile(r"[پچژگکی]"), re.compile(r"[ةيكىأإؤ]")
_URDU_OR_KURDISH = re.compile(r"[ٹڈڑےںێۆڵڕ]")
_RUSSIAN = re.compile(r"[ыэъёЫЭЪЁ]")
_COMMON = frozenset(
    [
        "the",
        "of",
        "and",
        "was",
        "were",
        "said",
        "has",
        "have",
        "with",
        "from",
        "that",
        "his",
        "their",
        "are",
        "been",
        "after",
        "by",
        "at",
        "is",
        "an",
        "will",
        "who",
    ]
)
_ENGLISH = re.compile(rf"\b(?:{'|'.join(sorted(_COMMON))})\b", re.IGNORECASE)
_CLEARLY = 0.12
"""Share of common English words from which a text is English, whatever it was told to be."""
_OTHERS = frozenset(["tr", "fr", "es", "de", "it", "pt"])
_LONG, _EVERY = 1000, 4
"""Of a probe longer than that, every fourth character tells the script."""
_ENOUGH = 600
"""Characters by which lingua tells a language."""
_PROBE = 2000
"""Characters that are looked at."""


def detect(text: str, told: str | None = None) -> str | None:
    """The language: as told where the script agrees, from the script where it decides, else from lingua.

    `told` is a report's own tag (BCP 47). None where the text is too short or in none of the languages we know.
    """
    probe = text[:_PROBE]
    tag = (told or "")[:2].lower()
    words = probe.lower().split()
    # counts a little low, and quickly
    clear = sum(word in _COMMON for word in words) > _CLEARLY * len(words) and _mostly_ascii(probe)
    if clear and tag not in _OTHERS:
        return "en"
    script = _by_script(probe)
    if script != "latin":
        return script
    if tag in _OTHERS:
        return tag
    english = len(_ENGLISH.findall(probe)) / max(1, len(words))
    if english > _CLEARLY or (tag == "en" and english > 0.03) or len(words) < 4:
        return "en"
    return _ask_lingua(probe[:_ENOUGH]) or "en"


def _mostly_ascii(probe: str) -> bool:
    return probe.isascii() or len(probe.encode("ascii", "ignore")) > 0.8 * len(probe)


def _by_script(probe: str) -> str | None:
    if probe.isascii():
        return "latin" if _TWO_LETTERS.search(probe) else None
    some = probe[::_EVERY] if len(probe) > _LONG else probe
    counts = {
        "latin": len(_LATIN.findall(some)), "ar": len(_ARABIC.findall(some)),
        "cyrillic": len(_CYRILLIC.findall(some)), "he": len(_HEBREW.findall(some)),
    }  # fmt: skip
    script, most = max(counts.items(), key=lambda item: item[1])
    if most < 2:
        return None
    if script == "cyrillic":
        return "uk" if len(_UKRAINIAN.findall(probe)) > len(_RUSSIAN.findall(probe)) else "ru"
    return _of_arabic_letters(probe) if script == "ar" else script


def _of_arabic_letters(probe: str) -> str | None:
    """Arabic or Persian; None for Urdu and Kurdish, which have letters of their own."""
    if len(_URDU_OR_KURDISH.findall(probe)) > 0.02 * len(probe):
        return None
    return "fa" if len(_PERSIAN.findall(probe)) > len(_ARABIC_ONLY.findall(probe)) else "ar"


@lru_cache(maxsize=1)
def _detector() -> LanguageDetector:
    languages = (
        Language.ENGLISH, Language.TURKISH, Language.FRENCH, Language.SPANISH, Language.GERMAN,
        Language.ITALIAN, Language.PORTUGUESE,
    )  # fmt: skip
    return LanguageDetectorBuilder.from_languages(*languages).with_low_accuracy_mode().build()


def _ask_lingua(probe: str) -> str | None:
    found = _detector().detect_language_of(probe)
    return found.iso_code_639_1.name.lower() if found else None
