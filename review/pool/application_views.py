"""Asking to review a badge, and answering who asks: addresses of the pool's blueprint."""

from typing import Any

from flask import Response, flash, render_template

from accounts import queries as people
from accounts.permissions import Permission
from accounts.web import me, permits, visitor
from core.errors import Invalid, NotFound
from core.forms import blame
from core.web import at, db, see_other
from credentials.catalog import queries as catalog
from credentials.catalog.models import Badge
from review.pool import applications, queries
from review.pool.forms import AnswerForm, ApplicationForm, start_of
from review.pool.models import Application
from review.pool.rules import FEWEST_WORDS, is_in_charge
from review.pool.states import ApplicationState
from review.pool.views import blueprint

__all__ = ["blueprint"]


@blueprint.route("/reviewing/apply/<slug>", methods=["GET", "POST"])
@permits(Permission.VOLUNTEER)
def apply(slug: str) -> Any:
    """Ask to review for a badge that was ever out, with what one holds or did."""
    badge, _ = catalog.latest_edition(db(), slug)
    form = ApplicationForm()
    if not form.is_submitted() or not form.validate():
        return _apply_page(badge, form)
    try:
        applications.apply(db(), badge.id, holdings=form.holdings.data, by=me(), at=at())
    except Invalid as error:
        blame(form, error)
        return _apply_page(badge, form)
    flash("Thank you. The programme answers within five business days.", "success")
    return see_other("pool.reviewing")


@blueprint.post("/reviewing/applications/<application_id>/withdraw")
@permits(Permission.VOLUNTEER)
def withdraw_application(application_id: str) -> Any:
    """Take one's own application back."""
    applications.withdraw(db(), application_id, by=me(), at=at())
    flash("Withdrawn. You can ask again whenever you like.", "success")
    return see_other("pool.reviewing")


@blueprint.route("/pool/<slug>/applications/<application_id>", methods=["GET", "POST"])
@permits(Permission.QUALIFY_REVIEWERS)
def answer_application(slug: str, application_id: str) -> Any:
    """Qualify somebody who asks, or decline in kind words."""
    badge = catalog.badge_by(db(), slug)
    found = queries.application(db(), application_id)
    if not is_in_charge(visitor(), badge.slug) or found is None or found.badge_id != badge.id:
        raise NotFound()
    form = AnswerForm()
    if not form.is_submitted() or not form.validate():
        return _answer_page(badge, found, form)
    qualifies = form.answer.data == "qualify"
    try:
        applications.answer(
            db(),
            found.id,
            qualifies=qualifies,
            reason=form.reason.data,
            valid_until=start_of(form.valid_until.data, visitor().time_zone),
            by=me(),
            at=at(),
        )
    except Invalid as error:
        db().rollback()
        blame(form, error)
        return _answer_page(badge, found, form)
    flash("Qualified; they know." if qualifies else "Answered; they know.", "success")
    return see_other("pool.pool", slug=slug)


def _apply_page(badge: Badge, form: ApplicationForm) -> Response:
    page = render_template(
        "pool/apply.html",
        badge=badge,
        title=queries.badge_title(db(), badge.id),
        form=form,
        fewest=FEWEST_WORDS,
    )
    return Response(page, 422 if form.errors else 200)


def _answer_page(badge: Badge, found: Application, form: AnswerForm) -> Response:
    page = render_template(
        "pool/answer_application.html",
        badge=badge,
        title=queries.badge_title(db(), badge.id),
        found=found,
        name=people.person(db(), found.person_id).name,
        is_open=found.state == ApplicationState.OPEN.value,
        is_own=found.person_id == me(),
        form=form,
    )
    return Response(page, 422 if form.errors else 200)
