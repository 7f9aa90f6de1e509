"""Reading awards, credentials, keys and status lists."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from accounts.visitor import Visitor
from core.errors import NotFound
from core.waiting import Waiting
from credentials.catalog.models import Badge, BadgeEdition, Issuer
from credentials.issuing.models import (
    Award,
    Credential,
    EvidenceConsent,
    SigningKey,
    StatusList,
)
from credentials.issuing.multikey import PublishedKey
from credentials.issuing.states import ACTIVE, AwardState, Visibility


@dataclass(frozen=True)
class Issued:
    """A credential with everything its page shows."""

    credential: Credential
    award: Award
    edition: BadgeEdition
    badge: Badge
    issuer: Issuer


def award_of(session: Session, award_id: str, *, learner_id: str) -> Award:
    """Return a learner's own award; somebody else's looks as if it did not exist."""
    found = session.get(Award, award_id)
    if found is None or found.learner_id != learner_id:
        raise NotFound()
    return found


def awards_of(session: Session, learner_id: str) -> list[tuple[Award, BadgeEdition, Badge]]:
    """Return a learner's awards with their editions, newest first."""
    rows = session.execute(
        select(Award, BadgeEdition, Badge)
        .join(BadgeEdition, BadgeEdition.id == Award.edition_id)
        .join(Badge, Badge.id == BadgeEdition.badge_id)
        .where(Award.learner_id == learner_id)
        .order_by(Award.granted_at.desc(), Award.id)
    )
    return [(row[0], row[1], row[2]) for row in rows]


def holds(session: Session, learner_id: str, badge_id: str) -> bool:
    """Whether a learner has an active award of any edition of a badge."""
    found = session.scalar(
        select(Award.id)
        .join(BadgeEdition, BadgeEdition.id == Award.edition_id)
        .where(
            Award.learner_id == learner_id,
            BadgeEdition.badge_id == badge_id,
            Award.state.in_([state.value for state in ACTIVE]),
        )
        .limit(1)
    )
    return found is not None


def issued(session: Session, credential_id: str) -> Issued:
    """Return a credential with its award, edition, badge and issuer, or raise NotFound."""
    row = session.execute(
        select(Credential, Award, BadgeEdition, Badge, Issuer)
        .join(Award, Award.id == Credential.award_id)
        .join(BadgeEdition, BadgeEdition.id == Award.edition_id)
        .join(Badge, Badge.id == BadgeEdition.badge_id)
        .join(Issuer, Issuer.id == Badge.issuer_id)
        .where(Credential.id == credential_id)
    ).one_or_none()
    if row is None:
        raise NotFound()
    return Issued(*row)


def credential_of(session: Session, award_id: str) -> Credential | None:
    """Return the current credential of an award, once it is signed."""
    return session.scalar(
        select(Credential).where(
            Credential.award_id == award_id, Credential.superseded_at.is_(None)
        )
    )


def credentials_of(session: Session, award_ids: Iterable[str]) -> dict[str, Credential]:
    """Return the present signed documents of several awards, by the award's id."""
    found = session.scalars(
        select(Credential).where(
            Credential.award_id.in_(list(award_ids)), Credential.superseded_at.is_(None)
        )
    )
    return {one.award_id: one for one in found}


def public_awards(session: Session, badge_id: str) -> int:
    """Return how many holders of a badge show it publicly."""
    return session.scalars(
        select(func.count(Award.id))
        .join(BadgeEdition, BadgeEdition.id == Award.edition_id)
        .where(
            BadgeEdition.badge_id == badge_id,
            Award.state == AwardState.ISSUED.value,
            Award.visibility == Visibility.PUBLIC.value,
        )
    ).one()


def unsigned_awards(session: Session) -> list[str]:
    """Return the accepted awards that still wait for their signature, the oldest first."""
    return list(
        session.scalars(
            select(Award.id)
            .where(Award.state == AwardState.ACCEPTED.value)
            .order_by(Award.accepted_at)
        )
    )


