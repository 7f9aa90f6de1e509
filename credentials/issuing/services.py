"""From entitlement to a badge: granted once, accepted by its holder, signed once, ended if need be.

`award` is called with plain values by whoever decides; what was decided, and how, stays there.
Signatures are jobs: a badge is signed after the holder's consent is safely stored, and a status
list after a bit in it was set.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.notices import notify
from core import audit, jobs
from core.calendar import add_business_days
from core.errors import Conflict, NotFound, Refused
from core.states import move
from credentials.catalog.models import BadgeEdition
from credentials.issuing import queries, status
from credentials.issuing.models import Award, EvidenceConsent
from credentials.issuing.states import ACTIVE, MOVES, AwardState, Visibility

ANSWER_BUSINESS_DAYS = 10


@dataclass(frozen=True)
class ShownEvidence:
    """One work sample a holder agrees to show: a reference, its title, and the exact bytes."""

    ref: str
    title: str
    sha256: str
    media_type: str


def award(
    session: Session,
    *,
    learner_id: str,
    edition_id: str,
    levels: Mapping[str, int],
    has_distinction: bool,
    method: str,
    decision_ref: str,
    at: datetime,
) -> Award:
    """Entitle a learner to an edition and offer the badge; safe to run twice (INV-26, INV-29).

    `levels` maps criterion key to level; `decision_ref` names the released decision behind it.
    """
    existing = session.scalar(select(Award).where(Award.decision_ref == decision_ref))
    if existing is not None:
        return existing
    active = session.scalar(
        select(Award).where(
            Award.learner_id == learner_id,
            Award.edition_id == edition_id,
            Award.state.in_([state.value for state in ACTIVE]),
        )
    )
    if active is not None:
        return active
    made = Award(
        learner_id=learner_id,
        edition_id=edition_id,
        decision_ref=decision_ref,
        levels=dict(levels),
        has_distinction=has_distinction,
        method=method,
        granted_at=at,
    )
    session.add(made)
    session.flush()
    _record(session, "award_offered", made, by="system:award", at=at)
    title = session.get_one(BadgeEdition, edition_id).title
    notify(
        session,
        learner_id,
        kind="badge_offered",
        title=f"The badge {title} is yours",
        body="Accept it, choose who may see it, and it will be signed within a minute."
        " Nothing is published before you choose.",
        path=f"/awards/{made.id}",
        at=at,
    )
    return made


def accept(
    session: Session,
    award_id: str,
    *,
    visibility: Visibility,
    shows_name: bool,
    evidence: Sequence[ShownEvidence],
    consent_text: str,
    by: str,
    at: datetime,
) -> Award:
    """Record the holder's choices, exactly as they were put, and have the badge signed."""
    found = _locked(session, award_id, by)
    move(found, AwardState.ACCEPTED, MOVES)
    found.accepted_at, found.visibility = at, visibility.value
    found.shows_name, found.consent_text = shows_name, consent_text
    for earlier in queries.shown_evidence(session, found.id):
        earlier.withdrawn_at = at
    session.add_all(
        EvidenceConsent(
            award_id=found.id,
            evidence_ref=one.ref,
            title=one.title,
            sha256=one.sha256,
            media_type=one.media_type,
            consented_at=at,
        )
        for one in evidence
    )
    session.flush()
    _record(session, "award_accepted", found, by=by, at=at)
    jobs.enqueue(session, "award_accepted", award_id=found.id)
    return found


def decline(session: Session, award_id: str, *, by: str, at: datetime) -> Award:
    """Say no to a badge; the decision stands, and the offer can be taken up again later."""
    found = _locked(session, award_id, by)
    move(found, AwardState.DECLINED, MOVES)
    found.ended_at = at
    _record(session, "award_declined", found, by=by, at=at)
    return found


def reoffer(session: Session, award_id: str, *, by: str, at: datetime) -> Award:
    """Take up an offer that was declined before."""
    found = _locked(session, award_id, by)
    move(found, AwardState.OFFERED, MOVES)
    found.ended_at = None
    _record(session, "award_offered", found, by=by, at=at)
    return found


def set_visibility(
    session: Session, award_id: str, *, visibility: Visibility, by: str, at: datetime
) -> Award:
    """Change who finds the badge page; the signed document is not touched."""
    found = _locked(session, award_id, by)
    if AwardState(found.state) not in (AwardState.ACCEPTED, AwardState.ISSUED):
        raise Conflict("Only a badge that you hold can be shown or hidden.")
    found.visibility = visibility.value
    _record(session, "visibility_changed", found, by=by, at=at)
    return found


