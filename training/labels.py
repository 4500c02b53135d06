"""The names that the reader's answers stand for, in the order of its outputs."""

from schemas.event import Assertion, Kind, Novelty, Phase

KINDS = tuple(Kind)
PHASES = tuple(Phase)
ASSERTIONS = tuple(Assertion)
NOVELTIES = tuple(Novelty)
SPANS = ("place", "actor", "target", "weapon", "killed", "injured", "time", "effective", "claimant")

OUTSIDE, FIRST, FURTHER = 0, 1, 2
"""Tags of a piece for one type of span."""
