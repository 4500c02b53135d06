"""What a name of a place looks like in a text, and what a report that holds it speaks of."""

import re
from collections import Counter
from dataclasses import dataclass

from services.common.spelling import fold
from services.nlp.gazetteer import Entry

SMALL = frozenset(
    re.split(
        r"\s+",
        "al el de la las los le les del of the es an ez ash ar as at ad da do di du bin abu am im on sur ve el- al-"
        " y e san",
    )
)


ARTICLED = re.compile(r"^(?:al|el|as|an|ar|ash|at|az|ez|ad|es|ed|er)-\w", re.IGNORECASE)


TOKEN = re.compile(
    r"(?:[A-Z]\.){2,}|[A-Z]\.[A-Z][a-z]{1,2}\.|[^\W\d_](?:[\w'’`ʼ]|-(?=\w))*\.?(?=\W|$)|[^\W\d_]+"
)


ADMIN = re.compile(
    r"^'?s? (?:province|region|governorate|oblast|district|state|countryside|department|county"
    r"|division|front)\b"
)


BEFORE_PERSON = re.compile(
    r"\b(?:mr|mrs|ms|dr|sir|lord|president|minister|general|gen|colonel|col|captain|sgt|sergeant"
    r"|lt|lieutenant|senator|sen|rep|judge|coach|professor|"
    r"sheikh|king|queen|prince|princess|pope|chief|secretary|spokesman|spokeswoman|mayor of|actor"
    r"|actress|singer|alias|fisherman|farmer|shepherd|driver|teacher|resident|villager|councill?or|councilwoman|lawyer"
    r"|journalist|activist|spokesperson|commissioner|deputy|doctor|nurse|engineer|imam|elder|survivor|witness|trader"
    r"|brigadier|major|inspector|constable|officer|commander|martyr|named|called)\.? $",
    re.IGNORECASE,
)


CYRILLIC_GIVEN = re.compile(
    r"\b(?:президент|министр|міністр|губернатор|генерал|мэр|мер|глава|голова|секретар|командующ|спикер|речник)\w{0,6} "
    r"[А-ЯІЇЄ][а-яіїєґ']+ $|\b(?:Дмитр|Владимир|Володимир|Серге|Сергі|Александр"
    r"|Олександр|Михаил|Михайл|Иван|Іван|Виктор|Віктор|Олег|Андре|Андрі|Игор|Ігор|Павел|Павло|Роман|Максим|Вячеслав"
    r"|Василь)\w{0,3} $"
)
"""An office or a given name before a Cyrillic family name."""
CYRILLIC_PERSON = re.compile(
    r"(?:Дмитр(?:о|ий)|Владимир|Володимир|Сергей|Сергій|Александр|Олександр|Михаил|Михайло|Иван|Іван|Виктор|Віктор"
    r"|Андрей|Андрій|Игорь|Ігор|Павло|Роман|Максим|Вячеслав|Василий|Василь|Николай|Микола|Юрий|Юрій|Алексей|Олексій"
    r"|Евгений|Євген|Анатолий|Анатолій|Петро|Богдан|Тарас|Артем|Денис|Антон|Лариса|Ольга|Олена|Елена|Ирина|Ірина"
    r"|Наталья|Наталія|Светлана|Світлана|Татьяна|Тетяна|Мария|Марія|Анна|Ганна|Оксана|Людмила|Надежда|Надія)"
)
"""A given name that stands alone."""
BEGINNING = frozenset(
    re.split(" ", "En Em Dans Au Aux Sur Près Vers Selon Desde Entre Hacia Según Perto Segundo")
)
"""Words of other Latin languages that begin a sentence, and are no given names."""


AFTER_PERSON = re.compile(r"^,? (?:who|aged|\d\d,)\b")


PREPOSITION = re.compile(
    r"\b(?:in|near|at|outside|around|from|of|to|on|towards?|over|inside|into|across|between|and"
    r"|off|city of|town of|village of)(?: the)? $",
    re.IGNORECASE,
)


