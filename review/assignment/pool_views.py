"""A badge's pool for its programme manager: who may review, how much they carry, what waits.

It is an address of the pool's blueprint; it lives here because it reads what reviewers carry.
"""

from typing import Any

from flask import Response, flash, render_template, request

from accounts import queries as people
from accounts.permissions import Permission
from accounts.web import me, permits, visitor
from core.errors import Invalid, NotFound
from core.forms import blame
from core.web import at, db, see_other
from credentials.catalog import queries as catalog
from credentials.catalog.models import Badge
from review.assignment import pool_lines
from review.pool import queries as pool
from review.pool import services
from review.pool.forms import EndForm, QualifyForm, start_of
from review.pool.holiday_views import blueprint
from review.pool.rules import is_in_charge
from review.pool.states import QualificationSource, QualificationState

__all__ = ["blueprint"]

PAGE = 50


@blueprint.get("/pool/<slug>", endpoint="pool")
@permits(Permission.QUALIFY_REVIEWERS)
def show(slug: str) -> Any:
    """Show a badge's pool."""
    return _page(managed_badge(slug), QualifyForm(formdata=None))


@blueprint.post("/pool/<slug>/qualify")
@permits(Permission.QUALIFY_REVIEWERS)
def qualify(slug: str) -> Any:
    """Give somebody the right to review, for a reason that is written down."""
    badge = managed_badge(slug)
    form = QualifyForm()
    if not form.validate():
        return _page(badge, form, status=422)
    person = people.person_by_address(db(), form.address.data)
    if person is None:
        form.address.errors = ["Nobody with this address has an account yet. Ask them to join."]
        return _page(badge, form, status=422)
    try:
        services.qualify(
            db(),
            person.id,
            badge.id,
            source=QualificationSource.GRANTED,
            reason=form.reason.data,
            valid_until=start_of(form.valid_until.data, visitor().time_zone),
            by=me(),
            at=at(),
        )
    except Invalid as error:
        blame(form, error)
        return _page(badge, form, status=422)
    flash(f"{person.name} may review for this badge from now on.", "success")
    return see_other("pool.pool", slug=slug)


@blueprint.route("/pool/<slug>/<person_id>/end", methods=["GET", "POST"])
@permits(Permission.QUALIFY_REVIEWERS)
def end(slug: str, person_id: str) -> Any:
    """Let somebody's right to review rest, suspend it, or end it."""
    badge = managed_badge(slug)
    person = people.person(db(), person_id)
    found = pool.qualification(db(), person_id, badge.id)
    if found is None:
        raise NotFound()
    form = EndForm()
    if not form.is_submitted() or not form.validate():
        return _end_page(badge, person.name, form)
    try:
        services.end_qualification(
            db(),
            person_id,
            badge.id,
            to=QualificationState(form.to.data),
            reason=form.reason.data or "",
            by=me(),
            at=at(),
        )
    except Invalid as error:
        blame(form, error)
        return _end_page(badge, person.name, form)
    is_over = form.to.data == QualificationState.LAPSED.value
    flash(
        f"{person.name} is not asked for this badge {'any more' if is_over else 'for now'}.",
        "success",
    )
    return see_other("pool.pool", slug=slug)


def managed_badge(slug: str) -> Badge:
    """Return a badge that this manager is in charge of; others look as if they did not exist."""
    badge = catalog.badge_by(db(), slug)
    if not is_in_charge(visitor(), badge.slug):
        raise NotFound()
    return badge


def _page(badge: Badge, form: QualifyForm, *, status: int = 200) -> Response:
    found = pool_lines.pool_of(db(), badge.id, at=at())
    last = max(1, -(-len(found.members) // PAGE))
    number = min(max(request.args.get("page", 1, type=int), 1), last)
    page = render_template(
        "assignment/pool.html",
        badge=badge,
        title=pool.badge_title(db(), badge.id),
        pool=found,
        members=found.members[(number - 1) * PAGE : number * PAGE],
        page=number,
        has_more=number < last,
        form=form,
        applications=pool.applications_for(db(), badge.id),
        my_id=me(),
    )
    return Response(page, status)


def _end_page(badge: Badge, name: str, form: EndForm) -> Response:
    page = render_template(
        "assignment/end_qualification.html",
        badge=badge,
        title=pool.badge_title(db(), badge.id),
        name=name,
        form=form,
    )
    return Response(page, 422 if form.errors else 200)
