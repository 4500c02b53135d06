"""Which of two places named together is told by the other: the plain words between their names in. Pure.

"Mamove, west of Oicha", "Tamanhint air base near Sebha", "Keta, in Tsafe district": the second one only says where the
first one lies.
"""

import re

_WHAT = (
    r"(?: (?:air ?base|base|airport|air ?field|airstrip|camp|village|town|market|junction|checkpoint|crossing|oilfield"
    r"|refinery|port|island|mountain|valley))?"
)
_WHICH = (
    r"(?: (?:a|an|the|another) (?:[a-z]+ ){0,3}(?:village|town|hamlet|settlement|camp|base|site|suburb)s?,?)?"
)
_FAR = r"(?: (?:just|some|about|around|lying|located|situated))*(?: (?:\d+|[a-z]+) ?(?:km|kilomet(?:er|re)s?|miles?))?"
_COMPASS = r"(?:to the )?(?:north|south|east|west)(?: ?(?:north|south|east|west))*(?:ern)? (?:of|from)"
_ROAD = (
    r"(?:on|along|off) the (?:[a-z]+ ){0,2}?(?:road|highway|track|route|axis)"
    r"(?: (?:from [a-z' ]{2,30} to|between [a-z' ]{2,30} and|out of|to|from|towards?|between|into))"
)
_BY = (
    rf"(?:{_COMPASS}|near|outside|close to|next to|not far from|above|beyond|on the (?:outskirts|edge) of"
    rf"|in the (?:[a-z]+ )?(?:hills|mountains|forest|bush|countryside) (?:above|around|near|of|outside)|{_ROAD}"
    r"|between(?: [a-z' ]{2,30} and)?)"
)
_TOLD_BY = re.compile(
    rf"{_WHAT},?{_WHICH}{_FAR} {_BY}(?: the)?(?: (?:city|town|village|port) of)? (?:[a-z]+'s )?"
)


_KIND = (
    r"(?:districts?|territory|county|municipality|township|commune|province|governorate|region|state|area|city|town"
    r"|department|division|prefecture|zone|cercle|local government area|lga)"
)
_IN = re.compile(
    rf"(?: (?:{_KIND}|sector))?,?(?: (?:in|of|en|dans|em|de|du|da)(?: the| le| la)?(?: [a-z]+'s)?(?: {_KIND} of)?)? "
)


def is_told_by(between: str) -> bool:
    """Whether the place behind these words only says where the one before them lies: near it, or in it."""
    return bool(_TOLD_BY.fullmatch(between) or _IN.fullmatch(between))
