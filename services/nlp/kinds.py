"""Which events a sentence tells: its lexicon hits in, kinds with their triggers out."""

import re
from collections.abc import Callable, Iterator

from schemas.event import Kind
from services.nlp.communal import arson, mobs
from services.nlp.fighting import armed_acts, deadly_attack, forces_fight, forces_move, hostages, killed_by
from services.nlp.ground import LAND, evacuation, pauses, territory
from services.nlp.text import Hit, Sentence
from services.nlp.trigger import STATE_ACTOR, Setting, Trigger
from services.nlp.weapons import blast, bombed, strikes, weapon_and_act

_AIRBORNE = re.compile(
    r"\b(?:drones?|jets?|warplanes?|aircraft|planes?|helicopters?|missiles?|rockets?|uavs?"
    r"|shaheds?|mq 9|projectiles?|fighters?|bombers?|su \d+|mig \d*|f \d+|balloons?"
    r"|quadcopters?)\b"
)


_PROTEST = re.compile(
    r"\b(?:protest\w*|demonstrat\w+|rally|rallied|tear gas|riot\w*|stone throwing"
    r"|villagers clashed|fans|supporters|students clashed|gangs?|sticks|rods|hooligans|mob)\b"
)


def triggers(sentence: Sentence, setting: Setting) -> list[Trigger]:
    """All events of a sentence, the surest first, at most one a kind, three in all."""
    found: dict[Kind, Trigger] = {}
    for rule in _RULES:
        for trigger in rule(sentence, setting):
            old = found.get(trigger.kind)
            if old is None or trigger.strength > old.strength:
                found[trigger.kind] = trigger
    _overrule(sentence, found)
    return sorted(found.values(), key=lambda t: (-t.strength, t.start))[:3]


def _named(sentence: Sentence, setting: Setting) -> Iterator[Trigger]:
    """Events named outright: "air strike", "car bomb", "abducted"."""
    for hit in sentence.having("event"):
        for name in hit.classes:
            kind = Kind.__members__.get(name.removeprefix("event.").upper())
            if kind is None or not _allowed(kind, hit, sentence):
                continue
            yield Trigger(kind, hit.start, hit.end, 0.9 if len(hit.term) > 5 else 0.8, "named")


def _allowed(kind: Kind, hit: Hit, sentence: Sentence) -> bool:
    around = sentence.plain
    if not sentence.latin:
        return kind is not Kind.INTERCEPTION or sentence.any("weapon")
    if kind is Kind.INTERCEPTION:
        return bool(_AIRBORNE.search(around)) and not re.search(
            r"\b(?:storeys?|roof|wall|building|garage|government|bridge)\b", around[hit.end : hit.end + 40]
        )
    if kind is Kind.TERRITORY_CHANGE:
        armed = (
            sentence.any("who.armed", "who.army")
            or STATE_ACTOR.search(around)
            or re.search(r"\bcontrol of\b|alliance|offensive|advance", around)
        )
        land = LAND.search(around) or re.match(r"(?:ed)? (?:of )?(?:the )?(?:\w+ ){0,3}", around[hit.end :])
        person = re.match(
            r" (?:a|an|the|two|three|four|five|\d+|several)? ?(?:\w+ ){0,2}(?:fugitives?|suspects?"
            r"|leaders?|members?|commander|militants?|drugs?|weapons?|cocaine|tons?|prisoners?|man|men"
            r"|hostages?|soldiers?|terrorists?|rebels?|boss|criminals?|fighters?|ship|vessel|tanker"
            r"|boat|columns?|patrols?|convoys?|units?|platoons?|squads?)\b",
            around[hit.end :],
        )
        return bool(armed and land) and not person
    if kind is Kind.EVACUATION_WARNING:
        return not re.search(
            r"\b(?:storm|hurricane|typhoon|flood|fire|wildfire|volcano|gas leak|cyclone|tsunami|bomb from"
            r"|drill)\b",
            around,
        )
    if kind is Kind.GROUND_CLASH and hit.term.startswith("clash"):
        hurt = sentence.any("cas") and hit.term != "clash"  # "the derby clash: he is injured"
        fought = hurt or sentence.any("who.armed", "who.army") or _FOUGHT.search(around)
        return bool(fought) and not (_PROTEST.search(around) and not sentence.any("who.armed"))
    return not (kind in (Kind.ATTACK_ON_CIVILIANS, Kind.ABDUCTION) and _CHARGED.search(around))


_FOUGHT = re.compile(
    r"\b(?:armed|ethnic|deadly|sectarian|tribal|border|heavy|fierce|(?:inter )?communal|clans?|militias?|sects?"
    r"|rival (?:\w+ )?(?:groups|factions|militias|clans|gangs|sects|communities|tribes)|worshippers|church members"
    r"|communities|religious)\b"
)
_CHARGED = re.compile(
    r"\b(?:charged with|convicted of|pleaded|sentenced|arrested a man|arrested in connection"
    r"|on suspicion of|accused of rape|court heard|aggravated)\b"
)


_RULES: tuple[Callable[[Sentence, Setting], Iterator[Trigger]], ...] = (
    _named, weapon_and_act, bombed, strikes, armed_acts, forces_fight, killed_by, forces_move, hostages,
    deadly_attack, arson, mobs, territory, evacuation, blast, pauses,
)  # fmt: skip


def _overrule(sentence: Sentence, found: dict[Kind, Trigger]) -> None:
    """Where several kinds fit one happening, the more specific one stays."""

    def drop(kind: Kind, below: float = 2.0) -> None:
        if kind in found and found[kind].strength < below:
            del found[kind]

    if Kind.CHEMICAL_ATTACK in found:
        for kind in (Kind.EXPLOSION, Kind.SHELLING, Kind.AIR_STRIKE):
            drop(kind)
    if Kind.AIR_STRIKE in found and found[Kind.AIR_STRIKE].strength >= 0.6:
        drop(Kind.EXPLOSION, 0.85)
        drop(Kind.SHELLING, 0.85)
        drop(Kind.ATTACK_ON_CIVILIANS, 0.7)
        drop(Kind.GROUND_CLASH, 0.7)
    if Kind.SHELLING in found:
        drop(Kind.EXPLOSION, 0.85)
        drop(Kind.ATTACK_ON_CIVILIANS, 0.7)
        drop(Kind.GROUND_CLASH, 0.7)
    if Kind.EXPLOSION in found and found[Kind.EXPLOSION].strength >= 0.6:
        drop(Kind.ATTACK_ON_CIVILIANS, 0.7)
        drop(Kind.GROUND_CLASH, 0.7)
        drop(Kind.TERRITORY_CHANGE, 0.7)
    if Kind.INTERCEPTION in found:
        drop(Kind.SHELLING, 0.74)
        drop(Kind.AIR_STRIKE, 0.74)
    if Kind.ABDUCTION in found:
        drop(Kind.ATTACK_ON_CIVILIANS, 0.7)
        drop(Kind.TERRITORY_CHANGE, 0.7)
        drop(Kind.GROUND_CLASH, 0.7)
    if Kind.ATTACK_ON_CIVILIANS in found and Kind.GROUND_CLASH in found:
        drop(min((Kind.ATTACK_ON_CIVILIANS, Kind.GROUND_CLASH), key=lambda k: found[k].strength))
    if Kind.CEASEFIRE in found:
        for kind in (Kind.GROUND_CLASH, Kind.TERRITORY_CHANGE, Kind.ATTACK_ON_CIVILIANS, Kind.EXPLOSION):
            drop(kind, 0.72)
