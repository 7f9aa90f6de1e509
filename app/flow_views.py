"""The flow board of programme managers: what stands where, how old, and who is asked."""

from flask import Blueprint, render_template, request

from accounts.permissions import Permission
from accounts.web import permits, visitor
from app import flow, flow_next, flow_pools
from core.web import at, db
from portfolio.submission.states import OPEN, SubmissionState
from review.assignment import choices, exclusions

blueprint = Blueprint("flow", __name__, template_folder="templates")

LAST_PAGE = 100_000
PEOPLE = 50
BEST = 5
STAGES: dict[str, str] = {
    flow.WANTING: "Reviewers wanted",
    SubmissionState.SUBMITTED.value: "Handed in",
    SubmissionState.INTAKE.value: "Intake",
    SubmissionState.AWAITING_REVIEWERS.value: "Looking for reviewers",
    SubmissionState.UNDER_REVIEW.value: "Under review",
    SubmissionState.IN_ADJUDICATION.value: "With a third reviewer",
    SubmissionState.IN_COMMITTEE.value: "With the committee",
    SubmissionState.DECIDED.value: "Decided",
    SubmissionState.ON_HOLD.value: "On hold",
}
ANSWERS: dict[str, str] = {
    "invited": "invited",
    "accepted": "accepted",
    "in_progress": "reviewing",
    "sealed": "done",
    "closed": "done",
}
# What became of somebody who was asked, for managers.
OUTCOMES: dict[str, str] = {
    **ANSWERS,
    "declined": "said no",
    "lapsed": "did not answer",
    "recused": "stepped back",
    "reassigned": "passed on, the time was over",
    "withdrawn": "taken back",
    "voided": "not counted",
}


@blueprint.get("/flow")
@permits(Permission.WATCH_FLOW)
def board() -> str:
    """Show open submissions, the promise at risk first, and each badge's pool."""
    stage = request.args.get("stage", "")
    stage = stage if stage in {*OPEN, flow.WANTING} else ""
    page = min(max(request.args.get("page", 1, type=int), 1), LAST_PAGE)
    lines, has_more = flow.board(db(), visitor(), stage=stage, page=page, at=at())
    pools = flow_pools.pools(db(), visitor(), at=at())
    return render_template(
        "flow/board.html",
        lines=lines,
        has_more=has_more,
        stage=stage,
        page=page,
        counts=flow.stages(db(), visitor()),
        pools=pools,
        worried=[one for one in pools if one.worry],
        stage_names=STAGES,
        answers=ANSWERS,
    )


@blueprint.get("/flow/<submission_id>")
@permits(Permission.WATCH_FLOW)
def submission(submission_id: str) -> str:
    """Show why these people are asked, and what stands against each of the others."""
    found, line = flow.submission(db(), visitor(), submission_id, at=at())
    seen = choices.choices(db(), found, at=at())
    last = max(1, -(-len(seen.standings) // PEOPLE))
    page = min(max(request.args.get("page", 1, type=int), 1), last)
    current = seen.current
    return render_template(
        "flow/submission.html",
        line=line,
        next=flow_next.next_act(
            line,
            held_until=current.held_until if current else None,
            has_nobody=bool(current and seen.advised.of(current.id)),
            at=at(),
        ),
        seen=seen,
        people=seen.standings[(page - 1) * PEOPLE : page * PEOPLE],
        best=[one for one in seen.standings if one.fit][:BEST],
        counts=exclusions.counted(seen.standings),
        rule_names=exclusions.NAMES,
        outcomes=OUTCOMES,
        page=page,
        has_more=page < last,
        stage_names=STAGES,
        answers=ANSWERS,
    )
