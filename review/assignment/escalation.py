"""Telling a programme's managers, once per round, that no reviewer was found in time."""

from datetime import datetime

from sqlalchemy.orm import Session

from accounts.notices import notify
from accounts.states import Role
from core import audit
from review.assignment import choices
from review.assignment.offers import ROUTER
from review.assignment.openings import Opening, Openings
from review.assignment.relaxation import Tier
from review.pool.queries import people_with


def tell_managers(session: Session, found: Openings, *, at: datetime) -> int:
    """Tell managers of each round that has waited too long and was not told of; return how many."""
    late = [
        one
        for one in found.openings
        if one.seeker.tier is Tier.STAFF
        and one.current.escalated_at is None
        and not one.is_complete
    ]
    if not late:
        return 0
    managers = people_with(session, Role.PROGRAMME_MANAGER, found.badge_id)
    for opening in late:
        _tell(session, opening, managers, at=at)
    return len(late)


def _tell(session: Session, opening: Opening, managers: list[str], *, at: datetime) -> None:
    opening.current.escalated_at = at
    audit.record(
        session,
        "round_escalated",
        subject_kind="round",
        subject_id=opening.current.id,
        by=ROUTER,
        at=at,
        detail={"submission": opening.submission.id, "eligible": len(opening.seeker.fits)},
    )
    for manager in managers:
        if not choices.may_steer(session, opening.submission.id, manager):
            continue
        notify(
            session,
            manager,
            kind="reviewers_missing",
            title=f"No reviewer was found in time for {opening.definition.title}",
            body="A portfolio has waited longer than usual, and the router goes on looking. You"
            " can help: qualify somebody else for this badge, or ask somebody yourself.",
            path=f"/flow/{opening.submission.id}",
            at=at,
        )
