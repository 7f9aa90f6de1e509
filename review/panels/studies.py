"""Reading studies of the standard: what they are of, who is on the panel, and what waits."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from accounts.models import Person, RoleGrant
from accounts.states import Role
from accounts.visitor import Grant, Visitor
from core.errors import NotFound
from core.waiting import Waiting
from credentials.catalog.definition import EditionDefinition
from credentials.catalog.models import Badge, BadgeEdition
from portfolio.submission.models import Submission
from portfolio.submission.states import OPEN, SubmissionState
from review.assignment.queries import ties_to
from review.decision import families
from review.decision.certainty import family_of
from review.decision.involvement import involvement
from review.decision.models import Decision, Release
from review.decision.states import Outcome
from review.disputes.models import ReconsiderationRequest
from review.disputes.rules import APPEAL_WINDOW
from review.disputes.states import RequestState
from review.panels.models import StandardRating, StandardStudy
from review.panels.rules import FEWEST_PORTFOLIOS, objection_to_rating
from review.panels.states import StudyState

TO_RATE = timedelta(days=14)
ENDED = (SubmissionState.RELEASED.value, SubmissionState.CLOSED.value)
OPEN_STATES = tuple(sorted(state.value for state in OPEN))


@dataclass(frozen=True)
class Seat:
    """What one panellist may rate: positions from 1, and the category given, if there is one."""

    places: dict[int, str]
    given: dict[int, int]

    @property
    def left(self) -> list[int]:
        """The positions that are still to be rated."""
        return [place for place in self.places if place not in self.given]


def studies_of(session: Session, badge_id: str) -> list[StandardStudy]:
    """Return every study of a badge, the newest first."""
    return list(
        session.scalars(
            select(StandardStudy)
            .where(StandardStudy.badge_id == badge_id)
            .order_by(StandardStudy.number.desc())
        )
    )


def study_by(
    session: Session, badge_id: str, number: int, *, is_locked: bool = False
) -> StandardStudy:
    """Return a study, its row locked until the transaction ends if asked for, or raise NotFound."""
    wanted = select(StandardStudy).where(
        StandardStudy.badge_id == badge_id, StandardStudy.number == number
    )
    if is_locked:
        wanted = wanted.with_for_update().execution_options(populate_existing=True)
    found = session.scalar(wanted)
    if found is None:
        raise NotFound()
    return found


def scores_of(
    session: Session, badge_id: str, newest: EditionDefinition, *, at: datetime
) -> dict[str, float]:
    """Return the mean level, by submission, of the works that a study may be of.

    Their outcome was released and can no longer be disputed: it was granted, or the time for
    asking is over, nobody has asked, and no later attempt is on its way. Of one portfolio, it is
    the latest attempt. The mean is that of the pass rule, over the levels that were reported.
    """
    editions = families.families(session, badge_id).get(family_of(badge_id, newest), [])
    asked = select(ReconsiderationRequest.submission_id).where(
        ReconsiderationRequest.state == RequestState.LODGED.value
    )
    under_way = select(Submission.portfolio_id).where(
        Submission.badge_id == badge_id, Submission.state.in_(OPEN_STATES)
    )
    rows = session.execute(
        select(Submission.id, Submission.portfolio_id, Decision, Release.released_at)
        .join(Decision, Decision.submission_id == Submission.id)
        .join(Release, Release.decision_id == Decision.id)
        .where(
            Submission.edition_id.in_(editions),
            Submission.state.in_(ENDED),
            Submission.id.not_in(asked),
            Submission.portfolio_id.not_in(under_way),
        )
        .order_by(Submission.attempt, Decision.number)
    )
    latest = {
        portfolio_id: (submission_id, decision, released_at)
        for submission_id, portfolio_id, decision, released_at in rows
    }
    found = {}
    for submission_id, decision, released_at in latest.values():
        is_granted = decision.outcome == Outcome.GRANTED.value
        mean = mean_level(decision, newest)
        if mean is not None and (is_granted or at > released_at + APPEAL_WINDOW):
            found[submission_id] = mean
    return found


def mean_level(decision: Decision, definition: EditionDefinition) -> float | None:
    """Return the mean of the levels that a decision reports, by the criteria's weights."""
    levels = {one["key"]: one["level"] for one in decision.result["criteria"]}
    if any(levels.get(one.key) is None for one in definition.criteria):
        return None
    weights = {one.key: Fraction(str(one.weight)) for one in definition.criteria}
    total = sum((weights[key] * levels[key] for key in weights), Fraction(0))
    return float(total / sum(weights.values(), Fraction(0)))


