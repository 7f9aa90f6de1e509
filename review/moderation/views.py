"""Moderation: the queue, one review as it is written, and the two acts: pass it, or return it."""

from typing import Any

from flask import Blueprint, Response, flash, render_template

from accounts.permissions import Permission
from accounts.web import me, permits, visitor
from core.errors import Conflict, Invalid, NotFound, Refused
from core.forms import blame
from core.web import at, db, see_other
from review.moderation import queries, services
from review.moderation.forms import ReturnForm, return_form
from review.moderation.models import Moderation
from review.moderation.queries import Line
from review.moderation.rules import REASON_WORDS
from review.moderation.services import DEALT_WITH
from review.moderation.states import ReturnReason
from review.scoring.forms import CANNOT_SCORE_WORDS

blueprint = Blueprint("moderation", __name__, template_folder="templates")


@blueprint.app_context_processor
def returned_reviews() -> dict[str, Any]:
    """Let the reviewer's workspace say why a review came back."""
    return {"returned_for": returned_for}


def returned_for(assignment_id: str) -> tuple[Moderation, list[tuple[str, list[str]]]] | None:
    """Return why the visitor's own review is back with them, with each reason's criteria."""
    found = queries.returned(db(), assignment_id, reviewer_id=me())
    if found is None:
        return None
    reasons = queries.reasons_by_name(found)
    return found, [(REASON_WORDS[ReturnReason(one)], keys) for one, keys in reasons.items()]


@blueprint.get("/moderation")
@permits(Permission.MODERATE)
def queue() -> Any:
    """Show what waits for a moderator, the soonest due first."""
    lines = queries.waiting_lines(db(), visitor(), at=at())
    return render_template("moderation/queue.html", lines=lines)


@blueprint.get("/moderation/<moderation_id>")
@permits(Permission.MODERATE)
def read(moderation_id: str) -> Any:
    """Show one review to the moderator who took it up; others are asked whether they do."""
    return _page(_line(moderation_id))


@blueprint.post("/moderation/<moderation_id>/take-up")
@permits(Permission.MODERATE)
def take_up(moderation_id: str) -> Any:
    """Become the moderator of a matter, and nothing else in it."""
    _line(moderation_id)
    services.take_up(db(), moderation_id, by=me(), at=at())
    return see_other("moderation.read", moderation_id=moderation_id)


@blueprint.post("/moderation/<moderation_id>/pass")
@permits(Permission.MODERATE)
def pass_on(moderation_id: str) -> Any:
    """Say that it is written as it should be."""
    _line(moderation_id)
    services.pass_on(db(), moderation_id, by=me(), at=at())
    flash("Passed. Thank you for reading it.", "success")
    return see_other("moderation.queue")


@blueprint.post("/moderation/<moderation_id>/return")
@permits(Permission.MODERATE)
def send_back(moderation_id: str) -> Any:
    """Hand it back to its writer, once."""
    line = _line(moderation_id)
    form = return_form(queries.sight_of(db(), line).definition)
    if not form.validate():
        return _page(line, form, status=422)
    try:
        services.send_back(
            db(),
            moderation_id,
            reasons=[ReturnReason(one) for one in form.reasons.data or ()],
            criteria=form.criteria.data or [],
            note=form.note.data or "",
            by=me(),
            at=at(),
        )
    except Invalid as error:
        blame(form, error)
        return _page(line, form, status=422)
    flash("It is back with its reviewer, who sees your reasons and not who you are.", "success")
    return see_other("moderation.queue")


def _line(moderation_id: str) -> Line:
    """Return a review that waits and that this moderator may read.

    Who has the matter in hand hears when somebody else was faster.
    """
    try:
        line = queries.line_for(db(), moderation_id, visitor(), at=at())
    except NotFound:
        if queries.was_mine(db(), moderation_id, me()):
            raise Conflict(DEALT_WITH) from None
        raise
    if line.objection is not None:
        raise Refused(line.objection)
    return line


def _page(line: Line, form: ReturnForm | None = None, *, status: int = 200) -> Response:
    if not line.is_taken and form is None:
        return Response(render_template("moderation/take_up.html", line=line), status)
    sight = queries.sight_of(db(), line)
    page = render_template(
        "moderation/read.html",
        line=line,
        sight=sight,
        form=form or return_form(sight.definition, formdata=None),
        cannot_score=CANNOT_SCORE_WORDS,
    )
    return Response(page, status)
