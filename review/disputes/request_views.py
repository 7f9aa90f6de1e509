"""The learner's side of a dispute: which road fits, asking, waiting, the answer."""

from typing import Any

from flask import Response, flash, render_template, request

from accounts.permissions import Permission
from accounts.web import me, permits
from core.errors import Invalid
from core.web import at, db, see_other
from credentials.catalog import queries as catalog
from portfolio.evidence.identity import mask
from portfolio.submission import queries as submissions
from portfolio.submission.models import Submission
from review.disputes import queries, services
from review.disputes.forms import RequestForm
from review.scoring.queries import identity_of


@permits(Permission.REQUEST_RECONSIDERATION)
def reconsider(submission_id: str) -> Any:
    """Explain the roads, take a request, and show where it stands."""
    submission = submissions.submission_of(db(), submission_id, learner_id=me())
    form = RequestForm()
    if request.method == "GET":
        return _page(submission, form)
    if not form.validate():
        return _page(submission, form, status=422)
    try:
        services.lodge(db(), submission_id, request=form.request.data, by=me(), at=at())
    except Invalid as error:
        form.request.errors = [error.reason]
        return _page(submission, form, status=422)
    flash("Your request is with the committee. Your outcome stands until they answer.", "success")
    return see_other("disputes.request", submission_id=submission_id)


@permits(Permission.REQUEST_RECONSIDERATION)
def withdraw(submission_id: str) -> Any:
    """Take one's own request back."""
    submissions.submission_of(db(), submission_id, learner_id=me())
    lodged = queries.open_request(db(), submission_id)
    if lodged is not None:
        services.withdraw(db(), lodged.id, by=me(), at=at())
        flash("Your request is taken back. Nothing else has changed.", "success")
    return see_other("disputes.request", submission_id=submission_id)


def _page(submission: Submission, form: RequestForm, *, status: int = 200) -> Response:
    session = db()
    requests = queries.requests_on(session, submission.id)
    edition = catalog.edition(session, submission.edition_id)
    page = render_template(
        "disputes/request.html",
        submission=submission,
        definition=catalog.definition_of(edition),
        form=form,
        requests=requests,
        reasons={
            one.id: mask(one.reasons, identity_of(session, one.determined_by))
            for one in requests
            if one.determined_by is not None
        },
        objection=services.objection_to_asking(session, submission, at=at()),
    )
    return Response(page, status)
