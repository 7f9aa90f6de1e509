"""From entitlement to a badge: granted once, accepted by its holder, signed once.

`award` is called with plain values by whoever decides; what was decided, and how, stays there.
Signing runs as a job after the holder's consent is safely stored.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.notices import notify
from core import audit, jobs
from core.errors import Conflict
from core.states import move
from credentials.catalog.models import BadgeEdition
from credentials.issuing import queries
from credentials.issuing.models import Award, EvidenceConsent
from credentials.issuing.states import ACTIVE, MOVES, AwardState, Visibility


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


def _locked(session: Session, award_id: str, by: str) -> Award:
    queries.award_of(session, award_id, learner_id=by)
    return session.scalars(
        select(Award)
        .where(Award.id == award_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def _record(session: Session, verb: str, found: Award, *, by: str, at: datetime) -> None:
    audit.record(session, verb, subject_kind="award", subject_id=found.id, by=by, at=at)
