"""The learner's page of ratings, from the outcome on."""

from typing import Any

from flask import Response, flash, render_template, request

from accounts.permissions import Permission
from accounts.web import me, permits
from core.errors import Invalid, NotFound
from core.web import at, db, see_other
from credentials.catalog import queries as catalog
from portfolio.submission import queries as submissions
from review.decision import queries as decisions
from review.recognition import ratings, services
from review.recognition.ratings import PREFIX
from review.recognition.rules import NO_ANSWER, RATINGS, objection_to_rating


@permits(Permission.FOLLOW_OWN_SUBMISSION)
def rate(submission_id: str) -> Any:
    """Show the reasons of one's own outcome, and keep what is said of them."""
    if request.method == "GET":
        return _page(submission_id)
    try:
        services.rate_reasons(db(), submission_id, said=_said(), by=me(), at=at())
    except Invalid as error:
        return _page(submission_id, error=error.reason)
    flash("Kept. Thank you: this is how reviewers learn what helps.", "success")
    return see_other("recognition.rate", submission_id=submission_id)


def _said() -> dict[str, int]:
    """Return the answers that were sent, by the names of the reasons; raise Invalid for others."""
    sent = {name: value for name, value in request.form.items() if name.startswith(PREFIX)}
    allowed = {str(one) for one in (NO_ANSWER, *RATINGS)}
    if not set(sent.values()) <= allowed:
        raise Invalid("Choose one of the answers beside each reason.")
    return {name: int(value) for name, value in sent.items()}


def _page(submission_id: str, *, error: str = "") -> Response:
    submission = submissions.submission_of(db(), submission_id, learner_id=me())
    told = decisions.released_decision(db(), submission_id)
    if told is None:
        raise NotFound("There is no outcome yet. You will be told as soon as there is one.")
    found, release = told
    sheet = ratings.sheet_of(db(), submission, found, release)
    page = render_template(
        "recognition/rate.html",
        submission=submission,
        definition=catalog.definition_of(catalog.edition(db(), submission.edition_id)),
        sheet=sheet,
        answers=RATINGS,
        no_answer=NO_ANSWER,
        closed=objection_to_rating(until=sheet.until, at=at()),
        sent=request.form if error else {},
        error=error,
    )
    return Response(page, 422 if error else 200)
