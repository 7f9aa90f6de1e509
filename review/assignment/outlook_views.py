"""Demand against qualified capacity in the coming weeks, for a badge's programme manager."""

from typing import Any

from flask import render_template

from accounts.permissions import Permission
from accounts.web import permits
from core.charts import Series, chart
from core.web import at, db
from review.assignment.forecast import Forecast, words
from review.assignment.outlook import outlook as read_outlook
from review.assignment.pool_views import blueprint, managed_badge
from review.pool import queries as pool

__all__ = ["blueprint"]


@blueprint.get("/pool/<slug>/outlook")
@permits(Permission.QUALIFY_REVIEWERS)
def outlook(slug: str) -> Any:
    """Show what the coming weeks want of a badge's pool, and whether there is room for it."""
    badge = managed_badge(slug)
    wanted, found = read_outlook(db(), badge.id, at=at())
    return render_template(
        "assignment/outlook.html",
        badge=badge,
        title=pool.badge_title(db(), badge.id),
        wanted=wanted,
        forecast=found,
        sentence=words(found),
        is_short=found.first_short is not None or found.has_nobody,
        drawing=_drawing(found),
    )


def _drawing(found: Forecast) -> Any:
    """Draw each week as all that is wanted in it; what stands above the room would wait."""
    return chart(
        "Reviews wanted, and room for them",
        [f"{one.starts.day} {one.starts:%b}" for one in found.weeks],
        lines=[Series("Room", [round(one.capacity, 1) for one in found.weeks])],
        bars=[
            Series("Begun", [round(one.begun, 1) for one in found.weeks]),
            Series("Would wait", [round(one.waiting, 1) for one in found.weeks]),
        ],
        unit="reviews a week",
        across="Week of",
    )
