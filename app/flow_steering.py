"""Steering the routing: a run is seen before it happens, made, undone; people are pinned, swapped.

These are addresses of the flow's blueprint. What a manager has a part in does not exist here.
"""

from collections.abc import Callable
from typing import Any

from flask import Response, flash, render_template, request
from sqlalchemy import select
from wtforms.fields.choices import SelectChoice

from accounts.permissions import Permission
from accounts.web import me, permits, visitor
from app import flow
from app.flow_forms import SwapForm, WishForm
from app.flow_views import LAST_PAGE, blueprint
from core.errors import Conflict, Invalid, NotFound, Refused
from core.forms import blame
from core.web import at, db, see_other
from credentials.catalog import queries as catalog
from credentials.catalog.models import Badge
from portfolio.submission.models import Submission
from review.assignment import choices, costs, run_lines, runs, wishes
from review.assignment.models import Assignment, RoutingRun, RoutingWish
from review.assignment.planning import Offer
from review.assignment.runs import Changed, Pair, Preview
from review.assignment.states import AssignmentState, WishKind
from review.assignment.terms import NEUTRAL, Term
from review.pool import queries as pool
from review.pool.rules import is_in_charge

__all__ = ["blueprint"]

RUNS = 25
REASONS = 3
INVITED = AssignmentState.INVITED.value


@blueprint.get("/flow/badges/<slug>/run")
@permits(Permission.STEER_ROUTING)
def run(slug: str) -> Any:
    """Show what a run would do now; nothing happens by looking."""
    badge = _badge(slug)
    return _run_page(badge, runs.preview(db(), badge.id, by=me(), at=at()))


@blueprint.post("/flow/badges/<slug>/run")
@permits(Permission.STEER_ROUTING)
def make_run(slug: str) -> Any:
    """Make the offers as they were seen; if they would be others now, show these instead."""
    badge = _badge(slug)
    made = runs.make_offers(
        db(), badge.id, new=_pairs("new"), moved=_pairs("moved"), by=me(), at=at()
    )
    if isinstance(made, Changed):
        return _run_page(badge, made.preview, changed=made, status=409)
    if made is None:
        flash("There was nothing to offer, so nothing was sent.", "neutral")
    else:
        count = made.summary["offers"]
        words = (
            "1 offer made. You can undo it here."
            if count == 1
            else (f"{count} offers made. You can undo them here.")
        )
        flash(words, "success")
    return see_other("flow.run_list", slug=slug)


@blueprint.get("/flow/badges/<slug>/runs")
@permits(Permission.STEER_ROUTING)
def run_list(slug: str) -> Any:
    """Show the runs of a badge, the newest first."""
    badge = _badge(slug)
    page = min(max(request.args.get("page", 1, type=int), 1), LAST_PAGE)
    lines, has_more = run_lines.runs(db(), badge.id, me(), page=page, size=RUNS)
    return render_template(
        "flow/runs.html",
        badge=badge,
        title=pool.badge_title(db(), badge.id),
        lines=lines,
        page=page,
        has_more=has_more,
    )


@blueprint.post("/flow/runs/<run_id>/undo")
@permits(Permission.STEER_ROUTING)
def undo(run_id: str) -> Any:
    """Take back what a run did, as far as nobody has answered."""
    found = db().get(RoutingRun, run_id)
    badge = None if found is None else db().get(Badge, found.badge_id)
    if badge is None or not is_in_charge(visitor(), badge.slug):
        raise NotFound()
    try:
        undone = runs.undo(db(), run_id, by=me(), at=at())
    except Conflict as error:
        flash(error.reason, "attention")
        return see_other("flow.run_list", slug=badge.slug)
    flash(_undone(undone), "success")
    return see_other("flow.run_list", slug=badge.slug)


@blueprint.route("/flow/<submission_id>/<person_id>/wish", methods=["GET", "POST"])
@permits(Permission.STEER_ROUTING)
def wish(submission_id: str, person_id: str) -> Any:
    """Have somebody asked for a work, or not asked, for a reason that is written down."""
    _, line = flow.submission(db(), visitor(), submission_id, at=at())
    if not pool.qualification(db(), person_id, catalog.badge_by(db(), line.badge_slug).id):
        raise NotFound()
    name = choices.names_of(db(), [person_id])[person_id]
    form = WishForm()
    if not form.is_submitted():
        kind = request.args.get("kind", "")
        form.kind.data = kind if kind in set(WishKind) else WishKind.PIN.value
        return _form_page("flow/wish.html", form, line=line, name=name)
    if not form.validate():
        return _form_page("flow/wish.html", form, line=line, name=name)
    kind = WishKind(form.kind.data)
    act = wishes.pin if kind is WishKind.PIN else wishes.forbid
    try:
        act(db(), submission_id, person_id, reason=form.reason.data or "", by=me(), at=at())
    except Invalid as error:
        blame(form, error)
        return _form_page("flow/wish.html", form, line=line, name=name)
    except (Conflict, Refused) as error:
        form.kind.errors = [error.reason]
        return _form_page("flow/wish.html", form, line=line, name=name)
    wanted = "is asked as soon as a seat is free" if kind is WishKind.PIN else "is not asked for it"
    flash(f"{name} {wanted}. You can end this wish whenever you like.", "success")
    return see_other("flow.submission", submission_id=submission_id)


@blueprint.post("/flow/wishes/<wish_id>/end")
@permits(Permission.STEER_ROUTING)
def end_wish(wish_id: str) -> Any:
    """End a wish."""
    found = db().get(RoutingWish, wish_id)
    if found is None:
        raise NotFound()
    flow.submission(db(), visitor(), found.submission_id, at=at())
    wishes.end_wish(db(), wish_id, by=me(), at=at())
    flash("The wish is ended; the router decides by itself again.", "success")
    return see_other("flow.submission", submission_id=found.submission_id)