LOCATIVE = re.compile(
    r"(?:^|\s)[وفبلك]?(?:في|مدينة|بلدة|قرية|قرب|على|حي|محيط|ريف|у|в|на|біля|под|під|возле|село|селі|села"
    r"|місто|місті|город|городе|поблизу)\s$"
)


ORGANISATION = re.compile(
    r"^(?:'s)? (?:University|College|School|Hospital|Times|Post|Herald|News|Tribune|Journal|Star"
    r"|Church|Bank|Street|Avenue|Road|United|City FC|FC|Airlines|Airways|Inc|Corp|Group|Medical"
    r"|High)\b"
)
INSTITUTION = re.compile(
    r"^(?:'s)? (?:Police|Fire|Public|Government|Library|Council|Mayor|City|Board|Department|Metropolitan|Municipal"
    r"|Community|Regional|International|Airport|Area|Chamber|Sheriff|Court|Environmental|Schools?|High|Elementary"
    r"|Township|Housing|Transit|Water|Town|Civic|County|Parks|Planning|Economic|Downtown|Health|Memorial"
    r"|residents?|officials|police|mayor|firefighters|schools|voters|area|city|native|suburb|neighbou?rhood)\b"
)
"""What a town has: behind a name it makes the name a town's."""


STREET = re.compile(
    r"^ (?:Street|Square|Avenue|Road|Boulevard|Bridge|Kitchen|Hotel|Restaurant|Cafe|Club|Tower"
    r"|Gate|Park|Lane|Drive)\b"
)


KIND_AFTER = re.compile(
    r"^ (?:local government area|districts?|townships?|territory|areas?|base|air ?base|military base|(?:refugee )?camp"
    r"|sub-?district|county|municipality|village|town|city|neighbou?rhood|quarter|suburb|sector|crossing|junction"
    r"|morgue|hospital|clinic|market|bazaar|mosque|church|bridge|airport|prison|checkpoint)\b"
)
"""What a place has behind its name: "the Kweires base" is a place though an article stands before it."""
QUARTER_AFTER = re.compile(
    r"^ (?:neighbou?rhood|quarter|district|suburb|район\w*|мікрорайон\w*|микрорайон\w*)\b"
)
QUARTER_BEFORE = re.compile(
    r"\b(?:neighbou?rhood|quarter|suburb|district) of $|(?:^|\s)[وف]?[بل]?(?:ال)?(?:حي|أحياء|حيي)\s$"
)
"""Words that make a name a part of a city, where the report names one."""


TOWN_BEFORE = re.compile(
    r"\b(?:city|town|village)(?: of)? $|(?:^|\s)[وفبل]?(?:ال)?(?:مدينة|بلدة|قرية|شهر)\s$|(?:^|\s)(?:м\.|г\."
    r"|міст\w+|город\w*)\s$"
)
DIVISION_BEFORE = re.compile(
    r"(?:^|\s)[وف]?[بلك]?(?:ال)?(?:محافظة|ريف|ولاية|إقليم|ولایت|استان)\s$"
    r"|\b(?:[Pp]rovincia|[Dd]epartamento|[Ee]stado|[Rr]egión|[Pp]rovíncia|[Rr]egião|[Rr]égion|[Pp]rovince|[Dd]épartement"
    r"|[Éé]tat|[Gg]ouvernorat|[Ww]ilaya|[Oo]blast) (?:(?:de la|de l['’]|de los|del|de|du|des|do|da|of|d['’]) ?)?$"
)
"""Words before a name that make it a province's."""
TOWN_AFTER = re.compile(r"^ (?:city|town)\b")
WATER_AFTER = re.compile(
    r"^[ -](?:[Rr]ivers?|[Ss]ea|[Cc]reek|[Ll]ake|[Cc]anal|[Ss]trait|[Rr]eservoir|[Mm]ountains|[Hh]ills)\b"
)
WATER_BEFORE = re.compile(
    r"(?:\b[Rr]iver |\b(?:[Bb]anks? of|across|crossed|crossing|cross|along|down|up) the "
    r"|\b(?:[Рр]ічк|[Рр]ек|[Бб]ерег|[Чч]ерез)\w{0,4} (?:р\.? )?|\bр\. ?)$"
)


