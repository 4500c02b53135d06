"""What happens to a ceasefire in a sentence: plain text in, its phase and how it is asserted out."""

import re

from schemas.event import Assertion, Phase

_WORD = (
    r"(?:cease ?fires?|truces?|pauses?|armistice|cessation|halt|stop to the fighting|hostilities"
    r"|deal|agreement|offer|proposal|pact|terms|lull)"
)
_BARGAIN = (
    r"(?:agreements?|deals?|truces?|cease ?fires?|pacts?|accords?|understandings?|terms|settlements?"
    r"|compromises?|pauses?|it)"
)
_NOT = r"(?:not|never|no longer|nor|neither|without|n't)"
_ORDER: tuple[tuple[Phase, Assertion, re.Pattern[str]], ...] = tuple(
    (phase, assertion, re.compile(pattern))
    for phase, assertion, pattern in (
        (Phase.ENDED, Assertion.THREATENED,
        r"threaten\w* (?:to )?(?:\w+ ){0,3}?(?:withdraw|end|walk|leave|suspend|cancel|quit)"
r"|may not survive|could collapse|would be void|would be cut short|in jeopardy|jeopardi[sz]ed?"
r"|at risk of collapse"),
        (Phase.VIOLATED, Assertion.HYPOTHETICAL,
        rf"(?:if|should|whoever|anyone who|in case|such a).{{0,40}}(?:break|breaks|violate"
rf"|violates|breach|breaches|broken|violated).{{0,30}}(?:{_WORD})?"),
        (Phase.REJECTED, Assertion.ASSERTED,
        rf"reject(?:ed|s|ing|ion)?\b|turn(?:ed|s|ing)? down|refus(?:ed|es|ing"
rf"|al) (?:\w+ ){{0,4}}(?:{_WORD}|to (?:sign|renew|extend|accept|agree|stop))|dismiss(?:ed|es"
rf"|ing)?\b.{{0,50}}{_WORD}|rul(?:ed|es|ing) out.{{0,30}}{_WORD}|spurn\w*|rebuff\w*|said no\b"
rf"|veto(?:ed|es|ing)?\b|no interest in a|will hear of no|declin(?:ed|es|ing) .{{0,25}}{_WORD}"
rf"|(?:would|will) not (?:accept|agree|consider|stop|join|attend)|waved away|brushed off"
rf"|no (?:ceasefire|truce) (?:until|before|unless)|there will be no (?:ceasefire|cease fire"
rf"|truce)"),
        (Phase.VIOLATED, Assertion.ASSERTED,
        rf"violat(?:ed|es|ing|ion|ions)|breach(?:ed|es|ing)?\b|br(?:oke|eaks?"
rf"|eaking) (?:\w+ ){{0,4}}{_WORD}|{_WORD}(?: \w+){{0,4}} (?:was |were |been |is )?broken"
rf"|{_WORD}(?: \w+){{0,6}} (?:is|was|already) (?:in tatters|shaken|shattered)|shatter(?:ed|s"
rf"|ing)|infraction|in defiance of|despite (?:the|a|an) (?:\w+ ){{0,3}}{_WORD}"
rf"|calm .{{0,20}}breaks|flout\w*|infring\w+"),
        (Phase.EXTENDED, Assertion.ASSERTED,
        r"exten(?:d|ds|ded|ding|sion)\b|prolong(?:ed|s|ing|ation)?|renew(?:ed|s|ing|al)?\b"
r"|stretch(?:ed|es)|added .{0,20}to (?:its|the|their)|for another (?:\w+ )?(?:hours|days?"
r"|weeks?|months?)|lengthen|roll(?:ed|s)? over|run on|continue (?:for|until)|would continue"
r"|hours more|days more"),
        (Phase.ENDED, Assertion.ASSERTED,
        rf"(?:{_WORD}|it)(?: \w+){{0,5}} (?:ended|ends|expired|expires|collapsed|collapses|lapsed"
rf"|lapses|ran out|is over|was over|is dead|is finished|broke down|fell apart|unravel\w*)"
rf"|end(?:ed|s|ing)? (?:\w+ ){{0,3}}(?:cease ?fire|truce)|collapse of|expir(?:y|ed|es|ing)"
rf"|call(?:ed|s|ing) off (?:\w+ ){{0,4}}{_WORD}|no longer (?:considers? itself )?bound"
rf"|walk(?:ed|s|ing)? (?:out|away) (?:of|from|on)|withdr(?:ew|aws?) from|suspend(?:ed"
rf"|s)? (?:\w+ ){{0,2}}(?:cease ?fire|truce)|scrap(?:ped|s)|lift(?:ed"
rf"|s) (?:\w+ ){{0,3}}(?:cease ?fire|truce)|declar(?:ed"
rf"|es) (?:\w+ ){{0,4}}(?:over|dead|void)|pull(?:ed|s) out of"),
        (Phase.PROPOSED, Assertion.PLANNED,
        r"propos(?:ed?|es|al|als|ing)\b|offer(?:ed|s|ing)?\b|float(?:ed|s)\b|suggest\w*"
r"|put .{0,60}(?:on the table|to (?:president|both|the (?:sides|parties)))|draft|on the table|talks? (?:on|about"
r"|over|for)|negotiat\w+|mediat\w+ .{0,30}to reach|open to a|would be ready|is ready to"
r"|ready to|willing to|foresees|counter offer|plan for|if both sign|hopes? (?:of|for)"
r"|close to (?:a|an)|could be announced|near(?:ing)? a|progress (?:on|towards)"
r"|chances of|prospects? (?:of|for)|efforts? to (?:reach|secure|broker|agree)|discuss\w*"
r"|trying to (?:reach|broker|secure)|working (?:on|towards)|seek(?:s|ing)? a"
r"|aimed at (?:reaching|securing)|to consider|scenario"),
        (Phase.CALLED_FOR, Assertion.HYPOTHETICAL,
        r"call(?:ed|s|ing)? (?:\w+ ){0,5}?(?:for|on)\b|call for|calls for|appeal\w*|urg(?:ed|es|ing)"
r"|demand(?:ed|s|ing)?|ask(?:ed|s|ing)? .{0,30}(?:for|to)|asked (?:all|both)|begg?(?:ed|s)"
r"|plead\w*|plea\b|pray\w*|insist\w* on|press(?:ed|es|ing)? .{0,40}(?:for|to)|push(?:ed|es"
r"|ing)? .{0,30}(?:for|to)|need(?:s|ed)? (?:a|an)|ultimatum|must (?:stop|cease|agree)"
r"|ought to|should (?:stop|agree)|support(?:s|ed)? (?:\w+ ){0,4}call|want(?:s"
r"|ed)? (?:a|an)|resolution"),
        (Phase.IN_FORCE, Assertion.ASSERTED,
        r"(?:came|comes|gone|went|has come|had come|entered|goes) into (?:force|effect)|took (?:effect"
r"|hold)|has taken (?:effect|hold)|(?:is|was|has been|largely|appeared? to be|seems? to be"
r"|still) (?:in force|in effect|holding|observed|respected|kept)|holds\b|held\b|guns (?:fell"
r"|have fallen|are) silent|(?:began|started|begun) (?:at|on|in|this|just)|first (?:day"
r"|hours?) of (?:the|a)|day (?:\w+|\d+) of (?:the|a)|since the (?:truce|ceasefire) began"
r"|no (?:shots?|explosions?) (?:was|were) heard|ha(?:s|d) (?:begun|started)|calm prevailed"
r"|outlast\w*|observ(?:ing|ance)"),
        (Phase.AGREED, Assertion.PLANNED,
        r"consented|c(?:ome|ame) to terms|sealed|put their names|agree(?:d|s|ment|ing)?\b|sign(?:ed|s"
rf"|ing)?\b|reach(?:ed|es|ing)? (?:\w+ ){{0,5}}?{_BARGAIN}|{_BARGAIN} (?:\w+ ){{0,8}}?reached|accept(?:ed|s|ing)?\b"
r"|approv(?:ed|es|al)(?! (?:of )?(?:the|a) (?:deployment|dispatch|sending|mission|mandate))|both .{0,40}(?:told"
r"|said) .{0,30}yes|broker(?:ed|s)|struck|clinch\w*"
r"|conclud\w+|shake hands|deal\b|will stop (?:shooting|fighting)|have (?:both )?told the"
r"|committed to|endors\w+|secured|ratif\w+|pact|adopt(?:ed|s)"),
        (Phase.DECLARED, Assertion.PLANNED,
        r"declar(?:ed|es|ing|ation)|announc(?:ed|es|ing|ement)|unilateral\w*|one sided|order(?:ed|s"
r"|ing)?\b(?! (?:\w+ ){0,3}?(?:attacks?|strikes?|raids?|offensive|assault|bombing|evacuation|investigation"
r"|inquiry))|proclaim\w*|decre\w+|will (?:\w+ )?(?:hold (?:its|their) fire|cease fire|observe"
r"|halt|suspend|stop|silence|cease)|would (?:\w+ )?(?:cease fire|observe|halt|suspend"
r"|hold (?:its|their) fire|stop|begin|start|take effect|come into)|will (?:begin|start"
r"|take effect|come into|enter into|hold|last)|to (?:begin|start|take effect|come into)"
r"|(?:paus|suspend|halt)(?:e[sd]?|s|ed|ing) (?:\w+ )?offensive"
r"|starts? (?:at|on|from|tomorrow)|begins? (?:at|on|from|tomorrow)|enters? into force"
r"|takes? effect|(?:is|are) to (?:stop|cease|begin|start)|pledg\w+|promis\w+"),
    )
)  # fmt: skip
_FUTURE = re.compile(
    r"\b(?:will|would|shall|is to|are to|to (?:begin|start|take|come)|from (?:saturday|sunday"
    r"|monday|tuesday|wednesday|thursday|friday|tomorrow|midnight|\d)|starts? (?:at|on|from)"
    r"|begins? (?:at|on|from)|takes? effect|enters? into|is due|due to|effective)\b"
)
_NEGATED = re.compile(
    rf"\b(?:has|have|had|was|were|is|are|did|do|does)? ?{_NOT} (?:\w+ ){{0,2}}?(?:been )?(?:agreed"
    rf"|signed|accepted|announced|declared|reached|begun|started|broken|violated|extended)\b"
    rf"|\bno (?:ceasefire|cease fire|truce) (?:has|have|had|was|is) (?:been )?(?:signed|agreed"
    rf"|reached|declared)|\bno one has accepted\b|\bwithout (?:a|any) (?:truce|ceasefire|agreement)"
    rf"|\bno such (?:truce|ceasefire|deal)|\bbroke no\b|\bnot agreed\b|\bhas signed nothing\b"
    rf"|\bno (?:truce|ceasefire)\b.{{0,30}}\bsigned\b"
)
_DONE = re.compile(
    r"\b(?:came into force|took effect|has taken effect|went into effect|came into effect"
    r"|entered into force|has begun|began (?:at|on) (?:six|five|\d|this)|is holding|held)\b"
)