def withdraw_evidence(
    session: Session, award_id: str, consent_id: str, *, by: str, at: datetime
) -> None:
    """Stop showing a work sample; its link in signed copies answers "gone" from now on."""
    found = _locked(session, award_id, by)
    for consent in queries.shown_evidence(session, found.id):
        if consent.id == consent_id:
            consent.withdrawn_at = at
            _record(session, "evidence_withdrawn", found, by=by, at=at)
            return
    raise Conflict("This work sample is not shown any more.")


def suspend(session: Session, award_id: str, *, by: str, at: datetime) -> Award:
    """Suspend an award and its badge at once, for as long as its basis is in doubt (INV-32)."""
    found = _awaited(session, award_id)
    move(found, AwardState.SUSPENDED, MOVES)
    _set_bit(session, found, on=True)
    _record(session, "award_suspended", found, by=by, at=at)
    _tell(
        session,
        found,
        kind="badge_suspended",
        title="Your badge is suspended for now",
        body="What it rests on is being looked at again. Its page says that it is suspended,"
        " and not why.",
        at=at,
    )
    return found


def reinstate(session: Session, award_id: str, *, by: str, at: datetime) -> Award:
    """Lift a suspension; what was not signed before is offered again."""
    found = _awaited(session, award_id)
    is_signed = queries.credential_of(session, found.id) is not None
    move(found, AwardState.ISSUED if is_signed else AwardState.OFFERED, MOVES)
    _set_bit(session, found, on=False)
    _record(session, "award_reinstated", found, by=by, at=at)
    _tell(
        session,
        found,
        kind="badge_reinstated",
        title="Your badge stands again",
        body="The suspension is lifted.",
        at=at,
    )
    return found


def revoke(
    session: Session,
    award_id: str,
    *,
    determination_ref: str,
    notified_at: datetime,
    by: str,
    at: datetime,
) -> Award:
    """Revoke an award for good, after a determination, notice and time to answer (INV-30).

    The public status says that it is revoked; what it rests on stays in the audit trail.
    """
    found = _awaited(session, award_id)
    if not determination_ref.strip():
        raise Refused("A badge is revoked only by a determination. Name it.")
    answer_until = add_business_days(
        notified_at, ANSWER_BUSINESS_DAYS, zone=queries.zone_of(session, found.edition_id)
    )
    if at <= answer_until:
        raise Refused(f"The holder may answer until {answer_until:%d %B %Y}. Nothing was changed.")
    move(found, AwardState.REVOKED, MOVES)
    found.ended_at = at
    _set_bit(session, found, on=True)
    _record(
        session, "award_revoked", found, by=by, at=at, detail={"determination": determination_ref}
    )
    _tell(
        session,
        found,
        kind="badge_revoked",
        title="Your badge is revoked",
        body="You were told why before. Its page says that it is revoked, and not the reason.",
        at=at,
    )
    return found


def _locked(session: Session, award_id: str, by: str) -> Award:
    queries.award_of(session, award_id, learner_id=by)
    return _awaited(session, award_id)


def _awaited(session: Session, award_id: str) -> Award:
    """Return an award once nobody else changes it."""
    found = session.scalar(
        select(Award)
        .where(Award.id == award_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound()
    return found


def _set_bit(session: Session, found: Award, *, on: bool) -> None:
    """Set or clear the bit of a signed badge, and have its list signed again."""
    credential = queries.credential_of(session, found.id)
    if credential is None:
        return
    listing = queries.status_list_for_update(session, credential.status_list_id)
    listing.bits = status.with_bit(listing.bits, credential.status_index, on=on)
    session.flush()
    jobs.enqueue(session, "status_changed", list_id=listing.id)


def _tell(
    session: Session, found: Award, *, kind: str, title: str, body: str, at: datetime
) -> None:
    path = f"/awards/{found.id}"
    notify(session, found.learner_id, kind=kind, title=title, body=body, path=path, at=at)


def _record(
    session: Session,
    verb: str,
    found: Award,
    *,
    by: str,
    at: datetime,
    detail: dict[str, str] | None = None,
) -> None:
    audit.record(
        session,
        verb,
        subject_kind="award",
        subject_id=found.id,
        by=by,
        at=at,
        detail=detail,
    )
