"""`tocsin incident`: what is shown of an incident's versions."""

from schemas.incident import Change, ChangeType, FieldChange, Link, LinkType
from services.cli.incident import Found, told
from tests.factories import event, incident


def test_an_incident_is_told_with_its_versions_links_and_sources() -> None:
    first = incident()
    change = Change(
        type=ChangeType.CASUALTIES_RAISED,
        reason="a reason",
        fields=(FieldChange(field="killed", old="5", new="9"),),
    )
    link = Link(type=LinkType.DENIED_BY, incident_id="inc_denial")
    second = first.model_copy(
        update={"version": 2, "change": change, "links": (link,), "merged_into": "inc_b"}
    )
    lines = told(Found({2: second, 1: first}, 7))
    assert lines[0] == f"{first.id} version 2"
    for line in (
        "  kind: air_strike",
        "  place: Idlib, Idlib, SY",
        "  killed: 5 to more",
        "  merged into: inc_b",
        "  link: denied_by inc_denial",
        "  version 1: created: first report",
        "  version 2: casualties_raised: a reason; killed 5 -> 9",
        f"  told by Outlet 1 ({event().origin}): Report 1",
    ):
        assert line in lines
