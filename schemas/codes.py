"""One table from kind, phase and variant to the codes of ACLED, PLOVER and CAMEO.

ACLED: event and sub-event types of its codebook. PLOVER: event type and mode of the 2021 manual. CAMEO: the verb
code of its 2012 codebook. A ceasefire in force is PLOVER's RETREAT, an agreement to one AGREE.
"""

from enum import StrEnum

from schemas.event import Codes, Kind, Phase


class Variant(StrEnum):
    """What the ontologies tell apart and a kind does not."""

    DRONE = "drone"
    SUICIDE = "suicide"
    GRENADE = "grenade"
    BY_STATE = "by_state"  # territory taken by a government's forces


REMOTE = "Explosions/Remote violence"
STRATEGIC = "Strategic developments"
CIVILIANS = "Violence against civilians"

_KINDS: dict[Kind, tuple[str, str, str, str | None, str]] = {
    Kind.AIR_STRIKE: (REMOTE, "Air/drone strike", "ASSAULT", "aerial", "195"),
    Kind.SHELLING: (REMOTE, "Shelling/artillery/missile attack", "ASSAULT", "heavy-weapons", "194"),
    Kind.EXPLOSION: (REMOTE, "Remote explosive/landmine/IED", "ASSAULT", "explosives", "183"),
    Kind.GROUND_CLASH: ("Battles", "Armed clash", "ASSAULT", "firearms", "190"),
    Kind.ATTACK_ON_CIVILIANS: (CIVILIANS, "Attack", "ASSAULT", "targeted", "180"),
    Kind.ABDUCTION: (CIVILIANS, "Abduction/forced disappearance", "ASSAULT", "abduct", "181"),
    Kind.CHEMICAL_ATTACK: (REMOTE, "Chemical weapon", "ASSAULT", "unconventional", "2041"),
    Kind.TERRITORY_CHANGE: ("Battles", "Non-state actor overtakes territory", "COERCE", "seize", "192"),
    Kind.EVACUATION_WARNING: (STRATEGIC, "Other", "THREATEN", None, "138"),
    Kind.INTERCEPTION: (STRATEGIC, "Disrupted weapons use", "ASSAULT", "heavy-weapons", "190"),
}

_PHASES: dict[Phase, tuple[str, str, str, str | None, str]] = {
    Phase.CALLED_FOR: (STRATEGIC, "Other", "REQUEST", None, "0256"),
    Phase.PROPOSED: (STRATEGIC, "Other", "AGREE", None, "0356"),
    Phase.DECLARED: (STRATEGIC, "Agreement", "AGREE", None, "0871"),
    Phase.AGREED: (STRATEGIC, "Agreement", "AGREE", None, "057"),
    Phase.IN_FORCE: (STRATEGIC, "Agreement", "RETREAT", "ceasefire", "0871"),
    Phase.EXTENDED: (STRATEGIC, "Agreement", "AGREE", None, "0871"),
    Phase.VIOLATED: (STRATEGIC, "Other", "ASSAULT", None, "196"),
    Phase.REJECTED: (STRATEGIC, "Other", "REJECT", None, "1246"),
    Phase.ENDED: (STRATEGIC, "Other", "REJECT", None, "1246"),
}

_VARIANTS: dict[tuple[Kind, Variant], tuple[str, str, str, str | None, str]] = {
    (Kind.AIR_STRIKE, Variant.DRONE): (REMOTE, "Air/drone strike", "ASSAULT", "drone", "1952"),
    (Kind.EXPLOSION, Variant.SUICIDE): (REMOTE, "Suicide bomb", "ASSAULT", "suicide-attack", "1831"),
    (Kind.EXPLOSION, Variant.GRENADE): (REMOTE, "Grenade", "ASSAULT", "explosives", "183"),
    (Kind.TERRITORY_CHANGE, Variant.BY_STATE): (
        "Battles", "Government regains territory", "COERCE", "seize", "192",
    ),
}  # fmt: skip


def codes_of(kind: Kind, phase: Phase | None = None, variant: Variant | None = None) -> Codes:
    """The codes of an event. A variant that the kind does not know is ignored.

    Raises ValueError for a ceasefire without a phase.
    """
    row = _VARIANTS.get((kind, variant)) if variant else None
    if row is None and kind is Kind.CEASEFIRE:
        if phase is None:
            raise ValueError("a ceasefire has a phase")
        row = _PHASES[phase]
    event, sub_event, plover, mode, cameo = row or _KINDS[kind]
    return Codes(
        acled_event_type=event,
        acled_sub_event_type=sub_event,
        plover_type=plover,
        plover_mode=mode,
        cameo=cameo,
    )
