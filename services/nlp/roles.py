"""Whom an act was done to: a plain sentence and a party named in it in, whether the party is the act's object out."""

import re

_DAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_NOT_BETWEEN = (
    rf"(?!(?:by|from|with|as|when|after|before|and|but|while|that|which|who|on|in|at|near|{_DAY}|since"
    r"|said)\b)"
)
_BETWEEN = rf"(?: {_NOT_BETWEEN}[\w']+){{0,4}}"
_ACT = (
    r"strikes?|airstrikes?|raids?|attacks?|assaults?|offensives?|operations?|war|fight|campaigns?|ambush"
    r"|ambushes|blows?|fire|shots|bombs?|rockets?|missiles?|drones?|bombings?|incursions?"
)
_BEFORE = re.compile(
    rf"\b(?:against|(?:{_ACT}) (?:on|at|upon)|targeted|targeting|bombed|bombing|shelled|shelling"
    rf"|pounded|pounding|struck"
    r"|hit|hitting|killed|killing|kills|wounded|wounding|attacked|attacking|ambushed|ambushing|raided|raiding"
    r"|fired (?:on|at)"
    r"|shot at|shot down|intercepted|downed|destroyed|destroying|captured|seized|eliminated"
    r"|overran|overrun|overrunning|neutrali[sz]ed"
    r"|(?:bombing|shelling|killing|bombardment|capture|siege|assassination|targeting|destruction"
    r"|abduction|kidnapping)s? of)"
    rf"{_BETWEEN} $"
)
_HELD = re.compile(
    r"\b(?:positions?|bases?|camps?|columns?|patrols?|convoys?|strongholds?|hideouts?|depots?|sites?|vehicles?|headquarters|posts?|members?"
    r"|fighters?|commanders?|leaders?) (?:of|held by|used by|belonging to|linked to) (?:the |an? )?$"
)
_AFTER = re.compile(
    r"^(?:'s)?(?: [\w']+){0,3}? (?:was|were|is|are|has been|have been|had been|being|came under) (?:also |reportedly )?"
    r"(?:killed|wounded|injured|hit|struck|bombed|shelled|attacked|ambushed|targeted|shot|captured|abducted|kidnapped"
    r"|destroyed|intercepted|downed|executed|fire|attack)\b"
    r"|^(?: [\w']+){0,2} (?:killed|wounded|hit|struck|dead|captured) (?:in|by|as|when)\b"
    r"|^ (?:soldiers?|troops|fighters?|militants?|members?|officers?|policemen|guards?|civilians?)"
    r" (?:died|dead|killed|injured|wounded)\b"
)
_ARABIC = re.compile(
    r"(?:^|\s)(?:ضد\s|(?:على|استهدف\w*|تستهدف|يستهدف|قصف\w*)(?:\s\S+){0,3}?\s"
    r"(?:مواقع|مقرات|مقر|معاقل|نقاط|تجمعات|تجمع|أهداف|عناصر|مسلحي|قوات|مواقعَ)\s(?:تابعة\s)?|على\s|مقتل\s(?:\S+\s){0,2}من\s(?:عناصر\s)?)"
    r"(?:تنظيم\s|حركة\s|ميليشيا\s|ال|ل|لـ)?$"
)
_SLAVIC = re.compile(
    r"(?:^|\s)(?:против|проти|по)\s(?:(?:позиц|баз|склад|объект|об'єкт|войск|військ|бойов|боев)\w{0,6}\s)?$"
)


def suffers(plain: str, start: int, end: int) -> bool:
    """Whether the words around a party say that the act was done to it ("strikes on", "were killed", "ضد")."""
    before, after = plain[max(0, start - 90) : start], plain[end : end + 60]
    if "\u0600" <= plain[start] <= "\u06ff":
        return bool(_ARABIC.search(before))
    if "\u0400" <= plain[start] <= "\u04ff":
        return bool(_SLAVIC.search(before))
    return bool(_BEFORE.search(before) or _HELD.search(before) or _AFTER.match(after))