def zone_of(session: Session, edition_id: str) -> str:
    """Return the time zone of the issuer of an edition."""
    return session.scalars(
        select(Issuer.time_zone)
        .join(Badge, Badge.issuer_id == Issuer.id)
        .join(BadgeEdition, BadgeEdition.badge_id == Badge.id)
        .where(BadgeEdition.id == edition_id)
    ).one()


def consent_of(session: Session, credential_id: str, consent_id: str) -> EvidenceConsent:
    """Return a consent to show a work sample on a credential's page, withdrawn or not."""
    found = session.scalar(
        select(EvidenceConsent)
        .join(Credential, Credential.award_id == EvidenceConsent.award_id)
        .where(Credential.id == credential_id, EvidenceConsent.id == consent_id)
    )
    if found is None:
        raise NotFound()
    return found


def shown_evidence(session: Session, award_id: str) -> list[EvidenceConsent]:
    """Return the work samples the holder shows now."""
    return list(
        session.scalars(
            select(EvidenceConsent)
            .where(EvidenceConsent.award_id == award_id, EvidenceConsent.withdrawn_at.is_(None))
            .order_by(EvidenceConsent.consented_at, EvidenceConsent.id)
        )
    )


def current_key(session: Session, issuer_id: str) -> SigningKey | None:
    """Return the key that signs for an issuer now."""
    return session.scalar(
        select(SigningKey).where(SigningKey.issuer_id == issuer_id, SigningKey.retired_at.is_(None))
    )


def published_keys(session: Session) -> list[PublishedKey]:
    """Return the public halves that the issuer's DID document names, oldest first."""
    rows = session.scalars(select(SigningKey).order_by(SigningKey.created_at))
    return [PublishedKey(row.public_multibase, row.compromised_at) for row in rows]


def status_list(session: Session, list_id: str) -> StatusList:
    """Return a status list, or raise NotFound."""
    found = session.get(StatusList, list_id)
    if found is None:
        raise NotFound()
    return found


def status_list_for_update(session: Session, list_id: str) -> StatusList:
    """Return a status list as it is now, and keep it for this transaction."""
    return session.scalars(
        select(StatusList)
        .where(StatusList.id == list_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def places_taken(session: Session, list_id: str) -> int:
    """Return how many places of a status list are given out."""
    return session.scalars(
        select(func.count(Credential.id)).where(Credential.status_list_id == list_id)
    ).one()


def is_place_taken(session: Session, list_id: str, index: int) -> bool:
    """Whether a place of a status list is given out."""
    found = session.scalar(
        select(Credential.id).where(
            Credential.status_list_id == list_id, Credential.status_index == index
        )
    )
    return found is not None


def waiting_for(session: Session, visitor: Visitor, *, at: datetime) -> list[Waiting]:  # noqa: ARG001 - every room's offer has the same shape
    """Return the badges that wait for their holder's answer, and those that are being signed."""
    rows = session.execute(
        select(Award, BadgeEdition.title)
        .join(BadgeEdition, BadgeEdition.id == Award.edition_id)
        .where(
            Award.learner_id == visitor.person_id,
            Award.state.in_([AwardState.OFFERED.value, AwardState.ACCEPTED.value]),
        )
        .order_by(Award.granted_at)
    )
    return [_waiting(row[0], row[1]) for row in rows]


def _waiting(award: Award, title: str) -> Waiting:
    path = f"/awards/{award.id}"
    if award.state == AwardState.OFFERED.value:
        return Waiting(
            title=f"The badge {title} is yours",
            body="Choose who may see it, and have it signed.",
            path=path,
            action="Accept the badge",
        )
    return Waiting(
        title=f"Your badge {title} is being signed",
        body="This takes about a minute.",
        path=path,
        who="Assay",
        action="See how far it is",
    )


def is_suspended(session: Session, credential_id: str) -> bool:
    """Whether one of our own credentials is suspended rather than revoked."""
    state = session.scalar(
        select(Award.state)
        .join(Credential, Credential.award_id == Award.id)
        .where(Credential.id == credential_id)
    )
    return state == AwardState.SUSPENDED.value