_MAY_BE_LONGER = re.compile(
    r"\b(?:that |which )?(?:can|could|may|might) be (?:renewed|extended|prolonged)\b|\brenewable\b"
    r"|\bif (?:renewed|extended)\b"
)


def phase_of(plain: str, at: int) -> tuple[Phase, Assertion] | None:
    """The phase that a plain sentence gives the ceasefire named at offset `at`; None where it says nothing of it."""
    plain = _MAY_BE_LONGER.sub(lambda m: " " * len(m.group()), plain)
    talks_only = _TALKS.match(plain[at:])
    negated = _NEGATED.search(plain)
    for phase, assertion, pattern in _ORDER:
        for match in pattern.finditer(plain):
            if abs(match.start() - at) > 170:
                continue
            if (
                negated
                and phase in (Phase.AGREED, Phase.DECLARED, Phase.VIOLATED, Phase.EXTENDED)
                and negated.start() <= match.start() <= negated.end()
            ):
                return phase, Assertion.DENIED
            if (talks_only and phase in _OF_A_TRUCE) or (
                phase is Phase.AGREED and _WATCHED.search(plain[:at])
            ):
                return None
            return _settle(phase, assertion, plain)
    return None


_BOTH_AGREED = re.compile(
    r"\bboth\b.{0,60}\b(?:yes|agreed|accepted|signed|consented)\b|\bagreed (?:to|on)\b.{0,40}\b(?:truce|cease ?fire)\b"
)


