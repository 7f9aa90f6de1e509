"""Who had a part in a matter, and which committee members had none (INV-05, 08, 10, 11)."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from accounts.states import Role
from portfolio.submission.models import Submission
from review.assignment.models import Assignment
from review.assignment.states import AssignmentState
from review.intake.models import IntakeCheck
from review.pool.models import MatterPart
from review.pool.queries import people_with
from review.pool.states import Part

# Somebody who only was asked, and never said yes, has not looked at the work.
NEVER_LOOKED = (
    AssignmentState.INVITED.value,
    AssignmentState.LAPSED.value,
    AssignmentState.WITHDRAWN.value,
)


@dataclass(frozen=True)
class Involvement:
    """Who had a part in one submission, and who in another attempt of the same portfolio."""

    here: frozenset[str]
    elsewhere: frozenset[str]

    @property
    def anybody(self) -> frozenset[str]:
        """Everybody who had a part in any attempt."""
        return self.here | self.elsewhere


def involvement(session: Session, submission_ids: Sequence[str]) -> dict[str, Involvement]:
    """Return who had any of these parts in each submission, or in another attempt (INV-08).

    They reviewed, checked, moderated or determined it. For any number of submissions in the same
    few queries.
    """
    portfolios = select(Submission.portfolio_id).where(Submission.id.in_(submission_ids))
    attempts = session.execute(
        select(Submission.id, Submission.portfolio_id).where(
            Submission.portfolio_id.in_(portfolios)
        )
    ).all()
    portfolio_of = {row.id: row.portfolio_id for row in attempts}
    parts = [
        *session.execute(
            select(Assignment.submission_id, Assignment.reviewer_id).where(
                Assignment.submission_id.in_(portfolio_of),
                or_(Assignment.state.not_in(NEVER_LOOKED), Assignment.accepted_at.is_not(None)),
            )
        ),
        *session.execute(
            select(IntakeCheck.submission_id, IntakeCheck.checked_by).where(
                IntakeCheck.submission_id.in_(portfolio_of)
            )
        ),
    ]
    determined: dict[str, set[str]] = defaultdict(set)
    for portfolio_id, person in session.execute(
        select(MatterPart.portfolio_id, MatterPart.person_id).where(
            MatterPart.portfolio_id.in_(portfolio_of.values()),
            MatterPart.part.in_((Part.COMMITTEE.value, Part.MODERATOR.value)),
        )
    ):
        determined[portfolio_id].add(person)
    return {
        wanted: Involvement(
            here=frozenset(person for attempt, person in parts if attempt == wanted)
            | determined[portfolio_of[wanted]],
            elsewhere=frozenset(
                person
                for attempt, person in parts
                if attempt != wanted and portfolio_of[attempt] == portfolio_of[wanted]
            ),
        )
        for wanted in submission_ids
    }


def uninvolved_members(session: Session, submission: Submission) -> list[str]:
    """Return the committee members for a submission's badge who had no part in the matter."""
    members = people_with(session, Role.COMMITTEE, submission.badge_id)
    taken = involvement(session, [submission.id])[submission.id].anybody
    return sorted(set(members) - taken - {submission.learner_id})
