"""Awards for tests: a decision that stands, the award it gives, and the badge it becomes."""

from typing import Any

from accounts.models import Person
from core.jobs import MemoryQueue
from core.runtime import Runtime
from credentials.catalog.definition import EditionDefinition
from credentials.issuing import queries, services
from credentials.issuing.models import Award, Credential
from credentials.issuing.services import ShownEvidence
from credentials.issuing.states import Visibility
from review.assignment.models import ReviewRound
from review.assignment.states import RoundKind
from review.decision.models import Decision
from review.decision.states import Basis, Outcome
from tests.factories import Factory

METHOD = "Assessed by two qualified, independent peers who worked blind."


def offered(
    make: Factory,
    learner: Person | None = None,
    *,
    definition: EditionDefinition | None = None,
    levels: dict[str, int] | None = None,
) -> Award:
    """Return the award of a submission that was granted."""
    edition = make.edition(definition)
    handed_in = make.submission(learner or make.person("Rowan Ash"), edition)
    return awarded(make, handed_in, levels or {"C1": 3, "C2": 4})


def awarded(make: Factory, handed_in: Any, levels: dict[str, int]) -> Award:
    """Return the award that a granted decision on a submission gives."""
    at = make.edge.clock()
    with make._session() as session:
        opened = ReviewRound(
            submission_id=handed_in.id,
            number=1,
            kind=RoundKind.INITIAL.value,
            seats=2,
            opened_at=at,
            closed_at=at,
        )
        session.add(opened)
        session.flush()
        decision = Decision(
            submission_id=handed_in.id,
            round_id=opened.id,
            number=1,
            basis=Basis.AGGREGATION.value,
            outcome=Outcome.GRANTED.value,
            rule_version="rule/1",
            inputs={"reviews": []},
            inputs_digest="0" * 64,
            result={"criteria": []},
            decided_by="system:test",
            decided_at=at,
            release_at=at,
        )
        session.add(decision)
        session.flush()
        return services.award(
            session,
            learner_id=handed_in.learner_id,
            edition_id=handed_in.edition_id,
            levels=levels,
            has_distinction=False,
            method=METHOD,
            decision_ref=decision.id,
            at=at,
        )


def accept(edge: Runtime, award: Award, **choices: Any) -> None:
    """Accept an award for its holder; unlisted, nameless and without work unless told."""
    with edge.database.transaction() as session:
        services.accept(
            session,
            award.id,
            visibility=choices.get("visibility", Visibility.UNLISTED),
            shows_name=choices.get("shows_name", False),
            evidence=choices.get("evidence", []),
            consent_text="I accept.",
            by=award.learner_id,
            at=edge.clock(),
        )


def drain(edge: Runtime) -> None:
    """Do every waiting job that is about badges or mail or anything else."""
    assert isinstance(edge.jobs, MemoryQueue)
    edge.jobs.drain(edge)


def sign(edge: Runtime, award: Award, **choices: Any) -> Credential:
    """Accept an award and have it signed."""
    accept(edge, award, **choices)
    drain(edge)
    with edge.database.transaction(read_only=True) as session:
        found = queries.credential_of(session, award.id)
        assert found is not None
        session.expunge(found)
    return found


def sample(title: str, sha256: str, ref: str = "1") -> ShownEvidence:
    """Return a work sample to show."""
    return ShownEvidence(ref=ref, title=title, sha256=sha256, media_type="application/pdf")
