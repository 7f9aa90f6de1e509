"""Benchmarks of a badge: the manager's list, and the page where the committee sets the levels."""

from collections.abc import Callable
from typing import Any

from flask import Response, flash, render_template, request, url_for

from accounts.permissions import Permission
from accounts.web import me, permits, visitor
from core.errors import Invalid, NotFound, Refused
from core.forms import blame
from core.web import at, db, see_other, storage
from credentials.catalog.models import Badge
from portfolio.evidence import queries as evidence
from portfolio.evidence.viewing import View, view_of
from portfolio.evidence.web import send_rendition
from portfolio.submission import queries as submissions
from review.assignment.pool_views import managed_badge
from review.calibration import benchmarks as services
from review.calibration import proposals, queries
from review.calibration.forms import ProposeForm, levels_form
from review.pool import queries as pool
from review.pool.models import Benchmark
from review.pool.states import BenchmarkState
from review.scoring.queries import blind_submission, item_at, learner_needles, picture


@permits(Permission.QUALIFY_REVIEWERS)
def benchmarks(slug: str) -> Any:
    """Show a badge's benchmarks, and propose a work as one."""
    badge = managed_badge(slug)
    if request.method == "GET":
        return _list(badge)
    form = ProposeForm()
    if not form.validate():
        flash("Choose one of the works below.", "attention")
        return _list(badge, status=422)
    submission = submissions.submission(db(), form.submission_id.data)
    if submission.badge_id != badge.id:
        raise NotFound()
    services.propose(db(), submission.id, by=me(), at=at())
    flash("Its author is asked now. Nobody reads it before they agree.", "success")
    return see_other("calibration.benchmarks", slug=slug)


@permits(Permission.QUALIFY_REVIEWERS)
def retire(slug: str, benchmark_id: str) -> Any:
    """Take a benchmark out of use."""
    badge = managed_badge(slug)
    found = queries.benchmark(db(), benchmark_id)
    submission = submissions.submission(db(), found.submission_id)
    if found.badge_id != badge.id or submission.learner_id == me():
        raise NotFound()
    services.retire(db(), benchmark_id, by=me(), at=at())
    flash("Out of use. What was compared with it stands.", "success")
    return see_other("calibration.benchmarks", slug=slug)


@permits(Permission.DETERMINE)
def levels(benchmark_id: str) -> Any:
    """Show a work that its author agreed to, blind, and take its levels with their reasons."""
    found = _open_to_me(benchmark_id)
    definition = queries.definition_of(db(), found)
    form = levels_form(definition)
    if request.method == "GET" and found.state != BenchmarkState.CONSENTED.value:
        return render_template("calibration/settled.html")
    if request.method == "GET":
        return _levels_page(found, form)
    if not form.validate():
        return _levels_page(found, form, status=422)
    try:
        services.set_levels(
            db(),
            benchmark_id,
            levels={one.key: int(form[one.key].form.level.data) for one in definition.criteria},
            reasons={one.key: form[one.key].form.reason.data for one in definition.criteria},
            has_no_names=bool(form.has_no_names.data),
            visitor=visitor(),
            at=at(),
        )
    except Invalid as error:
        _blame(form, error)
        return _levels_page(found, form, status=422)
    flash("Set. Reviewers read it as a benchmark from now on.", "success")
    return see_other("disputes.queue")


@permits(Permission.DETERMINE)
def evidence_file(benchmark_id: str, position: int, rendition_id: str) -> Any:
    """Send one derived view of a work sample while its levels are this member's to set."""
    found = _open_to_me(benchmark_id)
    if found.state != BenchmarkState.CONSENTED.value:
        raise NotFound()
    item = item_at(db(), found.submission_id, position)
    return send_rendition(picture(db(), item.sha256, rendition_id))


def _open_to_me(benchmark_id: str) -> Benchmark:
    """Return a benchmark that this member may set; to others nothing of it is there."""
    found = queries.benchmark(db(), benchmark_id)
    if found.state == BenchmarkState.ASKED.value:
        raise NotFound()
    reason = proposals.objection_to_setting_levels(db(), found, visitor(), at=at())
    if reason is not None and found.set_by != me():
        raise Refused(reason)
    return found


def _blame(form: Any, error: Invalid) -> None:
    """Show an objection at the reason of the criterion it names, or where else it belongs."""
    if error.field in form and hasattr(form[error.field], "form"):
        form[error.field].form.reason.errors = [error.reason]
    else:
        blame(form, error)


def _list(badge: Badge, *, status: int = 200) -> Response:
    page = render_template(
        "calibration/benchmarks.html",
        badge=badge,
        title=pool.badge_title(db(), badge.id),
        benchmarks=proposals.benchmarks_of(db(), badge.id, me()),
        works=proposals.works_for(db(), badge.id, me()),
    )
    return Response(page, status)


def _levels_page(found: Benchmark, form: Any, *, status: int = 200) -> Response:
    submission = submissions.submission(db(), found.submission_id)
    needles = learner_needles(db(), submission)
    page = render_template(
        "calibration/levels.html",
        benchmark=found,
        work=blind_submission(db(), submission, needles=needles),
        definition=queries.definition_of(db(), found),
        views=_views(submission.id, needles),
        rendition_urls=_rendition_urls(found),
        form=form,
    )
    return Response(page, status)


def _rendition_urls(found: Benchmark) -> Callable[[int], Callable[[str], str]]:
    def of(position: int) -> Callable[[str], str]:
        return lambda rendition_id: url_for(
            "calibration.evidence_file",
            benchmark_id=found.id,
            position=position,
            rendition_id=rendition_id,
        )

    return of


def _views(submission_id: str, needles: list[str]) -> dict[int, View]:
    digests = {item.position: item.sha256 for item in submissions.sealed_items(db(), submission_id)}
    found = evidence.renditions(db(), list(digests.values()))
    return {
        position: view_of(storage(), *found[digest], needles=needles)
        for position, digest in digests.items()
        if digest in found
    }
