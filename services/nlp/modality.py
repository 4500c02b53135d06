"""How a report vouches for an event: a sentence and its trigger in, the assertion and the cue that decided out."""

import re

from schemas.event import Assertion, Kind
from services.nlp.text import Sentence
from services.nlp.trigger import Trigger

_REFUSES_BLAME = re.compile(
    r"\b(?:denied|denies|deny|denying|rejects?|rejected)\b (?:\w+ ){0,3}?(?:responsibility"
    r"|involvement|any role|any part|it|blame|accusations?|allegations?|claims|targeting)\b"
    r"|\bden(?:y|ied|ies) (?:having )?(?:fired|launched|planted|dropped|sent|firing|launching|planting|dropping)"
    r" (?:it|them|the (?:shells?|rockets?|projectiles?|missiles?|drones?|bombs?|devices?|rounds?))\b"
    r"|\bspoke of terrorists\b|\bdeclined to comment\b"
)
_NOTHING = re.compile(
    r"\b(?:no(?! (?:casualt|injur|death|damage|victim|fatal|one|group|claim))|not a|not one"
    r"|not a single|none of|never any) (?:\w+ ){0,3}?(?:strikes?|air strikes?"
    r"|airstrikes?|attacks?|shelling|shells?|rockets?|missiles?|raids?|drones?|bombs?|explosions?"
    r"|blast|round|rounds|fighting|clashes|aircraft|shots?|impact)\b"
    r"|\b(?:kidnapped|abducted|killed|shelled|bombed|attacked) nobody\b|\bnothing (?:was|had been"
    r"|has been|stirred|is|were) (?:\w+ ){0,2}|\bno (?:[\w' ]{2,40}) ha(?:d|s"
    r"|ve) (?:\w+ )?(?:been )?(?:bombed|shelled|hit|struck|attacked|fired|crossed)\b"
    r"|\b(?:did not|didn't|had not|has not|have not|was not|were not|wasn't"
    r"|never) (?:\w+ ){0,2}?(?:happen|take place|occur|strike|struck|bomb|bombed|hit|fire|fired"
    r"|attack|attacked|shell|shelled|fall|fallen|carry out|carried out|explode|land|seen? any"
    r"|tak(?:e|en)|captur(?:e|ed)|changed hands|receive)\b"
    r"|\bnothing (?:\w+ ){0,3}(?:hit|fell|came|happened|struck|exploded|landed)\b"
    r"|\bnobody (?:\w+ )?(?:attacked|bombed|shelled|fired|struck)\b|\bno one (?:attacked|bombed)\b"
)
_FOILED = re.compile(
    r"\bbefore (?:he|she|they|it) could\b|\b(?:defused|took apart|made safe|found|seized"
    r"|discovered|disarmed|safely)\b[^.;]{0,60}\b(?:bomb|mine|device|vest|explosives?|ied|shells?"
    r"|grenades?)\b"
)
_FAILS_ONLY = re.compile(
    r"\b(?:not|never|without) (?:\w+ ){0,2}?(?:explod|go(?:ing)? off|went off|claim|said|say|name"
    r"|hurt|wound|kill|comment|spoken|yet|immediately|know|clear|been identified)"
)
_AFTER_WILL = re.compile(
    r"\b(?:will|would|plans? to|planning to|intends? to|about to|going to|is to|are to|set to"
    r"|ready to|preparing to|prepares? to|poised to)\b (?:\w+ ){0,6}?$"
)
_IF = re.compile(
    r"\b(?:if|unless|should|could(?! (?:see|watch|hear|count|be (?:seen|heard|felt)))|might|(?<!\d )may(?! \d)"
    r"|fear(?:s|ed|ing)?(?: that)?|in case(?: of)?|risk of"
    r"|possibility of|prospect of|considering|mulling|weighing|whether to|threat of|potential"
    r"|possible|feared?|in the event of|ability to|capable of|able to|want(?:s|ed)? to|hoping to"
    r"|aim(?:s|ed)? to|trying to|tried to|attempt(?:s|ed)? to|plott(?:ed|ing) to|conspir\w+ to"
    r"|intended to|meant (?:it )?(?:for|to)|warns? of|warned of|expect(?:s|ed)? (?:to|a|an|more)"
    r"|prevent(?:s|ed|ing)?|avert(?:ed|s)?|foil(?:ed|s)?|thwart(?:ed|s)?|planning|plotting"
    r"|mobili[sz]ing|discuss(?:ed|es|ing)?|debat(?:ed|es|ing)|calls? (?:\w+ ){0,6}for|urg(?:ed|es"
    r"|ing)|demand(?:ed|s|ing)? (?:a|an|more)?|vulnerable to|threats? of|ready for|called off"
    r"|stopped|cancelled|aborted|halted|shelved|rehears\w+)\b(?:[^.;,]{0,70})$"
)
_WOULD_BE = re.compile(r"^[^.;,]{0,50}?\b(?:would|could|might|may) be\b")
_THREAT = re.compile(
    r"\b(?:threaten(?:ed|s|ing)?|vow(?:ed|s|ing)?|swore|pledged|promised|warned (?:it|that|they"
    r"|of)|will respond|will retaliate|would respond|retaliate if)\b"
)
_REVENGE_FOR = re.compile(
    r"\b(?:revenge|vengeance|retaliation|reprisals?|response|respond|retaliate) (?:for|to|over)\b[^.;,]*$"
)
_EVIDENCE_OF_HAPPENING = re.compile(
    r"\b(?:killed|wounded|injured|hit|struck|died|dead|destroyed|damaged|exploded|landed|fell|burst|hurt)\b"
)
_CLAIM = re.compile(
    r"\b(?:claim(?:s|ed|ing)?(?! responsibility)|alleg(?:ed|edly|es|ing)|reportedly|accus(?:ed|es"
    r"|ing)|unconfirmed|unverified|believed to be|said to be|suspected of|purported(?:ly)?"
    r"|could not be (?:independently )?(?:verified|checked|confirmed)|treat as rumour|rumour"
    r"|our fighters|communique|would not confirm|boasted|contested)\b"
)
_BELLIGERENT_SAYS = re.compile(
    r"\b(?:army|military|defence ministry|defense ministry|ministry of defen[cs]e|command"
    r"|general staff|air force|militants?|rebels?|group|houthis?|wagner(?:'s chief)?|hamas"
    r"|hezbollah|rsf|m23|kyiv|moscow|idf|centcom|defectors|activists|ministry)\b"
    r"(?: \w+){0,4}? (?:said|says|say|reports?|reported|claims?|claimed|announced|announces"
    r"|confirmed|wrote)\b|\b(?:kyiv|moscow|tel aviv|damascus|the houthis|the army"
    r"|its army) (?:says|said|claims|announced)\b"
)


