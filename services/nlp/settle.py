"""What the events of a report say of each other: merged drafts in, the same settled and in order out."""

from collections.abc import Callable
from dataclasses import replace

from schemas.event import Assertion, Kind, Novelty
from services.nlp.draft import Draft, deaths_differ
from services.nlp.read import ENCODER, HAPPENED
from services.nlp.text import Section

Join = Callable[[Draft, Draft], Draft]
Compatible = Callable[[Draft, Draft, bool], bool]

_BLASTS = frozenset({Kind.EXPLOSION, Kind.AIR_STRIKE, Kind.SHELLING})
"""Kinds that a title and its story may give one happening."""
_LONG = 250
"""Characters of a body from which on it tells all that its title tells."""
_UNSPECIFIC = frozenset({"deadly_attack", "killed_by", "armed_kill"})
"""Rules that see people killed, and not with what."""


def settled(drafts: list[Draft], join: Join, compatible: Compatible) -> list[Draft]:
    """The drafts of one report: denials heard, the title joined to its story, the main event first."""
    drafts = _one_denial(drafts)
    drafts = _title_to_story(drafts, join)
    drafts = _specific(drafts, join, compatible)
    drafts = _old_story(drafts)
    drafts = _title_alone(drafts, bool(drafts and drafts[0].body_length > _LONG))
    return sorted(drafts, key=_rank)


def _rank(draft: Draft) -> int:
    """What happened before what may happen, and both before what only gives background."""
    if draft.novelty is Novelty.BACKGROUND:
        return 2
    return 0 if draft.assertion in (*HAPPENED, Assertion.PLANNED) else 1


def _only_title(draft: Draft) -> bool:
    mentions = (draft.mention, *draft.others)
    return all(m.sentence.section is Section.TITLE for m in mentions)


def _title_to_story(drafts: list[Draft], join: Join) -> list[Draft]:
    """A title sums up its story: where the body tells one event of its kind, both are that one."""
    kept = list(drafts)
    for title in [d for d in drafts if _only_title(d) and d.kind is not Kind.CEASEFIRE]:
        stories = [
            k for k, d in enumerate(kept)
            if d is not title and not _only_title(d) and d.is_live and _one_kind(d, title)
        ]  # fmt: skip
        if len(stories) == 1 and not deaths_differ(title, kept[stories[0]]):
            kept[stories[0]] = join(title, kept[stories[0]])
            kept = [d for d in kept if d is not title]
    return kept


def _one_kind(a: Draft, b: Draft) -> bool:
    return a.kind is b.kind or {a.kind, b.kind} <= _BLASTS


def _specific(drafts: list[Draft], join: Join, compatible: Compatible) -> list[Draft]:
    """A sentence that only counts the dead belongs to the strike or blast that the report tells of."""
    kept: list[Draft] = []
    for draft in drafts:
        at = next(
            (k for k, d in enumerate(kept) if d.kind in _BLASTS and d.is_live and compatible(d, draft, True)),
            None,
        )
        if at is not None and _counts_only(draft):
            kept[at] = replace(join(kept[at], draft), mention=kept[at].mention)
        else:
            kept.append(draft)
    return kept


def _counts_only(draft: Draft) -> bool:
    return (
        draft.kind is Kind.ATTACK_ON_CIVILIANS
        and draft.is_live
        and draft.actor is None
        and draft.mention.rules.get("kind") in _UNSPECIFIC
    )


def _old_story(drafts: list[Draft]) -> list[Draft]:
    """What only the encoder read, without a time or a toll, is that of its kind which the report dates long ago."""
    dated = {d.kind for d in drafts if d.novelty is Novelty.BACKGROUND and d.own_time}
    return [
        replace(d, novelty=Novelty.BACKGROUND)
        if d.kind in dated and d.mention.rules.get("kind") == ENCODER and not d.own_time and not d.tolls
        else d
        for d in drafts
    ]


def _title_alone(drafts: list[Draft], long: bool) -> list[Draft]:
    """What only the title tells, and no sentence of a report of some length, is no news of its own."""
    kept = []
    for draft in drafts:
        certain = bool(draft.tolls) or draft.kind is Kind.CEASEFIRE
        if _only_title(draft) and long and not certain:
            draft = replace(draft, novelty=Novelty.BACKGROUND)
        kept.append(draft)
    return kept


def _one_denial(drafts: list[Draft]) -> list[Draft]:
    """A kind that the report opens by denying is denied where it is told again without a toll or a witness."""
    denied = {d.kind: d for d in drafts if d.assertion is Assertion.DENIED and d.mention.sentence.index <= 2}
    kept = []
    for draft in drafts:
        first = denied.get(draft.kind)
        unseen = not any(t.field in ("killed", "injured") and t.band.min > 0 for t in draft.tolls)
        if first and first is not draft and unseen and draft.assertion in HAPPENED:
            draft = replace(draft, assertion=Assertion.DENIED)
        kept.append(draft)
    return kept
