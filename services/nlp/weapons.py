"""Events told by a weapon and what it did: hits of a sentence in, triggers out."""

import re
from collections.abc import Iterator

from schemas.event import Kind
from services.nlp.text import Hit, Sentence
from services.nlp.trigger import NEAR, STATE_ACTOR, Setting, Trigger

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
    r"|\bstrikes? (?:at|by) (?:\w+ ){0,2}(?:oil terminals?|refiner(?:y|ies)|oilfields?|docks|smelters?"
    r"|mills?|airlines?)\b"
    r"|\b(?:union|workers|strikers|wage|goal|homer|earthquake|lightning|hurricane|storm|disaster"
    r"|tragedy|quake) "
)


def weapon_and_act(sentence: Sentence, setting: Setting) -> Iterator[Trigger]:
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
    return bool(
        re.search(r"\b(?:by|when|in|from|as|after|with|to)\b", sentence.plain[act.end : weapon.start])
    )


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
        "traded",
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
    if weapon.term == "from the air":  # tells who did it, not what was brought down
        return (Kind.AIR_STRIKE, 0.7) if impact or act.has("act.down") or act.has("act.attack") else None
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


_SCORE = re.compile(r"\b\d{1,3} \d{1,3} (?:\w+ )?$")
"""The result of a game: "a 27-10 pounding"."""


def bombed(sentence: Sentence, setting: Setting) -> Iterator[Trigger]:
    """ "bombed", "pounded", "bombing": from the air, unless a bomb was laid."""
    for hit in sentence.having("act.bomb"):
        laid = sentence.any("weapon.explosive") and not sentence.any("weapon.air", "weapon.drone")
        blamed = re.search(
            r"\b(?:suicide|islamic state|isis|militants?|taliban|al qaeda|pkk|shabaab|boko haram)\b",
            sentence.plain,
        )
        if hit.term == "bombs" or _SCORE.search(sentence.plain[: hit.start]):
            continue
        kind = (
            Kind.EXPLOSION
            if hit.term == "bombing"
            and (laid or blamed or not (setting.air or STATE_ACTOR.search(sentence.plain)))
            else Kind.AIR_STRIKE
        )
        if hit.term == "rocketed" or hit.term in ("pounded", "pounding", "pounds"):
            kind = (
                Kind.SHELLING
                if sentence.any("weapon.indirect") or hit.term == "rocketed"
                else Kind.AIR_STRIKE
            )
        yield Trigger(kind, hit.start, hit.end, 0.7, "bombed")


def strikes(sentence: Sentence, setting: Setting) -> Iterator[Trigger]:
    """ "strikes" and "raids" without "air", where a state's forces or the dead make clear what is meant."""
    if _NOT_WAR_STRIKE.search(sentence.plain):
        return
    match = _STRIKE_NOUN.search(sentence.plain)
    state = STATE_ACTOR.search(sentence.plain)
    if (
        match
        and (sentence.any("cas") or state or setting.air or sentence.any("weapon"))
        and not _muted(sentence, match.start(), match.end())
    ):
        word = _STRIKE.search(sentence.plain, match.start())
        if word and not any(h.has("event") and h.start <= word.start() < h.end for h in sentence.hits):
            kind = (
                Kind.SHELLING
                if sentence.any("weapon.indirect") and not sentence.any("weapon.air", "weapon.drone")
                else Kind.AIR_STRIKE
            )
            yield Trigger(kind, word.start(), word.end(), 0.62 + 0.1 * bool(state), "strike")


def _muted(sentence: Sentence, start: int, end: int) -> bool:
    return any(h.has("mute") and h.start < end and start < h.end for h in sentence.hits)


def blast(sentence: Sentence, setting: Setting) -> Iterator[Trigger]:
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
