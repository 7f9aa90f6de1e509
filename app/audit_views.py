"""The audit trail for auditors: who did what to what and when, and whether the chain holds.

People appear by their ids only, no text that anybody wrote about evidence is shown, and no event
of a matter in which the reader has a part.
"""

from flask import Blueprint, flash, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from accounts.permissions import Permission
from accounts.web import me, permits
from app.audit_scope import is_open_to
from core import audit
from core.models import AuditEvent
from core.web import db, see_other

blueprint = Blueprint("audit", __name__, template_folder="templates")

PAGE = 50
LONGEST = 128


@blueprint.get("/audit")
@permits(Permission.READ_AUDIT)
def trail() -> str:
    """List the latest events, of one subject if it is given."""
    subject = request.args.get("subject", "").strip()[:LONGEST]
    before = request.args.get("before", type=int)
    query = select(AuditEvent).where(is_open_to(me())).order_by(AuditEvent.seq.desc())
    if subject:
        query = query.where((AuditEvent.subject_id == subject) | (AuditEvent.actor_id == subject))
    if before is not None and 0 < before < 2**63:
        query = query.where(AuditEvent.seq < before)
    events = list(db().scalars(query.limit(PAGE + 1)))
    return render_template(
        "audit/trail.html",
        events=events[:PAGE],
        older=events[PAGE - 1].seq if len(events) > PAGE else None,
        subject=subject,
        is_latest=before is None,
    )


@blueprint.post("/audit/verify")
@permits(Permission.READ_AUDIT)
def verify() -> ResponseReturnValue:
    """Walk the whole chain now and say whether it holds."""
    report = audit.verify_chain(db())
    if report.first_broken_seq is None:
        flash(
            f"The chain holds: {report.count:,} events, from the first to the last. Its last hash"
            f" is {report.last_hash}.",
            "progress",
        )
    else:
        flash(f"The chain breaks at event {report.first_broken_seq:,}. {report.reason}", "harm")
    return see_other("audit.trail")
