"""Accepting a badge, and the work samples its page shows: awards meet what was handed in."""

import json
from mimetypes import guess_extension
from typing import Any

from flask import Response, abort, flash, render_template, request
from wtforms.fields.choices import SelectChoice

from accounts import queries as people
from accounts.permissions import Permission
from accounts.web import me, permits
from core.errors import Conflict
from core.web import at, db, runtime, see_other
from credentials.catalog import queries as catalog
from credentials.issuing import consent, drafting, queries, services
from credentials.issuing.forms import AcceptForm, ChoicesForm, VisibilityForm
from credentials.issuing.models import Award
from credentials.issuing.rules import objection_to_accepting, objection_to_showing
from credentials.issuing.services import ShownEvidence
from credentials.issuing.states import AwardState, Visibility
from credentials.issuing.views import blueprint
from portfolio.evidence.web import send_original
from portfolio.submission import queries as submissions
from review.decision import queries as decisions

__all__ = ["blueprint"]


@blueprint.get("/awards/<award_id>")
@permits(Permission.HOLD_AWARD)
def award(award_id: str) -> str:
    """Show a person their award: the choices while it is offered, then what became of it."""
    found = queries.award_of(db(), award_id, learner_id=me())
    return _award_page(found, _choices(found, ChoicesForm(formdata=None)))


@blueprint.get("/awards/<award_id>/accept")
@permits(Permission.HOLD_AWARD)
def preview(award_id: str) -> Response:
    """Show exactly what would be signed with these choices, and what agreeing to it means."""
    found = queries.award_of(db(), award_id, learner_id=me())
    _refuse_unless_offered(found)
    form = _choices(found, ChoicesForm(formdata=request.args))
    if not form.validate():
        return Response(_award_page(found, form), status=422)
    again = _choices(found, AcceptForm(formdata=request.args))
    return Response(_preview_page(found, again))


@blueprint.post("/awards/<award_id>/accept")
@permits(Permission.HOLD_AWARD)
def accept(award_id: str) -> Response:
    """Take the badge with these choices and have it signed."""
    found = queries.award_of(db(), award_id, learner_id=me())
    _refuse_unless_offered(found)
    form = _choices(found, AcceptForm())
    if not form.validate():
        page = _award_page if set(form.errors) - {"agrees"} else _preview_page
        return Response(page(found, form), status=422)
    services.accept(
        db(),
        award_id,
        visibility=Visibility(form.visibility.data),
        shows_name=form.shows_name.data,
        evidence=_chosen(found, form),
        consent_text=consent.text_of(_points(found, form)),
        by=me(),
        at=at(),
    )
    flash("Thank you. Your badge is being signed.", "earned")
    return see_other("issuing.award", award_id=award_id)


@blueprint.get("/credentials/<credential_id>/evidence/<consent_id>")
@permits(Permission.READ_PUBLIC_PAGES)
def evidence(credential_id: str, consent_id: str) -> Response:
    """Give a work sample that the holder shows; what was withdrawn is gone, and said to be."""
    shown = queries.consent_of(db(), credential_id, consent_id)
    state = AwardState(queries.issued(db(), credential_id).award.state)
    if objection_to_showing(state, shown.withdrawn_at):
        abort(410)
    ending = guess_extension(shown.media_type) or ""
    name = shown.title.removesuffix(ending) + ending
    return send_original(shown.sha256, name=name, media_type=shown.media_type)


def _refuse_unless_offered(found: Award) -> None:
    objection = objection_to_accepting(AwardState(found.state))
    if objection:
        raise Conflict(objection)


def _offers(found: Award) -> list[ShownEvidence]:
    """Return the work samples of the submission that earned the award, as they were sealed."""
    decision = decisions.decision(db(), found.decision_ref)
    manifest = submissions.manifest_of(submissions.submission(db(), decision.submission_id))
    return [
        ShownEvidence(
            ref=f"{decision.submission_id}/{one['position']}",
            title=one["title"] or one["file_name"],
            sha256=one["sha256"],
            media_type=one["media_type"],
        )
        for one in manifest["items"]
    ]


def _choices(found: Award, form: ChoicesForm) -> Any:
    offers = _offers(found) if found.state == AwardState.OFFERED.value else []
    form.evidence.choices = [SelectChoice(one.ref, one.title) for one in offers]
    return form


def _chosen(found: Award, form: ChoicesForm) -> list[ShownEvidence]:
    return [one for one in _offers(found) if one.ref in (form.evidence.data or [])]


def _points(found: Award, form: ChoicesForm) -> list[str]:
    edition = catalog.edition(db(), found.edition_id)
    return consent.sentences(
        title=edition.title,
        issuer=catalog.issuer_of(db(), edition.badge_id).name,
        visibility=Visibility(form.visibility.data),
        shown_name=people.person(db(), me()).name if form.shows_name.data else None,
        samples=[one.title for one in _chosen(found, form)],
    )


def _award_page(found: Award, form: ChoicesForm) -> str:
    edition = catalog.edition(db(), found.edition_id)
    return render_template(
        "issuing/award.html",
        award=found,
        definition=catalog.definition_of(edition),
        issuer=catalog.issuer_of(db(), edition.badge_id),
        credential=queries.credential_of(db(), found.id),
        evidence=queries.shown_evidence(db(), found.id),
        form=form,
        visibility_form=VisibilityForm(formdata=None, visibility=found.visibility),
        name=people.person(db(), me()).name,
    )


def _preview_page(found: Award, form: ChoicesForm) -> str:
    edition = catalog.edition(db(), found.edition_id)
    definition = catalog.definition_of(edition)
    chosen = _chosen(found, form)
    document = drafting.preview(
        db(),
        runtime().settings.base_url,
        found,
        shows_name=form.shows_name.data,
        evidence=[(one.title, one.sha256, one.media_type) for one in chosen],
        at=at(),
    )
    return render_template(
        "issuing/preview.html",
        award=found,
        definition=definition,
        issuer=catalog.issuer_of(db(), edition.badge_id),
        form=form,
        chosen=chosen,
        name=people.person(db(), me()).name if form.shows_name.data else None,
        valid_until=drafting.valid_until(definition.validity_months, at()),
        points=_points(found, form),
        document=json.dumps(document, indent=2, ensure_ascii=False),
        later=drafting.LATER,
    )
