"""Numbers and phases in Arabic, Ukrainian and Russian: plain text in, tolls and phases out."""

import re

from schemas.event import Assertion, CasualtyBand, Phase
from services.nlp.number_words import DIGITS, first_number, words_of
from services.nlp.tolls import Toll

_NUMBERS = {word for language in ("ar", "uk", "ru") for word in words_of(language)}
NUMBER = r"(?:\d{1,5}|" + "|".join(sorted(map(re.escape, _NUMBERS), key=len, reverse=True)) + ")"
_N = NUMBER

_TOLLS: dict[str, tuple[tuple[str, re.Pattern[str], int | None], ...]] = {
    "ar": (
        ("killed", re.compile(rf"(?:استشهاد|استشهد|مقتل|قتل|قُتل|ارتقاء) (?:ما لا يقل عن |نحو )?(?P<n>{_N})\b"), None),
        ("injured", re.compile(rf"(?:إصابة|أصيب|جرح|وجرح) (?:ما لا يقل عن |نحو )?(?P<n>{_N})\b"), None),
        ("killed", re.compile(rf"(?P<n>{_N}) (?:شهداء|شهيدا|قتلى|قتيلا)"), None),
        ("injured", re.compile(rf"(?P<n>{_N}) (?:جرحى|جريحا|مصابين|إصابات)"), None),
        ("killed", re.compile(r"(?:استشهاد|استشهد|مقتل|قتل) (?:شخص|مدني|طفل|امرأة|بائع|رجل|شاب|مواطن|سائق|جندي)\b"), 1),
        ("injured", re.compile(r"(?:إصابة|أصيب|جرح) (?:شخص|مدني|طفل|امرأة|رجل|شاب|مواطن|جندي)\b"), 1),
    ),
    "uk": (
        ("killed", re.compile(rf"(?:загинул\w+|вбито|убито|загибл\w+) (?:щонайменше |ще )?(?P<n>{_N})\b"), None),
        ("killed", re.compile(rf"(?P<n>{_N}) (?:\w+ ){{0,3}}?(?:загинул\w+|загибл\w+|вбит\w+)"), None),
        ("injured", re.compile(rf"(?:поранен\w+|постражда\w+|травмован\w+) (?:щонайменше |ще )?(?P<n>{_N})\b"), None),
        ("injured", re.compile(rf"(?P<n>{_N}) (?:\w+ ){{0,4}}?(?:поранен\w+|постражда\w+|дістали поранення)"), None),
        ("killed", re.compile(r"загину(?:в|ла) (?:\d+ річн\w+ )?[^\W\d]\w+"), 1),
        ("injured", re.compile(r"поранен(?:о|а|ий) (?:жінк|чоловік|дитин|\d+ річн)\w*"), 1),
    ),
    "ru": (
        ("killed", re.compile(rf"(?:погибл\w+|убит\w+) (?:по меньшей мере |ещё )?(?P<n>{_N})\b"), None),
        ("killed", re.compile(rf"(?P<n>{_N}) (?:\w+ ){{0,3}}?(?:погибл\w+|убит\w+)"), None),
        ("injured", re.compile(rf"(?:ранен\w+|пострада\w+) (?:по меньшей мере |ещё )?(?P<n>{_N})\b"), None),
        ("injured", re.compile(rf"(?P<n>{_N}) (?:\w+ ){{0,3}}?(?:ранен\w+|пострада\w+)"), None),
        ("killed", re.compile(r"погиб(?:ла)? (?:\d+ летн\w+ )?\w+"), 1),
    ),
}  # fmt: skip
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


def tolls(plain: str, language: str) -> list[Toll]:
    """Killed and injured in a plain sentence of the language; one a field."""
    found: dict[str, Toll] = {}
    text = plain.translate(DIGITS)
    for name, pattern, fixed in _TOLLS.get(language, ()):
        match = pattern.search(text)
        if match and name not in found:
            n = fixed if fixed is not None else first_number(match["n"], language)
            if n is not None:
                found[name] = Toll(name, CasualtyBand(min=n, best=n, max=n), match.start(), match.end())
    if not found and re.search(
        r"لا إصابات|دون إصابات|ніхто не постраждав|постраждалих нема|пострадавших нет|никто не пострадал",
        plain,
    ):
        band = CasualtyBand(min=0, best=0, max=0)
        return [Toll("killed", band, 0, len(plain)), Toll("injured", band, 0, len(plain))]
    return list(found.values())
