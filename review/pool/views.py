"""A volunteer's own page: limits, pauses, what they may review, and their ties."""

from typing import Any

from flask import Blueprint, Response, flash, render_template, request

from accounts.permissions import Permission
from accounts.web import me, permits, visitor
from core.errors import Invalid
from core.forms import blame
from core.web import at, db, see_other
from credentials.catalog import queries as catalog
from review.pool import queries, services, ties
from review.pool.forms import KINDS, HolidayForm, LimitsForm, TieForm, start_of
from review.pool.models import YEARLY
from review.pool.states import ApplicationState, ConflictKind, QualificationState

blueprint = Blueprint("pool", __name__, template_folder="templates")


@blueprint.get("/reviewing")
@permits(Permission.VOLUNTEER)
def reviewing() -> Any:
    """Show one's own limits, qualifications and ties."""
    return page_of()


@blueprint.post("/reviewing/limits")
@permits(Permission.VOLUNTEER)
def limits() -> Any:
    """Set one's own limits."""
    form = LimitsForm()
    if not form.validate():
        return page_of(limits_form=form, status=422)
    try:
        services.set_limits(
            db(),
            is_available=form.is_available.data,
            max_open=form.max_open.data,
            paused_until=start_of(form.paused_until.data, visitor().time_zone),
            languages=form.languages.data,
            sectors=form.sector_names(),
            topics=form.topic_names(),
            per_year=form.per_year.data or YEARLY,
            by=me(),
            at=at(),
        )
    except Invalid as error:
        blame(form, error)
        return page_of(limits_form=form, status=422)
    flash("Saved. Your limits hold from now on.", "success")
    return see_other("pool.reviewing")


@blueprint.post("/reviewing/volunteer")
@permits(Permission.VOLUNTEER)
def volunteer() -> Any:
    """Join the pool of a badge that one holds."""
    badge = catalog.badge_by(db(), request.form.get("badge", ""))
    services.volunteer(db(), badge.id, by=me(), at=at())
    flash("Thank you. You are in the pool of reviewers now.", "success")
    return see_other("pool.reviewing")


@blueprint.post("/reviewing/rest")
@permits(Permission.VOLUNTEER)
def rest() -> Any:
    """Let one's own reviewing for a badge rest, without giving a reason."""
    badge = catalog.badge_by(db(), request.form.get("badge", ""))
    services.end_qualification(
        db(), me(), badge.id, to=QualificationState.RESTING, reason="", by=me(), at=at()
    )
    flash("It rests. You are not invited for this badge until you take it up again.", "success")
    return see_other("pool.reviewing")


@blueprint.post("/reviewing/ties")
@permits(Permission.VOLUNTEER)
def declare_tie() -> Any:
    """Declare a tie to a person or an organisation."""
    form = TieForm()
    if not form.validate():
        return page_of(tie_form=form, status=422)
    try:
        ties.declare_conflict(
            db(),
            me(),
            kind=ConflictKind(form.kind.data),
            organisation=form.organisation.data,
            address=form.address.data,
            note=form.note.data or "",
            begins=start_of(form.begins.data, visitor().time_zone),
            until=start_of(form.until.data, visitor().time_zone),
            by=me(),
            at=at(),
        )
    except Invalid as error:
        blame(form, error)
        return page_of(tie_form=form, status=422)
    flash("Recorded. You are not asked to review across this tie.", "success")
    return see_other("pool.reviewing")


@blueprint.post("/reviewing/ties/<conflict_id>/end")
@permits(Permission.VOLUNTEER)
def end_tie(conflict_id: str) -> Any:
    """Say that a tie has ended."""
    ties.end_conflict(db(), conflict_id, by=me(), at=at())
    is_gone = queries.tie(db(), conflict_id) is None
    words = "It is gone." if is_gone else "Ended. It still keeps you apart for three years."
    flash(words, "success")
    return see_other("pool.reviewing")


def page_of(
    *,
    limits_form: LimitsForm | None = None,
    tie_form: TieForm | None = None,
    holiday_form: HolidayForm | None = None,
    status: int = 200,
) -> Response:
    """Return the page, with what was typed into one of its forms."""
    held = queries.qualifications_of(db(), me())
    mine = {found.badge_id for found, _, _ in held}
    holds = queries.badges_held(db(), me())
    held_ids = {badge.id for badge, _ in holds}
    asked = queries.applications_of(db(), me())
    waiting = {one.badge_id for one, _ in asked if one.state == ApplicationState.OPEN.value}
    page = render_template(
        "pool/reviewing.html",
        profile=queries.profile(db(), me()),
        limits_form=limits_form or _limits(),
        tie_form=tie_form or TieForm(formdata=None),
        qualifications=held,
        calibrations=queries.calibrations_of(db(), [found for found, _, _ in held]),
        offers=[one for one in holds if one[0].id not in mine],
        held_badges=held_ids,
        holiday_form=holiday_form or HolidayForm(formdata=None),
        holidays=queries.holidays_of(db(), me(), since=at().date()),
        applications=asked,
        open_to_apply=[
            (badge, edition.title)
            for badge, edition in catalog.published(db())
            if badge.id not in mine | held_ids | waiting
        ],
        ties=queries.ties_declared_by(db(), me()),
        kinds=dict(KINDS),
    )
    return Response(page, status)


def _limits() -> LimitsForm:
    """Return the form filled with one's own limits, or with the defaults."""
    found = queries.profile(db(), me())
    if found is None:
        return LimitsForm(
            formdata=None, is_available=True, max_open=2, per_year=YEARLY, languages=["en"]
        )
    return LimitsForm(
        formdata=None,
        is_available=found.is_available,
        max_open=found.max_open,
        paused_until=found.paused_until,
        languages=found.languages,
        sectors=", ".join(found.sectors),
        topics=", ".join(found.topics),
        per_year=found.per_year,
    )
