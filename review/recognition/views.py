"""The addresses of recognition: ratings, one's own figures and credit, certificates, the ladder."""

from flask import Blueprint

from review.recognition import rating_views

blueprint = Blueprint("recognition", __name__, template_folder="templates")

GET, POST = ("GET",), ("POST",)
BOTH = (*GET, *POST)

ROUTES = (("/submissions/<submission_id>/helpfulness", "rate", rating_views.rate, BOTH),)
for rule, endpoint, view, methods in ROUTES:
    blueprint.add_url_rule(rule, endpoint, view, methods=methods)
