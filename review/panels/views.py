"""The addresses of a badge's panels and of its studies of the standard."""

from flask import Blueprint

from review.panels import panel_views, rating_views, standard_views

blueprint = Blueprint("panels", __name__, template_folder="templates")

GET, POST = ("GET",), ("POST",)
BOTH = (*GET, *POST)
STUDY = "/badges/<slug>/standards/<int:number>"
RATE = f"{STUDY}/rate/<int:place>"

ROUTES = (
    ("/badges/<slug>/quality", "quality", panel_views.quality, GET),
    ("/badges/<slug>/quality/<panel>.csv", "download", panel_views.download, GET),
    ("/badges/<slug>/standards", "standards", standard_views.standards, GET),
    ("/badges/<slug>/standards", "open_study", standard_views.open_study, POST),
    (STUDY, "study", standard_views.study, GET),
    (f"{STUDY}.csv", "study_file", standard_views.study_file, GET),
    (f"{STUDY}/close", "close", standard_views.close, POST),
    (f"{STUDY}/withdraw", "withdraw", standard_views.withdraw, POST),
    (f"{STUDY}/rate", "seat", rating_views.seat, GET),
    (RATE, "rate", rating_views.rate, BOTH),
    (
        f"{RATE}/<int:position>/<rendition_id>",
        "evidence_file",
        rating_views.evidence_file,
        GET,
    ),
)
for rule, endpoint, view, methods in ROUTES:
    blueprint.add_url_rule(rule, endpoint, view, methods=methods)