def both_agreed(plain: str) -> bool:
    """Whether a sentence tells that two sides agreed, so that what the next one announces is no single side's."""
    return bool(_BOTH_AGREED.search(plain))


_QUIET = re.compile(
    r"\b(?:no|not (?:a|one|any)|without (?:a|any)|zero|few)(?: \w+){0,3}? (?:shootings?|shots?|firing|fire|gunfire"
    r"|violations?|breach(?:es)?|incidents?|attacks?|strikes?|shelling|exchanges?|fighting|clashes|sorties|explosions?)\b"
    r".{0,80}\b(?:since|after|once)\b.{0,40}\b(?:cease ?fire|truce|lull|pause|armistice|halt|agreement|deal)\b"
)


def is_quiet(plain: str) -> bool:
    """Whether a sentence says that nothing happened since a truce: it holds, rather than that there is none."""
    return bool(_QUIET.search(plain))


_NAMED = re.compile(r"\b(?:cease ?fires?|truces?)\b")


def only_named(plain: str) -> bool:
    """Whether each ceasefire in a sentence is only what talks are about, or what somebody watches over."""
    named = [m.start() for m in _NAMED.finditer(plain)]
    return bool(named) and all(_TALKS.match(plain[at:]) or _WATCHED.search(plain[:at]) for at in named)


