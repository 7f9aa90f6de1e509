"""Pointing work samples to criteria: from one piece, and seen from the criteria."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from flask import url_for
from flask.typing import ResponseReturnValue

from accounts.permissions import Permission
from accounts.web import me, permits
from core.web import at, db
from portfolio.composing import queries, services
from portfolio.composing.forms import SHOWS, WHERE, claims_form
from portfolio.composing.models import Claim
from portfolio.composing.rules import base_of_claims, wording_of_claims
from portfolio.composing.web import answer_save, blueprint, frame, show
from portfolio.evidence.models import EvidenceItem


@blueprint.get("/portfolios/<portfolio_id>/criteria")
@permits(Permission.COMPOSE_PORTFOLIO)
def criteria(portfolio_id: str) -> ResponseReturnValue:
    """For each criterion, which pieces show it and where."""
    shown = frame(portfolio_id)
    items = {item.id: item for item in shown.work.items}
    showing: dict[str, list[tuple[EvidenceItem, Claim]]] = defaultdict(list)
    for claim in shown.work.claims:
        showing[claim.criterion_key].append((items[claim.item_id], claim))
    return show(shown, "criteria", showing=showing)


@blueprint.route("/portfolios/<portfolio_id>/claims/<item_id>", methods=["GET", "POST"])
@permits(Permission.COMPOSE_PORTFOLIO)
def claims(portfolio_id: str, item_id: str) -> ResponseReturnValue:
    """Which criteria one piece shows, with a place for each."""
    shown = frame(portfolio_id)
    item = queries.item_in(db(), shown.portfolio.id, item_id)
    held = _claimed(item.id)
    form = claims_form(shown.definition)(
        **{SHOWS + key: True for key in held},
        **{WHERE + key: locator for key, locator in held.items()},
        base=base_of_claims(held),
    )
    names: dict[str, Any] = {"item": item, "pairs": form.pairs(shown.definition)}
    if not form.is_submitted():
        return show(shown, "claims", form=form, **names)

    def save() -> str:
        return services.set_claims(
            db(),
            portfolio_id,
            item_id,
            claims=form.claims(shown.definition),
            base=form.base.data or "",
            by=me(),
            at=at(),
        )

    def now() -> tuple[str, Mapping[str, str]]:
        latest = _claimed(item.id)
        return base_of_claims(latest), {"Criteria and places": wording_of_claims(latest)}

    back = url_for(".criteria", portfolio_id=portfolio_id)
    return answer_save(shown, "claims", form, save, stored=now, back=back, **names)


def _claimed(item_id: str) -> dict[str, str]:
    return {row.criterion_key: row.locator for row in queries.claims_on(db(), item_id)}
