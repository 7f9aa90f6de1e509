"""More of everything that some page lists, so that what a page costs can be compared."""

from datetime import timedelta
from typing import Any

from accounts.models import EmailAddress, Notice, Person
from portfolio.composing.models import Attestation, Claim, Revision
from portfolio.composing.states import AttestationState
from portfolio.evidence.models import EvidenceItem
from portfolio.submission.models import Submission
from portfolio.submission.states import SubmissionState
from review.assignment.models import Assignment, ReviewRound, RoutingRun
from review.assignment.states import AssignmentState, RoundKind, RunKind
from review.intake import services as intake
from review.intake.checks import Finding, Verdict
from review.pool import services as pool
from review.pool import ties
from review.pool.states import ConflictKind, QualificationSource
from tests.app.access_moderation import grow_checks
from tests.app.access_recognition import credit
from tests.credentials.awards import awarded
from tests.factories import OPERATOR, Factory, sample_definition

LEVELS = {"C1": 3, "C2": 4}
# What a further hand-in of somebody comes to, by turns.
STATES = (
    SubmissionState.INTAKE,
    SubmissionState.AWAITING_REVIEWERS,
    SubmissionState.IN_COMMITTEE,
    SubmissionState.UNDER_REVIEW,
)


def grow(world: Any, make: Factory, more: int) -> None:
    """Add so many rows to every list."""
    edge, people = world.edge, world.people
    for number in range(more):
        edition = make.edition(sample_definition(slug=f"more-{number}", title=f"More {number}"))
        kim = make.reload(_person(make, people["owner"]))
        awarded(make, make.submission(kim, edition), LEVELS)
        made = make.submission(make.person(f"Learner {number}"), edition)
        reviewer = make.reviewer(edition, f"Pool {number}")
        with edge.database.transaction() as session:
            _qualify(session, make, [people["reviewer"]], edition.badge_id)
        _stand(world, make, made, STATES[number % len(STATES)], reviewer)
    _pools(world, make, more)
    _drafts(world, more)
    _notes(world, make, more)
    grow_checks(world, make, more)
    with edge.database.transaction() as session:
        credit(session, people["reviewer"], at=edge.clock(), count=more)


def _person(make: Factory, person_id: str) -> Any:
    (found,) = make.rows(Person, id=person_id)
    return found


def _qualify(session: Any, make: Factory, person_ids: list[str], badge_id: str) -> None:
    for one in person_ids:
        pool.qualify(
            session,
            one,
            badge_id,
            source=QualificationSource.GRANTED,
            reason="Has hosted many sessions.",
            valid_until=None,
            by=OPERATOR,
            at=make.edge.clock(),
        )


def _stand(world: Any, make: Factory, made: Submission, state: SubmissionState, by: Any) -> None:
    """Have a hand-in stand where it is listed, with somebody asked and the reviewer at work."""
    at = make.edge.clock()
    if state is SubmissionState.INTAKE:
        make.moved(made, state)
        found = Finding("identity", Verdict.LOOK, "E1, work sample 1", "A name.")
        with make.edge.database.transaction() as session:
            intake.conclude(session, made.id, findings=[found], at=at)
        return
    with make.edge.database.transaction() as session:
        session.get_one(Submission, made.id).state = state.value
        opened = ReviewRound(
            submission_id=made.id, number=1, kind=RoundKind.INITIAL.value, seats=3, opened_at=at
        )
        session.add(opened)
        session.flush()
        for seat, (person_id, standing) in enumerate(
            (
                (by.id, AssignmentState.INVITED),
                (world.people["reviewer"], AssignmentState.ACCEPTED),
            ),
            start=1,
        ):
            is_accepted = standing is AssignmentState.ACCEPTED
            session.add(
                Assignment(
                    round_id=opened.id,
                    submission_id=made.id,
                    reviewer_id=person_id,
                    seat=seat,
                    state=standing.value,
                    invited_at=at,
                    answer_by=at + timedelta(days=3),
                    accepted_at=at if is_accepted else None,
                    due_at=at + timedelta(days=7) if is_accepted else None,
                )
            )


def _pools(world: Any, make: Factory, more: int) -> None:
    (under_review,) = make.rows(Submission, id=world.ids["under_review"])
    with make.edge.database.transaction() as session:
        ids = [one.id for one in session.query(Person).filter(Person.name.like("Pool %"))]
        _qualify(session, make, ids[:more], under_review.badge_id)
        for _ in range(more):
            session.add(
                RoutingRun(
                    badge_id=under_review.badge_id,
                    kind=RunKind.SWEEP.value,
                    made_at=make.edge.clock(),
                    made_by="system:router",
                )
            )


def _drafts(world: Any, more: int) -> None:
    at = world.edge.clock()
    place = {"portfolio_id": world.ids["portfolio_id"]}
    with world.edge.database.transaction() as session:
        for number, item in enumerate(session.query(EvidenceItem).filter_by(**place).all()):
            if not session.query(Claim).filter_by(item_id=item.id).count():
                session.add(
                    Claim(
                        item_id=item.id,
                        criterion_key="C1",
                        locator="page 1",
                        created_at=at,
                        **place,
                    )
                )
            session.add(Revision(part="context", text=f"As it was {number}.", saved_at=at, **place))
            session.add(
                Attestation(
                    name=f"Client {number}",
                    address=f"client{number}@clients.example",
                    relation="Client",
                    token_hash=f"{number:064}",
                    state=AttestationState.REQUESTED.value,
                    confirmed={},
                    requested_at=at,
                    expires_at=at + timedelta(days=30),
                    **place,
                )
            )


def _notes(world: Any, make: Factory, more: int) -> None:
    at = make.edge.clock()
    with make.edge.database.transaction() as session:
        for number in range(more):
            for who in ("owner", "reviewer"):
                session.add(
                    Notice(
                        person_id=world.people[who],
                        kind="note",
                        title=f"Note {number}",
                        created_at=at,
                    )
                )
            address = f"kim{number}@people.example"
            session.add(
                EmailAddress(
                    person_id=world.people["owner"],
                    address=address,
                    identity_key=address,
                    is_primary=False,
                    created_at=at,
                )
            )
            ties.declare_conflict(
                session,
                world.people["owner"],
                kind=ConflictKind.EMPLOYER,
                organisation=f"House {number}",
                address="",
                until=None,
                by=world.people["owner"],
                at=at,
            )
