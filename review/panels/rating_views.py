"""A panellist's side of a study: whole portfolios, read blind and without any level."""

from collections.abc import Callable
from typing import Any

from flask import Response, flash, render_template, request, url_for

from accounts.permissions import Permission
from accounts.web import me, permits, visitor
from core.errors import NotFound, Refused
from core.web import at, db, see_other, storage
from credentials.catalog import queries as catalog
from credentials.catalog.models import Badge
from portfolio.evidence import queries as evidence
from portfolio.evidence.viewing import View, view_of
from portfolio.evidence.web import send_rendition
from portfolio.submission import queries as submissions
from review.panels import cuts, services, studies
from review.panels.forms import RateForm
from review.panels.models import StandardStudy
from review.panels.rules import objection_to_rating
from review.panels.states import StudyState
from review.panels.studies import Seat
from review.scoring.queries import blind_submission, item_at, learner_needles, picture


@permits(Permission.RATE_FOR_STANDARDS)
def seat(slug: str, number: int) -> Any:
    """Show a panellist's portfolios in a study, and what they said of each."""
    badge, study, found = _mine(slug, number)
    return render_template(
        "panels/seat.html",
        badge=badge,
        definition=catalog.definition_of(catalog.edition(db(), study.edition_id)),
        study=study,
        is_open=study.state == StudyState.OPEN.value,
        seat=found,
        left_out=len(study.portfolios) - len(found.places),
        categories=cuts.CATEGORIES,
        by=study.opened_at + studies.TO_RATE,
    )


@permits(Permission.RATE_FOR_STANDARDS)
def rate(slug: str, number: int, place: int) -> Any:
    """Show one whole portfolio, blind, and take the rating of it."""
    badge, study, found = _mine(slug, number)
    if place not in found.places or study.state != StudyState.OPEN.value:
        raise NotFound()
    if request.method == "GET":
        given = found.given.get(place)
        return _page(badge, study, found, place, RateForm(formdata=None, category=given))
    form = RateForm()
    if not form.validate():
        return _page(badge, study, found, place, form, status=422)
    services.rate(db(), badge.id, number, place, category=form.category.data, by=me(), at=at())
    left = [one for one in found.left if one != place]
    if not left:
        flash("All rated. You can change a rating until the study is closed.", "success")
        return see_other("panels.seat", slug=slug, number=number)
    following = next((one for one in left if one > place), left[0])
    return see_other("panels.rate", slug=slug, number=number, place=following)


@permits(Permission.RATE_FOR_STANDARDS)
def evidence_file(slug: str, number: int, place: int, position: int, rendition_id: str) -> Any:
    """Send one derived view of a work sample while its study is open to this panellist."""
    _badge, study, found = _mine(slug, number)
    if place not in found.places or study.state != StudyState.OPEN.value:
        raise NotFound()
    item = item_at(db(), found.places[place], position)
    return send_rendition(picture(db(), item.sha256, rendition_id))


def _mine(slug: str, number: int) -> tuple[Badge, StandardStudy, Seat]:
    """Return a study with the seat of this panellist; others hear why they have none."""
    badge = catalog.badge_by(db(), slug)
    reason = objection_to_rating(visitor(), badge.slug)
    if reason is not None:
        raise Refused(reason)
    study = studies.study_by(db(), badge.id, number)
    return badge, study, studies.seat_of(db(), study, me(), at=at())


def _page(
    badge: Badge,
    study: StandardStudy,
    found: Seat,
    place: int,
    form: RateForm,
    *,
    status: int = 200,
) -> Response:
    submission = submissions.submission(db(), found.places[place])
    needles = learner_needles(db(), submission)
    digests = {item.position: item.sha256 for item in submissions.sealed_items(db(), submission.id)}
    page = render_template(
        "panels/rate.html",
        badge=badge,
        study=study,
        place=place,
        seat=found,
        form=form,
        definition=catalog.definition_of(catalog.edition(db(), submission.edition_id)),
        work=blind_submission(db(), submission, needles=needles),
        views=_views(digests, needles),
        rendition_urls=_rendition_urls(badge.slug, study.number, place),
    )
    return Response(page, status)


def _views(digests: dict[int, str], needles: list[str]) -> dict[int, View]:
    found = evidence.renditions(db(), list(digests.values()))
    return {
        position: view_of(storage(), *found[digest], needles=needles)
        for position, digest in digests.items()
        if digest in found
    }


def _rendition_urls(slug: str, number: int, place: int) -> Callable[[int], Callable[[str], str]]:
    def of(position: int) -> Callable[[str], str]:
        return lambda rendition_id: url_for(
            "panels.evidence_file",
            slug=slug,
            number=number,
            place=place,
            position=position,
            rendition_id=rendition_id,
        )

    return of
