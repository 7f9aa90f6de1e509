"""The learner's work area: the list of portfolios, starting one, and the way through it."""

from flask import flash, jsonify, render_template, request
from flask.typing import ResponseReturnValue

from accounts.permissions import Permission
from accounts.web import me, permits
from core import text
from core.errors import Invalid
from core.web import at, db, see_other, wants_json
from credentials.catalog import queries as catalog
from portfolio.composing import attestation_views, claim_views, queries, services, text_views
from portfolio.composing.coverage import coverage
from portfolio.composing.evidence_views import section_names
from portfolio.composing.forms import PreviewForm
from portfolio.composing.guide import next_section, sections
from portfolio.composing.web import blueprint, frame, show

__all__ = ["blueprint"]

# Importing them puts their routes on the blueprint.
ROUTES = (attestation_views, claim_views, text_views)


@blueprint.get("/portfolios")
@permits(Permission.COMPOSE_PORTFOLIO)
def portfolios() -> ResponseReturnValue:
    """One's own portfolios, each with how far it is and what comes next."""
    mine = queries.portfolios_of(db(), me())
    editions = queries.editions_by_id(db(), (one.edition_id for one in mine))
    works = queries.works_in(db(), mine)
    lines = []
    for one in mine:
        definition = catalog.definition_of(editions[one.edition_id])
        covered = coverage(definition, queries.contents_of(works[one.id]))
        lines.append(
            {
                "portfolio": one,
                "definition": definition,
                "coverage": covered,
                "next": next_section(sections(covered)),
            }
        )
    return render_template("composing/portfolios.html", lines=lines)


@blueprint.post("/badges/<slug>/start")
@permits(Permission.COMPOSE_PORTFOLIO)
def start(slug: str) -> ResponseReturnValue:
    """Start a portfolio for a badge, or go on with the one there is."""
    _badge, edition = catalog.edition_by(db(), slug)
    made = services.start(db(), edition.id, by=me(), at=at())
    return see_other(".portfolio", portfolio_id=made.id)


@blueprint.get("/portfolios/<portfolio_id>")
@permits(Permission.COMPOSE_PORTFOLIO)
def portfolio(portfolio_id: str) -> ResponseReturnValue:
    """The way through one portfolio: what is there, what is missing, where to go on."""
    return show(frame(portfolio_id), "portfolio")


@blueprint.get("/portfolios/<portfolio_id>/evidence")
@permits(Permission.COMPOSE_PORTFOLIO)
def evidence(portfolio_id: str) -> ResponseReturnValue:
    """What is asked for, what is there, and the form to add a piece."""
    shown = frame(portfolio_id)
    return show(shown, "evidence", **section_names(shown))


@blueprint.get("/portfolios/<portfolio_id>/earlier")
@permits(Permission.COMPOSE_PORTFOLIO)
def revisions(portfolio_id: str) -> ResponseReturnValue:
    """Every text that was ever replaced, to read and copy from."""
    shown = frame(portfolio_id)
    items = {item.id: item.title for item in shown.work.items}
    prompts = {one.key: one.title for one in shown.definition.reflections}
    names = {
        "context": "Context",
        "disclosures": "Disclosures",
        "change_note": "What changed",
        **{f"reflection:{key}": title for key, title in prompts.items()},
        **{f"claims:{key}": f"Places in {title}" for key, title in items.items()},
    }
    earlier = queries.revisions_of(db(), portfolio_id)
    return show(shown, "revisions", revisions=earlier, names=names)


@blueprint.post("/portfolios/<portfolio_id>/edition")
@permits(Permission.COMPOSE_PORTFOLIO)
def move_edition(portfolio_id: str) -> ResponseReturnValue:
    """Move the portfolio to the badge's newer edition."""
    services.move_to_open_edition(db(), portfolio_id, by=me(), at=at())
    flash("Your portfolio is on the new edition now. Look at what it asks for.", "progress")
    return see_other(".portfolio", portfolio_id=portfolio_id)


@blueprint.post("/preview")
@permits(Permission.MANAGE_OWN_ACCOUNT)
def preview() -> ResponseReturnValue:
    """Show typed Markdown as it will be read; nothing is saved."""
    form = PreviewForm(text=request.form.get("text", request.form.get("words", "")))
    if not form.validate():
        raise Invalid(str(form.text.errors[0]))
    rendered = text.render(form.text.data or "")
    if wants_json():
        return jsonify(html=rendered.html)
    return render_template("composing/preview.html", html=rendered.html)
