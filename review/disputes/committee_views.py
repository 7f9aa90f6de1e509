"""The committee's side: the queue, the one-page summary, the determination with its reasons."""

from collections.abc import Callable
from typing import Any

from flask import Response, flash, render_template, request, url_for

from accounts.permissions import Permission
from accounts.web import me, permits, visitor
from core.errors import Invalid, NotFound, Refused
from core.web import at, db, see_other, storage
from portfolio.evidence import queries as evidence
from portfolio.evidence.viewing import View, view_of
from portfolio.evidence.web import send_rendition
from portfolio.submission import queries as submissions
from portfolio.submission.models import Submission
from portfolio.submission.states import SubmissionState
from review.disputes import queries, services
from review.disputes.cases import Case, case_of
from review.disputes.forms import DetermineForm, ReasonsForm
from review.disputes.models import ReconsiderationRequest
from review.disputes.states import RequestState
from review.scoring.forms import CANNOT_SCORE_WORDS
from review.scoring.queries import item_at, picture


@permits(Permission.DETERMINE)
def queue() -> Any:
    """Show what waits for the committee, and why this member may not take some of it up."""
    return render_template(
        "disputes/queue.html", matters=queries.open_matters(db(), visitor(), at=at())
    )


@permits(Permission.DETERMINE)
def determine(request_id: str) -> Any:
    """Show a request with all that bears on it, and take the determination."""
    lodged = queries.request(db(), request_id)
    submission = _open_to_me(lodged.submission_id)
    if lodged.state != RequestState.LODGED.value:
        return render_template("disputes/answered.html")
    form = DetermineForm()
    if request.method == "GET":
        return _page(submission, form, lodged)
    if not form.validate():
        return _page(submission, form, lodged, status=422)
    try:
        services.determine(
            db(),
            request_id,
            outcome=RequestState(form.outcome.data),
            reasons=form.reasons.data,
            by=me(),
            at=at(),
        )
    except Invalid as error:
        form.reasons.errors = [error.reason]
        return _page(submission, form, lodged, status=422)
    flash("Determined. The learner reads your reasons, and not who wrote them.", "success")
    return see_other("disputes.queue")


@permits(Permission.DETERMINE)
def unsettled(submission_id: str) -> Any:
    """Show reviews that came to no one answer, and take the order for a fresh review."""
    submission = _open_to_me(submission_id)
    if submission.state != SubmissionState.IN_COMMITTEE.value:
        return render_template("disputes/answered.html")
    form = ReasonsForm()
    if request.method == "GET":
        return _page(submission, form, None)
    if not form.validate():
        return _page(submission, form, None, status=422)
    try:
        services.order_fresh_review(
            db(), submission_id, reasons=form.reasons.data, by=me(), at=at()
        )
    except Invalid as error:
        form.reasons.errors = [error.reason]
        return _page(submission, form, None, status=422)
    flash("Ordered. New reviewers are being asked.", "success")
    return see_other("disputes.queue")


@permits(Permission.DETERMINE)
def evidence_file(submission_id: str, position: int, rendition_id: str) -> Any:
    """Send one derived view of a work sample while its matter is open to this member."""
    submission = submissions.submission(db(), submission_id)
    is_refused = queries.objection_for(db(), visitor(), submission, at=at()) is not None
    if is_refused or not _is_open(submission):
        raise NotFound()
    item = item_at(db(), submission_id, position)
    return send_rendition(picture(db(), item.sha256, rendition_id))


def _open_to_me(submission_id: str) -> Submission:
    """Return a submission whose matter this member may determine; the refused see nothing of it."""
    submission = submissions.submission(db(), submission_id)
    reason = queries.objection_for(db(), visitor(), submission, at=at())
    if reason is not None:
        raise Refused(reason)
    return submission


def _is_open(submission: Submission) -> bool:
    is_unsettled = submission.state == SubmissionState.IN_COMMITTEE.value
    return is_unsettled or queries.open_request(db(), submission.id) is not None


def _page(
    submission: Submission,
    form: ReasonsForm,
    lodged: ReconsiderationRequest | None,
    *,
    status: int = 200,
) -> Response:
    case = case_of(db(), submission, lodged)
    page = render_template(
        "disputes/case.html",
        case=case,
        form=form,
        lodged=lodged,
        due_at=submission.promised_at if lodged is None else lodged.due_at,
        views=_views(case),
        rendition_urls=_rendition_urls(case),
        cannot_score=CANNOT_SCORE_WORDS,
    )
    return Response(page, status)


def _rendition_urls(case: Case) -> Callable[[int], Callable[[str], str]]:
    def of(position: int) -> Callable[[str], str]:
        return lambda rendition_id: url_for(
            "disputes.evidence_file",
            submission_id=case.submission_id,
            position=position,
            rendition_id=rendition_id,
        )

    return of


def _views(case: Case) -> dict[int, View]:
    found = evidence.renditions(db(), list(case.digests.values()))
    return {
        position: view_of(storage(), *found[digest], needles=case.needles)
        for position, digest in case.digests.items()
        if digest in found
    }