def assertion_of(sentence: Sentence, trigger: Trigger) -> tuple[Assertion, str]:
    """The assertion of one event, and the name of the rule that decided. A ceasefire's comes from its phase."""
    before, whole = sentence.plain[: trigger.start], sentence.plain
    denial = _denied(sentence, trigger)
    if denial:
        return Assertion.DENIED, denial
    if trigger.kind is Kind.EVACUATION_WARNING:
        return Assertion.ASSERTED, "warning_given"
    if not sentence.latin:
        return _elsewhere(sentence)
    happened = _EVIDENCE_OF_HAPPENING.search(whole[trigger.start :]) is not None and sentence.any("cas")
    if _THREAT.search(before[-90:]) and not happened and not _REVENGE_FOR.search(before[-60:]):
        return Assertion.THREATENED, "threat"
    if _WOULD_BE.match(whole[trigger.end :]) and not happened:
        return Assertion.HYPOTHETICAL, "would_be"
    if _IF.search(before[-120:]) and not happened:
        return Assertion.HYPOTHETICAL, "hypothesis"
    if _FOILED.search(whole) and not happened:
        return Assertion.HYPOTHETICAL, "foiled"
    if _AFTER_WILL.search(before[-70:]) and not happened:
        return Assertion.PLANNED, "future"
    if _CLAIM.search(whole):
        return Assertion.ALLEGED, "claim"
    if trigger.kind in (Kind.INTERCEPTION, Kind.TERRITORY_CHANGE) and _BELLIGERENT_SAYS.search(whole):
        return Assertion.ALLEGED, "party_says"
    return Assertion.ASSERTED, "told"


