"""A reviewer's calibration: how it stands, the benchmark to read, and how a reading compares."""

from typing import Any

from flask import Blueprint, Response, flash, render_template

from accounts.permissions import Permission
from accounts.web import me, permits
from core.errors import NotFound, Refused
from core.web import at, db, see_other
from credentials.catalog import queries as catalog
from credentials.catalog.models import Badge
from portfolio.submission import queries as submissions
from review.assignment.queries import kind_of
from review.assignment.states import AssignmentState, RoundKind
from review.calibration import benchmark_views, consent_views, queries, services
from review.calibration.models import CalibrationResult
from review.calibration.rules import DAYS_TO_READ, gating
from review.pool import queries as pool
from review.scoring import queries as scoring
from review.scoring.forms import CANNOT_SCORE_WORDS

blueprint = Blueprint("calibration", __name__, template_folder="templates")

GET, POST = ("GET",), ("POST",)
BOTH = (*GET, *POST)


@permits(Permission.VOLUNTEER)
def show(slug: str) -> Any:
    """Show how one's calibration for a badge stands, and what one read before."""
    return _page(_mine(slug))


@permits(Permission.VOLUNTEER)
def begin(slug: str) -> Any:
    """Begin to read a benchmark, or go on with the one that was begun."""
    badge = _mine(slug)
    try:
        reading = services.begin(db(), badge.id, by=me(), at=at())
    except Refused as refusal:
        flash(refusal.reason, "attention")
        return see_other("calibration.show", slug=slug)
    return see_other("scoring.workspace", assignment_id=reading.id)


@permits(Permission.SCORE)
def result(assignment_id: str) -> Any:
    """Show how one's sealed reading compares with the committee's levels, criterion by criterion.

    It is computed from the sealed levels, so that it is there at once.
    """
    reading = scoring.assignment_for(db(), assignment_id, reviewer_id=me())
    found = queries.benchmark_on(db(), reading.submission_id)
    review = scoring.review_of(db(), reading.id)
    kind = kind_of(db(), reading)
    is_read = reading.state == AssignmentState.CLOSED.value and not reading.is_counted
    if found is None or review is None or not is_read or kind is RoundKind.AUDIT:
        raise NotFound()
    definition = queries.definition_of(db(), found)
    badge = db().get_one(Badge, found.badge_id)
    return render_template(
        "calibration/result.html",
        badge=badge,
        definition=definition,
        pseudonym=submissions.submission(db(), reading.submission_id).pseudonym,
        comparison=queries.comparison_of(db(), found, reading.id),
        reasons=found.reasons,
        answers=scoring.answers_of(db(), review.id),
        kept=db().get(CalibrationResult, assignment_id),
        is_gold=kind is RoundKind.GOLD,
        is_calibrated=any(
            one.badge_id == badge.id and one.calibrated_at and not one.is_over(at())
            for one in queries.standing_of(db(), me(), at=at())
        ),
        objection=services.objection_to_beginning(db(), badge.id, me(), at=at()),
        cannot_score=CANNOT_SCORE_WORDS,
    )


def _mine(slug: str) -> Badge:
    """Return a badge that one may review, or raise NotFound."""
    badge = catalog.badge_by(db(), slug)
    if pool.qualification(db(), me(), badge.id) is None:
        raise NotFound()
    return badge


def _page(badge: Badge) -> Response:
    _, edition = catalog.latest_edition(db(), badge.slug)
    definition = catalog.definition_of(edition)
    standing = [one for one in queries.standing_of(db(), me(), at=at()) if one.badge_id == badge.id]
    page = render_template(
        "calibration/show.html",
        badge=badge,
        definition=definition,
        gates=gating(definition.criteria),
        has_must_pass=any(one.must_pass for one in definition.criteria),
        standing=standing[0] if standing else None,
        reading=queries.open_reading(db(), badge.id, me()),
        objection=services.objection_to_beginning(db(), badge.id, me(), at=at()),
        results=queries.results_of(db(), badge.id, me()),
        days=DAYS_TO_READ,
    )
    return Response(page)


ROUTES = (
    ("/reviewing/calibration/<slug>", "show", show, GET),
    ("/reviewing/calibration/<slug>", "begin", begin, POST),
    ("/reviewing/calibration/results/<assignment_id>", "result", result, GET),
    ("/pool/<slug>/benchmarks", "benchmarks", benchmark_views.benchmarks, BOTH),
    ("/pool/<slug>/benchmarks/<benchmark_id>/retire", "retire", benchmark_views.retire, POST),
    ("/committee/benchmarks/<benchmark_id>", "levels", benchmark_views.levels, BOTH),
    (
        "/committee/benchmarks/<benchmark_id>/evidence/<int:position>/<rendition_id>",
        "evidence_file",
        benchmark_views.evidence_file,
        GET,
    ),
    ("/benchmarks/<benchmark_id>/consent", "consent", consent_views.consent, BOTH),
    ("/benchmarks/<benchmark_id>/take-back", "take_back", consent_views.take_back, POST),
)
for rule, endpoint, view, methods in ROUTES:
    blueprint.add_url_rule(rule, endpoint, view, methods=methods)