@dataclass(frozen=True, slots=True)
class Found:
    """A name of a place in a text. `entry` None where it is a country, or stays unresolved."""

    start: int
    end: int
    name: str
    entry: Entry | None
    country: str | None
    dateline: bool = False

    @property
    def settled(self) -> bool:
        return self.entry is not None


@dataclass(frozen=True, slots=True)
class Context:
    """What a report speaks of: how much of each country, and which American states."""

    weights: Counter[str]
    states: Counter[str]
    near: frozenset[str] = frozenset()
    """Countries that border on one that the text speaks of."""

    def of_elsewhere(self, entry: Entry) -> bool:
        """Whether a report is so clearly about one country that a small place of one it never names is a namesake."""
        total = sum(self.weights.values())
        clear = total >= 6 and max(self.weights.values()) >= 0.7 * total
        return clear and not self.weights[entry.country] and entry.population < 200_000

    def bonus(self, entry: Entry) -> float:
        total = sum(self.weights.values()) or 1.0
        bonus = 4.0 * self.weights[entry.country] / total
        if self.weights[entry.country]:
            bonus += 1.6
        elif entry.country in self.near:
            bonus += _BORDERING
        if entry.country == "US" and self.states[entry.admin1]:
            bonus += 2.5
        return bonus


ENGLISH = frozenset(["US", "GB", "CA", "AU", "IE", "NZ", "ZA"])
"""Countries whose towns are called like people of English-language news."""
_BORDERING = 0.6
"""What a country is worth that borders on one that a text speaks of."""


_TURKISH_CASE = re.compile(
    r"['’](?:n?[ıiuü]n|[dt][ae](?:n|ki|kiler)?|y[ae]|[yn]?[ıiuü]|n[dt][ae]n?|l[ae]r\w*|[ae]|yl[ae]|nk[ıiuü])$"
)


def without_possessive(name: str) -> str:
    """A name without the "'s" behind it."""
    return name[:-2] if name.endswith(("'s", "’s")) else name


def without_case(name: str) -> str:
    """A name without the ending that Turkish sets behind an apostrophe ("Irak'ın"); as it is where there is none.

    Some names hold such an ending themselves ("Sana'a"): ask for the whole name first.
    """
    return _TURKISH_CASE.sub("", name) if "'" in name or "’" in name else name


def abbreviates(name: str, entry: Entry) -> bool:
    """Whether a name is only the short form of one written in full ("Dec" of Decatur) or an acronym ("SANA")."""
    short, whole = fold(name), fold(entry.name)
    if (
        name.isupper()
        and name.isascii()
        and len(name) <= 5
        and (short != whole or entry.population < 100_000)
    ):
        return True
    return (
        len(short) <= 4
        and len(whole) >= len(short) + 3
        and whole.startswith(short)
        and whole[len(short)] != " "
    )


def is_town(before: str, after: str) -> bool:
    """Whether the words beside a name call it a town, and so not the province of that name."""
    return bool(TOWN_BEFORE.search(before) or TOWN_AFTER.match(after))


def is_river(text: str, start: int, end: int) -> bool:
    """Whether a name is said to be a river, a sea or a range of hills ("the Dnipro river", "across the Dnipro")."""
    return bool(
        WATER_AFTER.match(text[end : end + 24]) or WATER_BEFORE.search(text[max(0, start - 40) : start])
    )


def dateline_end(text: str) -> int:
    """Where "BEIRUT (Reuters) -" or "AMMAN." at the beginning ends; 0 where there is none."""
    match = re.match(
        r"\s{0,4}[A-Z][A-Z'’ ,/-]{2,40}(?:, [A-Z][a-z]+(?: \d{1,2})?)?(?: ?\([A-Za-z /]{2,30}\))? ?(?:[-–—:.]+) ",
        text,
    )
    if match:
        return match.end()
    match = re.match(r"\s{0,4}[A-Z][\w'’ ,/-]{2,40} ?\([A-Z][A-Za-z /]{1,30}\) ?[-–—]+ ", text)
    return match.end() if match else 0


def as_dateline(place: Found) -> Found:
    return Found(place.start, place.end, place.name, place.entry, place.country, dateline=True)
