"""What a seal asks for, and what nobody can do after it."""

import pytest

from core.errors import Conflict
from review.scoring import services
from review.scoring.models import CriterionScore, Review
from review.scoring.rules import gaps
from review.scoring.services import Incomplete
from tests.factories import sample_definition
from tests.review.stages import answer


@pytest.mark.parametrize(
    ("faulty", "field"),
    [
        (answer(2, locator=" "), "locator"),
        (answer(2, rationale="Too thin"), "rationale"),
        (answer(1, rationale="", locator="E1"), "rationale"),
    ],
)
def test_inv_18_a_level_below_pass_without_reason_and_place_cannot_be_sealed(stage, faulty, field):
    one = stage.under_review().working()[0]
    saved = stage.draft(one, {"C1": faulty, "C2": answer(3)})

    with pytest.raises(Incomplete) as told, stage.edge.database.transaction() as session:
        services.seal(
            session, one.id, version=saved.version, by=one.reviewer_id, at=stage.edge.clock()
        )

    assert [(gap.criterion, gap.field) for gap in told.value.gaps] == [("C1", field)]
    assert stage.make.reload(saved).state == "draft"


def test_inv_18_with_reason_and_place_nothing_is_missing():
    assert gaps(sample_definition(), {"C1": answer(1), "C2": answer(2)}) == ()


def test_inv_23_a_sealed_score_can_be_changed_by_nobody(stage):
    one = stage.under_review().working()[0]
    saved = stage.draft(one, {"C1": answer(3), "C2": answer(3)})
    act = {"by": one.reviewer_id, "at": stage.edge.clock()}
    stage.seal(one, (3, 3), drain=False)
    before = said(stage, saved.id)

    with pytest.raises(Conflict, match="sealed"), stage.edge.database.transaction() as session:
        services.save_draft(
            session,
            one.id,
            version=stage.make.reload(saved).version,
            answers={"C1": answer(1)},
            feedback="Other words.",
            private_note="",
            seconds=1,
            **act,
        )
    with pytest.raises(Conflict, match="sealed"), stage.edge.database.transaction() as session:
        services.seal(session, one.id, version=stage.make.reload(saved).version, **act)

    assert said(stage, saved.id) == before


def said(stage, review_id):
    """Return everything that a review says."""
    (review,) = stage.make.rows(Review, id=review_id)
    scores = stage.make.rows(CriterionScore, review_id=review_id)
    return (review.state, review.digest, review.feedback, review.version), sorted(
        (one.criterion_key, one.level, one.cannot_score, one.rationale, one.locator)
        for one in scores
    )
