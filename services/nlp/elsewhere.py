"""Where an event did not happen: the plain words around the name of a place in, whether it is set aside out. Pure.

Two degrees: where something else was (a deal was signed, a rocket was fired from, people fled to) is never an event's
place; where somebody speaks, works, comes from or lies buried is one only if nothing else is named.
"""

import re
from collections.abc import Collection

from services.common.spelling import fold
from services.nlp import countries

_FIRED_FROM = (
    r"(?:from the direction of|airspace (?:over|of)|flying over|from over"
    r"|(?:fired|launched|flown|flew|took off|coming|came|lobbed) (?:from )?(?:near|inside|positions in"
    r"|bases? in|areas? of|territory of)"
    r"|(?:fired|launched|took off|lobbed)(?: [a-z]+){0,5} from)(?: the)?(?: \w+)? $"
)
_DIRECTION = re.compile(rf"(?:^|\s)(?:من |ب|و)?(?:اتجاه|أجواء)(?:\s\S+){{0,3}}\s$|\b{_FIRED_FROM}")
_DEAL = (
    r"(?:agree(?:d|ment)|reach(?:ed)?|sign(?:ed|ing)|broker(?:ed)?|negotiated|concluded|clinched|hosted|mediated"
    r"|deal|accords?|talks|negotiations|pact|summit|conference|mediators|delegates|commitments made"
    r"|firmad[oa]s?|acordad[oa]s?|pactad[oa]s?|reunid[oa]s?|negociad[oa]s?|acuerdo|mesa|diálogos?"
    r"|signée?s?|conclue?s?|négociée?s?|réunie?s?|engagements pris|accords?|pourparlers"
    r"|assinad[oa]s?|acordo|negociações"
    r"|imzalanan|varılan)"
)
_DEAL_AT = re.compile(
    rf"\b{_DEAL}(?: (?:on|el|le|na|this|last|ce|este) \w+| (?:mon|tues|wednes|thurs|fri|satur"
    rf"|sun)day)?,? (?:in|at|en|à|em) $"
    r"|\b(?:signs?|signed|signing|inks?|inked)(?: [a-z]+){1,6} (?:truce|cease ?fire|cease fire|deal|accord"
    r"|agreement|pact) (?:in|at) $"
    r"|\b(?:talks|negotiations|meetings?|deal) (?:facilitated|brokered|hosted|mediated|held|led)(?: by [a-z]+)?"
    r" (?:in|at) $|\bnames to (?:a|the) [a-z ]{3,20} (?:in|at) $"
    r"|\binstal(?:ou|aram|ó|aron|led)(?: (?:este|esta|on) \w+)? (?:in|en|em) $"
    r"|\b(?:technical|follow up|next) (?:[a-z]+ ){1,4}(?:in|at) $"
    r"|(?:مباحثات|مفاوضات|محادثات|اتفاق|الموقع|الموقعة|وقع|المبرم)(?: \S+){0,2} في (?:مدينة |العاصمة )?$"
    r"|(?:переговор\w+|подписан\w+|достигнут\w+|підписан\w+|досягнут\w+) (?:в|у) $"
)
_TO = (
    r"\b(?:fled|flee|fleeing|flees|walk(?:ed|ing)?|ran|running|escaped?|displaced|evacuated|transferred"
    r"|travell?ed|travell?ing"
    r"|rushed|referred|airlifted|carried|sent|brought|retreat(?:ed|ing)?|withdrew"
    r"|withdrawn)(?: [a-z]+){0,4} (?:to|toward|towards|into)(?: the)? $"
    r"|\b(?:fui|fuient|fuyant|réfugiés?|évacués?|transférés?|conduits?|partis?)(?: \w+){0,4} (?:vers|à|sur"
    r"|dans) $"
    r"|\b(?:fugiram|fugiu|foge|fogem|fugindo|transferid[oa]s?|evacuad[oa]s?|chegou"
    r"|chegaram)(?: \w+){0,3} (?:para|a|em) $"
    r"|\b(?:huyeron|huyó|huyen|desplazad[oa]s?|trasladad[oa]s?|evacuad[oa]s?|remitid[oa]s?)(?: \w+){0,4} (?:a"
    r"|hacia|hasta|en) $"
)
_TOWARDS = re.compile(_TO)
_ELSEWHERE_AFTER = re.compile(
    r"^ (?:local |standard )?time\b|^ (?:on foot|alive|safely|by (?:bus|boat|lorry|truck|car))\b"
    r"|^'?[dt][ae] (?:tedavi|hastane)"
)
"""What stands behind a place by which only the clock goes, or that people fled to: "Beirut time"."""
_ORIGIN = re.compile(
    r"\b(?:native|(?:laid to rest|buried|interred|funerals?|burials?|born|hospitali[sz]ed|raised)(?: (?!in\b"
    r"|at\b|from\b|after\b)[a-z]+){0,8} (?:in|at|from)"
    r"|(?:home ?town|home village|birthplace)(?: of)?,?|(?:hail(?:s|ed|ing)?|originally) from|a native of"
    r"|based in"
    r"|inhumée?s? à|originaires? de|natifs? de|enterrad[oa]s? em|natural de|oriund[oa]s? de|originari[oa]s? de"
    r"|sepultad[oa]s? en|nacid[oa]s? en|aslen|memleketi)(?: the| nearby)? $"
)
_OFFICIALS = re.compile(
    r"\b(?:ministry|minister|embassy|ambassador|officials?|spokes(?:man|woman|person)|diplomats?"
    r"|correspondents?|reporters?"
    r"|negotiators?|delegates?|envoys?|sources?|analysts?|bureau|office|headquarters)(?: [a-z]+)? (?:in"
    r"|at) (?:the )?$"
)
_SAYS = re.compile(
    r"^,?(?: (?:also|later|has|have|had))? (?:said|says?|told|maintain(?:s|ed)?|den(?:y|ied|ies)|announced?"
    r"|report(?:s|ed)"
    r"|claim(?:s|ed)|insist(?:s|ed)?|reject(?:s|ed)?|blam(?:es|ed)|accus(?:es|ed)|confirm(?:s|ed)|add(?:s|ed)"
    r"|argued?)\b|^\."
)
_BROKERED = re.compile(
    r"\b(?:brokered|mediated|hosted|facilitated|guaranteed|chaired|monitored|announced|sponsored|backed|urged"
    r"|auspiciad[oa]"
    r"|mediad[oa]|parrainée?|mediação|auspices|mediation|mediación|médiation)"
    r"(?: (?:by|of|de|du|del|da|do|por|par))(?: the)?(?: [a-z]+ and| [a-z]+,)?(?: the)? $"
)
_BROKERS = re.compile(
    r"^(?:'s)? (?:mediat\w+|brokered|backed mediat\w+|envoys?|special envoy|ambassador|ministry|embassy"
    r"|state department)\b"
    r"|^ (?:and [a-z]+ )?(?:mediated|brokered|hosted)\b"
)
_ITS_STATE = re.compile(
    r"(?:'s|’s) (?:[a-z]+ ){0,2}?(?:ministry|minister|army|military|navy|forces?|government|president|drones?"
    r"|jets?|aircraft|warplanes?|troops|soldiers|police|intelligence|embassy|spokes\w+)\b"
)
"""What a state has that acts abroad: of such a name nothing tells where."""
_NAMED = re.compile(r"\b(?:alias|aka|codenamed|nom de guerre|known as|nicknamed) $")


