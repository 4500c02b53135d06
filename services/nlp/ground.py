"""Ground that changes hands, people told to leave it, and pauses: hits of a sentence in, triggers out."""

import re
from collections.abc import Iterator

from schemas.event import Kind
from services.nlp.text import Sentence
from services.nlp.trigger import Setting, Trigger

_EVACUATE = re.compile(
    r"\b(?:ordered|orders?|told|tells|warned|warns|urged|urges|instructed|instructs|called on"
    r"|calls on|gave|gives|telling|ordering|warning|urging|map|leaflets|asked)\b[^.;]{0,110}?"
    r"\b(?:to (?:leave|evacuate|get out|clear out|move (?:out|south|north|away|west|east)|flee|go"
    r"|vacate|abandon|be gone|empty|quit)|leave at once|evacuat\w+)\b"
    r"|\b(?:leave|evacuate|quit) (?:\w+ ){0,6}(?:now|immediately|at once)\b"
    r"|\b(?:must|are to|have to|has to|ought to) (?:leave|evacuate|be empty|be gone|move (?:out"
    r"|north|south))\b"
    r"|\b(?:gives?|gave|given|has|have)\b[^.;]{0,60}\b(?:hours?|days?|minutes?) to (?:leave"
    r"|be gone|evacuate|get out|clear out)\b"
)


_ORDERER = re.compile(
    r"\b(?:army|military|forces|spokesman|israel\w*|idf|command|rebels?|militia|ministry"
    r"|authorities|junta|russia\w*|governor|houthis?|government|troops)\b"
)


_TAKEN = re.compile(
    r"\b(?:took|take|takes|taken|captured|captures|seized|seizes|entered|retook|recaptured"
    r"|conquered|occupied|won back|drove into|rolled into|moved into|liberated|lost|abandoned"
    r"|overran|secured|cleared|in)\b"
)


LAND = re.compile(
    r"\b(?:town|city|village|district|area|territory|ground|hill|hills|farms|airport|base|province"
    r"|positions?|neighbourhood|neighborhood|crossing|settlement|road|camp|capital|hamlet|bridge"
    r"|gains|enclave|stronghold|region)\b"
)


_HANDS = re.compile(
    r"\b(?:fell to|fallen to|fell into the hands|has fallen|have fallen|had fallen|in the hands of"
    r"|in (?:its|our|their|rebel|insurgent|army) hands|is ours|is theirs|raised their flag"
    r"|hoist(?:ed|ing) (?:its|their) flag|(?:is|are) (?:now |back )?under (?:\w+ ){1,4}control"
    r"|walked in(?:to)?|is back in|back in)\b"
)


_NOT_LAND = re.compile(
    r"\b(?:cache|weapons|ammunition|firearms|drugs?|kg|kilos?|cocaine|heroin|contraband|substances"
    r"|stash|arms depot|documents|assets|ships?|tankers?|vessels?|planes?|aircraft|jets?|airspace"
    r"|identification zone)\b"
)


_PAUSE = re.compile(
    r"\b(?:\d+|one|two|three|four|five|six|seven|ten|several|a) ?(?:hour|day|week"
    r"|month)s?(?: long)? (?:\w+ )?(?:pause|halt|lull)\b|\b(?:pause|halt)s? of (?:\d+"
    r"|\w+) (?:hours?|days?|weeks?|months?)\b"
    r"|\bhumanitarian (?:pause|halt)\b|\b(?:pause|halt) in (?:the )?(?:war|offensive|attacks"
    r"|strikes|operations|bombing|shelling)\b|\b(?:offer|order|deal|promise) (?:of|for"
    r"|to) (?:a )?(?:pause|halt)\b"
)


