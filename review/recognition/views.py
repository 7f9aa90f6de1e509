"""The addresses of recognition: ratings, one's own figures and credit, certificates, the ladder."""

from flask import Blueprint

from review.recognition import credit_views, ladder_views, quality_views, rating_views

blueprint = Blueprint("recognition", __name__, template_folder="templates")

GET, POST = ("GET",), ("POST",)
BOTH = (*GET, *POST)

ROUTES = (
    ("/submissions/<submission_id>/helpfulness", "rate", rating_views.rate, BOTH),
    ("/reviewing/quality", "quality", quality_views.quality, GET),
    ("/reviewing/credit", "credit", credit_views.own, GET),
    ("/reviewing/credit.csv", "credit_file", credit_views.as_file, GET),
    ("/reviewing/credit/certificates", "make_certificate", credit_views.make, POST),
    (
        "/reviewing/credit/certificates/<certificate_id>/withdraw",
        "withdraw_certificate",
        credit_views.withdraw,
        POST,
    ),
    ("/pool/<slug>/ladder", "ladder", ladder_views.show, GET),
    ("/pool/<slug>/ladder/<step_id>", "end_step", ladder_views.end, BOTH),
    ("/certificates/<code>", "certificate", credit_views.show, GET),
    ("/certificates/<code>/certificate.pdf", "certificate_pdf", credit_views.as_pdf, GET),
)
for rule, endpoint, view, methods in ROUTES:
    blueprint.add_url_rule(rule, endpoint, view, methods=methods)
