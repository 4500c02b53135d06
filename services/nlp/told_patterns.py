"""Patterns that leave no doubt of a place's name: English and Arabic ones and a data file of others in, regexes out."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from services.nlp.data_files import read_yaml

_FIRST = r"(?<!\w)(?!(?:In|At|Near|On|From|To|The|Outside|Inside|Around|After|Before|While|And|But|By|For|En|Em|À)\b)"
"""A name begins with no word that only begins a sentence."""
_LETTER = "A-ZÀ-ÖØ-ÞĀĂĄĆČĎĐĒĖĘĚĞĢĪĮİĶŁŃŇŌŐŘŚŞŠŢŤŪŮŰŲŻŽА-ЯІЇЄҐ"
_CAP = rf"(?:[{_LETTER}][\w'’ʼ`-]*|(?:al|el|an|as|ash|at|az|ar|ad|ez|es)[- ][A-Z][\w'’-]*)"
_SMALL = r"(?:al|el|de|del|la|las|los|le|les|ez|es|ash|abu|bin|du|da|do|dos|di|na|sur|ye|d')"
RUN = rf"{_FIRST}{_CAP}(?:(?:[ -]{_SMALL}){{0,2}}[ -](?:{_CAP}|\d{{1,3}}\b)){{0,3}}"
_SPOT = (
    r"(?:[Rr]efugee [Cc]amp|displacement camp|IDP camp|cattle camp|military base|air ?base|base|camp|commune"
    r"|[Vv]illage|[Tt]own|hamlet|neighbou?rhood|quarter|suburb|settlement|[Cc]ommunity|axis|junction|crossing"
    r"|checkpoint"
    r"|valley|forest|mountains?|hills?|island|dam|oilfield|oil field|gas field|power plant)"
)
_WHOLE = (
    r"(?:[Ll]ocal [Gg]overnment [Aa]rea|[Ll]ocal [Cc]ouncil|LGA|[Ss]ub-?[Dd]istrict|[Tt]ownships?"
    r"|[Dd]istricts?|[Tt]erritory"
    r"|area|[Cc]ounty|[Mm]unicipality|sector|district council|union council|ward|raion|[Pp]ayam|[Bb]oma"
    r"|[Ww]oreda"
    r"|[Kk]ebele|[Tt]ehsil|[Uu]pazila|[Tt]aluk|район\w*|громад\w*)"
)
KIND = rf"(?:{_WHOLE}|{_SPOT})"
_HOLDS = (
    r"(?:village|town|city|hamlet|settlement|district|township|area|base|camp|neighbou?rhood|quarter|suburb"
    r"|commune"
    r"|locality|municipality|county|community)"
)
_STRUCK = r"hit|struck|attacked|entered|shelled|bombed|raided|stormed|invaded|overran|torched|targeted"
KIND_BEHIND = re.compile(rf" {KIND}\b")
WHOLE_BEHIND = re.compile(rf" {_WHOLE}$")
NAME = re.compile(RUN)
HELD = re.compile(rf"\b{_HOLDS} of (?:the )?$", re.IGNORECASE)
_INSTITUTION = (
    r"(?:Hospital|University|School|College|Mosque|Church|Square|Airport|Prison|Stadium|Market|Hotel"
    r"|Cent(?:re|er)"
    r"|Station|Bridge|Road|Street|Avenue|Embassy|Palace)"
)
INSTITUTION = re.compile(rf"\b{_INSTITUTION}\b")
PEOPLE_OF = re.compile(
    rf"\b(?:[Pp]eople|[Rr]esidents|[Ff]amilies|[Vv]illagers|[Ss]urvivors|[Ee]lders|[Hh]abitants|[Rr]escapés|[Vv]ecinos"
    rf"|[Mm]oradores) (?:from|of|de) ({RUN})"
    rf"|\b(?:[Bb]uried|laid to rest|[Ee]nterrée?s?|inhumée?s?|sepultad[oa]s|enterrad[oa]s) (?:in|at|à|en|em) ({RUN})"
    rf"|^({RUN}) (?:buries|mourns|counts its dead|enterre|pleure|compte ses morts|entierra|llora|enterra)\b"
)
"""Whose dead they are."""
ENGLISH = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\b(?:the|a|in|at|near) {_HOLDS} of ({RUN})",
        rf"\b(?:in|at|near|outside|inside|into|around|on|from|of|{_STRUCK}) (?:the )?({RUN}) {KIND}\b",
        rf"\b(?:[Ii]n|[Aa]t|[Nn]ear|[Oo]utside|[Ii]nside|[Aa]round|[Pp]assed|[Bb]y|{_STRUCK}) ({RUN}), "
        rf"(?:(?:a|the|another) (?:[a-z-]+ ){{0,2}}{_HOLDS})\b",
        rf"\b(?:[Ii]n|[Ii]nto|[Aa]t|[Nn]ear|[Oo]utside|{_STRUCK}|(?:entrance|road|gates?"
        rf"|edge|outskirts|cent(?:re|er)|approach(?:es)?) (?:to|of)) ({RUN}), "
        rf"(?:(?:[a-z]+[ -])?(?:north|south|east|west)[a-z-]* of|{RUN} {KIND}\b|\d{{1,3}} ?(?:km|kilomet"
        rf"|miles?\b))",
        rf"({RUN}), (?:a|an|the) (?:[a-z-]+ ){{0,3}}(?:village|town|hamlet|settlement|locality|township|camp)\b",
        rf"(?:^|[.;] |, )({RUN}), (?:near|outside|(?:just )?(?:[a-z]+[ -])?(?:north|south|east|west)[a-z-]* of) {RUN}",
        rf"\b(?:[Ii]n|[Aa]t|[Nn]ear|[Oo]utside|[Bb]y|[Oo]f|{_STRUCK}) ({RUN})(?: {_SPOT})?,? in "
        rf"(?:the )?{RUN} {KIND}\b",
        rf"\b(?:[Nn]ear|[Oo]utside|[Oo]utskirts of|edge of) (?![^,.]{{0,40}}\b{_INSTITUTION}\b)({RUN})"
        r"(?=,| in | on |\.|$)",
        rf"\b(?:[Aa]t|[Nn]ear|[Oo]utside|[Ii]nside|[Aa]round) ({RUN}), {RUN}\b",
        rf"\b(?:[Aa]t|[Nn]ear|[Oo]utside) (?![^,.]{{0,40}}\b{_INSTITUTION}\b)({RUN}) in {RUN}",
        rf"\b(?:[Ii]n|[Aa]t|[Nn]ear|[Oo]utside|[Oo]n|{_STRUCK}) {_CAP}(?:'s|’s) "
        rf"(?![^,.]{{0,40}}\b{_INSTITUTION}\b)({RUN})",
        rf"\b(?:[Bb]arangay|[Ss]itio|[Pp]urok|[Kk]illi|[Kk]ampung|[Dd]esa|[Bb]an) ({RUN})",
        rf"\b(?:у|в|на|під|под|біля|возле) ({RUN}) (?:район|громад)\w{{0,4}}\b",
        rf"\b(?:сел[оаі]|селищ[еіа]|пос[её]лк[еау]|пос\.|смт|с\.|н\.п\.|м\.|хутор[еі]?|деревн[еяи]|селом"
        rf"|станиц[аеы]) "
        rf"({RUN})",
    )
)
_PREFIX_AR = (
    r"(?:تل|تلة|خان|كفر|دير|أبو|ابو|عين|جبل|بني|أم|ام|رأس|راس|باب|بيت|بئر|وادي|معرة|دار|الشيخ|شيخ|قلعة|حي"
    r"|مخيم|عبد|سد"
    r"|مزرعة|نهر)"
)
ARABIC = re.compile(
    rf"(?:^|\s)[وف]?[بلك]?(?:ال|ل)?(?:بلدة|بلدتي|قرية|قريتي|مدينة|حي|مخيم|ناحية|محلة|قاعدة|مطار|بلدية"
    rf"|شهر|شهرستان|ولسوالی|روستای|قریه|منطقه|ولایت) "
    rf"((?:{_PREFIX_AR} )?[\u0621-\u064aپچژگکی]{{3,}})"
)
"""Words of Arabic and Persian that say what a place is, before its name."""
KIND_ARABIC = re.compile(
    r"^(?:ال)?(?:بلدة|قرية|مدينة|حي|مخيم|ناحية|شهر|شهرستان|ولسوالی|روستای|قریه|منطقه|ولایت)\s"
)


@lru_cache(maxsize=1)
def spots() -> tuple[re.Pattern[str], ...]:
    """Patterns of other Latin languages for a settlement; the first group is its name."""
    return tuple(_patterns("spots", "behind"))


@lru_cache(maxsize=1)
def wholes() -> tuple[re.Pattern[str], ...]:
    """Patterns of other Latin languages for what holds a settlement."""
    return tuple(_patterns("wholes", "wholes_behind"))


@lru_cache(maxsize=1)
def alone() -> tuple[re.Pattern[str], ...]:
    """Patterns of names that stand behind "at" alone, in other Latin languages."""
    found = []
    for words in _languages():
        if "at" in words:
            at = "|".join(f"[{w[0]}{w[0].upper()}]{re.escape(w[1:])}" for w in words["at"])
            found.append(re.compile(rf"\b(?:{at}) ({RUN})(?! (?:said|et d'autres)\b)"))
    return tuple(found)


@lru_cache(maxsize=1)
def spoken() -> re.Pattern[str]:
    """What ends before the "at" of a name that is of who is spoken to, or of where people went."""
    words = _any_of(word for language in _languages() for word in language.get("spoken", ()))
    return re.compile(rf"\b(?:{words})(?: [\w']+){{0,2}} \S+ (?:de )?$")


@lru_cache(maxsize=1)
def belongs() -> re.Pattern[str]:
    """Between a name told and what holds it, plain, in other Latin languages: ", en territoire de "."""
    holding = _any_of(w for words in _languages() for w in words.get("wholes", ()))
    joints = _any_of(w for words in _languages() for w in words.get("joints", ()))
    return re.compile(
        rf",?(?: (?:en|dans|no|na|em|à|au|aux|a|sur|près|el|le|la|los|las|les|l'|{joints}|{holding}))+ ?"
    )


@lru_cache(maxsize=1)
def holding() -> re.Pattern[str]:
    """What ends before the name of what holds a place, plain, in other Latin languages: "territoire de "."""
    words = _any_of(w for words in _languages() for w in words.get("wholes", ()))
    joints = _any_of(w for words in _languages() for w in words.get("joints", ()))
    return re.compile(rf"\b(?:{words}) (?:(?:{joints}) ?)?$")


@lru_cache(maxsize=1)
def foreign_words() -> re.Pattern[str]:
    """Words with a capital in other Latin languages that name no place."""
    return re.compile(rf"\b(?:{_any_of(map(str, read_yaml('told.yaml')['no_place']))})\b(?!-)")


def _languages() -> list[dict[str, list[str]]]:
    return list(read_yaml("told.yaml")["languages"].values())


def _patterns(before: str, behind: str) -> Iterator[re.Pattern[str]]:
    for words in _languages():
        if before in words:
            joints = _any_of(j if j.endswith("'") else f"{j} " for j in words["joints"])
            yield re.compile(rf"\b(?i:{_any_of(words[before])}) (?:{joints})?({RUN})")
        if behind in words:
            yield re.compile(rf"({RUN}) (?:{_any_of(words[behind])})\w*")


def _any_of(words: Iterable[str]) -> str:
    """An alternation, the longest first."""
    longest = sorted(words, key=len, reverse=True)
    return "|".join(re.escape(word).replace("'", "['’]") for word in longest)
