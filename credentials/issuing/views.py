"""Badges that were awarded: their holder's pages, the public page, and what programs read."""

import json
from functools import lru_cache
from typing import Any

from flask import Blueprint, Response, abort, flash, render_template, url_for

from accounts.permissions import Permission
from accounts.web import me, permits, visitor
from core.web import at, db, runtime, see_other
from credentials.catalog import hallmark_png
from credentials.catalog import queries as catalog
from credentials.catalog.definition import parse
from credentials.catalog.web import for_everybody
from credentials.catalog.wording import method_label
from credentials.issuing import multikey, queries, services, sharing
from credentials.issuing.card import card_png
from credentials.issuing.forms import VisibilityForm
from credentials.issuing.queries import Issued
from credentials.issuing.rules import Standing, standing
from credentials.issuing.states import AwardState, Visibility
from credentials.issuing.web import CREDENTIAL, PAGE, wanted_type

blueprint = Blueprint("issuing", __name__, template_folder="templates")

MINUTE = 60
HOUR = 3600
DAY = 86_400


@blueprint.get("/awards")
@permits(Permission.HOLD_AWARD)
def awards() -> str:
    """Show a person the badges that are offered to them, held, declined or ended."""
    mine = queries.awards_of(db(), me())
    signed = queries.credentials_of(db(), (award.id for award, _, _ in mine))
    rows = [
        (award, catalog.definition_of(edition), signed.get(award.id)) for award, edition, _ in mine
    ]
    groups = {
        name: [row for row in rows if AwardState(row[0].state) in states]
        for name, states in GROUPS.items()
    }
    return render_template("issuing/awards.html", groups=groups, has_any=bool(rows))


GROUPS = {
    "Waiting for your answer": frozenset({AwardState.OFFERED}),
    "Yours": frozenset({AwardState.ACCEPTED, AwardState.ISSUED, AwardState.SUSPENDED}),
    "Declined": frozenset({AwardState.DECLINED}),
    "Revoked": frozenset({AwardState.REVOKED}),
}


@blueprint.post("/awards/<award_id>/decline")
@permits(Permission.HOLD_AWARD)
def decline(award_id: str) -> Response:
    """Say no to a badge, for now."""
    services.decline(db(), award_id, by=me(), at=at())
    flash("You declined the badge. The offer stays here should you change your mind.", "neutral")
    return see_other("issuing.award", award_id=award_id)


@blueprint.post("/awards/<award_id>/reoffer")
@permits(Permission.HOLD_AWARD)
def reoffer(award_id: str) -> Response:
    """Take up an offer that was declined."""
    services.reoffer(db(), award_id, by=me(), at=at())
    return see_other("issuing.award", award_id=award_id)


@blueprint.post("/awards/<award_id>/visibility")
@permits(Permission.HOLD_AWARD)
def visibility(award_id: str) -> Response:
    """Change who finds the page of a badge."""
    form = VisibilityForm()
    queries.award_of(db(), award_id, learner_id=me())
    if not form.validate():
        abort(422)
    chosen = Visibility(form.visibility.data)
    services.set_visibility(db(), award_id, visibility=chosen, by=me(), at=at())
    flash(f"The page of your badge is {chosen.value} from now on.", "progress")
    return see_other("issuing.award", award_id=award_id)


@blueprint.post("/awards/<award_id>/evidence/<consent_id>/withdraw")
@permits(Permission.HOLD_AWARD)
def withdraw_evidence(award_id: str, consent_id: str) -> Response:
    """Stop showing a work sample."""
    services.withdraw_evidence(db(), award_id, consent_id, by=me(), at=at())
    flash("The work sample is not shown any more, and its link answers “gone”.", "progress")
    return see_other("issuing.award", award_id=award_id)


@blueprint.get("/credentials/<credential_id>")
@permits(Permission.READ_PUBLIC_PAGES)
def credential(credential_id: str) -> Response:
    """Show a signed badge to anybody; a program that asks for the document gets its very bytes."""
    found = queries.issued(db(), credential_id)
    kind = wanted_type()
    if kind == PAGE:
        response = Response(render_template("issuing/credential.html", **_page(found)))
    else:
        response = _document(found, kind)
    response.headers.add("Vary", "Accept")
    if found.award.visibility != Visibility.PUBLIC.value:
        response.headers["X-Robots-Tag"] = "noindex"
    return response


