"""Blind readings for the committee: what may be taken on, and taking it on."""

from typing import Any

from flask import Blueprint, render_template

from accounts.permissions import Permission
from accounts.web import me, permits, visitor
from core.errors import NotFound
from core.web import at, db, see_other
from review.decision import audit_lines, auditing

blueprint = Blueprint("auditing", __name__, template_folder="templates")


@blueprint.get("/committee/audits")
@permits(Permission.AUDIT_DECISIONS)
def queue() -> Any:
    """Show the decided works that this member may read, with nothing of how they were decided."""
    lines = audit_lines.open_lines(db(), visitor(), at=at())
    return render_template("decision/audits.html", lines=lines)


@blueprint.post("/committee/audits/<decision_id>")
@permits(Permission.AUDIT_DECISIONS)
def take(decision_id: str) -> Any:
    """Take one on; the work then waits among the member's reviews."""
    mine = audit_lines.reading_of(db(), decision_id, me())
    if mine is not None:
        return see_other("scoring.workspace", assignment_id=mine)
    if not audit_lines.may_know(db(), decision_id, visitor(), at=at()):
        raise NotFound()
    reading = auditing.take(db(), decision_id, by=me(), at=at())
    return see_other("scoring.workspace", assignment_id=reading.id)
