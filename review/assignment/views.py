"""A reviewer's desk, and the invitation with everything that is needed for an answer."""

from typing import Any

from flask import Blueprint, Response, flash, render_template

from accounts.permissions import Permission
from accounts.web import me, permits
from core.errors import Invalid, Refused
from core.forms import blame
from core.web import at, db, see_other
from review.assignment import desk as reading
from review.assignment import invitations, queries
from review.assignment.forms import REASONS, AcceptForm, DeclineForm
from review.assignment.states import DeclineReason

blueprint = Blueprint("assignment", __name__, template_folder="templates")


@blueprint.get("/reviews")
@permits(Permission.ANSWER_INVITATION)
def desk() -> Any:
    """Show what waits for an answer, what is under way, and what is done."""
    return render_template("assignment/desk.html", desk=reading.desk(db(), me(), at=at()))


@blueprint.get("/reviews/<assignment_id>/invitation")
@permits(Permission.ANSWER_INVITATION)
def invitation(assignment_id: str) -> Any:
    """Show an invitation, or what became of it."""
    return _page(assignment_id)


@blueprint.post("/reviews/<assignment_id>/invitation/accept")
@permits(Permission.ANSWER_INVITATION)
def accept(assignment_id: str) -> Any:
    """Take the review on."""
    queries.assignment_of(db(), assignment_id, reviewer_id=me())
    form = AcceptForm()
    if not form.validate():
        return _page(assignment_id, accept_form=form, status=422)
    try:
        invitations.accept(db(), assignment_id, by=me(), at=at())
    except Refused as refusal:
        invitations.take_back(db(), assignment_id, reason=refusal.reason, by=me(), at=at())
        flash(refusal.reason, "attention")
        return see_other("assignment.desk")
    flash("Thank you. The work is here; begin whenever it suits you.", "success")
    return see_other("scoring.workspace", assignment_id=assignment_id)


@blueprint.post("/reviews/<assignment_id>/invitation/decline")
@permits(Permission.ANSWER_INVITATION)
def decline(assignment_id: str) -> Any:
    """Say no; the next one is asked at once."""
    queries.assignment_of(db(), assignment_id, reviewer_id=me())
    form = DeclineForm()
    if not form.validate():
        return _page(assignment_id, decline_form=form, status=422)
    try:
        invitations.decline(
            db(),
            assignment_id,
            reason=DeclineReason(form.reason.data),
            note=form.note.data or "",
            by=me(),
            at=at(),
        )
    except Invalid as error:
        blame(form, error)
        return _page(assignment_id, decline_form=form, status=422)
    flash("Thank you for answering. Somebody else is asked; it counts against nobody.", "success")
    return see_other("assignment.desk")


def _page(
    assignment_id: str,
    *,
    accept_form: AcceptForm | None = None,
    decline_form: DeclineForm | None = None,
    status: int = 200,
) -> Response:
    found = reading.invitation(db(), assignment_id, reviewer_id=me(), at=at())
    if not found.is_open:
        page = render_template("assignment/closed.html", invitation=found)
        return Response(page, status)
    page = render_template(
        "assignment/invitation.html",
        invitation=found,
        accept_form=accept_form or AcceptForm(formdata=None),
        decline_form=decline_form or DeclineForm(formdata=None),
        reasons=[(one.value, words) for one, words in REASONS.items()],
    )
    return Response(page, status)
