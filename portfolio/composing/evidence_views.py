"""Work samples over HTTP: uploading them, saying what they are, and reading one's own files.

The rows and bytes belong to the room of evidence; whose they are is known here, where portfolios
live. Anybody else's looks as if it did not exist.
"""

from pathlib import Path
from typing import Any, BinaryIO, cast

from flask import Blueprint, Response, flash, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue

import portfolio.evidence
from accounts import queries as people
from accounts.permissions import Permission
from accounts.web import me, permits
from core.errors import Invalid
from core.web import at, db, end_transaction, runtime, see_other, storage, wants_json
from credentials.catalog import queries as catalog
from portfolio.composing import uploads, work_samples
from portfolio.composing.evidence_forms import ItemForm, MoveForm, UploadForm
from portfolio.composing.queries import portfolio_of
from portfolio.composing.uploads import Terms
from portfolio.composing.web import Frame, frame, show
from portfolio.evidence import queries
from portfolio.evidence.identity import MASK, needles_for
from portfolio.evidence.models import EvidenceItem
from portfolio.evidence.viewing import View, view_of
from portfolio.evidence.web import send_original, send_rendition

MOST_AT_ONCE = 20
NONE_CHOSEN = "Choose a file first, then upload it."

blueprint = Blueprint(
    "evidence",
    __name__,
    template_folder=str(Path(portfolio.evidence.__file__).parent / "templates"),
)


def section_names(shown: Frame, *, key: str = "", refused: str = "") -> dict[str, Any]:
    """Return what the evidence section shows besides its frame: `terms` by requirement key,
    `states` of previews by SHA-256, and `refused` by the key of the form that was."""
    most_mb = runtime().settings.max_upload_mb
    kept = queries.renditions(db(), (item.sha256 for item in shown.work.items))
    return {
        "terms": {
            one.key: uploads.terms_of(shown.definition, one.key, most_mb=most_mb)
            for one in shown.definition.evidence_requirements
        },
        "states": {sha256: blob.preview_state for sha256, (blob, _some) in kept.items()},
        "refused": {key: refused} if refused else {},
    }


@blueprint.post("/portfolios/<portfolio_id>/evidence")
@permits(Permission.COMPOSE_PORTFOLIO)
def upload(portfolio_id: str) -> ResponseReturnValue:
    """Take files for one requirement, all of them or none."""
    form = UploadForm()
    key = form.requirement_key.data or ""
    most_mb = runtime().settings.max_upload_mb
    wanted = uploads.terms(db(), portfolio_id, key, most_mb=most_mb, by=me())
    # Reading and keeping large files must not hold the database.
    end_transaction(keep=False)
    try:
        made = _take(portfolio_id, wanted)
    except Invalid as error:
        end_transaction(keep=False)
        if wants_json():
            raise
        shown = frame(portfolio_id)
        names = section_names(shown, key=wanted.key, refused=error.reason)
        return show(shown, "evidence", status=422, **names)
    if wants_json():
        return jsonify(message=_thanks(made), items=[item.id for item in made])
    flash(_thanks(made), "progress")
    return see_other("composing.evidence", portfolio_id=portfolio_id, _anchor=wanted.key)


@blueprint.route("/evidence/<item_id>", methods=["GET", "POST"])
@permits(Permission.COMPOSE_PORTFOLIO)
def item(item_id: str) -> ResponseReturnValue:
    """One work sample: as it is shown, and what is said about it."""
    found = work_samples.own_item(db(), item_id, by=me())
    form = ItemForm(obj=found)
    form.requirement_key.choices = _choices(found)
    if not form.is_submitted():
        return _item_page(found, form)
    if not form.validate():
        return Response(_item_page(found, form), status=422, mimetype="text/html")
    try:
        work_samples.update(db(), item_id, **form.values(), by=me(), at=at())
    except Invalid as error:
        form.requirement_key.errors = [error.reason]
        return Response(_item_page(found, form), status=422, mimetype="text/html")
    flash("Saved.", "progress")
    return see_other(
        "composing.evidence", portfolio_id=found.portfolio_id, _anchor=found.requirement_key
    )


