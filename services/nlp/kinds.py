"""Which events a sentence tells: its lexicon hits in, kinds with their triggers out."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from schemas.event import Kind
from services.nlp.text import Hit, Sentence

NEAR = 95
"""Characters between a weapon and the act done with it."""

FAR = 180
"""Characters between a sentence's subject and what it did."""


@dataclass(frozen=True, slots=True)
class Trigger:
    """One event told in a sentence: its kind, the words that say so, how sure, and the rule."""

    kind: Kind
    start: int
    end: int
    strength: float
    rule: str


_STATE_ACTOR = re.compile(
    r"\b(?:israeli|russian|syrian|saudi|american|u\.?s\.?|turkish|iranian|coalition|nato|french"
    r"|british|ukrainian|ethiopian|pakistani|indian|nigerian|army|"
    r"regime|government|junta|military|egyptian|jordanian|emirati|azerbaijani|armenian|sudanese"
    r"|kenyan|burmese|thai|iraqi)\b"
)
_STRIKE = re.compile(r"\b(?:strikes?|raids?|bombings?|bombardments?)\b")
_STRIKE_NOUN = re.compile(
    r"\b(?:the|a|an|another|israeli|russian|turkish|us|american|coalition|overnight|deadly|double"
    r"|precision|night|series of|new|fresh|saudi|iranian|syrian|ukrainian|retaliatory|pre emptive"
    r"|targeted|suspected|alleged|two|three|several|intense|heavy) strikes?\b"
    r"|\bstrikes? (?:on|in|near|hit|kill|killed|killing|against|targeting|targeted|across|at"
    r"|levelled|destroyed|wounded)\b|\bkilled (?:in|by) (?:\w+ ){0,3}strikes?\b"
    r"|\bupdating .{0,20}as strikes\b"
)
_NOT_WAR_STRIKE = re.compile(
    r"\bstrikes? (?:at|in) (?:the )?(?:plant|factory|mine|port|company|first|bottom|league|out)\b"
    r"|\b(?:union|workers|strikers|wage|goal|homer|earthquake|lightning|hurricane|storm|disaster"
    r"|tragedy|quake) "
)
_EVACUATE = re.compile(
    r"\b(?:ordered|orders?|told|tells|warned|warns|urged|urges|instructed|instructs|called on"
    r"|calls on|gave|gives|telling|ordering|warning|urging|map|leaflets|asked)\b[^.;]{0,110}?"
    r"\b(?:to (?:leave|evacuate|get out|clear out|move (?:out|south|north|away|west|east)|flee|go"
    r"|vacate|abandon|be gone|empty|quit)|leave at once|evacuat\w+)\b"
    r"|\b(?:leave|evacuate) (?:\w+ ){0,6}(?:now|immediately|at once)\b"
)
_ORDERER = re.compile(
    r"\b(?:army|military|forces|spokesman|israel\w*|idf|command|rebels?|militia|ministry"
    r"|authorities|junta|russia\w*|governor|houthis?|government|troops)\b"
)
_AIRBORNE = re.compile(
    r"\b(?:drones?|jets?|warplanes?|aircraft|planes?|helicopters?|missiles?|rockets?|uavs?"
    r"|shaheds?|mq 9|projectiles?|fighters?|bombers?|su \d+|mig \d*|f \d+|balloons?"
    r"|quadcopters?)\b"
)
_VICTIM_FORCES = re.compile(
    r"\b(?:soldiers?|troops|policem[ae]n|police officers?|officers|guards?|army|marines|fighters?"
    r"|militants?|rebels?|gunmen|security forces|peacekeepers?|convoy|patrol|"
    r"checkpoint|outpost|base|barracks|police station|police post|army post|military)\b"
)
_TAKEN = re.compile(
    r"\b(?:took|take|takes|taken|captured|captures|seized|seizes|entered|retook|recaptured"
    r"|conquered|occupied|won back|drove into|rolled into|moved into|liberated|lost|abandoned"
    r"|overran|secured|cleared|in)\b"
)
_TERRITORY = re.compile(
    r"\b(?:town|city|village|district|area|territory|ground|hill|hills|farms|airport|base|province"
    r"|positions?|neighbourhood|neighborhood|crossing|settlement|road|camp|capital|hamlet|bridge"
    r"|gains|enclave|stronghold|region)\b"
)
_HANDS = re.compile(
    r"\b(?:fell to|fallen to|fell into the hands|has fallen|have fallen|had fallen|in the hands of"
    r"|raised their flag|is back in|back in)\b"
)
_NOT_VICTIMS = re.compile(
    r",? (?:the )?(?:\w+ )?(?:army|police|military|officers?|security forces?"
    r"|troops)(?: \w+){0,2} (?:said|says|told|reported|confirmed)"
)
_PROTEST = re.compile(
    r"\b(?:protest\w*|demonstrat\w+|rally|rallied|tear gas|riot\w*|stone throwing"
    r"|villagers clashed|fans|supporters|students clashed|gangs?|sticks|rods|hooligans|mob)\b"
)
_NOT_LAND = re.compile(
    r"\b(?:cache|weapons|ammunition|firearms|drugs?|kg|kilos?|cocaine|heroin|contraband|substances"
    r"|stash|arms depot|documents|assets|ships?|tankers?|vessels?|planes?|aircraft|jets?|airspace"
    r"|identification zone)\b"
)
_CIVIL_KILL = re.compile(
    r"\b(?:killed|killing|kills|shooting|shot|executed|murdered|slaughtered|dead|bodies|hacked"
    r"|beheaded|kidnapped|burned|burnt|stabbed)\b"
)