_HOSTS = frozenset(
    ["istanbul", "geneva", "jeddah", "sharm el sheikh", "sochi", "antalya", "zurich", "new york", "the hague"]
)
"""Towns beside capitals in which wars of others are talked about."""


def is_host(name: str, country: str, parties: Collection[str]) -> bool:
    """Whether a town is where others talked rather than where a truce holds: a capital of no party's country."""
    return (
        bool(parties)
        and country not in parties
        and (fold(name) in _HOSTS or fold(countries.capital_of(country) or "") == fold(name))
    )


def is_elsewhere(before: str, after: str) -> bool:
    """Whether something else was there: a deal, where it was fired from, where people fled to; or no place is meant."""
    return bool(
        _DIRECTION.search(before)
        or _DEAL_AT.search(before)
        or _TOWARDS.search(before)
        or _NAMED.search(before)
        or _ELSEWHERE_AFTER.match(after)
    )


def mediates(before: str, after: str) -> bool:
    """Whether a country is named as mediator: "brokered by Qatar", "with US mediation"."""
    return bool(_BROKERED.search(before) or _BROKERS.match(after))


def is_its_state(after: str) -> bool:
    """Whether a country's name is only that of whose army or ministry it is: "Turkey's defence ministry"."""
    return _ITS_STATE.match(after) is not None


def is_aside(before: str, after: str) -> bool:
    """Whether it is only where somebody comes from, is buried, or speaks as an official."""
    return bool(_ORIGIN.search(before) or (_OFFICIALS.search(before) and _SAYS.match(after)))
