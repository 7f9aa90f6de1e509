"""What every page of a portfolio shares: the frame around it, and the answer to a save.

A save answers our own script with JSON, and a page load with a redirect. When another tab was
faster, the form comes back with what was typed, and beside it what is stored now; sent again,
it counts as put together.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    jsonify,
    redirect,
    render_template,
    url_for,
)
from flask.typing import ResponseReturnValue

from accounts.web import me
from core.errors import Invalid
from core.forms import AssayForm
from core.web import at, db, wants_json
from credentials.catalog import queries as catalog
from credentials.catalog.definition import EditionDefinition
from credentials.catalog.models import BadgeEdition
from portfolio.composing import queries
from portfolio.composing.coverage import Coverage, Part, PartKind, coverage
from portfolio.composing.guide import SECTION_OF, Section, next_section, sections
from portfolio.composing.models import Portfolio
from portfolio.composing.saving import MovedOn

blueprint = Blueprint("composing", __name__, template_folder="templates")


@dataclass(frozen=True)
class Frame:
    """A portfolio with everything that its pages show around the section in hand."""

    portfolio: Portfolio
    edition: BadgeEdition
    newer: BadgeEdition | None
    definition: EditionDefinition
    work: queries.Work
    coverage: Coverage
    sections: tuple[Section, ...]

    @property
    def next(self) -> Section | None:
        """The first section in which something is missing."""
        return next_section(self.sections)

    def part(self, kind: str, key: str) -> Part | None:
        """Return one wanted part of this portfolio, if the edition wants it."""
        return next((p for p in self.coverage.parts if (p.kind, p.key) == (kind, key)), None)

    def shows(self, item_id: str) -> str:
        """Return which criteria a piece is claimed for, and where, in words."""
        claims = (claim for claim in self.work.claims if claim.item_id == item_id)
        return ", ".join(
            f"{claim.criterion_key} ({claim.locator})" if claim.locator else claim.criterion_key
            for claim in claims
        )

    def url(self, section: str, key: str = "") -> str:
        """Return the address of a section of this portfolio."""
        if section == "reflection":
            key = key or self.definition.reflections[0].key
            return url_for("composing.reflection", portfolio_id=self.portfolio.id, key=key)
        anchor = key or None
        return url_for(f"composing.{section}", portfolio_id=self.portfolio.id, _anchor=anchor)

    def place(self, part: Part) -> str:
        """Return the address at which a missing part can be mended."""
        if part.kind is PartKind.STATEMENT:
            keys = [statement.key for statement in self.definition.statements]
            return self.url("statements", f"statements-{keys.index(part.key)}")
        return self.url(SECTION_OF[part.kind], part.key)


def frame(portfolio_id: str) -> Frame:
    """Return one's own portfolio with its frame; somebody else's looks as if there were none."""
    portfolio = queries.portfolio_of(db(), portfolio_id, learner_id=me())
    return frame_of(portfolio)


def frame_of(portfolio: Portfolio) -> Frame:
    """Return the frame of a portfolio as it is stored now."""
    edition = catalog.edition(db(), portfolio.edition_id)
    newest = queries.open_edition(db(), portfolio.badge_id)
    definition = catalog.definition_of(edition)
    work = queries.work_in(db(), portfolio)
    covered = coverage(definition, queries.contents_of(work))
    return Frame(
        portfolio=portfolio,
        edition=edition,
        newer=newest if newest is not None and newest.id != edition.id else None,
        definition=definition,
        work=work,
        coverage=covered,
        sections=sections(covered),
    )


def show(shown: Frame, template: str, *, status: int = 200, **names: Any) -> Response:
    """Answer with a page of the portfolio."""
    page = render_template(f"composing/{template}.html", frame=shown, **names)
    return Response(page, status=status, mimetype="text/html")


def answer_save(
    shown: Frame,
    template: str,
    form: AssayForm,
    save: Callable[[], str],
    *,
    stored: Callable[[], tuple[str, Mapping[str, str]]],
    back: str,
    **names: Any,
) -> ResponseReturnValue:
    """Validate, save, and answer; `stored` gives what is stored now: fingerprint and texts."""
    if not form.validate():
        if wants_json():
            raise Invalid(_first_error(form))
        return show(shown, template, status=422, form=form, **names)
    try:
        base = save()
    except MovedOn:
        if wants_json():
            raise
        form["base"].data, theirs = stored()
        return show(shown, template, status=409, form=form, theirs=theirs, **names)
    here = "criteria" if template == "claims" else template
    return saved(shown, base, back, here=here)


def saved(shown: Frame, base: str, back: str, *, here: str = "") -> ResponseReturnValue:
    """Answer a save that went well."""
    clock_time = current_app.jinja_env.filters["clock_time"]
    words = f"Saved {clock_time(at())}"
    if not wants_json():
        flash(f"{words}.", "progress")
        return redirect(back, 303)
    fresh = frame_of(shown.portfolio)
    html = {
        "#coverage": render_template("composing/coverage.html", frame=fresh, here=here),
        "#coverage-line": render_template("composing/coverage_line.html", frame=fresh),
    }
    return jsonify(saved=words, fields={"base": base}, html=html)


def _first_error(form: AssayForm) -> str:
    name, messages = next(iter(form.errors.items()))
    label = form[name].label.text if name else ""
    return f"{label}: {messages[0]}" if label else str(messages[0])
