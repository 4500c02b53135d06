"""Where an event happened whose sentences name no place: the title and whose dead they are in, a name as told out."""

import re
from collections.abc import Sequence

from services.nlp import countries
from services.nlp import told_patterns as patterns
from services.nlp.located import Located
from services.nlp.placed import Placed, told_at
from services.nlp.text import Section, Sentence
from services.nlp.told import Told, is_name
from services.nlp.toponyms import Found

_TITLE_IN = re.compile(
    rf"\b(?:in|at|near|from|outside) ({patterns.RUN})(?=$|[,:;.]| (?:after|as|by|on|in)\b)"
)


def by_the_title(around: Sequence[Sentence], located: Located) -> Placed | None:
    """A name behind "in" or "from" in the title, where nothing else says where: "Two brothers buried in Kfar Rim"."""
    title, atlas = next((s for s in around if s.section is Section.TITLE), None), located.atlas
    match = _TITLE_IN.search(title.text) if title and atlas and atlas.country else None
    if title is None or match is None or atlas is None:
        return None
    told = Told(match.start(1), match.end(1), match[1], False)
    may_be = is_name(title, told, lambda start, end: atlas.is_word(title.text, start, end))
    return told_at(told, title, None, atlas) if may_be else None


def by_its_people(own: Sentence, around: Sequence[Sentence], located: Located) -> Placed | None:
    """Whose village buries its dead, where nothing else says where: "People from Karma reached us on foot"."""
    atlas, lands = located.atlas, {found.country for found in (*located.title, *located.body)}
    if atlas is None:
        return None
    country = atlas.country or (lands.pop() if len(lands) == 1 else None)
    holder = countries.name_of(country) if country else None
    if holder is None:
        return None
    for sentence in (own, *around):
        match = patterns.PEOPLE_OF.search(sentence.text)
        group = match.lastindex if match else None
        if match is None or group is None:
            continue
        told = Told(match.start(group), match.end(group), match[group], False)
        if not atlas.is_word(sentence.text, told.start, told.end):
            land = Found(told.start + sentence.start, told.end + sentence.start, holder, None, country)
            return told_at(told, sentence, (land, sentence), atlas)
    return None
