"""A badge's panels for those who run it or audit it, and each of them as a file."""

from typing import Any

from flask import Response, render_template, request

from accounts.permissions import Permission
from accounts.web import permits, visitor
from core.errors import NotFound
from core.web import at, db
from credentials.catalog import queries as catalog
from credentials.catalog.definition import EditionDefinition
from credentials.catalog.models import Badge
from review.panels import gallery
from review.panels.periods import Period, period_named
from review.panels.records import facts_of
from review.panels.rules import may_read
from review.panels.sheet import panel_sheet
from review.pool.rules import is_in_charge


@permits(Permission.WATCH_QUALITY)
def quality(slug: str) -> Any:
    """Show every panel of a badge, over a period."""
    badge, definition = watched(slug)
    period = period_named(request.args.get("period"))
    facts = facts_of(db(), badge.id, definition, at=at())
    return render_template(
        "panels/quality.html",
        badge=badge,
        definition=definition,
        panels=gallery.panels(facts, period, at=at()),
        period=period,
        periods=tuple(Period),
        is_manager=is_in_charge(visitor(), badge.slug),
    )


@permits(Permission.WATCH_QUALITY)
def download(slug: str, panel: str) -> Any:
    """Send the figures of one panel as a CSV file."""
    badge, definition = watched(slug)
    period = period_named(request.args.get("period"))
    if panel not in gallery.BUILDERS:
        raise NotFound()
    facts = facts_of(db(), badge.id, definition, at=at())
    found = gallery.panel(panel, facts, period, at=at())
    text = panel_sheet(
        found, badge=definition.title, period=period.words, made=at().isoformat(timespec="seconds")
    )
    return as_file(text, f"{badge.slug}-{panel}-{period.value}.csv")


def watched(slug: str) -> tuple[Badge, EditionDefinition]:
    """Return a badge that the visitor may watch, with its newest edition; others look absent."""
    badge = catalog.badge_by(db(), slug)
    if not may_read(visitor(), badge.slug):
        raise NotFound()
    _badge, edition = catalog.latest_edition(db(), slug)
    return badge, catalog.definition_of(edition)


def as_file(text: str, name: str) -> Response:
    """Return a CSV file that is kept under this name, and not by anything on its way."""
    answer = Response(text, mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer
