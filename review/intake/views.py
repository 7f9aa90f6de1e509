"""Intake for moderators: the queue, one hand-in with its findings and files, and the answer."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, flash, render_template, url_for

from accounts.permissions import Permission
from accounts.web import me, permits, visitor
from core.errors import Invalid, NotFound, Refused
from core.forms import blame
from core.web import at, db, see_other, storage
from credentials.catalog import queries as catalog
from portfolio.evidence import queries as evidence
from portfolio.evidence.viewing import view_of
from portfolio.evidence.web import send_original, send_rendition
from portfolio.submission import queries as submissions
from review.intake import queries, services
from review.intake.forms import PassForm, ReturnForm
from review.intake.queries import Line
from review.intake.rules import RETURN_WORDS
from review.intake.states import ReturnReason

blueprint = Blueprint("intake", __name__, template_folder="templates")

# Two forms share the page, and both have a note.
PREFIX = "pass-"


@blueprint.get("/intake")
@permits(Permission.CHECK_INTAKE)
def queue() -> Any:
    """Show what waits for a person, the soonest due first."""
    return render_template("intake/queue.html", lines=queries.waiting_lines(db(), visitor()))


@blueprint.get("/intake/<submission_id>")
@permits(Permission.CHECK_INTAKE)
def check(submission_id: str) -> Any:
    """Show one hand-in with what the automatic check found."""
    return _page(_line(submission_id))


@blueprint.post("/intake/<submission_id>/pass")
@permits(Permission.CHECK_INTAKE)
def pass_on(submission_id: str) -> Any:
    """Let it go on to its reviewers."""
    line = _line(submission_id)
    form = PassForm(prefix=PREFIX)
    if not form.validate():
        return _page(line, pass_form=form, status=422)
    services.pass_on(db(), submission_id, note=form.note.data or "", by=me(), at=at())
    flash("It goes on: reviewers are asked now.", "success")
    return see_other("intake.queue")


@blueprint.post("/intake/<submission_id>/return")
@permits(Permission.CHECK_INTAKE)
def send_back(submission_id: str) -> Any:
    """Return it to its learner, for formal reasons only."""
    line = _line(submission_id)
    form = ReturnForm()
    if not form.validate():
        return _page(line, return_form=form, status=422)
    try:
        services.send_back(
            db(),
            submission_id,
            reasons=[ReturnReason(one) for one in form.reasons.data],
            note=form.note.data or "",
            by=me(),
            at=at(),
        )
    except Invalid as error:
        blame(form, error)
        return _page(line, return_form=form, status=422)
    flash("It goes back, and the learner is told what to change. No attempt is used.", "success")
    return see_other("intake.queue")


@blueprint.get("/intake/<submission_id>/<int:position>/file")
@permits(Permission.CHECK_INTAKE)
def original(submission_id: str, position: int) -> Any:
    """Send a work sample as it was handed in, under a name that says only where it stands."""
    item = _item(submission_id, position)
    name = f"{item['requirement'] or 'work'}-{position}"
    return send_original(item["sha256"], name=name, media_type=item["media_type"])


@blueprint.get("/intake/<submission_id>/<int:position>/<rendition_id>")
@permits(Permission.CHECK_INTAKE)
def rendition(submission_id: str, position: int, rendition_id: str) -> Any:
    """Send one derived view of a work sample."""
    item = _item(submission_id, position)
    return send_rendition(evidence.rendition_of(db(), item["sha256"], rendition_id))


@blueprint.get("/submissions/<submission_id>/returned")
@permits(Permission.FOLLOW_OWN_SUBMISSION)
def returned(submission_id: str) -> Any:
    """Show a learner why their hand-in came back, and what to do now."""
    found = submissions.submission_of(db(), submission_id, learner_id=me())
    said = queries.returned_check(db(), submission_id)
    return render_template(
        "intake/returned.html",
        submission=found,
        check=said,
        reasons=[RETURN_WORDS[ReturnReason(one)] for one in said.reasons],
    )


def _line(submission_id: str) -> Line:
    """Return a hand-in that this moderator may look into now."""
    line = queries.line_for(db(), submission_id, visitor())
    if line.objection is not None:
        raise Refused(line.objection)
    return line


def _item(submission_id: str, position: int) -> dict[str, Any]:
    manifest = submissions.manifest_of(_line(submission_id).submission)
    for item in manifest["items"]:
        if item["position"] == position:
            return dict(item)
    raise NotFound()


def _addresses(submission_id: str, position: int) -> Callable[[str], str]:
    """Return what gives the address of a rendition of one work sample."""
    return lambda rendition_id: url_for(
        "intake.rendition",
        submission_id=submission_id,
        position=position,
        rendition_id=rendition_id,
    )


def _prompts(line: Line) -> dict[str, str]:
    """Return what each reflection was asked under, by its key."""
    edition = catalog.edition(db(), line.submission.edition_id)
    return {one.key: one.title for one in catalog.definition_of(edition).reflections}


def _page(
    line: Line,
    *,
    pass_form: PassForm | None = None,
    return_form: ReturnForm | None = None,
    status: int = 200,
) -> Response:
    manifest = submissions.manifest_of(line.submission)
    kept = evidence.renditions(db(), [item["sha256"] for item in manifest["items"]])
    said = queries.latest_check(db(), line.submission.id)
    page = render_template(
        "intake/check.html",
        line=line,
        manifest=manifest,
        prompts=_prompts(line),
        html=submissions.sealed_html(db(), line.submission.id),
        findings=[] if said is None else said.findings,
        views=[
            (
                item,
                view_of(storage(), *kept[item["sha256"]]),
                _addresses(line.submission.id, item["position"]),
            )
            for item in manifest["items"]
            if item["sha256"] in kept
        ],
        pass_form=pass_form or PassForm(formdata=None, prefix=PREFIX),
        return_form=return_form or ReturnForm(formdata=None),
    )
    return Response(page, status)