_PAUSE_TOLD = re.compile(
    r"\b(?:pause|lull)\b[^.;]{0,60}\b(?:extended|prolonged|lengthened|agreed|declared|violated"
    r"|broken|expired|ended|collapsed|rejected)\b"
    r"|\bguns (?:\w+ ){0,4}(?:fall|fell|fallen|stay|stayed|been|are|go|went) (?:silent|quiet)\b"
    r"|\bfire between [^.;]{3,60} is to (?:end|stop|cease)\b"
)
_WAR_PLACES = re.compile(
    r"\b(?:gaza|israel|hamas|hezbollah|lebanon|syria|idlib|aleppo|yemen|hodeidah|ukraine|kyiv"
    r"|donbas|karabakh|sudan|darfur|kordofan|tigray|libya|tripoli|kivu|goma|myanmar|rakhine"
    r"|kashmir|afghanistan|taliban|houthis?|rebels?|front|war|rsf|m23)\b"
)


def pauses(sentence: Sentence, setting: Setting) -> Iterator[Trigger]:
    """A pause or a halt that is told with its length, in a report about war."""
    match = _PAUSE.search(sentence.plain)
    match = match or _PAUSE_TOLD.search(sentence.plain)
    if match and (setting.armed or setting.truce or _WAR_PLACES.search(sentence.plain)):
        yield Trigger(Kind.CEASEFIRE, match.start(), match.end(), 0.7, "pause")


def territory(sentence: Sentence, setting: Setting) -> Iterator[Trigger]:
    """Who took or lost a place that is named or called a town, a village, ground."""
    for hit in sentence.having("act.take", "act.lose"):
        after = sentence.text[hit.end : hit.end + 60]
        if _NOT_LAND.search(sentence.plain) or re.match(
            r" (?:west bank|palestinian|golan|east|territories|\w+ of (?!the|control))", after.lower()
        ):
            continue
        named = re.match(
            r"(?: (?:the|from|into|back|in|all|most|part|control|several|two|three|four|five|six|more"
            r"|strategic|key|town|towns|village|villages|city|district|hands))* ?[A-Z][\w'-]+",
            after,
        )
        if not named and not (LAND.search(after[:40])):
            continue
        if re.match(
            r" (?:on|part|place|office|over as|a lead|the lead|part in|\d|him|her|them|an?|his|their|to|up"
            r"|off|out|about|power|credit|responsibility|advantage)\b",
            after,
        ):
            continue
        armed = sentence.any("who.armed", "who.army") or re.search(
            r"\b(?:army|forces|rebels?|rsf|m23|taliban|houthis?|alliance|wagner|troops|militia|offensive"
            r"|advance|isis|islamic state|jihadists?|fighters|men|paramilitaries|brigade|regime)\b",
            sentence.plain,
        )
        if armed:
            yield Trigger(
                Kind.TERRITORY_CHANGE, hit.start, hit.end, 0.63 if hit.has("act.take") else 0.55, "territory"
            )
    yield from _hands(sentence)


def _hands(sentence: Sentence) -> Iterator[Trigger]:
    hands = _HANDS.search(sentence.plain)
    if hands and sentence.any("who.armed", "who.army"):
        yield Trigger(Kind.TERRITORY_CHANGE, hands.start(), hands.end(), 0.6, "hands")


def evacuation(sentence: Sentence, setting: Setting) -> Iterator[Trigger]:
    """An army that tells people to leave."""
    match = _EVACUATE.search(sentence.plain)
    told = match and _ORDERER.search(sentence.plain) and _PEOPLE.search(sentence.plain)
    if match and told and not _NO_WAR_EVACUATION.search(sentence.plain):
        yield Trigger(Kind.EVACUATION_WARNING, match.start(), match.end(), 0.74, "evacuation")


_NO_WAR_EVACUATION = re.compile(
    r"\b(?:storm|hurricane|flood|wildfire|troops to leave|embassy|citizens to|ceasefire|not to)\b"
)


_PEOPLE = re.compile(
    r"\b(?:residents?|people|everyone|civilians|inhabitants|families|all who live|villagers|anyone"
    r"|buildings?|neighbourhoods?|district|homes|houses|town|villages)\b"
)
