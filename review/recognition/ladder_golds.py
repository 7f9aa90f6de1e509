"""Gold items for those who stand on that rung: two, each by chance, like any other invitation."""

from datetime import datetime

from sqlalchemy.orm import Session

from review.assignment import offers
from review.assignment.matters import candidates
from review.assignment.models import Assignment
from review.calibration import golds
from review.recognition import standings

ITEMS = 2


def give_due(session: Session, *, at: datetime) -> list[Assignment]:
    """Invite to known work whom this look's chance falls on, within their own limits.

    One at a time and two in all, answered or not: what somebody declines is not asked again.
    """
    made = []
    for step in standings.on_gold(session):
        if not golds.is_drawn(step.person_id, step.badge_id, at=at):
            continue
        given, has_pending = standings.golds_since(session, step)
        if given >= ITEMS or has_pending:
            continue
        offers.lock_people(session, [step.person_id])
        for candidate in candidates(session, [step.person_id]):
            reader = golds.Newcomer(candidate, reviews=0, golds=given, has_pending=False)
            found = golds.give(session, step.badge_id, reader, at=at)
            made += [] if found is None else [found]
    return made
