"""The addresses of a dispute: the learner's side, and the committee's."""

from flask import Blueprint

from review.disputes import committee_views, request_views

blueprint = Blueprint("disputes", __name__, template_folder="templates")

GET, POST = ("GET",), ("POST",)
BOTH = (*GET, *POST)

ROUTES = (
    ("/submissions/<submission_id>/reconsideration", "request", request_views.reconsider, BOTH),
    (
        "/submissions/<submission_id>/reconsideration/withdraw",
        "withdraw",
        request_views.withdraw,
        POST,
    ),
    ("/committee", "queue", committee_views.queue, GET),
    ("/committee/<request_id>", "determine", committee_views.determine, BOTH),
    ("/committee/matters/<submission_id>", "unsettled", committee_views.unsettled, BOTH),
    (
        "/committee/matters/<submission_id>/evidence/<int:position>/<rendition_id>",
        "evidence_file",
        committee_views.evidence_file,
        GET,
    ),
)
for rule, endpoint, view, methods in ROUTES:
    blueprint.add_url_rule(rule, endpoint, view, methods=methods)
