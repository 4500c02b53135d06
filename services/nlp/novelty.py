"""Whether a sentence tells news: its words of time, its tense and its place in the report in, novelty out."""

import re
from dataclasses import dataclass

from schemas.event import Novelty
from services.nlp.text import Section, Sentence
from services.nlp.times import NEWS_DAYS, Calendar
from services.nlp.timetypes import DayWord
from services.nlp.timewords import days
from services.nlp.tolls import cumulative
from services.nlp.trigger import Trigger

_PLUPERFECT = re.compile(
    r"\bhad (?:already |also |once |then |just |never |been )?(?:been |\w+ed\b|struck|hit|held"
    r"|said|fallen|broken|lost|gone|taken|shot|killed|begun|fought|left|set)"
)
_HISTORY = re.compile(
    r"\b(?:anniversary|years (?:ago|earlier|later|on|since|after)|decades?|last (?:year|summer"
    r"|winter|spring|autumn|month|century|decade)|a (?:year|month|decade|century) (?:ago|earlier"
    r"|before)|(?:months|weeks) (?:ago|earlier)|"
    r"in the past(?! (?:day|night|hour|(?:\w+ )?hours|two days|three days|48|24))|previous(?:ly)?"
    r"|earlier (?:this|raids|attacks|ones|pauses|shelling|killings)"
    r"|over the (?:past|last)(?! (?:day|night|hour|(?:\w+ )?hours|two days|three days|few days))"
    r"|in recent (?:years|months|weeks)|during the (?:war|civil war"
    r"|conflict)|since the (?:war|start|beginning|invasion|coup|spring|fall|august|summer)"
    r"|so far this year|this year alone|"
    r"survivors? of|victims? of the|memorial|remember\w*|commemorat\w*|on this day"
    r"|as reported (?:here|on the day)|reported here|we reported it|we printed|told the court"
    r"|recalls?|it recalls|historic(?:al)?|string of attacks|each raid since|the last time|used to"
    r"|wave of|spate of|the year before|as late as)\b"
)
_COMPARISON = re.compile(
    r"\b(?:the |its |their )?(?:first|worst|deadliest|biggest|heaviest|largest|bloodiest|highest"
    r"|latest|last|\w+th|third|second) (?:\w+ ){0,8}?(?:since|in (?:\w+ )?(?:years|months|weeks"
    r"|decades))\b[^,.;]{0,50}"
)
_STEP_BACK = re.compile(
    r"\b(?:came|comes|coming|happened|followed|took place) (?:\w+ ){0,3}?(?:hours?|days?|weeks?) after\b[^.;]{0,120}"
    r"|\b(?:on (?:guard|alert|edge)|tense|nervous|sealed off|under curfew) since\b[^.;]{0,90}"
)
"""What the report's own story came after: "The attack came a day after shelling killed four in Saraqib"."""
_IN_RESPONSE = re.compile(
    r"\b(?:in response to|response to|sanctions? [^.;]{0,40}over|(?:inquiry|investigation"
    r"|probe) into|charged (?:over|with|in)|condemn\w*|tried for|jailed for|wanted for"
    r"|accused of (?:planning|plotting)|anniversary of|reprisal for|in retaliation for"
    r"|retaliated [^.;]{0,60}over)\b[^.;]{0,40}$"
)
_TOLD_BEFORE = re.compile(
    r"\bas (?:we )?(?:reported|told|printed) (?:here|on the day|at the time|then|last)\b|\breported here on the day\b"
    r"|\bwe (?:reported|printed|told of) (?:it|this|that|them|each)\b"
)
_UPDATE = re.compile(
    r"\b(?:toll|count|number of dead)\b.{0,50}\b(?:rose|risen|raised|climb\w*|lowered|revised"
    r"|corrected|reached|goes from|to \d+|now|still)\b|\bcorrect(?:ed|s|ion)\b|\bdied of (?:his"
    r"|her|their|wounds|burns|injuries)|\bsuccumbed\b|\bclaimed responsibility\b"
    r"|\bhas claimed the\b|\bowned up\b|\bsays it (?:was behind|bombed)|\bwere buried at\b"
    r"|\bput out a statement\b"
)
_LIVE = re.compile(
    r"\b(?:just now|minutes ago|hours ago|an hour ago|this (?:morning|afternoon|evening)|so far"
    r"|still (?:burning|digging|searching|going)|rescue (?:crews|workers)|are (?:digging"
    r"|searching)|breaking|flash)\b"
)


@dataclass(frozen=True, slots=True)
class Timing:
    """What a sentence's words of time say: days since, for each word that says something."""

    ages: tuple[tuple[int, DayWord], ...]

    @property
    def recent(self) -> bool:
        return any(-2 <= age <= NEWS_DAYS for age, _ in self.ages)

    @property
    def old(self) -> bool:
        return any(age > NEWS_DAYS for age, _ in self.ages)

    def nearest(self, at: int) -> int | None:
        """The age told nearest to an offset."""
        return min(self.ages, key=lambda a: abs(a[1].start - at))[0] if self.ages else None


