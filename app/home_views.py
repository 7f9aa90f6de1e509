"""The front page for visitors, the home page of everybody with an account, and the way out."""

from collections.abc import Callable
from datetime import datetime
from urllib.parse import urlsplit

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from accounts.permissions import Permission
from accounts.visitor import Visitor
from accounts.web import came_from, me, permits, visitor
from core.errors import NotFound
from core.waiting import Waiting, soonest_first
from core.web import at, db, see_other
from credentials.catalog import queries as catalog
from credentials.issuing import queries as issuing
from portfolio.submission import queries as submission
from review.assignment import desk as assignment
from review.assignment import outlook
from review.calibration import proposals
from review.calibration import queries as calibration
from review.decision import audit_lines
from review.decision import queries as decision
from review.disputes import queries as disputes
from review.intake import queries as intake
from review.moderation import queries as moderation
from review.panels import studies
from review.pool import queries as pool
from review.recognition import standings as recognition
from review.scoring import queries as scoring

blueprint = Blueprint("home", __name__, template_folder="templates")

FEATURED = 3
LONGEST_TARGET = 2_000

Source = Callable[..., list[Waiting]]
# What a person is when something waits for them, and the rooms that know what.
GROUPS: tuple[tuple[str, tuple[Source, ...]], ...] = (
    (
        "Your own work",
        (
            decision.waiting_for,
            issuing.waiting_for,
            submission.waiting_for,
            proposals.author_waiting_for,
        ),
    ),
    (
        "Reviewing",
        (
            assignment.waiting_for,
            scoring.waiting_for,
            calibration.waiting_for,
            pool.waiting_for,
            outlook.waiting_for,
            recognition.waiting_for,
        ),
    ),
    ("Intake", (intake.waiting_for,)),
    ("Moderation", (moderation.waiting_for,)),
    ("Committee", (disputes.waiting_for, audit_lines.waiting_for, proposals.committee_waiting_for)),
    ("Standard setting", (studies.waiting_for,)),
)


@blueprint.get("/")
@permits(Permission.READ_PUBLIC_PAGES)
def front() -> ResponseReturnValue:
    """Say what Assay is; who is signed in has a home page instead."""
    if visitor().is_signed_in:
        return see_other("home.show")
    badges = [(badge, catalog.definition_of(edition)) for badge, edition in catalog.published(db())]
    return render_template("home/front.html", badges=badges[:FEATURED], badge_count=len(badges))


@blueprint.get("/home")
@permits(Permission.SEE_OWN_HOME)
def show() -> str:
    """Show what waits for the reader, what is on its way with others, and what they earned."""
    yours, others = waiting(db(), visitor(), at=at())
    awards = [
        (award, catalog.definition_of(edition), badge)
        for award, edition, badge in issuing.awards_of(db(), me())
    ]
    return render_template(
        "home/show.html",
        groups=yours,
        others=others,
        awards=awards,
        is_reviewer=pool.profile(db(), me()) is not None,
    )


@blueprint.get("/leave")
@permits(Permission.READ_PUBLIC_PAGES)
def leave() -> Response:
    """Show where a link in somebody's text leads, before anybody follows it."""
    target = request.args.get("to", "")
    if not is_outside(target):
        raise NotFound("This link leads nowhere that a browser can go.")
    page = render_template(
        "home/leave.html", target=target, host=urlsplit(target).hostname, back=came_from("/")
    )
    response = Response(page)
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def waiting(
    session: Session, who: Visitor, *, at: datetime
) -> tuple[list[tuple[str, list[Waiting]]], list[Waiting]]:
    """Return what waits for a visitor by role, soonest first, and what others have to do next."""
    groups, others = [], []
    for title, sources in GROUPS:
        entries = [entry for source in sources for entry in source(session, who, at=at)]
        yours = soonest_first([entry for entry in entries if entry.is_yours])
        others += [entry for entry in entries if not entry.is_yours]
        if yours:
            groups.append((title, yours))
    return groups, soonest_first(others)


def is_outside(target: str) -> bool:
    """Whether a target is a web address that can be shown and followed."""
    if not target.isprintable() or len(target) > LONGEST_TARGET or "\\" in target:
        return False
    try:
        parts = urlsplit(target)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and not parts.username
    except ValueError:
        return False