def members_of(session: Session, badge: Badge) -> list[Visitor]:
    """Return the committee members who could be on a badge's panel."""
    rows = session.execute(
        select(Person.id, RoleGrant.role, RoleGrant.scope)
        .join(RoleGrant, RoleGrant.person_id == Person.id)
        .where(
            RoleGrant.role.in_((Role.COMMITTEE.value, Role.PROGRAMME_MANAGER.value)),
            RoleGrant.ended_at.is_(None),
            Person.disabled_at.is_(None),
        )
        .order_by(Person.id)
    )
    held: dict[str, set[Grant]] = defaultdict(set)
    for person_id, role, scope in rows:
        held[person_id].add(Grant(Role(role), scope))
    people = [Visitor(id=one, grants=frozenset(grants)) for one, grants in held.items()]
    return [one for one in people if objection_to_rating(one, badge.slug) is None]


def open_to(
    session: Session, submission_ids: Sequence[str], person_id: str, *, at: datetime
) -> set[str]:
    """Return which submissions somebody has no part in, and no tie to whose they are."""
    rows = list(session.scalars(select(Submission).where(Submission.id.in_(submission_ids))))
    parts = involvement(session, [one.id for one in rows])
    ties = ties_to(session, rows, person_id, at=at)
    return {
        one.id
        for one in rows
        if person_id != one.learner_id
        and person_id not in parts[one.id].anybody
        and one.id not in ties
    }


def panel_for(
    session: Session, badge: Badge, submission_ids: Sequence[str], *, at: datetime
) -> list[str]:
    """Return the members who may rate enough of these portfolios."""
    return [
        one.person_id
        for one in members_of(session, badge)
        if len(open_to(session, submission_ids, one.person_id, at=at)) >= FEWEST_PORTFOLIOS
    ]


def seat_of(session: Session, study: StandardStudy, person_id: str, *, at: datetime) -> Seat:
    """Return what somebody may rate in a study, and what they have said so far."""
    free = open_to(session, study.portfolios, person_id, at=at)
    places = {place: one for place, one in enumerate(study.portfolios, start=1) if one in free}
    rows = session.execute(
        select(StandardRating.submission_id, StandardRating.category).where(
            StandardRating.study_id == study.id, StandardRating.panellist_id == person_id
        )
    )
    given = {submission_id: category for submission_id, category in rows}
    return Seat(places, {place: given[one] for place, one in places.items() if one in given})


def ratings_of(
    session: Session, study: StandardStudy, *, at: datetime
) -> dict[str, dict[str, int]]:
    """Return the ratings that count, by panellist and submission.

    Whoever took a part in a portfolio since they rated it does not count for it.
    """
    rows = session.execute(
        select(
            StandardRating.panellist_id, StandardRating.submission_id, StandardRating.category
        ).where(StandardRating.study_id == study.id)
    ).all()
    given: dict[str, dict[str, int]] = defaultdict(dict)
    for person_id, submission_id, category in rows:
        given[person_id][submission_id] = category
    found = {}
    for person_id, own in sorted(given.items()):
        free = open_to(session, list(own), person_id, at=at)
        found[person_id] = {one: category for one, category in own.items() if one in free}
    return found


def progress_of(session: Session, study_id: str) -> list[int]:
    """Return how many portfolios each panellist has rated, the most first, and no more."""
    rows = session.scalars(
        select(StandardRating.panellist_id).where(StandardRating.study_id == study_id)
    )
    return sorted(Counter(rows).values(), reverse=True)


def next_number(session: Session, badge_id: str) -> int:
    """Return the number that the next study of a badge has."""
    last = session.scalar(
        select(func.max(StandardStudy.number)).where(StandardStudy.badge_id == badge_id)
    )
    return (last or 0) + 1


def waiting_for(session: Session, visitor: Visitor, *, at: datetime) -> list[Waiting]:
    """Return the portfolios that wait for a panellist, and the studies that a manager may close."""
    if not visitor.has(Role.COMMITTEE, Role.PROGRAMME_MANAGER):
        return []
    rows = session.execute(
        select(StandardStudy, Badge.slug, BadgeEdition.title)
        .join(Badge, Badge.id == StandardStudy.badge_id)
        .join(BadgeEdition, BadgeEdition.id == StandardStudy.edition_id)
        .where(StandardStudy.state == StudyState.OPEN.value)
        .order_by(StandardStudy.opened_at)
    ).all()
    found = []
    for study, slug, title in rows:
        path, by = f"/badges/{slug}/standards/{study.number}", study.opened_at + TO_RATE
        if visitor.has(Role.PROGRAMME_MANAGER, badge=slug) and at > by:
            found.append(
                Waiting(
                    title=f"The panel’s time for {title} is over",
                    body="Close the study to see where the panel’s standard lies.",
                    path=path,
                    by=by,
                    action="See the study",
                )
            )
        elif objection_to_rating(visitor, slug) is None:
            left = seat_of(session, study, visitor.person_id, at=at).left
            if left:
                found.append(
                    Waiting(
                        title=f"Portfolios for {title} wait for your rating",
                        body=f"{len(left)} to be read blind and rated as a whole.",
                        path=f"{path}/rate",
                        by=by,
                        action="Read and rate",
                    )
                )
    return found
