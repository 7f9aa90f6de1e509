"""The last two reviewers seal at the same moment: decided once, with both scores (RC2).

ASSAY_RACES=full seals 250 rounds on PostgreSQL, with the model having its say, and not a sample.
"""

import os
from functools import partial

import pytest

from core.models import AuditEvent
from review.assignment.models import ReviewRound
from review.decision.jobs import conclude
from review.decision.models import Decision
from review.decision.recomputing import recompute
from review.scoring.services import save_draft, seal
from tests.review.decision.known import knows
from tests.review.stages import answer
from tests.together import names, together

ROUNDS = 20
SEALED_ROUNDS = 250 if os.environ.get("ASSAY_RACES") == "full" else 20


def seal_and_conclude(stage, assignment, version):
    """Seal and run the event at once, as another host's worker would."""
    edge = stage.edge
    with edge.database.transaction() as session:
        seal(
            session,
            assignment.id,
            version=version,
            names_may_stay=True,
            by=assignment.reviewer_id,
            at=edge.clock(),
        )
    conclude(edge, round_id=assignment.round_id)


def test_rc2_two_last_seals_at_once_are_decided_once_with_both_scores(any_database, stage):
    edition = stage.make.edition()
    for number in range(ROUNDS):
        stage.under_review(reviewers=2, edition=edition)
        calls = []
        for level, one in zip((3, 4), stage.working()[:2], strict=True):
            saved = stage.draft(one, {"C1": answer(level), "C2": answer(3)})
            calls.append(partial(seal_and_conclude, stage, one, saved.version))

        results = together(*calls)
        stage.clear()

        (decision,) = stage.make.rows(Decision, submission_id=stage.submission.id)
        given = sorted(one["levels"]["C1"] for one in decision.inputs["reviews"])
        assert results == [None, None]
        assert (number, decision.outcome, given) == (number, "granted", [3, 4])


@pytest.mark.postgres
@pytest.mark.parametrize("database", ["postgres"], indirect=True)
def test_inv_27_two_seals_at_once_lead_to_one_thing_only_while_the_model_has_its_say(stage):
    """Sure outcomes are decided once; the others ask one more reviewer once."""
    edition = stage.make.edition()
    stage.set(edition=edition)
    knows(stage, reviewers={})
    asked = 0
    for number in range(SEALED_ROUNDS):
        is_sure = number % 2 == 0
        stage.under_review(edition=edition)
        calls = []
        for one in stage.working()[:2]:
            level = 4 if is_sure else 3
            saved = stage.draft(one, {"C1": answer(level), "C2": answer(level)})
            calls.append(partial(seal_and_conclude, stage, one, saved.version))

        results = together(*calls)
        stage.clear()

        rounds = stage.make.rows(ReviewRound, submission_id=stage.submission.id)
        decisions = stage.decisions()
        asked += not is_sure
        assert results == [None, None]
        assert (number, len(decisions), len(rounds)) == (number, is_sure, 1 if is_sure else 2)
        for one in decisions:
            with stage.edge.database.transaction(read_only=True) as session:
                assert recompute(session, one.id).is_equal
            assert "confidence" in one.inputs
    assert len(stage.make.rows(AuditEvent, verb="one_more_reviewer_asked")) == asked
    assert len(stage.make.rows(AuditEvent, verb="decision_made")) == SEALED_ROUNDS - asked


def test_two_tabs_that_save_at_once_leave_one_of_them_told(any_database, stage):
    one = stage.under_review().working()[0]
    version = stage.draft(one, {"C1": answer(3)}).version

    def save(words):
        with stage.edge.database.transaction() as session:
            save_draft(
                session,
                one.id,
                version=version,
                answers={"C1": answer(4)},
                feedback=words,
                private_note="",
                seconds=1,
                by=one.reviewer_id,
                at=stage.edge.clock(),
            )
        return "saved"

    results = together(lambda: save("from the first tab"), lambda: save("from the second tab"))

    assert names(results) == ["Conflict", "saved"]