_TAKEN_BACK = re.compile(
    r"^(?:both|all|he|she|they|neither|the \w+|[a-z]+'s \w+|[a-z]+) (?:\w+ ){0,2}?(?:denied (?:it"
    r"|this|that|the report|both)|called it (?:an invention|a forgery|false|fake|a lie|baseless))"
    r"|\bno such thing\b|\bthere was no such\b|\bnothing of the kind\b"
    r"|\bturned out to be (?:false|untrue|wrong)|\bhas taken it down\b"
)
_FOOTAGE = re.compile(r"\b(?:film|video|footage|clip|map|message|post|photo|picture|image|rumou?r|line)s?\b")
_PARTY = re.compile(
    r"\b(?:israel\w*|russia\w*|syrian|saudi|turk(?:ey|ish)|iran\w*|coalition|ukrain\w+|american"
    r"|pakistan\w*|india\w*|armenia\w*|azerbaijan\w*|kurdish|wagner|m23|rsf|kyiv|moscow|regime"
    r"|junta|rebels?|militants?|army|taliban|isis|islamic state|hamas|hezbollah|houthis?)\b"
)


def taken_back(sentence: Sentence, trigger: Trigger, following: Sentence | None) -> bool:
    """Whether what is told is only a message, a film, a rumour, that this or the next sentence takes back."""
    quoted = re.search(r"[\"'][^\"']{0,20}$", sentence.plain[: trigger.start]) and re.match(
        r"[^\"']{0,40}[\"']", sentence.plain[trigger.end :]
    )
    hearsay = _FOOTAGE.search(sentence.plain) or trigger.kind is Kind.CEASEFIRE
    after = _TAKEN_BACK.search(following.plain) if following else None
    return bool(
        hearsay
        and (after or (quoted and '"' in sentence.plain))
        and not sentence.any("cas")
        and (after or _FOOTAGE.search(sentence.plain))
    )


def by_a_party(sentence: Sentence) -> bool:
    """Whether the sentence names a state's forces or an armed group."""
    return bool(_PARTY.search(sentence.plain))


def _elsewhere(sentence: Sentence) -> tuple[Assertion, str]:
    """The assertion of a sentence in another script, from its cues alone."""
    if not sentence.any("cas") and sentence.any("cue.threat"):
        return Assertion.THREATENED, "threat"
    if not sentence.any("cas", "cue.recent") and sentence.any("cue.hyp"):
        return Assertion.HYPOTHETICAL, "hypothesis"
    return (Assertion.ALLEGED, "claim") if sentence.any("cue.alleged") else (Assertion.ASSERTED, "told")


def _denied(sentence: Sentence, trigger: Trigger) -> str:
    """The rule by which a sentence says that it did not happen; empty where none does."""
    if not sentence.latin and sentence.any("cue.deny") and not sentence.any("cas"):
        return "denial"
    if sentence.any("cue.deny_soft"):
        return ""
    nothing = _nothing_happened(sentence.plain, trigger)
    if nothing is not None:
        return "nothing_happened" if nothing else ""
    return "denial" if _in_scope(sentence, trigger) else ""


def _nothing_happened(whole: str, trigger: Trigger) -> bool | None:
    """Whether "no shell fell" says it of the trigger; None where the sentence says nothing of the kind."""
    for match in _NOTHING.finditer(whole):
        near = match.start() <= trigger.end and match.end() >= trigger.start - 40
        if (
            near
            and not _FAILS_ONLY.match(match.group())
            and not re.match(r"no (?:shots?|explosions?) (?:was|were)", match.group())
        ):
            return not _FAILS_ONLY.search(whole[match.start() : match.end() + 20])
    return None


def _in_scope(sentence: Sentence, trigger: Trigger) -> bool:
    """Whether the trigger stands in what a word of denial denies."""
    whole = sentence.plain
    cue = next(
        (h for h in sentence.having("cue.deny") if h.start < trigger.start or h.end > trigger.end), None
    )
    if cue is None or _REFUSES_BLAME.search(whole):
        return cue is not None and bool(re.search(r"had nothing to do with|not ours|not theirs", whole))
    # what stands after "denied" is denied; what stands before it in another clause is not
    clause = whole[cue.end : trigger.start] if cue.start < trigger.start else whole[trigger.end : cue.start]
    return len(clause) < 90 and not re.search(
        r"\b(?:but|after|while|although|though|however|and said|as)\b|;", clause
    )
