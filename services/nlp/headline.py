"""What a title counts: the events of a report and the tolls of its title in, the events with what they lacked out."""

from collections.abc import Sequence
from dataclasses import replace

from services.nlp.casualties import NO_TOLL
from services.nlp.draft import Draft
from services.nlp.tolls import RAISED, Toll


def counted_by_title(drafts: list[Draft], tolls: Sequence[Toll]) -> list[Draft]:
    """A title's toll is that of the report's one event, where the body tells none, or the toll has risen to it.

    With two events at two places it is not known whose dead the title counts.
    """
    live = [d for d in drafts if d.is_live and d.kind not in NO_TOLL]
    if not live or not tolls or any(d.placed != live[0].placed for d in live[1:]):
        return drafts
    first = live[0]
    have = {t.field for t in first.tolls if not t.band.cumulative}
    raised = [t for t in tolls if t.rule == RAISED]
    more = [t for t in tolls if t.field not in have or t in raised]
    known = [t for t in first.tolls if t.field not in {r.field for r in raised}]
    return [replace(d, tolls=(*known, *more)) if d is first else d for d in drafts]
