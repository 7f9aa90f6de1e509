"""What every template can count on: who is asking, where they can go, how to say a time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from flask import Flask, g, request, url_for
from markupsafe import Markup
from sqlalchemy import select

from accounts import notices
from accounts.permissions import Permission
from accounts.visitor import objection
from accounts.web import visitor
from core import charts
from core.web import at, db, runtime, static_url
from credentials.catalog import hallmark
from credentials.catalog.definition import EditionDefinition
from credentials.catalog.models import Issuer
from credentials.catalog.wording import file_kind
from review.pool import queries as pool
from review.recognition import credits
from review.recognition.mark import engrave_mark

# What an entry says, where it leads, who sees it, and the other rooms that lie behind it.
NAVIGATION: tuple[tuple[str, str, Permission, frozenset[str]], ...] = (
    ("Home", "home.show", Permission.SEE_OWN_HOME, frozenset()),
    ("Badges", "catalog.badges", Permission.READ_PUBLIC_PAGES, frozenset({"catalog"})),
    (
        "Portfolios",
        "composing.portfolios",
        Permission.COMPOSE_PORTFOLIO,
        frozenset({"composing", "evidence", "submission", "decision"}),
    ),
    (
        "Reviews",
        "assignment.desk",
        Permission.VOLUNTEER,
        frozenset({"assignment", "scoring", "pool", "calibration"}),
    ),
    ("Intake", "intake.queue", Permission.CHECK_INTAKE, frozenset({"intake"})),
    ("Moderation", "moderation.queue", Permission.MODERATE, frozenset({"moderation"})),
    ("Committee", "disputes.queue", Permission.DETERMINE, frozenset({"disputes", "auditing"})),
    ("Flow", "flow.board", Permission.WATCH_FLOW, frozenset({"flow"})),
    ("Roles", "accounts.roles", Permission.GRANT_ROLES, frozenset()),
    ("Audit", "audit.trail", Permission.READ_AUDIT, frozenset({"audit"})),
    (
        "Check a badge",
        "verification.verify",
        Permission.READ_PUBLIC_PAGES,
        frozenset({"verification"}),
    ),
)


@dataclass(frozen=True)
class NavigationItem:
    """One entry of the main navigation."""

    label: str
    url: str
    is_current: bool


def install(app: Flask) -> None:
    """Give the templates of `app` their names and filters."""
    app.context_processor(page_context)
    app.jinja_env.filters["day"] = day
    app.jinja_env.filters["moment"] = moment
    app.jinja_env.filters["clock_time"] = clock_time
    app.jinja_env.filters["until"] = until
    app.jinja_env.filters["filesize"] = filesize
    app.jinja_env.filters["file_kind"] = file_kind
    app.jinja_env.globals["static_url"] = static_url
    app.jinja_env.globals["hallmark_svg"] = hallmark_svg
    app.jinja_env.globals["reviewer_mark_svg"] = reviewer_mark_svg
    app.jinja_env.globals["reviewer_marks"] = reviewer_marks
    app.jinja_env.globals["chart_svg"] = chart_svg
    app.jinja_env.globals["chart_key_mark"] = chart_key_mark


def page_context() -> dict[str, Any]:
    """Return the names that the base template uses."""
    who = visitor()
    return {
        "current_person": who if who.is_signed_in else None,
        "visitor": who,
        "nav": _navigation(),
        "unread_count": _unread_count(),
        "theme": who.theme if who.is_signed_in else request.cookies.get("assay-theme", "auto"),
        "is_demo": runtime().settings.demo,
        "base_url": runtime().settings.base_url,
        "now": at(),
    }


def _navigation() -> list[NavigationItem]:
    who = visitor()
    room = (request.endpoint or "").split(".")[0]
    return [
        NavigationItem(label, url_for(endpoint), endpoint == request.endpoint or room in rooms)
        for label, endpoint, permission, rooms in NAVIGATION
        if objection(who, permission) is None
        and (permission is not Permission.VOLUNTEER or _is_reviewer())
    ]


def _is_reviewer() -> bool:
    """Whether the visitor ever volunteered; the way to do so is on the home page."""
    if "is_reviewer" not in g:
        g.is_reviewer = pool.profile(db(), visitor().person_id) is not None
    return bool(g.is_reviewer)


def _unread_count() -> int:
    if not visitor().is_signed_in:
        return 0
    if "unread_count" not in g:
        g.unread_count = notices.unread_count(db(), visitor().person_id)
    return int(g.unread_count)


def chart_svg(chart: charts.Chart) -> Markup:
    """Return the picture of a chart; what it is made of was escaped on the way."""
    return Markup(charts.drawing(chart))  # noqa: S704 - drawn by us


def chart_key_mark(kind: int) -> Markup:
    """Return a sample of how the bars of a kind look."""
    return Markup(charts.key_mark(kind))  # noqa: S704 - drawn by us


def hallmark_svg(
    definition: EditionDefinition,
    *,
    size: int = 96,
    is_struck: bool = False,
    levels: Mapping[str, int] | None = None,
    label: str = "",
) -> Markup:
    """Return a badge's hallmark to stand in a page; every text in it is escaped."""
    mark = hallmark.inline_svg(
        definition,
        issuer=_issuer_name(),
        size=size,
        is_struck=is_struck,
        levels=levels,
        label=label,
    )
    return Markup(mark)  # noqa: S704 - made of numbers and escaped text only


