"""Reading requests for reconsideration, and what waits for a committee member."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.states import Role
from accounts.visitor import Visitor
from core.errors import NotFound
from core.waiting import Waiting
from credentials.catalog.models import Badge, BadgeEdition
from portfolio.submission.models import Submission
from portfolio.submission.states import SubmissionState
from review.assignment.queries import ties_to
from review.decision.involvement import involvement
from review.disputes.models import ReconsiderationRequest
from review.disputes.rules import objection_to_determining
from review.disputes.states import RequestState


@dataclass(frozen=True)
class Matter:
    """One line of the committee's queue; `objection` says why this member may not determine it."""

    submission_id: str
    pseudonym: str
    badge_title: str
    since: datetime
    due_at: datetime
    request_id: str | None
    objection: str | None

    @property
    def path(self) -> str:
        """Where the matter is determined."""
        if self.request_id is not None:
            return f"/committee/{self.request_id}"
        return f"/committee/matters/{self.submission_id}"


def request(session: Session, request_id: str) -> ReconsiderationRequest:
    """Return a request, or raise NotFound."""
    found = session.get(ReconsiderationRequest, request_id)
    if found is None:
        raise NotFound()
    return found


def request_on(session: Session, decision_id: str) -> ReconsiderationRequest | None:
    """Return the live request on a decision, if there is one."""
    return session.scalar(
        select(ReconsiderationRequest).where(
            ReconsiderationRequest.decision_id == decision_id,
            ReconsiderationRequest.state != RequestState.WITHDRAWN.value,
        )
    )


def requests_on(session: Session, submission_id: str) -> list[ReconsiderationRequest]:
    """Return every request on a submission's outcomes, the newest first."""
    return list(
        session.scalars(
            select(ReconsiderationRequest)
            .where(ReconsiderationRequest.submission_id == submission_id)
            .order_by(ReconsiderationRequest.lodged_at.desc(), ReconsiderationRequest.id)
        )
    )


def open_request(session: Session, submission_id: str) -> ReconsiderationRequest | None:
    """Return the request on a submission that waits for a determination, if there is one."""
    return session.scalar(
        select(ReconsiderationRequest).where(
            ReconsiderationRequest.submission_id == submission_id,
            ReconsiderationRequest.state == RequestState.LODGED.value,
        )
    )


def objection_for(
    session: Session, visitor: Visitor, submission: Submission, *, at: datetime
) -> str | None:
    """Return why somebody may not determine a matter about a submission, or None.

    Raises NotFound where even the reason would tell too much: to a member for other badges, and
    to a reviewer of another attempt, who must not learn that there is a dispute (INV-13, 37).
    """
    slug = session.get_one(Badge, submission.badge_id).slug
    parts = involvement(session, [submission.id])[submission.id]
    if not visitor.has(Role.COMMITTEE, badge=slug) or visitor.id in parts.elsewhere:
        raise NotFound()
    return objection_to_determining(
        visitor,
        badge=slug,
        learner_id=submission.learner_id,
        took_part=visitor.id in parts.here,
        is_tied=submission.id in ties_to(session, [submission], visitor.person_id, at=at),
    )


def open_matters(session: Session, visitor: Visitor, *, at: datetime) -> list[Matter]:
    """Return what waits for a member's committee: requests, and reviews that did not settle."""
    rows = [*_lodged(session), *_unsettled(session)]
    submissions = [submission for submission, *_ in rows]
    parts = involvement(session, [one.id for one in submissions])
    ties = ties_to(session, submissions, visitor.person_id, at=at)
    found = [
        Matter(
            submission_id=submission.id,
            pseudonym=submission.pseudonym,
            badge_title=title,
            since=since,
            due_at=due_at,
            request_id=request_id,
            objection=objection_to_determining(
                visitor,
                badge=slug,
                learner_id=submission.learner_id,
                took_part=visitor.id in parts[submission.id].here,
                is_tied=submission.id in ties,
            ),
        )
        for submission, title, slug, since, due_at, request_id in rows
        if visitor.has(Role.COMMITTEE, badge=slug)
        and visitor.id not in parts[submission.id].elsewhere
    ]
    return sorted(found, key=lambda matter: (matter.objection is not None, matter.due_at))


def waiting_for(session: Session, visitor: Visitor, *, at: datetime) -> list[Waiting]:
    """Return the matters that a committee member may determine."""
    if not visitor.has(Role.COMMITTEE):
        return []
    return [
        Waiting(
            title=f"{matter.pseudonym} waits for a determination",
            body=(
                f"A learner asks to have an outcome for {matter.badge_title} looked at again."
                if matter.request_id
                else f"Reviewers of a portfolio for {matter.badge_title} came to no one answer."
            ),
            path=matter.path,
            by=matter.due_at,
            action="Read the matter",
        )
        for matter in open_matters(session, visitor, at=at)
        if matter.objection is None
    ]


Row = tuple[Submission, str, str, datetime, datetime, str | None]


def _lodged(session: Session) -> list[Row]:
    rows = session.execute(
        select(Submission, BadgeEdition.title, Badge.slug, ReconsiderationRequest)
        .join(ReconsiderationRequest, ReconsiderationRequest.submission_id == Submission.id)
        .join(BadgeEdition, BadgeEdition.id == Submission.edition_id)
        .join(Badge, Badge.id == Submission.badge_id)
        .where(ReconsiderationRequest.state == RequestState.LODGED.value)
    )
    return [
        (submission, title, slug, lodged.lodged_at, lodged.due_at, lodged.id)
        for submission, title, slug, lodged in rows
    ]


def _unsettled(session: Session) -> list[Row]:
    rows = session.execute(
        select(Submission, BadgeEdition.title, Badge.slug)
        .join(BadgeEdition, BadgeEdition.id == Submission.edition_id)
        .join(Badge, Badge.id == Submission.badge_id)
        .where(Submission.state == SubmissionState.IN_COMMITTEE.value)
    )
    return [
        (submission, title, slug, submission.state_since, submission.promised_at, None)
        for submission, title, slug in rows
    ]
