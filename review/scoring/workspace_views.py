"""The reviewer's workspace: read the work blind, score it, seal it, or step back."""

from collections.abc import Callable
from typing import Any

from flask import Response, flash, jsonify, render_template, request, url_for

from accounts.permissions import Permission
from accounts.web import me, permits
from core.errors import Conflict
from core.web import at, db, see_other, storage, wants_json
from portfolio.evidence import queries as evidence
from portfolio.evidence.viewing import View, view_of
from review.assignment import invitations
from review.assignment import queries as assignments
from review.assignment.states import AssignmentState, DeclineReason, RoundKind
from review.scoring import queries, services
from review.scoring.forms import (
    CANNOT_SCORE_WORDS,
    RecuseForm,
    SealForm,
    answers_in,
    initial,
    review_form,
    show_gaps,
)
from review.scoring.models import Review
from review.scoring.queries import Bench
from review.scoring.rules import gaps, own_traces


@permits(Permission.SCORE)
def workspace(assignment_id: str) -> Any:
    """Show the work and the form; looking changes nothing, the first save begins the review."""
    found = assignments.assignment_of(db(), assignment_id, reviewer_id=me())
    if AssignmentState(found.state) is AssignmentState.INVITED:
        return see_other("assignment.invitation", assignment_id=assignment_id)
    bench = queries.bench_of(db(), assignment_id, reviewer_id=me())
    return _page(bench, _blank(bench))


@permits(Permission.SCORE)
def save(assignment_id: str) -> Any:
    """Save the form as it stands: from the autosave, or from the button."""
    bench = queries.bench_of(db(), assignment_id, reviewer_id=me())
    form = review_form(bench.definition)
    if not form.validate():
        return _refused(bench, form)
    try:
        review = _save(bench, form)
    except Conflict as error:
        return _moved_on(bench, form, error)
    if wants_json():
        return _saved(bench, form, review)
    flash("Saved. Seal your review when every criterion is answered.", "success")
    return see_other("scoring.workspace", assignment_id=assignment_id)


@permits(Permission.SCORE)
def check(assignment_id: str) -> Any:
    """Save the form and say at each place what keeps it from being sealed."""
    bench = queries.bench_of(db(), assignment_id, reviewer_id=me())
    form = review_form(bench.definition)
    if not form.validate():
        return _refused(bench, form)
    missing = gaps(bench.definition, answers_in(form, bench.definition))
    if missing:
        show_gaps(form, missing)
        return _page(bench, form, status=422)
    try:
        _save(bench, form)
    except Conflict as error:
        return _moved_on(bench, form, error)
    return see_other("scoring.seal", assignment_id=assignment_id)


@permits(Permission.SCORE)
def seal(assignment_id: str) -> Any:
    """Show what is about to be sealed, and seal it for good."""
    bench = queries.bench_of(db(), assignment_id, reviewer_id=me())
    if bench.is_sealed or bench.review is None or gaps(bench.definition, bench.answers):
        return see_other("scoring.workspace", assignment_id=assignment_id)
    traces = own_traces(
        bench.definition,
        bench.answers,
        bench.review.feedback,
        queries.identity_of(db(), me()),
    )
    form = SealForm(version=bench.version)
    if request.method == "GET" or not form.validate():
        return _seal_page(bench, form, traces)
    if traces and not form.names_may_stay.data:
        form.names_may_stay.errors = ["Say that it may stay, or go back and take it out."]
        return _seal_page(bench, form, traces, status=422)
    services.seal(
        db(),
        assignment_id,
        version=form.version.data,
        names_may_stay=bool(form.names_may_stay.data),
        by=me(),
        at=at(),
    )
    flash("Sealed. Thank you for your evening.", "success")
    is_calibration = bench.kind is RoundKind.CALIBRATION
    where = "calibration.result" if is_calibration else "scoring.workspace"
    return see_other(where, assignment_id=assignment_id)


