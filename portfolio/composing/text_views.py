"""The written parts of a portfolio: context, reflections, disclosures, statements."""

from collections.abc import Mapping
from typing import Any

from flask import url_for
from flask.typing import ResponseReturnValue

from accounts.permissions import Permission
from accounts.web import me, permits
from core import text
from core.errors import NotFound
from core.web import at, db
from portfolio.composing import services
from portfolio.composing.coverage import words_in
from portfolio.composing.forms import (
    ContextForm,
    DisclosuresForm,
    ReflectionForm,
    StatementsForm,
)
from portfolio.composing.queries import reflection_of
from portfolio.composing.rules import DISCLOSURES, base_of
from portfolio.composing.web import Frame, answer_save, blueprint, frame, saved, show

SAVE = ["GET", "POST"]


@blueprint.route("/portfolios/<portfolio_id>/context", methods=SAVE)
@permits(Permission.COMPOSE_PORTFOLIO)
def context(portfolio_id: str) -> ResponseReturnValue:
    """Role, sector and setting."""
    shown = frame(portfolio_id)
    stored = shown.portfolio
    texts = {"role": stored.role, "sector": stored.sector, "context": stored.context}
    form = ContextForm(**texts, base=base_of(*texts.values()))
    if not form.is_submitted():
        return show(shown, "context", form=form)

    def save() -> str:
        return services.save_context(
            db(),
            portfolio_id,
            role=(form.role.data or "").strip(),
            sector=(form.sector.data or "").strip(),
            context=form.context.data or "",
            base=form.base.data or "",
            by=me(),
            at=at(),
        )

    def now() -> tuple[str, Mapping[str, str]]:
        held = shown.portfolio
        return base_of(held.role, held.sector, held.context), {
            "Role": held.role,
            "Sector": held.sector,
            "Setting": held.context,
        }

    back = url_for(".context", portfolio_id=portfolio_id)
    return answer_save(shown, "context", form, save, stored=now, back=back)


@blueprint.route("/portfolios/<portfolio_id>/reflections/<key>", methods=SAVE)
@permits(Permission.COMPOSE_PORTFOLIO)
def reflection(portfolio_id: str, key: str) -> ResponseReturnValue:
    """One prompt, answered in Markdown."""
    rendered = _rendered()
    shown = frame(portfolio_id)
    prompt = next((one for one in shown.definition.reflections if one.key == key), None)
    if prompt is None:
        raise NotFound()
    held = shown.work.reflections.get(key)
    words = held.text if held else ""
    form = ReflectionForm(words=words, base=base_of(words))
    names: dict[str, Any] = {
        "prompt": prompt,
        "held": held,
        "count": words_in(form.words.data or ""),
    }
    if not form.is_submitted():
        return show(shown, "reflection", form=form, **names)

    def save() -> str:
        return services.save_reflection(
            db(),
            portfolio_id,
            prompt_key=key,
            words=form.words.data or "",
            base=form.base.data or "",
            by=me(),
            at=at(),
            rendered=rendered,
        )

    def now() -> tuple[str, Mapping[str, str]]:
        latest = reflection_of(db(), portfolio_id, key)
        words = latest.text if latest else ""
        return base_of(words), {"Reflection": words}

    back = url_for(".reflection", portfolio_id=portfolio_id, key=key)
    return answer_save(shown, "reflection", form, save, stored=now, back=back, **names)


@blueprint.route("/portfolios/<portfolio_id>/disclosures", methods=SAVE)
@permits(Permission.COMPOSE_PORTFOLIO)
def disclosures(portfolio_id: str) -> ResponseReturnValue:
    """Use of AI, own share, earlier use."""
    shown = frame(portfolio_id)
    texts = _disclosed(shown)
    form = DisclosuresForm(**texts, base=base_of(*texts.values()))
    form.team_share.flags.required = bool(shown.definition.team_policy)
    if not form.is_submitted():
        return show(shown, "disclosures", form=form)

    def save() -> str:
        return services.save_disclosures(
            db(),
            portfolio_id,
            disclosures={key: form[key].data or "" for key in DISCLOSURES},
            base=form.base.data or "",
            by=me(),
            at=at(),
        )

    def now() -> tuple[str, Mapping[str, str]]:
        held = _disclosed(shown)
        titles = (form[key].label.text for key in DISCLOSURES)
        return base_of(*held.values()), dict(zip(titles, held.values(), strict=True))

    back = url_for(".disclosures", portfolio_id=portfolio_id)
    return answer_save(shown, "disclosures", form, save, stored=now, back=back)


@blueprint.route("/portfolios/<portfolio_id>/statements", methods=SAVE)
@permits(Permission.COMPOSE_PORTFOLIO)
def statements(portfolio_id: str) -> ResponseReturnValue:
    """The edition's statements, sealed verbatim with the time of agreeing."""
    shown = frame(portfolio_id)
    form = StatementsForm(statements=list(shown.portfolio.statements))
    form.statements.choices = [(one.key, one.text) for one in shown.definition.statements]
    if not form.is_submitted():
        return show(shown, "statements", form=form)
    if not form.validate():
        return show(shown, "statements", status=422, form=form)
    agreed = set(form.statements.data or [])
    services.agree(db(), portfolio_id, statements=agreed, by=me(), at=at())
    return saved(shown, "", url_for(".statements", portfolio_id=portfolio_id))


def _rendered() -> text.Rendered | None:
    """Render what was sent before the database is asked for anything, since it may take long."""
    form = ReflectionForm()
    if not form.is_submitted() or not form.validate():
        return None
    return text.render(form.words.data or "")


def _disclosed(shown: Frame) -> dict[str, str]:
    return {key: shown.portfolio.disclosures.get(key, "") for key in DISCLOSURES}
