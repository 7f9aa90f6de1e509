"""The author's side of a benchmark: what is asked, yes or no, and the way back at any time."""

from typing import Any

from flask import Response, flash, render_template, request

from accounts.permissions import Permission
from accounts.web import me, permits
from core.errors import Conflict, NotFound
from core.web import at, db, see_other
from portfolio.submission.models import Submission
from review.calibration import benchmarks, queries
from review.calibration.consenting import consent_text
from review.calibration.forms import YES, ConsentForm
from review.pool import queries as pool
from review.pool.models import Benchmark
from review.pool.states import BenchmarkState


@permits(Permission.FOLLOW_OWN_SUBMISSION)
def consent(benchmark_id: str) -> Any:
    """Ask an author whether their work may be a benchmark, and take the answer."""
    found, submission = _own(benchmark_id)
    form = ConsentForm()
    if request.method == "GET":
        return _page(found, submission, form)
    if not form.validate():
        return _page(found, submission, form, status=422)
    if found.state != BenchmarkState.ASKED.value:
        raise Conflict("You have answered this already. Nothing was changed.")
    if form.answer.data == YES:
        benchmarks.consent(db(), benchmark_id, by=me(), at=at())
        flash("Thank you. You can take this back here at any time.", "success")
    else:
        benchmarks.decline(db(), benchmark_id, by=me(), at=at())
        flash("Nobody reads it as a benchmark. Nothing changes for you.", "success")
    return see_other("calibration.consent", benchmark_id=benchmark_id)


@permits(Permission.FOLLOW_OWN_SUBMISSION)
def take_back(benchmark_id: str) -> Any:
    """Take a consent back; nobody else reads the work from now on."""
    _own(benchmark_id)
    benchmarks.decline(db(), benchmark_id, by=me(), at=at())
    flash("Taken back. Nobody else gets to read it as a benchmark.", "success")
    return see_other("calibration.consent", benchmark_id=benchmark_id)


def _own(benchmark_id: str) -> tuple[Benchmark, Submission]:
    found = queries.benchmark(db(), benchmark_id)
    submission = db().get_one(Submission, found.submission_id)
    if submission.learner_id != me():
        raise NotFound()
    return found, submission


def _page(
    found: Benchmark, submission: Submission, form: ConsentForm, *, status: int = 200
) -> Response:
    title = pool.badge_title(db(), found.badge_id)
    page = render_template(
        "calibration/consent.html",
        benchmark=found,
        submission=submission,
        title=title,
        text=found.consent_text or consent_text(title),
        form=form,
    )
    return Response(page, status)
