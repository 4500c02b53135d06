"""Codes of ACLED, PLOVER and CAMEO: a row for every kind and phase, from their published lists."""

from itertools import product

import pytest

from schemas.codes import Variant, codes_of
from schemas.event import Kind, Phase

ACLED = {
    "Explosions/Remote violence": {"Air/drone strike", "Shelling/artillery/missile attack",
                                   "Remote explosive/landmine/IED",
                                   "Suicide bomb", "Grenade", "Chemical weapon"},
    "Battles": {"Armed clash", "Government regains territory", "Non-state actor overtakes territory"},
    "Violence against civilians": {"Attack", "Sexual violence", "Abduction/forced disappearance"},
    "Strategic developments": {"Agreement", "Arrests", "Change to group/activity", "Disrupted weapons use", "Other",
                               "Headquarters or base established", "Looting/property destruction",
                               "Non-violent transfer of territory"},
}  # fmt: skip
PLOVER = {"AGREE", "CONSULT", "SUPPORT", "CONCEDE", "COOPERATE", "AID", "RETREAT", "REQUEST", "ACCUSE", "REJECT",
          "THREATEN", "PROTEST", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT"}  # fmt: skip

ROWS = [
    (kind, None, variant) for kind, variant in product(Kind, (None, *Variant)) if kind is not Kind.CEASEFIRE
]
ROWS += [(Kind.CEASEFIRE, phase, None) for phase in Phase]


@pytest.mark.parametrize(("kind", "phase", "variant"), ROWS)
def test_codes_are_published_ones(kind: Kind, phase: Phase | None, variant: Variant | None) -> None:
    codes = codes_of(kind, phase, variant)
    assert codes.acled_sub_event_type in ACLED[codes.acled_event_type]
    assert codes.plover_type in PLOVER
    assert codes.cameo.isdigit()
    assert 2 <= len(codes.cameo) <= 4


def test_some_rows() -> None:
    assert codes_of(Kind.AIR_STRIKE, variant=Variant.DRONE).plover_mode == "drone"
    assert codes_of(Kind.CEASEFIRE, Phase.IN_FORCE).plover_type == "RETREAT"
    assert codes_of(Kind.CEASEFIRE, Phase.VIOLATED).cameo == "196"


def test_a_ceasefire_needs_a_phase() -> None:
    with pytest.raises(ValueError, match="phase"):
        codes_of(Kind.CEASEFIRE)
