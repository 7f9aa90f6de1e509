"""The addresses of a badge's panels and of its studies of the standard."""

from flask import Blueprint

from review.panels import panel_views

blueprint = Blueprint("panels", __name__, template_folder="templates")

GET, POST = ("GET",), ("POST",)

ROUTES = (
    ("/badges/<slug>/quality", "quality", panel_views.quality, GET),
    ("/badges/<slug>/quality/<panel>.csv", "download", panel_views.download, GET),
)
for rule, endpoint, view, methods in ROUTES:
    blueprint.add_url_rule(rule, endpoint, view, methods=methods)
