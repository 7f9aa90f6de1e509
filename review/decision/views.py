"""The outcome: the learner's page after release, and what a reviewer learns from the others."""

from typing import Any

from flask import Blueprint, render_template

from accounts.permissions import Permission
from accounts.web import me, permits
from core.errors import NotFound
from core.web import db
from credentials.catalog import queries as catalog
from portfolio.submission import queries as submissions
from portfolio.submission.models import Submission
from portfolio.submission.states import OPEN, SubmissionState
from review.decision import queries
from review.scoring import queries as scoring
from review.scoring.forms import CANNOT_SCORE_WORDS
from review.scoring.voices import voices

blueprint = Blueprint("decision", __name__, template_folder="templates")


@blueprint.get("/submissions/<submission_id>/outcome")
@permits(Permission.FOLLOW_OWN_SUBMISSION)
def outcome(submission_id: str) -> Any:
    """Show a learner the released outcome; before the release there is nothing here."""
    submission = submissions.submission_of(db(), submission_id, learner_id=me())
    found = queries.released_decision(db(), submission_id)
    if found is None:
        raise NotFound("There is no outcome yet. You will be told as soon as there is one.")
    decision, release = found
    edition = catalog.edition(db(), submission.edition_id)
    return render_template(
        "decision/outcome.html",
        submission=submission,
        definition=catalog.definition_of(edition),
        outcome=queries.learner_outcome_of(db(), submission, decision),
        released_at=release.released_at,
        award=queries.award_on(db(), decision.id),
        is_looked_at_again=SubmissionState(submission.state) in OPEN,
        others=_other_outcomes(submission),
        is_latest=submissions.attempts(db(), submission.portfolio_id)[-1].id == submission.id,
    )


@blueprint.get("/reviews/<assignment_id>/outcome")
@permits(Permission.SCORE)
def co_reviews(assignment_id: str) -> Any:
    """Show a reviewer, once the learner was told, what the others said and how it ended."""
    assignment = scoring.assignment_for(db(), assignment_id, reviewer_id=me())
    review = scoring.review_of(db(), assignment.id)
    found = None if review is None else queries.released_with(db(), review)
    if review is None or found is None:
        raise NotFound("The others' reviews can be read once the learner has the outcome.")
    decision, _release = found
    submission = submissions.submission(db(), assignment.submission_id)
    spoken = voices(
        db(),
        queries.digests_of(decision),
        order=assignment.id,
        hidden=scoring.learner_needles(db(), submission),
    )
    return render_template(
        "decision/co_reviews.html",
        pseudonym=submission.pseudonym,
        definition=catalog.definition_of(catalog.edition(db(), submission.edition_id)),
        decision=decision,
        settled={one["key"]: one for one in decision.result["criteria"]},
        mine=next(voice for voice in spoken if voice.review_id == review.id),
        others=[voice for voice in spoken if voice.review_id != review.id],
        cannot_score=CANNOT_SCORE_WORDS,
    )


def _other_outcomes(submission: Submission) -> list[tuple[Submission, str]]:
    """Return the other attempts of the same portfolio that have an outcome, with its word."""
    found = []
    for one in submissions.attempts(db(), submission.portfolio_id):
        told = queries.released_decision(db(), one.id)
        if one.id != submission.id and told is not None:
            found.append((one, told[0].outcome))
    return found