@blueprint.get("/credentials/<credential_id>.json")
@permits(Permission.READ_PUBLIC_PAGES)
def credential_json(credential_id: str) -> Response:
    """Give the signed document as a file."""
    found = queries.issued(db(), credential_id)
    response = _document(found, CREDENTIAL)
    response.headers["Content-Disposition"] = f'attachment; filename="{found.badge.slug}.json"'
    if found.award.visibility != Visibility.PUBLIC.value:
        response.headers["X-Robots-Tag"] = "noindex"
    return response


@blueprint.get("/credentials/<credential_id>/card.png")
@permits(Permission.READ_PUBLIC_PAGES)
def card(credential_id: str) -> Response:
    """Give the picture that stands for a badge where its address is shared."""
    found = queries.issued(db(), credential_id)
    holder = _name_in(json.loads(found.credential.document)) or ""
    picture = _card(found.edition.definition, found.issuer.name, holder)
    return for_everybody(picture, "image/png", seconds=DAY)


@blueprint.get("/credentials/<credential_id>/badge.png")
@permits(Permission.READ_PUBLIC_PAGES)
def badge_png(credential_id: str) -> Response:
    """Give the hallmark of a badge, struck with its levels."""
    found = queries.issued(db(), credential_id)
    levels = tuple(sorted(found.award.levels.items()))
    picture = _mark(found.edition.definition, found.issuer.name, levels)
    return for_everybody(picture, "image/png", seconds=DAY)


@blueprint.get("/status/<list_id>")
@permits(Permission.READ_PUBLIC_PAGES)
def status_list(list_id: str) -> Response:
    """Give a signed status list, the same bytes to everybody."""
    signed = queries.status_list(db(), list_id).signed
    return for_everybody(signed, CREDENTIAL, seconds=MINUTE)


@blueprint.get("/.well-known/did.json")
@permits(Permission.READ_PUBLIC_PAGES)
def did_document() -> Response:
    """Give the keys by which anybody checks what was signed here."""
    did = multikey.did_web(runtime().settings.base_url)
    document = multikey.did_document(did, queries.published_keys(db()))
    return for_everybody(document, "application/did+ld+json", seconds=HOUR)


def _document(found: Issued, kind: str) -> Response:
    return for_everybody(found.credential.document, kind, seconds=DAY)


def _page(found: Issued) -> dict[str, Any]:
    base_url = runtime().settings.base_url
    definition = catalog.definition_of(found.edition)
    signed = json.loads(found.credential.document)
    url = f"{base_url}/credentials/{found.credential.id}"
    state = AwardState(found.award.state)
    stands = standing(state, found.credential.valid_until, at=at())
    is_shown = state is AwardState.ISSUED
    return {
        "issued": found,
        "definition": definition,
        "holder": _name_in(signed),
        "standing": stands,
        "stands": stands is Standing.VALID,
        "url": url,
        "issuer_did": signed["issuer"]["id"],
        "key": signed["proof"][0]["verificationMethod"].partition("#")[2],
        "proof_at": signed["proof"][0]["created"],
        "label": method_label(definition),
        "evidence": queries.shown_evidence(db(), found.award.id) if is_shown else [],
        "is_own": visitor().id == found.award.learner_id,
        "card_url": f"{base_url}{url_for('issuing.card', credential_id=found.credential.id)}",
        "linkedin": sharing.linkedin_url(
            name=definition.title,
            organisation=found.issuer.name,
            issued_at=found.credential.issued_at,
            valid_until=found.credential.valid_until,
            url=url,
            credential_id=found.credential.id,
        ),
        "mail": sharing.mail_url(subject=f"My badge: {definition.title}", url=url),
    }


def _name_in(signed: dict[str, Any]) -> str | None:
    """Return the holder's name as it was signed, if they chose to show it."""
    for identifier in signed["credentialSubject"]["identifier"]:
        if identifier.get("identityType") == "name":
            return str(identifier["identityHash"])
    return None


@lru_cache(maxsize=64)
def _card(definition: str, issuer: str, holder: str) -> bytes:
    return card_png(parse(json.loads(definition)), issuer=issuer, holder=holder)


@lru_cache(maxsize=64)
def _mark(definition: str, issuer: str, levels: tuple[tuple[str, int], ...]) -> bytes:
    return hallmark_png.png(parse(json.loads(definition)), issuer=issuer, levels=dict(levels))