@blueprint.route("/flow/<submission_id>/offers/<assignment_id>/swap", methods=["GET", "POST"])
@permits(Permission.STEER_ROUTING)
def swap(submission_id: str, assignment_id: str) -> Any:
    """Have the reviewers of two unanswered offers change places."""
    found, line = flow.submission(db(), visitor(), submission_id, at=at())
    mine = db().get(Assignment, assignment_id)
    if mine is None or mine.submission_id != submission_id or mine.state != INVITED:
        raise NotFound()
    names = choices.names_of(db(), [mine.reviewer_id])
    form = SwapForm()
    form.other.choices = _others(found, mine)
    page = {"line": line, "name": names[mine.reviewer_id]}
    if not form.is_submitted() or not form.validate():
        return _form_page("flow/swap.html", form, **page)
    try:
        wishes.swap(db(), mine.id, form.other.data, reason=form.reason.data or "", by=me(), at=at())
    except Invalid as error:
        blame(form, error)
        return _form_page("flow/swap.html", form, **page)
    except (Conflict, Refused) as error:
        form.other.errors = [error.reason]
        return _form_page("flow/swap.html", form, **page)
    flash("The two have changed places; both were told kindly.", "success")
    return see_other("flow.submission", submission_id=submission_id)


@blueprint.post("/flow/<submission_id>/release")
@permits(Permission.STEER_ROUTING)
def release(submission_id: str) -> Any:
    """Let the router look for reviewers of a held round again."""
    flow.submission(db(), visitor(), submission_id, at=at())
    runs.release(db(), submission_id, by=me(), at=at())
    flash("The router looks for reviewers of this work again.", "success")
    return see_other("flow.submission", submission_id=submission_id)


def _badge(slug: str) -> Badge:
    """Return a badge that this manager is in charge of; others look as if they did not exist."""
    badge = catalog.badge_by(db(), slug)
    if not is_in_charge(visitor(), badge.slug):
        raise NotFound()
    return badge


def _run_page(
    badge: Badge, found: Preview, *, changed: Changed | None = None, status: int = 200
) -> Response:
    works = {one.current.id: one.submission for one in found.found.openings}
    people = {one.reviewer for one in found.routing.offers}
    people |= {person for _, person in found.routing.withdrawn}
    people |= {person for _, person in (changed.came | changed.went if changed else ())}
    people |= {one.lever.person.id for one in found.advised.seats if one.lever.person}
    page = render_template(
        "flow/run.html",
        badge=badge,
        title=pool.badge_title(db(), badge.id),
        preview=found,
        changed=changed,
        works=works,
        why=_why(found),
        openings={one.current.id: one for one in found.found.openings},
        names=choices.names_of(db(), people),
        costs=costs.costs(
            [one.seeker for one in found.found.openings],
            found.found.people,
            reviewed=found.found.reviewed,
            rules=found.found.rules,
            routing=found.routing,
        ),
    )
    return Response(page, status)


def _why(found: Preview) -> Callable[[Offer], list[Term]]:
    """Return what gives, for an offer, the terms that add most to its fit, the most first."""
    openings = {one.current.id: one for one in found.found.openings}

    def terms(offer: Offer) -> list[Term]:
        fit = openings[offer.seeker].fit(found.found.candidates[offer.reviewer])
        adding = [one for one in fit.terms if one.value > NEUTRAL]
        return sorted(adding, key=lambda one: -one.value * one.weight)[:REASONS]

    return terms


def _form_page(template: str, form: WishForm | SwapForm, **about: Any) -> Response:
    return Response(render_template(template, form=form, **about), 422 if form.errors else 200)


def _pairs(name: str) -> list[Pair]:
    """Return the offers that a page carried; what is no pair can match nothing, and is left."""
    found = [one.split(" ", 1) for one in request.form.getlist(name)]
    return [(one[0], one[1]) for one in found if len(one) == 2]


def _others(found: Submission, mine: Assignment) -> list[SelectChoice]:
    """Return the unanswered offers of a badge's other works, by pseudonym and name."""
    rows = (
        db()
        .scalars(
            select(Assignment)
            .join(Submission, Submission.id == Assignment.submission_id)
            .where(
                Submission.badge_id == found.badge_id,
                Submission.id != found.id,
                Assignment.state == INVITED,
                Assignment.is_counted,
                Assignment.answer_by > at(),
                Assignment.reviewer_id != mine.reviewer_id,
                choices.is_apart(me()),
            )
            .order_by(Assignment.invited_at, Assignment.id)
        )
        .all()
    )
    names = choices.names_of(db(), [one.reviewer_id for one in rows])
    works = flow.pseudonyms(db(), [one.submission_id for one in rows])
    return [
        SelectChoice(one.id, f"{names[one.reviewer_id]}, asked for {works[one.submission_id]}")
        for one in rows
    ]


def _undone(undone: runs.Undone) -> str:
    """Return in words what an undoing did; whoever had answered is named."""
    words = [f"{undone.taken_back} taken back."]
    if undone.made_again:
        words.append(f"{undone.made_again} offered again to who had it before.")
    if undone.answered:
        rows = db().scalars(select(Assignment).where(Assignment.id.in_(undone.answered))).all()
        names = choices.names_of(db(), [one.reviewer_id for one in rows])
        words.append(f"Accepted before, and left: {', '.join(sorted(names.values()))}.")
    words.append("The router leaves these works to you for a day.")
    return " ".join(words)
