"""Handing in, the receipt, and the way of a submission to its outcome."""

from typing import Any

from flask import Blueprint, Response, flash, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts.permissions import Permission
from accounts.web import me, permits
from core.errors import AssayError, Conflict
from core.web import at, db, see_other
from credentials.catalog import queries as catalog
from portfolio.composing.queries import portfolio_of
from portfolio.composing.web import frame_of
from portfolio.submission import queries, services
from portfolio.submission.final_check import FinalCheck, final_check
from portfolio.submission.forms import HandInAgainForm, HandInForm
from portfolio.submission.models import Submission
from portfolio.submission.queries import Line
from portfolio.submission.rules import objection_to_withdrawing
from portfolio.submission.states import SubmissionState
from portfolio.submission.tracker import WITH_OUTCOME, stations

blueprint = Blueprint("submission", __name__, template_folder="templates")

HAS_OUTCOME = frozenset(state.value for state in WITH_OUTCOME)


@blueprint.app_context_processor
def latest_standing() -> dict[str, Any]:
    """Let the pages of a portfolio say where its last hand-in stands."""
    return {"standing_of": standing_of}


def standing_of(portfolio_id: str) -> Line | None:
    """Return the last hand-in of one of the visitor's portfolios with its standing, if any."""
    if "lines_by_portfolio" not in g:
        mine = queries.submissions_of(db(), me())
        lines = queries.lines_of(db(), list(reversed(mine)), at=at())
        g.lines_by_portfolio = {line.submission.portfolio_id: line for line in lines}
    found: Line | None = g.lines_by_portfolio.get(portfolio_id)
    return found


@blueprint.route("/portfolios/<portfolio_id>/hand-in", methods=["GET", "POST"])
@permits(Permission.COMPOSE_PORTFOLIO)
def hand_in(portfolio_id: str) -> ResponseReturnValue:
    """The last look at everything that will be sealed, and the act of sealing it, once."""
    portfolio = portfolio_of(db(), portfolio_id, learner_id=me())
    is_again = bool(queries.attempts(db(), portfolio_id))
    form = (HandInAgainForm if is_again else HandInForm)()
    if not form.is_submitted():
        check = final_check(db(), portfolio, at=at())
        if is_again:
            form.change_note.data = portfolio.change_note
        return _check_page(check, form)
    if not form.validate():
        return _not_sealed(final_check(db(), portfolio, at=at()), form)
    note = form.change_note.data if isinstance(form, HandInAgainForm) else None
    try:
        sealed = services.hand_in(
            db(), portfolio_id, seen=form.seen.data, change_note=note, by=me(), at=at()
        )
    except AssayError as refused:
        return _not_sealed(final_check(db(), portfolio, at=at()), form, refused)
    return see_other(".submission", submission_id=sealed.id)


def _not_sealed(
    check: FinalCheck, form: HandInForm, refused: AssayError | None = None
) -> ResponseReturnValue:
    """Answer a hand-in that sealed nothing; the second press of the button gets the receipt."""
    if check.on_its_way is not None:
        flash("This is handed in already. Here is the receipt.", "progress")
        return see_other(".submission", submission_id=check.on_its_way.id)
    if refused is None:
        return _check_page(check, form, status=422)
    form.sure.data = False
    status = 409 if isinstance(refused, Conflict) else 422
    return _check_page(check, form, status=status, refusal=refused.reason)


def _check_page(
    check: FinalCheck, form: HandInForm, *, status: int = 200, refusal: str = ""
) -> Response:
    form.seen.data = check.seen
    page = render_template(
        "submission/hand_in.html",
        check=check,
        form=form,
        refusal=refusal,
        frame=frame_of(check.work.portfolio),
        html={key: one.html for key, one in check.work.reflections.items()},
        earlier_outcome=_outcome_of_last(check),
    )
    return Response(page, status=status, mimetype="text/html")


def _outcome_of_last(check: FinalCheck) -> str | None:
    """Return where the outcome of the attempt before this one can be read, if it has one."""
    last = check.earlier[-1] if check.earlier else None
    if last is None or last.state not in HAS_OUTCOME:
        return None
    return url_for(".submission", submission_id=last.id) + "/outcome"


@blueprint.get("/submissions")
@permits(Permission.FOLLOW_OWN_SUBMISSION)
def submissions() -> ResponseReturnValue:
    """Everything one has handed in, with who acts next."""
    lines = queries.lines_of(db(), queries.submissions_of(db(), me()), at=at())
    return render_template("submission/submissions.html", lines=lines)


@blueprint.get("/submissions/<submission_id>")
@permits(Permission.FOLLOW_OWN_SUBMISSION)
def submission(submission_id: str) -> ResponseReturnValue:
    """The receipt, and where the submission is on its way."""
    found = queries.submission_of(db(), submission_id, learner_id=me())
    (line,) = queries.lines_of(db(), [found], at=at())
    return render_template(
        "submission/submission.html",
        submission=found,
        edition=line.edition,
        prompts={one.key: one.title for one in catalog.definition_of(line.edition).reflections},
        manifest=queries.manifest_of(found),
        html=queries.sealed_html(db(), found.id),
        state=line.facts.state.value,
        standing=line.standing,
        stations=stations(line.facts),
        earlier=_earlier(found),
        objection=objection_to_withdrawing(line.facts.state),
    )


@blueprint.get("/submissions/<submission_id>/manifest.json")
@permits(Permission.FOLLOW_OWN_SUBMISSION)
def manifest(submission_id: str) -> ResponseReturnValue:
    """The sealed document itself, byte for byte: its SHA-256 is the receipt (INV-01)."""
    found = queries.submission_of(db(), submission_id, learner_id=me())
    answer = Response(found.manifest.encode("utf-8"), mimetype="application/json")
    answer.headers["Content-Disposition"] = (
        f'attachment; filename="submission-{found.digest[:16]}.json"'
    )
    return answer


@blueprint.route("/submissions/<submission_id>/withdraw", methods=["GET", "POST"])
@permits(Permission.FOLLOW_OWN_SUBMISSION)
def withdraw(submission_id: str) -> ResponseReturnValue:
    """Take a submission back, after a page that says what that means."""
    found = queries.submission_of(db(), submission_id, learner_id=me())
    if request.method == "GET":
        reason = objection_to_withdrawing(SubmissionState(found.state))
        edition = catalog.edition(db(), found.edition_id)
        return render_template(
            "submission/withdraw.html", submission=found, edition=edition, objection=reason
        )
    services.withdraw(db(), submission_id, by=me(), at=at())
    flash("You took it back. Your portfolio is as you left it.", "progress")
    return see_other(".submission", submission_id=submission_id)


def _earlier(found: Submission) -> list[Submission]:
    attempts = queries.attempts(db(), found.portfolio_id)
    return [one for one in attempts if one.attempt < found.attempt]
