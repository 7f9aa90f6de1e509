"""Looking at what was handed in: reads the database and the store, and changes nothing."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from accounts import queries as people
from core.errors import Unavailable
from core.stored import CHUNK, Store
from credentials.catalog import queries as catalog
from portfolio.evidence import queries as evidence
from portfolio.evidence.identity import needles_for
from portfolio.evidence.models import Blob, Rendition
from portfolio.evidence.states import PreviewState
from portfolio.evidence.viewing import view_of
from portfolio.submission import queries as submissions
from portfolio.submission.manifest import digest
from portfolio.submission.models import Submission
from review.intake import checks
from review.intake.checks import Finding, Verdict

# After this a preview that is still being made is for a person to look into.
PATIENCE = timedelta(hours=2)

Kept = tuple[Blob, tuple[Rendition, ...]]


def examine(session: Session, store: Store, submission_id: str, *, at: datetime) -> list[Finding]:
    """Return every finding about a submission; a long read, so not for a writing transaction."""
    submission = submissions.submission(session, submission_id)
    manifest = submissions.manifest_of(submission)
    edition = catalog.edition(session, submission.edition_id)
    kept = evidence.renditions(session, [item["sha256"] for item in manifest["items"]])
    is_patient = at < submission.sealed_at + PATIENCE
    findings = [
        checks.seal(submission.digest, digest(submission.manifest)),
        checks.parts(catalog.definition_of(edition), manifest),
    ]
    for item in manifest["items"]:
        findings += _file(store, item, kept.get(item["sha256"]), is_patient=is_patient)
    if checks.is_waiting(findings):
        return findings
    read = dict(_evidence_texts(store, manifest, kept))
    typed = dict(_typed_texts(manifest))
    own = people.addresses(session, submission.learner_id)
    return [
        *findings,
        *checks.names(read, _needles(session, submission, own)),
        *checks.addresses(read | typed, frozenset(one.casefold() for one in own)),
    ]


def _file(
    store: Store, item: dict[str, Any], kept: Kept | None, *, is_patient: bool
) -> list[Finding]:
    where = checks.place(item)
    if kept is None or not _is_readable(store, item["sha256"], item["size"]):
        return [Finding("readable", Verdict.LOOK, where, "The file cannot be read.")]
    return [
        Finding("readable", Verdict.OK, where, "The file is there and whole."),
        _preview(where, kept[0], is_patient=is_patient),
    ]


def _preview(where: str, blob: Blob, *, is_patient: bool) -> Finding:
    if blob.preview_state == PreviewState.FAILED.value:
        words = f"No preview could be made. {blob.preview_note}".strip()
        return Finding("preview", Verdict.LOOK, where, words)
    if blob.preview_state == PreviewState.PENDING.value:
        verdict = Verdict.WAIT if is_patient else Verdict.LOOK
        return Finding("preview", verdict, where, "The preview is still being made.")
    words = "Reviewers can see it."
    if blob.preview_state == PreviewState.NONE.value:
        words = f"Nothing is shown of this kind of file. {blob.preview_note}".strip()
    return Finding("preview", Verdict.OK, where, words)


def _is_readable(store: Store, sha256: str, size: int) -> bool:
    """Whether a file is in the store at its full length and can be read to its end."""
    if store.size(sha256) != size:
        return False
    try:
        with store.open(sha256) as source:
            return sum(len(chunk) for chunk in iter(lambda: source.read(CHUNK), b"")) == size
    except (Unavailable, OSError):
        return False


def _evidence_texts(
    store: Store, manifest: dict[str, Any], kept: dict[str, Kept]
) -> Iterator[tuple[str, str]]:
    for item in manifest["items"]:
        if item["sha256"] in kept:
            view = view_of(store, *kept[item["sha256"]])
            cells = [
                cell for table in view.tables for row in (table.head, *table.rows) for cell in row
            ]
            words = [piece.html.striptags() for piece in view.pieces]
            yield checks.place(item), "\n".join([*words, *cells])


def _typed_texts(manifest: dict[str, Any]) -> Iterator[tuple[str, str]]:
    yield "Context", "\n".join(str(one) for one in manifest["context"].values())
    for one in manifest["reflections"]:
        yield f"Reflection {one['key']}", one["text"]
    for item in manifest["items"]:
        words = f"{item['title']}\n{item['own_contribution']}"
        yield f"{checks.place(item)}, in its description", words


def _needles(session: Session, submission: Submission, own: list[str]) -> list[str]:
    learner = people.person(session, submission.learner_id)
    return needles_for([learner.name], own, people.employers(session, learner.id))
