"""What the rules about kinds share: a trigger, and what the whole report speaks of."""

import re
from dataclasses import dataclass

from schemas.event import Kind

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


STATE_ACTOR = re.compile(
    r"\b(?:israeli|russian|syrian|saudi|american|u\.?s\.?|turkish|iranian|coalition|nato|french"
    r"|british|ukrainian|ethiopian|pakistani|indian|nigerian|army|"
    r"regime|government|junta|military|egyptian|jordanian|emirati|azerbaijani|armenian|sudanese"
    r"|kenyan|burmese|thai|iraqi)\b"
)


@dataclass(frozen=True, slots=True)
class Setting:
    """What the whole report speaks of, which a single sentence may leave out."""

    air: bool = False
    armed: bool = True
    truce: bool = False