@dataclass(frozen=True, slots=True)
class Setting:
    """What the whole report speaks of, which a single sentence may leave out."""

    air: bool = False
    armed: bool = True
    truce: bool = False


def triggers(sentence: Sentence, setting: Setting = Setting()) -> list[Trigger]:
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
            or _STATE_ACTOR.search(around)
            or re.search(r"\bcontrol of\b|alliance|offensive|advance", around)
        )
        land = _TERRITORY.search(around) or re.match(
            r"(?:ed)? (?:of )?(?:the )?(?:\w+ ){0,3}", around[hit.end :]
        )
        person = re.match(
            r" (?:a|an|the|two|three|four|five|\d+|several)? ?(?:\w+ ){0,2}(?:fugitives?|suspects?"
            r"|leaders?|members?|commander|militants?|drugs?|weapons?|cocaine|tons?|prisoners?|man|men"
            r"|hostages?|soldiers?|terrorists?|rebels?|boss|criminals?|fighters?|ship|vessel|tanker"
            r"|boat)\b",
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
        fought = sentence.any("who.armed", "who.army", "cas") or re.search(
            r"\b(?:armed|ethnic|deadly|sectarian|tribal|border|heavy|fierce)\b", around
        )
        return bool(fought) and not (_PROTEST.search(around) and not sentence.any("who.armed"))
    return not (kind in (Kind.ATTACK_ON_CIVILIANS, Kind.ABDUCTION) and _CHARGED.search(around))


_CHARGED = re.compile(
    r"\b(?:charged with|convicted of|pleaded|sentenced|arrested a man|arrested in connection"
    r"|on suspicion of|accused of rape|court heard|aggravated)\b"
)


def _weapon_and_act(sentence: Sentence, setting: Setting) -> Iterator[Trigger]:
    """A weapon and what it did, close together: "jets hit", "a shell burst", "a bomb went off"."""
    acts = sentence.having("act", "cas")
    for weapon in sentence.having("weapon"):
        for act in acts:
            gap = max(weapon.start, act.start) - min(weapon.end, act.end)
            if (
                gap > NEAR
                or weapon.overlap(act)
                or (_needs_order(weapon, act) and not _by_it(weapon, act, sentence))
            ):
                continue
            found = _by_weapon(weapon, act, sentence)
            if found:
                kind, strength = found
                yield Trigger(
                    kind,
                    min(weapon.start, act.start),
                    max(weapon.end, act.end),
                    strength - gap / 1000,
                    "weapon_and_act",
                )


def _needs_order(weapon: Hit, act: Hit) -> bool:
    """Acts that a weapon does, or that are done by it; "fired", "dropped" and "shot down" take it as their object."""
    if act.has("cas"):
        return True
    taken = act.has("act.drop") or act.has("act.fire") or act.has("act.down") or act.has("act.boom")
    return not taken and not weapon.has("weapon.explosive") and not weapon.has("weapon.chem")


_NO_BLAST = frozenset(
    [
        "destroyed",
        "released",
        "caused",
        "struck",
        "damaged",
        "collapsed",
        "fell",
        "fall",
        "falling",
        "landed",
        "thrown",
        "planted",
        "buried",
        "burned",
        "burst",
        "missed",
        "came",
    ]
)


def _by_it(weapon: Hit, act: Hit, sentence: Sentence) -> bool:
    """Whether weapon and act belong together: "a shell killed", "killed by a shell"; not in two clauses."""
    if weapon.start < act.start:
        return not re.search(r"[;]|: ", sentence.plain[weapon.end : act.start])
    return bool(re.search(r"\b(?:by|when|in|from|as|after|with)\b", sentence.plain[act.end : weapon.start]))


def _by_weapon(weapon: Hit, act: Hit, sentence: Sentence) -> tuple[Kind, float] | None:
    impact = act.has("act.hit") or act.has("act.boom") or act.has("act.bomb") or act.has("act.drop")
    if weapon.has("weapon.chem"):
        return (
            (Kind.CHEMICAL_ATTACK, 0.75)
            if impact or act.has("act.fire") or act.has("cas") or act.has("act.attack")
            else None
        )
    if weapon.has("weapon.drone") or weapon.has("weapon.air"):
        return _by_aircraft(weapon, act, impact, sentence)
    if weapon.has("weapon.indirect"):
        if weapon.term in ("gun", "guns", "tank", "tanks"):
            return (
                (Kind.SHELLING, 0.6)
                if act.has("act.fire")
                and re.search(
                    r"\b(?:tank shell|tanks? fired|guns? (?:fired|shelled|replied))\b", sentence.plain
                )
                else None
            )
        launched = act.term in ("launched", "launches", "launching", "launch") and _SPACE.search(
            sentence.plain
        )
        if (impact or act.has("act.fire") or act.has("cas")) and not launched:
            return Kind.SHELLING, 0.75 if not act.has("cas") else 0.6
    if weapon.has("weapon.explosive"):
        if act.has("act.drop") and re.search(
            r"\bbombs?\b.{0,40}\bdropped\b|\bdropp?(?:ed|ing)\b.{0,40}\bbombs?\b", sentence.plain
        ):
            return Kind.AIR_STRIKE, 0.75
        if (
            act.has("act.boom")
            or act.has("cas")
            or (impact and act.term not in _NO_BLAST and weapon.term not in ("vest", "belt", "device"))
        ):
            return Kind.EXPLOSION, 0.72 if act.has("act.boom") else 0.6
    return None


_SPACE = re.compile(
    r"\b(?:nuclear|satellite|space|orbit|sanctions|tests?|tested|provok\w+|nasa|payload|intercontinental)\b"
)
_NOT_FROM_THE_AIR = frozenset(
    [
        "launched",
        "launches",
        "launching",
        "fall",
        "fell",
        "falling",
        "landed",
        "landing",
        "crashed",
        "caused",
        "burst",
        "damaged",
        "damaging",
        "took",
        "off",
        "released",
        "releases",
        "burned",
        "collapsed",
        "shook",
        "missed",
        "hurt",
        "exploded",
        "thrown",
        "operation",
        "operations",
        "fire",
    ]
)


def _by_aircraft(weapon: Hit, act: Hit, impact: bool, sentence: Sentence) -> tuple[Kind, float] | None:
    weak = weapon.term in (
        "aircraft",
        "plane",
        "planes",
        "helicopter",
        "helicopters",
        "jet",
        "jets",
        "warplane",
        "warplanes",
        "aviation",
        "barrels",
    )
    if act.has("act.down") and not weak:
        passive = (
            re.search(r"\b(?:was|were|been|being|is|are)\b", sentence.plain[weapon.end : act.start])
            or act.term != "destroyed"
        )
        if act.start < weapon.start or passive:
            return Kind.INTERCEPTION, 0.7
    if weak and act.term in _NOT_FROM_THE_AIR:
        return None
    if impact or act.has("act.fire") or (act.has("act.attack") and not weak) or (act.has("cas") and not weak):
        return Kind.AIR_STRIKE, 0.6 if weak and act.has("act.hit") and act.term in (
            "crashed",
            "fell",
            "landed",
            "landing",
        ) else 0.76
    return None


def _bombed(sentence: Sentence, setting: Setting) -> Iterator[Trigger]:
    """ "bombed", "pounded", "bombing": from the air, unless a bomb was laid."""
    for hit in sentence.having("act.bomb"):
        laid = sentence.any("weapon.explosive") and not sentence.any("weapon.air", "weapon.drone")
        blamed = re.search(
            r"\b(?:suicide|islamic state|isis|militants?|taliban|al qaeda|pkk|shabaab|boko haram)\b",
            sentence.plain,
        )
        if hit.term == "bombs":
            continue
        kind = (
            Kind.EXPLOSION
            if hit.term == "bombing"
            and (laid or blamed or not (setting.air or _STATE_ACTOR.search(sentence.plain)))
            else Kind.AIR_STRIKE
        )
        if hit.term == "rocketed" or hit.term in ("pounded", "pounding", "pounds"):
            kind = (
                Kind.SHELLING
                if sentence.any("weapon.indirect") or hit.term == "rocketed"
                else Kind.AIR_STRIKE
            )
        yield Trigger(kind, hit.start, hit.end, 0.7, "bombed")


_PAUSE = re.compile(
    r"\b(?:\d+|one|two|three|four|five|six|seven|ten|several|a) ?(?:hour|day|week"
    r"|month)s?(?: long)? (?:\w+ )?(?:pause|halt|lull)\b|\b(?:pause|halt)s? of (?:\d+"
    r"|\w+) (?:hours?|days?|weeks?|months?)\b"
    r"|\bhumanitarian (?:pause|halt)\b|\b(?:pause|halt) in (?:the )?(?:war|offensive|attacks"
    r"|strikes|operations|bombing|shelling)\b|\b(?:offer|order|deal|promise) (?:of|for"
    r"|to) (?:a )?(?:pause|halt)\b"
)


def _pauses(sentence: Sentence, setting: Setting) -> Iterator[Trigger]:
    """A pause or a halt that is told with its length, in a report about war."""
    match = _PAUSE.search(sentence.plain)
    if match and (setting.armed or setting.truce):
        yield Trigger(Kind.CEASEFIRE, match.start(), match.end(), 0.7, "pause")


def _strikes(sentence: Sentence, setting: Setting) -> Iterator[Trigger]:
    """ "strikes" and "raids" without "air", where a state's forces or the dead make clear what is meant."""
    if _NOT_WAR_STRIKE.search(sentence.plain):
        return
    match = _STRIKE_NOUN.search(sentence.plain)
    state = _STATE_ACTOR.search(sentence.plain)
    if (
        match
        and (sentence.any("cas") or state or setting.air or sentence.any("weapon"))
        and not _muted(sentence, match.start(), match.end())
    ):
        word = _STRIKE.search(sentence.plain, match.start())
        if word:
            kind = (
                Kind.SHELLING
                if sentence.any("weapon.indirect") and not sentence.any("weapon.air", "weapon.drone")
                else Kind.AIR_STRIKE
            )
            yield Trigger(kind, word.start(), word.end(), 0.62 + 0.1 * bool(state), "strike")


def _muted(sentence: Sentence, start: int, end: int) -> bool:
    return any(h.has("mute") and h.start < end and start < h.end for h in sentence.hits)


def _armed_acts(sentence: Sentence, setting: Setting) -> Iterator[Trigger]:
    """What armed men did: shot, attacked, carried off; to whom decides the kind."""
    for who in sentence.having("who.armed"):
        for act in sentence.having("act.shoot", "act.attack", "act.snatch", "act.fight", "cas.kill"):
            if abs(act.start - who.start) > (FAR if who.start < 12 else NEAR) or act.overlap(who):
                continue
            forces = _VICTIM_FORCES.search(_NOT_VICTIMS.sub(" ", sentence.plain[act.end : act.end + 70]))
            if act.has("act.snatch") and re.search(
                r"\b(?:hostage|captive|into the (?:bush|forest)|seized \w+ (?:people|men|women|students|pupils"
                r"|villagers|passengers)|marched|led away|dragged|rounded up)\b",
                sentence.plain,
            ):
                yield Trigger(Kind.ABDUCTION, act.start, act.end, 0.68, "armed_snatch")
            elif act.term in _STATES and not re.search(
                r"\b(?:launched|began|started|mounted) (?:\w+ ){0,4}$", sentence.plain[: act.start]
            ):
                continue
            elif (
                act.has("act.fight")
                or (forces and act.has("act.attack"))
                or (forces and act.has("act.shoot"))
            ):
                yield Trigger(Kind.GROUND_CLASH, act.start, act.end, 0.62, "armed_fight")
            elif act.has("act.shoot") or act.has("act.attack"):
                yield Trigger(Kind.ATTACK_ON_CIVILIANS, act.start, act.end, 0.64, "armed_attack")
            elif (
                act.has("cas.kill")
                and who.start < act.start
                and _CIVIL_KILL.search(sentence.plain)
                and not forces
            ):
                yield Trigger(Kind.ATTACK_ON_CIVILIANS, act.start, act.end, 0.6, "armed_kill")


_STATES = frozenset(
    [
        "offensive",
        "advance",
        "advanced",
        "advancing",
        "hostilities",
        "confrontation",
        "confrontations",
        "combat",
        "battle",
        "fight",
        "operation",
        "operations",
        "onslaught",
        "incursion",
    ]
)
"""Words for a war that goes on, which tell no single fight."""


def _forces_fight(sentence: Sentence, setting: Setting) -> Iterator[Trigger]:
    """Soldiers who fight, and soldiers who shoot civilians."""
    for who in sentence.having("who.army"):
        for act in sentence.having("act.fight", "act.shoot", "act.attack", "cas.kill"):
            if abs(act.start - who.start) > NEAR:
                continue
            enemy = sentence.any("who.armed") or re.search(
                r"\b(?:rebels?|militants?|taliban|isis|islamic state|al shabaab|boko haram|hamas|hezbollah"
                r"|houthis?|insurgents?|m23|rsf)\b",
                sentence.plain,
            )
            if (act.has("act.fight") or act.has("act.attack")) and enemy and act.term not in _STATES:
                yield Trigger(Kind.GROUND_CLASH, act.start, act.end, 0.58, "forces_fight")
            elif (
                act.has("cas.kill")
                and sentence.any("who.armed")
                and who.start < act.start
                and act.term in ("killed", "kills", "killing")
            ):
                yield Trigger(Kind.GROUND_CLASH, act.start, act.end, 0.57, "forces_kill")
            elif (
                act.has("act.shoot")
                and who.term
                in ("soldiers", "troops", "forces", "regime forces", "government forces", "security forces")
                and who.start < act.start
                and sentence.any("who.civ")
            ):
                yield Trigger(Kind.ATTACK_ON_CIVILIANS, act.start, act.end, 0.58, "forces_shoot")
            elif (
                act.has("act.attack")
                and who.start > act.start
                and sentence.any("cas.kill")
                and act.term in ("attack", "attacks", "attacked", "raid")
            ):
                yield Trigger(Kind.GROUND_CLASH, act.start, act.end, 0.56, "forces_attacked")


def _deadly_attack(sentence: Sentence, setting: Setting) -> Iterator[Trigger]:
    """An unspecified attack that killed: on civilians, unless forces were its target."""
    for hit in sentence.having("act.attack"):
        if hit.term not in ("attack", "attacks", "attacked", "raid", "raids", "raided", "assault"):
            continue
        if sentence.any("cas.kill", "cas.hurt") and not sentence.any("weapon"):
            forces = _VICTIM_FORCES.search(sentence.plain)
            yield Trigger(
                Kind.GROUND_CLASH if forces and not sentence.any("who.civ") else Kind.ATTACK_ON_CIVILIANS,
                hit.start,
                hit.end,
                0.52,
                "deadly_attack",
            )
    found = _FOUND_DEAD.search(sentence.plain)
    if found:
        yield Trigger(Kind.ATTACK_ON_CIVILIANS, found.start(), found.end(), 0.6, "found_dead")


def _territory(sentence: Sentence, setting: Setting) -> Iterator[Trigger]:
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
        if not named and not (_TERRITORY.search(after[:40])):
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


def _evacuation(sentence: Sentence, setting: Setting) -> Iterator[Trigger]:
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


def _blast(sentence: Sentence, setting: Setting) -> Iterator[Trigger]:
    """An explosion of which the sentence says no more than that it was one."""
    for hit in sentence.having("act.boom"):
        if re.match(
            r"(?:explo|blast|blew up|blown up|detonat|went off|blown apart)", hit.term
        ) and not sentence.any("cue.accident"):
            strong = (
                (sentence.any("cas") and setting.armed)
                or sentence.any("weapon.explosive", "who.armed")
                or re.search(
                    r"\b(?:car|lorry|truck|motorbike|motorcycle|vehicle)\b.{0,40}$",
                    sentence.plain[: hit.start],
                )
            )
            if strong or (setting.armed and hit.term in ("explosion", "explosions", "blast", "blasts")):
                yield Trigger(Kind.EXPLOSION, hit.start, hit.end, 0.6 if strong else 0.42, "blast")


_FOUND_DEAD = re.compile(
    r"\bbodies of [^.;]{1,60}?\b(?:hacked|shot|bound|tied|beheaded|executed|mutilated|bullet|burnt"
    r"|burned|throats|tortured|killed)\b|\b(?:hacked|bullet riddled|beheaded|mutilated"
    r"|charred) bodies\b"
)
_RULES: tuple[Callable[[Sentence, Setting], Iterator[Trigger]], ...] = (
    _named, _weapon_and_act, _bombed, _strikes, _armed_acts, _forces_fight, _deadly_attack, _territory,
        _evacuation, _blast, _pauses,
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