def timing(sentence: Sentence, calendar: Calendar | None) -> Timing:
    """The ages of all words of time of a sentence; none where the report has no date."""
    if calendar is None:
        return Timing(())
    ahead = re.compile(r"\b(?:until|till|through) $")
    words = [w for w in days(sentence.plain) if not ahead.search(sentence.plain[: w.start][-9:])]
    aged = ((calendar.age(word), word) for word in words)
    return Timing(tuple((age, word) for age, word in aged if age is not None))


def novelty_of(
    sentence: Sentence, trigger: Trigger, times: Timing, told_old: bool, dated: bool, after_news: bool = False
) -> tuple[Novelty, str]:
    """The novelty of one event and the rule that decided.

    `after_news`: the sentences just before tell of a day of this week. `told_old`: those before tell of a time long
    past. `dated`: the report has a publication date.
    """
    whole = sentence.plain
    if sentence.section is Section.CAPTION and not times.recent:
        return Novelty.BACKGROUND, "caption"
    compared = _COMPARISON.search(whole)
    inside = compared and compared.start() <= trigger.start < compared.end()
    if inside and not (sentence.any("cas") and (times.recent or sentence.any("cue.recent"))):
        return Novelty.BACKGROUND, "comparison"
    told = _COMPARISON.sub(" ", whole)
    if cumulative(told) and not times.recent and not sentence.any("cue.recent"):
        return Novelty.BACKGROUND, "cumulative"
    back = _STEP_BACK.search(whole)
    if back and back.start() < trigger.start < back.end():
        return Novelty.BACKGROUND, "step_back"
    if _IN_RESPONSE.search(whole[max(0, trigger.start - 70) : trigger.start]) and not sentence.any("cas"):
        return Novelty.BACKGROUND, "in_response"
    if _TOLD_BEFORE.search(whole):
        return Novelty.BACKGROUND, "told_before"
    by_day = _by_day(whole, trigger, times)
    if by_day:
        return by_day
    if (_HISTORY.search(told) or whole.startswith("once ")) and not _LIVE.search(whole):
        return Novelty.BACKGROUND, "history"
    if not sentence.latin and sentence.any("cue.past") and not sentence.any("cue.recent"):
        return Novelty.BACKGROUND, "history"
    if _LIVE.search(whole):
        return _news(whole), "live"
    later = sentence.section is Section.BODY and sentence.index > 0
    if later and dated and not after_news and _before_the_story(whole, trigger):
        return Novelty.BACKGROUND, "pluperfect"
    return (Novelty.BACKGROUND, "goes_on_in_the_past") if told_old else (_news(whole), "default")


def _by_day(whole: str, trigger: Trigger, times: Timing) -> tuple[Novelty, str] | None:
    """What the days told say; where both this week and long ago are named, the one nearest to the trigger."""
    if not times.recent and not times.old:
        return None
    if times.recent and not times.old:
        return _news(whole), "recent_day"
    if not times.recent:
        return Novelty.BACKGROUND, "old_day"
    near = times.nearest(trigger.start)
    fresh = near is not None and near <= NEWS_DAYS
    return (_news(whole) if fresh else Novelty.BACKGROUND), "nearest_day"


_WHEN_IT_WAS = re.compile(
    r"^(?:that|it|this) (?:was|happened|had been) (?:in|on|last|during) (?:january|february|march"
    r"|april|may|june|july|august|september|october|november|december|\d{4}|last|summer|winter"
    r"|the)\b(?! (?:early|small|night))"
)


def placed_in_the_past(following: Sentence | None, dated: bool) -> bool:
    """Whether the sentence after puts what was just told into the past: "That was in July"."""
    return bool(following and dated and _WHEN_IT_WAS.match(following.plain))


_REPORTED = re.compile(
    r"\b(?:said|says|told|added|announced|reported|confirmed|claimed|wrote)\b[^.;]{0,90}\bhad\b"
)


def told_before_the_story(plain: str) -> bool:
    """Whether a sentence steps back from the story: "the offer had been carried to the capital on Saturday".

    What somebody said that somebody had done is the story itself.
    """
    return bool(_PLUPERFECT.search(plain)) and not _REPORTED.search(plain)


def _before_the_story(whole: str, trigger: Trigger) -> bool:
    """Whether the act itself stands in the pluperfect ("had been shelled"), not what it broke into ("had begun")."""
    match = _PLUPERFECT.search(_clause(whole, trigger))
    if not match:
        return False
    at = whole.find(match.group(), max(0, trigger.start - 160))
    return at <= trigger.end and " when " not in whole[at : trigger.start]


def _clause(whole: str, trigger: Trigger) -> str:
    start = max(whole.rfind(mark, 0, trigger.start) for mark in (";", ",", " and ", " but ", ":")) + 1
    ends = [at for mark in (";", ", ", " but ") if (at := whole.find(mark, trigger.end)) >= 0]
    return whole[max(0, start) : min(ends, default=len(whole))]


def _news(whole: str) -> Novelty:
    return Novelty.UPDATE if _UPDATE.search(whole) else Novelty.NEW
