"""The language of a text that comes without one: text in, two letters or None out."""

from functools import cache

from lingua import Language, LanguageDetector, LanguageDetectorBuilder

PROBE_CHARACTERS = 1_000
MIN_LETTERS = 20
MIN_CONFIDENCE = 0.8
"""A wrong language hides a report from its readers, where none leaves it to be recognised later."""

# of the regions at war and of the desks that write about them; more would take memory and make neighbours compete
_CODES = (
    "AR AZ BE BN BG CA CS DA DE EL EN ES FA FI FR HE HI HR HU HY ID IT JA KA KK KO LT LV MR NL PA PL PT RO RU SK "
    "SO SQ SR SV SW TA TH TL TR UK UR VI ZH"
)


def recognise(text: str) -> str | None:
    """The language where there is no doubt of it. The first call loads the models (0.2 s)."""
    probe = text[:PROBE_CHARACTERS]
    if sum(map(str.isalpha, probe)) < MIN_LETTERS:
        return None
    best = _detector().compute_language_confidence_values(probe)[0]
    return best.language.iso_code_639_1.name.lower() if best.value >= MIN_CONFIDENCE else None


@cache
def _detector() -> LanguageDetector:
    chosen = [language for language in Language.all() if language.iso_code_639_1.name in _CODES.split()]
    return LanguageDetectorBuilder.from_languages(*chosen).with_low_accuracy_mode().build()
