"""Holding back for corroboration: an alert, its rules and what is held already in, a pending record out. Pure.

A first alert of an unconfirmed incident may wait for a second independent origin. Whatever the incident's next
versions say meanwhile takes its place, still as the first alert; corroborated it goes at once, and when the time is
over it goes as it is. A version that is no alert any more (retracted, or not what was asked for) takes it away.
"""

from datetime import timedelta

from schemas.alert import Alert, Pending
from schemas.incident import Status
from schemas.subscription import Rules
from services.alerting.decide import Reason

MOOT = frozenset({Reason.WITHDRAWN, Reason.FILTERED, Reason.NOT_ALERT_WORTHY, Reason.DISABLED})
"""Why a held alert is not sent any more, when the next version is silent for it."""


def pending_for(alert: Alert, rules: Rules, held: Pending | None = None) -> Pending:
    """Due at times of the records alone, so that a repeat has the same bytes. `held` is what it takes the place of."""
    told = alert.model_copy(update={"replaces": held.alert_id}) if held else alert
    due = held.due_at if held else alert.decided_at + timedelta(seconds=rules.hold_seconds)
    waits = (
        rules.hold_seconds > 0
        and alert.previous_version is None
        and alert.incident.status is Status.UNCONFIRMED
    )
    if not waits:
        return Pending(alert_id=told.id, alert=told, due_at=alert.decided_at)
    return Pending(alert_id=told.id, alert=told, due_at=due, held=True)
