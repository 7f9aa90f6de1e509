"""The catalogue: what can be earned. The page of one badge is in `app.badge_views`."""

import json
from functools import lru_cache

from flask import Blueprint, Response, render_template

from accounts.permissions import Permission
from accounts.web import permits
from core.web import db
from credentials.catalog import hallmark, hallmark_png, queries
from credentials.catalog.definition import parse
from credentials.catalog.web import for_everybody

HOUR = 3600

blueprint = Blueprint("catalog", __name__, template_folder="templates")


@blueprint.get("/badges")
@permits(Permission.READ_PUBLIC_PAGES)
def badges() -> str:
    """Show every badge that is open."""
    tiles = [(badge, queries.definition_of(edition)) for badge, edition in queries.published(db())]
    return render_template("catalog/badges.html", tiles=tiles)


@blueprint.get("/badges/<slug>/badge.<any(svg, png):kind>")
@permits(Permission.READ_PUBLIC_PAGES)
def image(slug: str, kind: str) -> Response:
    """Give the hallmark of a badge as a picture of its own."""
    badge, edition = queries.latest_edition(db(), slug)
    definition = queries.definition_of(edition)
    issuer = queries.issuer_of(db(), badge.id).name
    if kind == "svg":
        picture = hallmark.file_svg(definition, issuer=issuer)
        return for_everybody(picture, "image/svg+xml", seconds=HOUR)
    return for_everybody(_png(edition.definition, issuer), "image/png", seconds=HOUR)


@lru_cache(maxsize=64)
def _png(definition: str, issuer: str) -> bytes:
    return hallmark_png.png(parse(json.loads(definition)), issuer=issuer)