@permits(Permission.SCORE)
def recuse(assignment_id: str) -> Any:
    """Step back at any time before sealing; somebody else is asked at once."""
    bench = queries.bench_of(db(), assignment_id, reviewer_id=me())
    if bench.is_sealed:
        raise Conflict("This review is sealed, so you cannot step back from it any more.")
    form = RecuseForm()
    is_said = request.method == "POST" and form.validate()
    if is_said and form.reason.data == DeclineReason.OTHER.value and not form.note.data.strip():
        form.note.errors = ["Say in a few words why."]
        is_said = False
    if not is_said:
        page = render_template("scoring/recuse.html", bench=bench, form=form)
        return Response(page, 200 if request.method == "GET" else 422)
    invitations.recuse(
        db(),
        assignment_id,
        reason=DeclineReason(form.reason.data),
        note=form.note.data or "",
        by=me(),
        at=at(),
    )
    next_asked = "" if bench.kind is RoundKind.CALIBRATION else ", and somebody else is asked"
    flash(f"You have stepped back{next_asked}. It counts against nobody.", "success")
    return see_other("assignment.desk")


def _save(bench: Bench, form: Any) -> Review:
    return services.save_draft(
        db(),
        bench.assignment.id,
        version=form.version.data,
        answers=answers_in(form, bench.definition),
        feedback=form.feedback.data or "",
        private_note=form.private_note.data or "",
        seconds=form.seconds.data or 0,
        by=me(),
        at=at(),
    )


def _blank(bench: Bench) -> Any:
    review = bench.review
    return review_form(
        bench.definition,
        formdata=None,
        data=initial(
            bench.answers,
            version=bench.version,
            feedback="" if review is None else review.feedback,
            private_note="" if review is None else review.private_note,
        ),
    )


def _page(bench: Bench, form: Any, *, status: int = 200, conflict: str = "") -> Response:
    page = render_template(
        "scoring/workspace.html",
        bench=bench,
        form=form,
        views=views_of(bench),
        rendition_urls=_rendition_urls(bench),
        claims=claims_by_criterion(bench),
        answered=answered_in(form, bench),
        cannot_score=CANNOT_SCORE_WORDS,
        conflict=conflict,
    )
    return Response(page, status)


def _seal_page(
    bench: Bench, form: SealForm, traces: tuple[str, ...], *, status: int = 200
) -> Response:
    page = render_template(
        "scoring/seal.html", bench=bench, form=form, traces=traces, cannot_score=CANNOT_SCORE_WORDS
    )
    return Response(page, status)


def _refused(bench: Bench, form: Any) -> Response:
    if wants_json():
        message = "Something typed is too long to be saved; shorten it. Nothing is lost."
        response = jsonify(error="Not saved yet", message=message)
        response.status_code = 422
        return response
    return _page(bench, form, status=422)


def _moved_on(bench: Bench, form: Any, error: Conflict) -> Response:
    if wants_json():
        raise error
    return _page(bench, form, status=409, conflict=error.reason)


def _saved(bench: Bench, form: Any, review: Review) -> Response:
    progress = render_template(
        "scoring/progress.html",
        answered=answered_in(form, bench),
        total=len(bench.definition.criteria),
    )
    return jsonify(
        saved=render_template("scoring/saved.txt", at=at()).strip(),
        fields={"version": str(review.version), "seconds": "0"},
        html={"#progress": progress},
    )


def _rendition_urls(bench: Bench) -> Callable[[int], Callable[[str], str]]:
    """Return what makes the addresses of a work sample's derived views, by its position."""

    def of(position: int) -> Callable[[str], str]:
        return lambda rendition_id: url_for(
            "scoring.evidence_file",
            assignment_id=bench.assignment.id,
            position=position,
            rendition_id=rendition_id,
        )

    return of


def answered_in(form: Any, bench: Bench) -> int:
    """Return how many criteria the form has an answer for."""
    return sum(bool(form[one.key].form.answer.data) for one in bench.definition.criteria)


def views_of(bench: Bench) -> dict[int, View]:
    """Return each work sample by position as the viewer shows it, with names masked."""
    found = evidence.renditions(db(), list(bench.digests.values()))
    return {
        position: view_of(storage(), *found[digest], needles=bench.needles)
        for position, digest in bench.digests.items()
        if digest in found
    }


def claims_by_criterion(bench: Bench) -> dict[str, list[tuple[int, str]]]:
    """Return by criterion which work samples the learner points to, and where in each."""
    return {
        criterion.key: [
            (item.position, item.shows[criterion.key])
            for item in bench.work.items
            if criterion.key in item.shows
        ]
        for criterion in bench.definition.criteria
    }
