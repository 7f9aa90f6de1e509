"""Studies of the standard, for who runs or audits the badge: begin, follow, close, read."""

from typing import Any

from flask import Response, flash, render_template

from accounts.permissions import Permission
from accounts.web import me, permits, visitor
from core.charts import Chart, histogram
from core.errors import Invalid, NotFound
from core.forms import blame
from core.text import plain_cell
from core.web import at, db, see_other
from credentials.catalog import queries as catalog
from credentials.catalog.models import Badge, BadgeEdition
from review.panels import cuts, services, studies
from review.panels.forms import OpenForm
from review.panels.models import StandardStudy
from review.panels.panel import Line, columns_of, rows_of, value_words
from review.panels.panel_views import as_file, watched
from review.panels.rules import objection_to_opening
from review.panels.sheet import number as cell
from review.panels.sheet import sheet
from review.panels.states import StudyState
from review.pool.rules import is_in_charge


@permits(Permission.WATCH_QUALITY)
def standards(slug: str) -> Any:
    """List every study of a badge, with its cuts."""
    badge, _definition = watched(slug)
    return _list(badge, OpenForm(formdata=None))


@permits(Permission.SET_STANDARDS)
def open_study(slug: str) -> Any:
    """Begin a study."""
    badge, edition = _managed(slug)
    form = OpenForm()
    if not form.validate():
        return _list(badge, form, status=422)
    try:
        made = services.open_study(
            db(),
            badge,
            edition,
            count=form.count.data,
            note=form.note.data or "",
            by=me(),
            at=at(),
        )
    except Invalid as error:
        blame(form, error)
        return _list(badge, form, status=422)
    flash("The panel is asked. You will see how far it is, not what anybody says.", "success")
    return see_other("panels.study", slug=slug, number=made.number)


@permits(Permission.WATCH_QUALITY)
def study(slug: str, number: int) -> Any:
    """Show one study: how far it is, or what it came to."""
    badge, _definition = watched(slug)
    return _study(badge, studies.study_by(db(), badge.id, number))


@permits(Permission.SET_STANDARDS)
def close(slug: str, number: int) -> Any:
    """Close a study, and keep where the panel's standard lies."""
    badge, _edition = _managed(slug)
    try:
        services.close_study(db(), badge.id, number, by=me(), at=at())
    except Invalid as error:
        found = studies.study_by(db(), badge.id, number)
        return _study(badge, found, reason=error.reason, status=422)
    flash("Closed. No edition has changed by it.", "success")
    return see_other("panels.study", slug=slug, number=number)


@permits(Permission.SET_STANDARDS)
def withdraw(slug: str, number: int) -> Any:
    """End a study without a cut."""
    badge, _edition = _managed(slug)
    services.withdraw_study(db(), badge.id, number, by=me(), at=at())
    flash("Withdrawn. Nobody needs to rate any more.", "success")
    return see_other("panels.standards", slug=slug)


@permits(Permission.WATCH_QUALITY)
def study_file(slug: str, number: int) -> Any:
    """Send the ratings and cuts of a closed study as a CSV file."""
    badge, definition = watched(slug)
    found = studies.study_by(db(), badge.id, number)
    if found.result is None or found.closed_at is None:
        raise NotFound()
    about = [
        ("study", str(found.number)),
        ("badge", definition.title),
        ("closed at", found.closed_at.isoformat(timespec="seconds")),
        ("arithmetic", found.result["version"]),
        ("digest", found.result["digest"]),
        ("categories", "1 clearly below, 2 borderline, 3 clearly above"),
        *((f"cut, {one.tick}", _cut_words(one)) for one in cuts.lines_of(found.result)),
    ]
    heads = ("portfolio", "mean level", *cuts.panellists_of(found.result))
    rows = [
        (str(place), cell(score), *("" if one is None else str(one) for one in said))
        for place, score, said in cuts.ratings_of(found.result)
    ]
    return as_file(
        sheet(about, [plain_cell(one) for one in heads], rows),
        f"{badge.slug}-standard-{number}.csv",
    )


def _cut_words(line: Line) -> str:
    value, low, high = line.figure.value, line.figure.low, line.figure.high
    if value is None:
        return value_words(line.figure, line.unit)
    return f"{cell(value)} ({cell(low)} to {cell(high)}). {line.note}"


def _managed(slug: str) -> tuple[Badge, BadgeEdition]:
    badge = catalog.badge_by(db(), slug)
    if not is_in_charge(visitor(), badge.slug):
        raise NotFound()
    return catalog.latest_edition(db(), slug)


def _list(badge: Badge, form: OpenForm, *, status: int = 200) -> Response:
    _badge, edition = catalog.latest_edition(db(), badge.slug)
    found = studies.studies_of(db(), badge.id)
    is_manager = is_in_charge(visitor(), badge.slug)
    scores = studies.scores_of(db(), badge.id, catalog.definition_of(edition), at=at())
    members = studies.members_of(db(), badge) if is_manager else []
    page = render_template(
        "panels/standards.html",
        badge=badge,
        definition=catalog.definition_of(edition),
        studies=[(one, cuts.lines_of(one.result) if one.result else ()) for one in found],
        is_manager=is_manager,
        has_open=any(one.state == StudyState.OPEN.value for one in found),
        objection=objection_to_opening(len(scores), len(members)),
        drawing=_spread(list(scores.values())),
        form=form,
    )
    return Response(page, status)


def _study(badge: Badge, found: StandardStudy, *, reason: str = "", status: int = 200) -> Response:
    definition = catalog.definition_of(catalog.edition(db(), found.edition_id))
    lines = cuts.lines_of(found.result) if found.result else []
    page = render_template(
        "panels/study.html",
        badge=badge,
        definition=definition,
        study=found,
        progress=studies.progress_of(db(), found.id),
        by=found.opened_at + studies.TO_RATE,
        lines=lines,
        columns=columns_of("Method", "Panellists"),
        rows=rows_of(lines),
        drawing=cuts.drawing(found.result) if found.result else None,
        ratings=cuts.ratings_of(found.result) if found.result else (),
        panellists=cuts.panellists_of(found.result) if found.result else (),
        rule=cuts.rule_words(found.result, definition) if found.result else None,
        is_manager=is_in_charge(visitor(), badge.slug),
        reason=reason,
    )
    return Response(page, status)


def _spread(scores: list[float]) -> Chart:
    return histogram("Mean levels of the works that a study may be of", scores, name="Works")
