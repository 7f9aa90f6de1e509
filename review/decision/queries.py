"""Reading decisions, and the sealed reviews that a submission's decision rests on."""

from collections import defaultdict
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from accounts.models import Notice
from accounts.visitor import Visitor
from core.errors import NotFound
from core.waiting import Waiting
from credentials.catalog import queries as catalog
from credentials.catalog.definition import EditionDefinition
from credentials.catalog.models import BadgeEdition
from credentials.issuing.models import Award
from credentials.issuing.states import AwardState
from portfolio.submission.models import Submission
from review.assignment.models import Assignment, ReviewRound
from review.assignment.states import APART, AssignmentState, RoundKind
from review.decision.certainty import weigh
from review.decision.feedback import LearnerOutcome, Reason, learner_outcome
from review.decision.models import Decision, Release
from review.decision.policy import NextStep
from review.decision.record import SealedReview
from review.decision.states import Basis
from review.decision.wording import PANEL_DECIDED, readers_sentence
from review.moderation.queries import holds_up
from review.scoring.models import CriterionScore, Review
from review.scoring.states import ReviewState
from review.scoring.voices import voices

OUTCOME_NOTICE = "outcome_released"
COUNTED = (AssignmentState.SEALED.value, AssignmentState.CLOSED.value)


def sealed_reviews(session: Session, round_ids: list[str]) -> list[SealedReview]:
    """Return the sealed, counted reviews of some rounds; voided and recused never count."""
    rows = session.execute(
        select(Review, CriterionScore.criterion_key, CriterionScore.level)
        .join(Assignment, Assignment.id == Review.assignment_id)
        .join(CriterionScore, CriterionScore.review_id == Review.id)
        .where(
            Assignment.round_id.in_(round_ids),
            Assignment.is_counted,
            Assignment.state.in_(COUNTED),
            Review.state == ReviewState.SEALED.value,
        )
    ).all()
    levels: dict[str, dict[str, int | None]] = defaultdict(dict)
    reviews: dict[str, Review] = {}
    for review, key, level in rows:
        reviews[review.id] = review
        levels[review.id][key] = level
    return [
        SealedReview(one.id, one.assignment_id, one.digest or "", levels[one.id])
        for one in reviews.values()
    ]


def rounds_that_count(session: Session, submission_id: str) -> list[ReviewRound]:
    """Return the rounds of the newest question: the last initial or fresh one, and what followed.

    A fresh review starts over; what was said before it no longer counts. Readings for calibration
    or audit never do (INV-22).
    """
    rounds = session.scalars(
        select(ReviewRound)
        .where(ReviewRound.submission_id == submission_id, ReviewRound.kind.not_in(APART))
        .order_by(ReviewRound.number)
    ).all()
    starts = [
        index
        for index, one in enumerate(rounds)
        if one.kind in (RoundKind.INITIAL.value, RoundKind.FRESH.value)
    ]
    return list(rounds[starts[-1] :]) if starts else []


def decision(session: Session, decision_id: str) -> Decision:
    """Return a decision, or raise NotFound."""
    found = session.get(Decision, decision_id)
    if found is None:
        raise NotFound()
    return found


def standing_decision(session: Session, submission_id: str) -> Decision | None:
    """Return the decision that stands: the newest one, released or not."""
    return session.scalar(
        select(Decision)
        .where(Decision.submission_id == submission_id)
        .order_by(Decision.number.desc())
        .limit(1)
    )


