"""Computing a decision again from the record alone, and saying what it rests on.

The levels come from the sealed reviews, the rubric from the pinned edition, what was known of the
family and the reviewers from the decision itself.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.digest import digest_of
from credentials.catalog import queries as catalog
from portfolio.submission.models import Submission
from review.assignment.models import ReviewRound
from review.assignment.states import RoundKind
from review.decision import queries
from review.decision.certainty import BASIS, Weighed, answered, weigh
from review.decision.models import Decision, FamilyFit
from review.decision.record import fingerprint, result_of


@dataclass(frozen=True)
class Recomputed:
    """The fingerprint of a decision as stored and as computed again, the versions of rule and
    model it was made by, and every difference in words."""

    stored: str
    computed: str
    versions: tuple[str, ...]
    differences: tuple[str, ...]

    @property
    def is_equal(self) -> bool:
        """Whether it computes to what is stored, to the last byte."""
        return not self.differences


def recompute(session: Session, decision_id: str) -> Recomputed:
    """Compute a decision again: outcome, how sure the model was, and the reasons.

    Raises NotFound for no decision, and Invalid for a version of the rule or the model that this
    installation does not know.
    """
    decision = queries.decision(session, decision_id)
    weighed = _again(session, decision)
    stored = fingerprint(decision.inputs, decision.result, decision.rule_version)
    computed = fingerprint(weighed.inputs, result_of(weighed.ruling), decision.rule_version)
    versions = [decision.rule_version]
    said = decision.inputs.get("confidence")
    if said is not None:
        versions += [said["model"], f"fit {said['fit'][:12] or 'of no family'}"]
    differences = list(_differences(session, decision, weighed))
    if stored != computed:
        differences.insert(0, "The outcome, or what it rests on, computes to something else.")
    return Recomputed(stored, computed, tuple(versions), tuple(differences))


def _again(session: Session, decision: Decision) -> Weighed:
    submission = session.get_one(Submission, decision.submission_id)
    edition = catalog.edition(session, submission.edition_id)
    definition = catalog.definition_of(edition)
    listed = set(queries.digests_of(decision))
    rounds = select(ReviewRound.id).where(ReviewRound.submission_id == submission.id)
    found = queries.sealed_reviews(session, list(session.scalars(rounds)))
    reviews = [one for one in found if one.digest in listed]
    said = decision.inputs.get("confidence")
    if said is not None:
        basis = {name: said[name] for name in BASIS}
        said = answered(basis, definition, {one.digest: one.levels for one in reviews})
    kind = session.get_one(ReviewRound, decision.round_id).kind
    return weigh(
        definition,
        edition.digest,
        reviews,
        said,
        is_adjudicated=kind == RoundKind.ADJUDICATION.value,
        rule_version=decision.rule_version,
    )


def _differences(session: Session, decision: Decision, weighed: Weighed) -> Iterator[str]:
    if digest_of(decision.inputs) != decision.inputs_digest:
        yield "What it rests on is not what its digest was taken of."
    if [asdict(one) for one in weighed.advice.reasons] != decision.reasons:
        yield "The reasons for releasing it compute to something else."
    said = decision.inputs.get("confidence")
    kept = None if said is None else _kept(session, said["fit"])
    if kept is not None and said is not None and kept.hyper != said["hyper"]:
        yield "What was known of the family is not what the fit of this digest holds."


def _kept(session: Session, digest: str) -> FamilyFit | None:
    return session.scalars(select(FamilyFit).where(FamilyFit.digest == digest).limit(1)).first()