def reviewer_mark_svg(
    slug: str, rung: int, *, size: int = 96, issuer: str = "", label: str = ""
) -> Markup:
    """Return a reviewer's mark to stand in a page; every text in it is escaped."""
    shapes = engrave_mark(issuer=issuer or _issuer_name(), slug=slug, rung=rung, size=size)
    mark = hallmark.svg_of(shapes, size=size, is_struck=True, label=label)
    return Markup(mark)  # noqa: S704 - made of numbers and escaped text only


def reviewer_marks() -> list[dict[str, Any]]:
    """Return the marks that the visitor's own reviews have earned."""
    return credits.marks_of(db(), visitor().person_id)


def _issuer_name() -> str:
    if "issuer_name" not in g:
        g.issuer_name = db().scalar(select(Issuer.name).order_by(Issuer.created_at).limit(1)) or ""
    return str(g.issuer_name)


def _zone() -> ZoneInfo:
    try:
        return ZoneInfo(visitor().time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def day(value: date) -> str:
    """Return "Mon 23 November 2026", of a moment in the viewer's zone."""
    here = value.astimezone(_zone()) if isinstance(value, datetime) else value
    return f"{here:%a} {here.day} {here:%B %Y}"


def moment(value: datetime) -> str:
    """Return "Mon 23 November 2026, 10:42 (UTC+01:00)" in the viewer's zone."""
    here = value.astimezone(_zone())
    offset = here.strftime("%z")
    zone = "UTC" if int(offset) == 0 else f"UTC{offset[:3]}:{offset[3:]}"
    return f"{day(value)}, {here:%H:%M} ({zone})"


def clock_time(value: datetime) -> str:
    """Return "10:42" in the viewer's zone."""
    return f"{value.astimezone(_zone()):%H:%M}"


def until(value: datetime) -> str:
    """Return how far off a time is, in the largest sensible unit: "in 3 days", "2 hours ago"."""
    seconds = (value - at()).total_seconds()
    size, unit = _largest_unit(abs(seconds))
    if unit is None:
        return "now"
    words = f"{size} {unit}{'' if size == 1 else 's'}"
    return f"in {words}" if seconds > 0 else f"{words} ago"


def _largest_unit(seconds: float) -> tuple[int, str | None]:
    for length, unit in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
        if seconds >= length:
            return int(seconds // length), unit
    return 0, None


def filesize(size: int) -> str:
    """Return "3.4 MB" for a number of bytes."""
    amount = float(size)
    for unit in ("bytes", "kB", "MB", "GB"):
        if amount < 1000 or unit == "GB":
            return f"{amount:.0f} {unit}" if unit == "bytes" else f"{amount:.1f} {unit}"
        amount /= 1000
    raise AssertionError("unreachable")
