"""Asking an outside person to confirm the work, and the page on which they answer."""

from flask import Response, flash, render_template, request
from flask.typing import ResponseReturnValue

from accounts.permissions import Permission
from accounts.queries import person
from accounts.web import me, permits
from core.errors import Invalid
from core.forms import AssayForm
from core.web import at, db, see_other
from credentials.catalog import queries as catalog
from portfolio.composing import attestations as services
from portfolio.composing import queries
from portfolio.composing.forms import AttesterForm, ConfirmForm, DeclineForm
from portfolio.composing.models import Attestation, Portfolio
from portfolio.composing.rules import FACTS
from portfolio.composing.states import AttestationState
from portfolio.composing.web import Frame, blueprint, frame, show


@blueprint.route(
    "/portfolios/<portfolio_id>/attestations", methods=["GET", "POST"], endpoint="attestations"
)
@permits(Permission.COMPOSE_PORTFOLIO)
def ask_attester(portfolio_id: str) -> ResponseReturnValue:
    """Who was asked, what they said, and the form to ask one more person."""
    shown = frame(portfolio_id)
    form = AttesterForm()
    if not form.is_submitted():
        return show(shown, "attestations", form=form)
    if not form.validate():
        return show(shown, "attestations", status=422, form=form)
    try:
        services.ask(
            db(),
            portfolio_id,
            name=(form.name.data or "").strip(),
            address=form.address.data or "",
            relation=(form.relation.data or "").strip(),
            by=me(),
            at=at(),
        )
    except Invalid as wrong:
        return _told_at_the_field(shown, form, wrong)
    flash("The mail is on its way. You hear as soon as there is an answer.", "progress")
    return see_other(".attestations", portfolio_id=portfolio_id)


@blueprint.post("/portfolios/<portfolio_id>/attestations/<attestation_id>/withdraw")
@permits(Permission.COMPOSE_PORTFOLIO)
def withdraw_attestation(portfolio_id: str, attestation_id: str) -> ResponseReturnValue:
    """Take back a request that has no answer yet."""
    services.withdraw(db(), portfolio_id, attestation_id, by=me(), at=at())
    flash("The request is withdrawn; its link has ended and the person was told.", "progress")
    return see_other(".attestations", portfolio_id=portfolio_id)


@blueprint.route("/attest/<secret>", methods=["GET", "POST"])
@permits(Permission.ANSWER_ATTESTATION)
def attestation(secret: str) -> ResponseReturnValue:
    """The one page an outside person sees; looking at it changes nothing."""
    asked = queries.attestation_by(db(), secret, at=at())
    if asked.state != AttestationState.REQUESTED.value:
        return render_template("composing/attested.html", asked=asked)
    confirming, declining = ConfirmForm(), DeclineForm()
    if not confirming.is_submitted():
        return _question(asked, confirming, DeclineForm(formdata=None))
    is_declining = request.form.get("answer") == "decline"
    form = declining if is_declining else confirming
    try:
        if form.validate():
            _take(form, secret)
            return see_other(".attestation", secret=secret)
    except Invalid as wrong:
        _blame(form, wrong)
    other = ConfirmForm(formdata=None) if is_declining else DeclineForm(formdata=None)
    shown = (other, form) if is_declining else (form, other)
    return _question(asked, *shown, status=422)


def _take(form: AssayForm, secret: str) -> None:
    remark = form["remark"].data or ""
    if isinstance(form, ConfirmForm):
        services.confirm(db(), secret, facts=form.facts, remark=remark, at=at())
    else:
        services.decline(db(), secret, remark=remark, at=at())


def _question(
    asked: Attestation, confirming: AssayForm, declining: AssayForm, *, status: int = 200
) -> Response:
    portfolio = db().get_one(Portfolio, asked.portfolio_id)
    learner = person(db(), portfolio.learner_id)
    edition = catalog.edition(db(), portfolio.edition_id)
    for key, words in FACTS.items():
        confirming[key].label.text = words.format(name=learner.name)
    page = render_template(
        "composing/attest.html",
        asked=asked,
        learner=learner.name,
        portfolio=portfolio,
        edition=edition,
        edition_slug=catalog.definition_of(edition).slug,
        items=queries.items_of(db(), portfolio.id),
        confirming=confirming,
        declining=declining,
    )
    return Response(page, status=status, mimetype="text/html")


def _told_at_the_field(shown: Frame, form: AttesterForm, wrong: Invalid) -> Response:
    _blame(form, wrong)
    return show(shown, "attestations", status=422, form=form)


def _blame(form: AssayForm, wrong: Invalid) -> None:
    field = form[wrong.field] if wrong.field in form else next(iter(form))
    field.errors = [*field.errors, wrong.reason]
