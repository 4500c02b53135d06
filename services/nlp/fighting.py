"""Events told by who fought, shot or carried off whom: hits of a sentence in, triggers out."""

import re
from collections.abc import Iterator

from schemas.event import Kind
from services.nlp.text import Sentence
from services.nlp.trigger import FAR, NEAR, STATE_ACTOR, Setting, Trigger

_VICTIM_FORCES = re.compile(
    r"\b(?:soldiers?|troops|policem[ae]n|police officers?|officers|guards?|army|marines|fighters?"
    r"|militants?|rebels?|gunmen|security forces|peacekeepers?|convoy|patrol|"
    r"checkpoint|outpost|base|barracks|police station|police post|army post|military)\b"
)


_NOT_VICTIMS = re.compile(
    r",? (?:the )?(?:\w+ )?(?:army|police|military|officers?|security forces?"
    r"|troops)(?: \w+){0,2} (?:said|says|told|reported|confirmed)"
)


_CIVIL_KILL = re.compile(
    r"\b(?:killed|killing|kills|shooting|shot|executed|murdered|slaughtered|dead|bodies|hacked"
    r"|beheaded|kidnapped|burned|burnt|stabbed)\b"
)


def armed_acts(sentence: Sentence, setting: Setting) -> Iterator[Trigger]:
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


_WHO_SHOOT = frozenset(
    ["soldier", "soldiers", "troops", "forces", "regime forces", "government forces", "security forces",
     "special forces", "security personnel", "army troops", "armed forces", "government troops", "army", "peacekeepers"]
)  # fmt: skip


def forces_fight(sentence: Sentence, setting: Setting) -> Iterator[Trigger]:
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
                and who.term in _WHO_SHOOT
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


_KILLER = (
    r"(?:forces|soldiers?|troops|army|gunm[ae]n|militants?|rebels?|insurgents?|fighters?|militiam[ae]n|militias?"
    r"|settlers?|snipers?|jihadists?|extremists?|assailants?|attackers?|bandits|paramilitar(?:y|ies)|terrorists?"
    r"|warplanes|security men)"
)
_KILLED_BY = re.compile(
    rf"\b(?P<act>killed|shot|slain|murdered|executed|massacred|wounded|beaten to death)(?: dead)? by (?:the )?"
    rf"(?:[\w']+ ){{0,3}}?{_KILLER}\b"
)
_FORCES_KILL = re.compile(
    rf"\b(?P<who>{_KILLER})(?: (?:have|had|also|reportedly))* (?P<act>killed|kill|shot|shoot|executed"
    rf"|murdered|massacred)"
    r"(?: dead)? (?P<whom>[^.;,]{3,60})"
)
_UNARMED = re.compile(
    r"\b(?:civilians?|people|persons?|m[ae]n|wom[ae]n|child(?:ren)?|boys?|girls?|teenagers?|youths?|palestinians?"
    r"|villagers?|residents?|protesters?|demonstrators?|students?|farmers?|journalists?|workers?|medics?|refugees?|worshippers?"
    r"|passengers?|herders|traders|hostages?|others)\b"
)


def killed_by(sentence: Sentence, setting: Setting) -> Iterator[Trigger]:
    """People "killed by" armed men, or armed men who "killed" people; a fight where those killed bore arms."""
    for match in (*_KILLED_BY.finditer(sentence.plain), *_FORCES_KILL.finditer(sentence.plain)):
        groups = match.groupdict()
        whom = groups.get("whom") or sentence.plain[max(0, match.start() - 60) : match.start()]
        if _VICTIM_FORCES.search(whom):
            yield Trigger(Kind.GROUND_CLASH, match.start("act"), match.end("act"), 0.58, "killed_by")
        elif _UNARMED.search(whom):
            yield Trigger(Kind.ATTACK_ON_CIVILIANS, match.start("act"), match.end("act"), 0.6, "killed_by")


_OFFENSIVE = re.compile(
    r"\b(?:army|military|regime|government|rebel|insurgent|militant|ground|israeli|russian|turkish|syrian|ukrainian|ethiopian"
    r"|saudi|coalition|american|iraqi|afghan|pakistani|taliban|houthi|israel's|russia's|turkey's|army's|junta's|military's)"
    r" (?:(?:army|military|ground|led|backed|fresh|new|major|war) ){0,2}(?P<act>offensive|onslaught"
    r"|invasion|incursion|assault)s?"
    r"\b(?! (?:coordinator|line|tackle|guard|weapons?|rifles?))"
)
_FORCES_STRIKE = re.compile(
    rf"(?:{STATE_ACTOR.pattern}|\b(?:israel|russia|turkey|iran|syria|ukraine|ethiopia|saudi arabia)\b)"
    r"(?: (?:army|military|forces|troops|air force|navy|regime|planes))?"
    r" (?:(?:has|have|had|also|again|reportedly) ){0,2}(?P<act>hit|struck|strikes|targeted|bombs|pounds)"
    r" (?!(?:out|at|deal|a deal|back|by|for|the right|oil|gold)\b)"
)


def forces_move(sentence: Sentence, setting: Setting) -> Iterator[Trigger]:
    """An army's offensive; and a state that "hit", "struck" or "bombs" something, which it does from afar."""
    match = _OFFENSIVE.search(sentence.plain)
    if match:
        yield Trigger(Kind.GROUND_CLASH, match.start("act"), match.end("act"), 0.55, "offensive")
    match = _FORCES_STRIKE.search(sentence.plain)
    if match and not any(
        h.has("event") or h.has("mute") for h in sentence.hits if h.start <= match.start("act") < h.end
    ):
        kind = Kind.SHELLING if sentence.any("weapon.indirect") else Kind.AIR_STRIKE
        yield Trigger(kind, match.start("act"), match.end("act"), 0.56, "forces_strike")


_HELD = re.compile(
    r"\b(?P<act>held|holding|holds|seized|seizing|took|taking|taken|capturing)\b[^.;,]{0,50}?\b(?:hostages?|captives?)\b"
)


def hostages(sentence: Sentence, setting: Setting) -> Iterator[Trigger]:
    """People held or taken as hostages."""
    match = _HELD.search(sentence.plain)
    if match:
        yield Trigger(Kind.ABDUCTION, match.start("act"), match.end(), 0.6, "hostages")


def deadly_attack(sentence: Sentence, setting: Setting) -> Iterator[Trigger]:
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


_FOUND_DEAD = re.compile(
    r"\bbodies of [^.;]{1,60}?\b(?:hacked|shot|bound|tied|beheaded|executed|mutilated|bullet|burnt"
    r"|burned|throats|tortured|killed)\b|\b(?:hacked|bullet riddled|beheaded|mutilated"
    r"|charred) bodies\b"
)
