"""The page of a badge: its rules from the catalogue, its holders, and the reader's own way in."""

from typing import Any

from flask import render_template

from accounts.permissions import Permission
from accounts.web import permits, visitor
from core.web import db
from credentials.catalog import queries as catalog
from credentials.catalog import wording
from credentials.catalog.models import Badge, BadgeEdition
from credentials.catalog.states import EditionState
from credentials.catalog.views import blueprint
from credentials.issuing import queries as issuing
from portfolio.composing import queries as composing

__all__ = ["blueprint"]


@blueprint.get("/badges/<slug>")
@permits(Permission.READ_PUBLIC_PAGES)
def badge(slug: str) -> str:
    """Show what a badge demands now; one whose last edition is retired is still shown."""
    return _page(*catalog.latest_edition(db(), slug))


@blueprint.get("/badges/<slug>/<version>")
@permits(Permission.READ_PUBLIC_PAGES)
def edition(slug: str, version: str) -> str:
    """Show what one edition of a badge demands, as its holders were judged by it."""
    return _page(*catalog.edition_by(db(), slug, version))


def _page(found: Badge, edition: BadgeEdition) -> str:
    definition = catalog.definition_of(edition)
    return render_template(
        "catalog/badge.html",
        badge=found,
        edition=edition,
        definition=definition,
        is_open=edition.state == EditionState.PUBLISHED.value,
        editions=catalog.editions_of(db(), found.id),
        issuer=catalog.issuer_of(db(), found.id),
        holders=issuing.public_awards(db(), found.id),
        words=wording,
        **_own(found),
    )


def _own(found: Badge) -> dict[str, Any]:
    """Return what the reader has to do with the badge: a portfolio on the way, or the badge."""
    if not visitor().is_signed_in:
        return {"holds": False, "portfolio": None}
    person = visitor().person_id
    mine = composing.portfolios_of(db(), person)
    return {
        "holds": issuing.holds(db(), person, found.id),
        "portfolio": next((one for one in mine if one.badge_id == found.id), None),
    }