@blueprint.post("/evidence/<item_id>/remove")
@permits(Permission.COMPOSE_PORTFOLIO)
def remove(item_id: str) -> ResponseReturnValue:
    """Take a work sample out of the portfolio."""
    gone = work_samples.remove(db(), item_id, by=me(), at=at())
    flash(f"“{gone.title}” is no longer in your portfolio.", "neutral")
    return see_other("composing.evidence", portfolio_id=gone.portfolio_id)


@blueprint.post("/evidence/<item_id>/move")
@permits(Permission.COMPOSE_PORTFOLIO)
def move(item_id: str) -> ResponseReturnValue:
    """Put a work sample one place up or down among those of its requirement."""
    found = work_samples.own_item(db(), item_id, by=me())
    form = MoveForm()
    if not form.validate():
        raise Invalid("Move it up or down.", "direction")
    work_samples.move(db(), found.id, is_up=form.direction.data == "up", by=me(), at=at())
    return see_other(
        "composing.evidence", portfolio_id=found.portfolio_id, _anchor=f"item-{found.id}"
    )


@blueprint.get("/evidence/<item_id>/file")
@permits(Permission.COMPOSE_PORTFOLIO)
def original(item_id: str) -> ResponseReturnValue:
    """Send one's own file back as it came."""
    found = work_samples.own_item(db(), item_id, by=me())
    return send_original(found.sha256, name=found.file_name, media_type=found.media_type)


@blueprint.get("/evidence/<item_id>/renditions/<rendition_id>")
@permits(Permission.COMPOSE_PORTFOLIO)
def rendition(item_id: str, rendition_id: str) -> ResponseReturnValue:
    """Send one derived view of one's own file."""
    found = work_samples.own_item(db(), item_id, by=me())
    return send_rendition(queries.rendition_of(db(), found.sha256, rendition_id))


def _take(portfolio_id: str, wanted: Terms) -> list[EvidenceItem]:
    sent = [file for file in request.files.getlist("file") if file.filename]
    if not sent:
        raise Invalid(NONE_CHOSEN, "file")
    if len(sent) > MOST_AT_ONCE:
        raise Invalid(f"Upload {MOST_AT_ONCE} files at a time at most.", "file")
    received = [
        uploads.receive(storage(), cast(BinaryIO, file.stream), file.filename or "", wanted)
        for file in sent
    ]
    return [
        uploads.add(db(), portfolio_id, one, requirement_key=wanted.key, title="", by=me(), at=at())
        for one in received
    ]


def _thanks(made: list[EvidenceItem]) -> str:
    if len(made) == 1:
        return f"“{made[0].file_name}” is in your portfolio."
    return f"{len(made)} files are in your portfolio."


def _choices(found: EvidenceItem) -> list[tuple[str, str]]:
    place = portfolio_of(db(), found.portfolio_id, learner_id=me())
    definition = catalog.definition_of(catalog.edition(db(), place.edition_id))
    return [(one.key, f"{one.key} · {one.title}") for one in definition.evidence_requirements]


def _item_page(found: EvidenceItem, form: ItemForm) -> str:
    view = _view(found)
    return render_template(
        "evidence/item.html",
        item=found,
        form=form,
        view=view,
        is_named=view.kind == "pages" and MASK in view.html,
        rendition_url=lambda one: url_for(".rendition", item_id=found.id, rendition_id=one),
    )


def _view(found: EvidenceItem) -> View:
    """Return what reviewers would see of a work sample."""
    blob, renditions = queries.renditions(db(), [found.sha256])[found.sha256]
    if at() - found.uploaded_at < uploads.SETTLING:
        # A preview that is there at once would tell that somebody else uploaded the same bytes.
        return View.pending()
    person = people.person(db(), me())
    needles = needles_for(
        [person.name], people.addresses(db(), person.id), people.employers(db(), person.id)
    )
    return view_of(storage(), blob, renditions, needles=needles)
