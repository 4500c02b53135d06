"""Numbers and phases in Arabic, Ukrainian and Russian: plain text in, patterns and phases out."""

import re

from schemas.event import Assertion, Phase
from services.nlp.number_words import words_of

_NUMBERS = {word for language in ("ar", "uk", "ru") for word in words_of(language)}
NUMBER = r"(?:\d{1,5}|" + "|".join(sorted(map(re.escape, _NUMBERS), key=len, reverse=True)) + ")"
_PHASES = (
    (
        Phase.REJECTED,
        Assertion.ASSERTED,
        re.compile(
            r"رفض|ترفض|لن نمدد|إخفاق|відкину\w+|отказ\w+|никаких пауз|відхили\w+|відмови\w+|отверг\w+"
            r"|отказал\w+|неприемлем\w+|неприйнятн\w+|لا هدنة|لن نوقف"
        ),
    ),
    (
        Phase.VIOLATED,
        Assertion.ASSERTED,
        re.compile(
            r"خرق|انتهاك|انتهكت|خروقات|поруши\w+|порушенн\w+|нарушил\w+|нарушени\w+|خروق|خرقت|خرقوا|انتهك"
        ),
    ),
    (
        Phase.EXTENDED,
        Assertion.ASSERTED,
        re.compile(
            r"تمديد|مددت|продлева\w+|продовжу\w+|продовж\w+|продлил\w+|продлен\w+|подовжен\w+|подовжи\w+|مدد|تمدد|يمدد"
        ),
    ),
    (
        Phase.ENDED,
        Assertion.ASSERTED,
        re.compile(
            r"انتهت الهدنة|انهيار|انتهاء الهدنة|призупинен\w+|завершил\w+ перемир\w+|истекло"
            r"|истек\w* срок|скінчил\w+|سقطت الهدنة"
        ),
    ),
    (
        Phase.CALLED_FOR,
        Assertion.HYPOTHETICAL,
        re.compile(r"دعا|دعت|يدعو|تدعو|طالب|طالبت|заклик\w+|призвал\w+|призыва\w+|вимага\w+|требу\w+"),
    ),
    (
        Phase.PROPOSED,
        Assertion.PLANNED,
        re.compile(r"مفاوضات|اقترح|مقترح|محادثات|пропону\w+|запропонув\w+|предложил\w+|переговор\w+"),
    ),
    (
        Phase.IN_FORCE,
        Assertion.ASSERTED,
        re.compile(
            r"دخل|دخلت? حيز|действует|діє|стихл\w+|سريان|دخل .{0,20}حيز|набул\w+ чинності|سارية|ساري"
            r"|тримається|соблюда\w+|вступает в силу|держится|صامدة|صامد"
            r"|вступил\w+ в силу|дотриму\w+"
        ),
    ),
    (
        Phase.AGREED,
        Assertion.PLANNED,
        re.compile(
            r"وافق|اتفق|تتفقان|يتفق|припинять|اتفاق|توصل|توقيع|погоди\w+|домови\w+|угод\w+|согласова\w+"
            r"|договорил\w+|соглашени\w+|подписал\w+|підписа\w+|обязал\w+|توقعان|وقعت|وقع الطرفان"
            r"|условились|согласил\w+"
        ),
    ),
    (
        Phase.DECLARED,
        Assertion.PLANNED,
        re.compile(
            r"أعلن|إعلان|تعلن|يعلن|قررنا|تعليق|прекраща\w+|припиня\w+|اعتبارا من|оголоси\w+|объявил\w+"
            r"|объявля\w+|оголошу\w+|оголошен\w+|объявлен\w+"
            r"|з \d|с \d"
        ),
    ),
)


def phase_of(plain: str) -> tuple[Phase, Assertion] | None:
    """The phase that a sentence in one of the three languages gives a ceasefire."""
    return next(((phase, assertion) for phase, assertion, pattern in _PHASES if pattern.search(plain)), None)