_TALKS = re.compile(r"(?:cease ?fire|truce) (?:talks|negotiations|discussions|efforts)\b")
_OF_A_TRUCE = (Phase.ENDED, Phase.VIOLATED, Phase.IN_FORCE, Phase.EXTENDED, Phase.AGREED, Phase.DECLARED)
"""Phases that only a truce has, and talks about one have not."""
_WATCHED = re.compile(
    r"\b(?:monitor|monitoring|oversee|overseeing|supervise|supervising|verify|verifying) (?:\w+ ){0,2}$"
)


_MAYBE = re.compile(
    r"\b(?:could|may|might) (?:\w+ ){0,2}?(?:be )?(?:agree\w*|announce\w*|declare\w*|sign\w*"
    r"|reach\w*|extend\w*|begin|start|come)\b|\b(?:hopes?|chances?|prospects?) (?:of|for) (?:a"
    r"|an)\b"
)


def _settle(phase: Phase, assertion: Assertion, plain: str) -> tuple[Phase, Assertion]:
    done = _DONE.search(plain)
    if phase in (Phase.AGREED, Phase.DECLARED, Phase.EXTENDED) and _MAYBE.search(plain):
        return phase, Assertion.HYPOTHETICAL
    if phase is Phase.IN_FORCE and not done and re.search(r"\b(?:will|would|is to|due to|tomorrow)\b", plain):
        return (
            Phase.AGREED if re.search(r"agree|sign|deal|accept|approv", plain) else Phase.DECLARED
        ), Assertion.PLANNED
    if phase in (Phase.AGREED, Phase.DECLARED) and done:
        return Phase.IN_FORCE, Assertion.ASSERTED
    if phase is Phase.DECLARED and re.search(r"\b(?:unilateral|one sided)", plain):
        return Phase.DECLARED, Assertion.PLANNED
    if phase is Phase.AGREED and re.search(r"\bunilateral", plain):
        return Phase.DECLARED, Assertion.PLANNED
    if phase in (Phase.AGREED, Phase.DECLARED) and not _FUTURE.search(plain):
        return phase, Assertion.PLANNED
    return phase, assertion
