"""Where the parties of wars are at home: a normalised name in, its country out. Agrees with what nlp normalises to."""

_NAMES = {
    "AF": ["Taliban", "Afghan government forces"],
    "AM": ["Armenia"],
    "AZ": ["Azerbaijan"],
    "CD": ["Congolese army", "M23", "ADF", "CODECO", "Zaïre militia"],
    "CO": ["ELN", "FARC", "Segunda Marquetalia", "Jaime Martinez front", "Colombia"],
    "ET": ["Ethiopian federal forces", "Tigrayan forces", "Oromo Liberation Army"],
    "IL": ["Israel"],
    "IN": ["India"],
    "IR": ["Iran"],
    "KH": ["Cambodia"],
    "LB": ["Hezbollah", "Lebanon"],
    "LY": ["Libyan National Army", "Government of National Accord"],
    "ML": ["JNIM", "Malian army"],
    "MM": ["Myanmar military", "Arakan Army", "Three Brotherhood Alliance", "People's Defence Force"],
    "NG": ["Boko Haram", "ISWAP", "Nigerian army"],
    "PH": ["Abu Sayyaf", "New People's Army", "Philippine army", "Moro Islamic Liberation Front"],
    "PK": ["Pakistan", "Pakistani Taliban", "Baloch Liberation Army"],
    "PS": ["Hamas", "Islamic Jihad"],
    "QA": ["Qatar"],
    "RU": ["Russia", "Wagner Group"],
    "SA": ["Saudi-led coalition"],
    "SD": ["Sudanese army", "Rapid Support Forces", "SPLM-N"],
    "SO": ["al-Shabaab"],
    "SY": ["Syrian government forces", "Hayat Tahrir al-Sham", "Syrian Democratic Forces", "Syrian rebels"],
    "TH": ["Thailand"],
    "TR": ["Turkey", "PKK"],
    "UA": ["Ukraine", "Donetsk separatists"],
    "US": ["United States", "US-led coalition"],
    "YE": ["Houthis"],
}
_HOMES = {name.casefold(): country for country, names in _NAMES.items() for name in names}


def home_of(actor: str) -> str | None:
    """The country of an army or a group, by its normalised name in lower case; None where it is not known."""
    return _HOMES.get(actor)
