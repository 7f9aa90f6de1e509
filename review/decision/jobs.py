"""What runs behind sealed reviews and decisions, what a lost event left, the fits and audits."""

from core import jobs
from core.runtime import Runtime
from credentials.catalog import queries as catalog
from review.decision import auditing, families, fits, queries, services
from review.decision.models import FamilyFit


@jobs.handler("review_sealed")
def conclude(edge: Runtime, *, round_id: str) -> None:
    """See whether a round is complete, and what it adds up to."""
    with edge.database.transaction() as session:
        services.conclude_round(session, round_id, at=edge.clock())


@jobs.handler("decision_made")
def release(edge: Runtime, *, decision_id: str) -> None:
    """Release a decision, unless it is held back; the sweep does it then."""
    with edge.database.transaction() as session:
        services.release(session, decision_id, at=edge.clock())


@jobs.every(minutes=5, name="release_due")
def release_due(edge: Runtime) -> None:
    """Release what is due, and conclude the complete rounds that no event came for."""
    with edge.database.transaction(read_only=True) as session:
        complete = queries.complete_rounds(session)
        due = queries.due_for_release(session, at=edge.clock())
    for round_id in complete:
        conclude(edge, round_id=round_id)
    for decision_id in due:
        release(edge, decision_id=decision_id)


@jobs.handler("audit_sealed")
def keep_verdict(edge: Runtime, *, assignment_id: str) -> None:
    """Keep what a blind reading comes to."""
    with edge.database.transaction() as session:
        auditing.conclude(session, assignment_id, at=edge.clock())


@jobs.every(minutes=60, name="audit_decisions")
def audit_decisions(edge: Runtime) -> None:
    """Draw from what was released, and look after what was drawn, each in its own transaction."""
    with edge.database.transaction() as session:
        auditing.draw_due(session, at=edge.clock())
    with edge.database.transaction(read_only=True) as session:
        waiting = auditing.open_audits(session)
    for decision_id in waiting:
        with edge.database.transaction() as session:
            auditing.look_after(session, decision_id, at=edge.clock())


@jobs.every(minutes=24 * 60, name="fit_families")
def fit_families(edge: Runtime) -> None:
    """Have every badge family learned from, each by a job of its own."""
    with edge.database.transaction() as session:
        for badge in catalog.badges(session):
            for family in families.families(session, badge.id):
                jobs.enqueue(session, "fit_family", badge_id=badge.id, family=family)


@jobs.handler("fit_family", is_heavy=True)
def fit_family(edge: Runtime, *, badge_id: str, family: str) -> None:
    """Learn from all reviews of a family, where something changed since it was last done."""
    learn(edge, badge_id, family, by=fits.FITTER)


def learn(edge: Runtime, badge_id: str, family: str, *, by: str) -> FamilyFit | None:
    """Fit and keep; None where nothing changed. No lock is held while the model is fitted."""
    with edge.database.transaction(read_only=True) as session:
        learned = fits.learn(session, badge_id, family)
    if learned is None:
        return None
    with edge.database.transaction() as session:
        return fits.keep(session, learned, by=by, at=edge.clock())