def released_decision(session: Session, submission_id: str) -> tuple[Decision, Release] | None:
    """Return the newest released decision of a submission with its release, if there is one."""
    row = session.execute(
        select(Decision, Release)
        .join(Release, Release.decision_id == Decision.id)
        .where(Decision.submission_id == submission_id)
        .order_by(Decision.number.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else (row[0], row[1])


def learner_outcome_of(session: Session, submission: Submission, found: Decision) -> LearnerOutcome:
    """Return a decision as its learner reads it, in the reviewers' words without their names."""
    spoken = voices(session, digests_of(found), order=found.id)
    reasons: dict[str, list[Reason]] = defaultdict(list)
    for voice in spoken:
        for key, answer in voice.answers.items():
            reasons[key].append(
                Reason(answer.rationale, answer.locator, answer.cannot_score is not None)
            )
    definition = catalog.definition_of(catalog.edition(session, submission.edition_id))
    return learner_outcome(
        definition,
        found.outcome,
        found.result,
        _readers(session, definition, found),
        reasons,
        [voice.feedback for voice in spoken],
    )


def _readers(session: Session, definition: EditionDefinition, found: Decision) -> str:
    """Return who read the work, and why more people did than in the first round."""
    if found.basis == Basis.DETERMINATION.value:
        return PANEL_DECIDED
    listed = digests_of(found)
    first_round = (
        select(Assignment.round_id)
        .join(Review, Review.assignment_id == Assignment.id)
        .join(ReviewRound, ReviewRound.id == Assignment.round_id)
        .where(ReviewRound.submission_id == found.submission_id, Review.digest.in_(listed))
        .order_by(ReviewRound.number)
        .limit(1)
    )
    first = sealed_reviews(session, list(session.scalars(first_round)))
    alone = weigh(definition, "", first, None, is_adjudicated=False).advice
    is_settled = alone.step is NextStep.RELEASE
    reasons = () if is_settled else tuple(one.code for one in alone.reasons)
    return readers_sentence(len(listed), len(first), reasons)


def award_on(session: Session, decision_id: str) -> Award | None:
    """Return the award that a decision led to, if it did."""
    return session.scalar(select(Award).where(Award.decision_ref == decision_id))


def digests_of(found: Decision) -> list[str]:
    """Return the digests of the reviews that a decision rests on."""
    return [one["digest"] for one in found.inputs["reviews"]]


def released_decisions(session: Session, submission_id: str) -> list[tuple[Decision, Release]]:
    """Return every decision of a submission that its learner was told, the newest first."""
    rows = session.execute(
        select(Decision, Release)
        .join(Release, Release.decision_id == Decision.id)
        .where(Decision.submission_id == submission_id)
        .order_by(Decision.number.desc())
    )
    return [(row[0], row[1]) for row in rows]


def released_with(session: Session, review: Review) -> tuple[Decision, Release] | None:
    """Return the released decision that a sealed review is part of, if there is one."""
    assignment = session.get_one(Assignment, review.assignment_id)
    for found, release in released_decisions(session, assignment.submission_id):
        if review.digest in digests_of(found):
            return found, release
    return None


def due_for_release(session: Session, *, at: datetime) -> list[str]:
    """Return the ids of decisions whose hold-back is over and that nobody was told yet."""
    later = aliased(Decision)
    return list(
        session.scalars(
            select(Decision.id)
            .outerjoin(Release, Release.decision_id == Decision.id)
            .outerjoin(later, later.supersedes_id == Decision.id)
            .where(Release.decision_id.is_(None), Decision.release_at <= at, later.id.is_(None))
        )
    )


def assignments_behind(session: Session, found: Decision) -> list[Assignment]:
    """Return the assignments whose sealed reviews a decision rests on."""
    return list(
        session.scalars(
            select(Assignment)
            .join(Review, Review.assignment_id == Assignment.id)
            .where(
                Assignment.submission_id == found.submission_id,
                Review.digest.in_(digests_of(found)),
            )
            .order_by(Assignment.id)
        )
    )


def complete_rounds(session: Session) -> list[str]:
    """Return the open rounds in which every seat is sealed, as a lost event would leave them.

    Those that wait for a moderator are left out: nothing is lost there.
    """
    sealed = (
        select(Assignment.round_id, func.count().label("sealed"))
        .where(Assignment.state == AssignmentState.SEALED.value)
        .group_by(Assignment.round_id)
        .subquery()
    )
    return list(
        session.scalars(
            select(ReviewRound.id)
            .join(sealed, sealed.c.round_id == ReviewRound.id)
            .where(
                ReviewRound.closed_at.is_(None),
                sealed.c.sealed >= ReviewRound.seats,
                ~holds_up(ReviewRound.id),
            )
            .order_by(ReviewRound.opened_at)
        )
    )


def waiting_for(session: Session, visitor: Visitor, *, at: datetime) -> list[Waiting]:
    """Return the outcomes that a learner was told of and has not looked at yet.

    One that has led on, to an answered offer or to another attempt, waits no more.
    """
    paths = session.scalars(
        select(Notice.path)
        .where(
            Notice.person_id == visitor.person_id,
            Notice.kind == OUTCOME_NOTICE,
            Notice.read_at.is_(None),
            Notice.created_at <= at,
        )
        .order_by(Notice.created_at.desc())
        .limit(10)
    ).all()
    told = {path.split("/")[2]: path for path in paths}
    later = aliased(Submission)
    rows = session.execute(
        select(Submission.id, BadgeEdition.title)
        .join(BadgeEdition, BadgeEdition.id == Submission.edition_id)
        .outerjoin(later, later.supersedes_id == Submission.id)
        .where(
            Submission.id.in_(told),
            later.id.is_(None),
            ~select(Award.id)
            .join(Decision, Decision.id == Award.decision_ref)
            .where(
                Decision.submission_id == Submission.id,
                Award.state != AwardState.OFFERED.value,
            )
            .exists(),
        )
    )
    titles = {row.id: row.title for row in rows}
    return [
        Waiting(
            title=f"The outcome for {titles[submission_id]} is ready",
            body="Your reviewers have finished. Read their answer, criterion by criterion.",
            path=path,
            action="Read the outcome",
        )
        for submission_id, path in told.items()
        if submission_id in titles
    ]
