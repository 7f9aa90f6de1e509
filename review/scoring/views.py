"""The addresses of a reviewer's work."""

from flask import Blueprint

from review.scoring import evidence_views, workspace_views

blueprint = Blueprint("scoring", __name__, template_folder="templates")

GET, POST = ("GET",), ("POST",)
BOTH = (*GET, *POST)

ROUTES = (
    ("/reviews/<assignment_id>", "workspace", workspace_views.workspace, GET),
    ("/reviews/<assignment_id>/save", "save", workspace_views.save, POST),
    ("/reviews/<assignment_id>/check", "check", workspace_views.check, POST),
    ("/reviews/<assignment_id>/seal", "seal", workspace_views.seal, BOTH),
    ("/reviews/<assignment_id>/recuse", "recuse", workspace_views.recuse, BOTH),
    (
        "/reviews/<assignment_id>/evidence/<int:position>/<rendition_id>",
        "evidence_file",
        evidence_views.evidence_file,
        GET,
    ),
)
for rule, endpoint, view, methods in ROUTES:
    blueprint.add_url_rule(rule, endpoint, view, methods=methods)
