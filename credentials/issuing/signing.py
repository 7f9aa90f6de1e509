"""Signing: one key per issuer, one status list, one credential per accepted award.

The private key is a file that the database never sees. The bytes that were signed are stored
and served as they are, for life.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts import queries as people
from accounts.notices import notify
from core import audit
from core.digest import canonical_json, sha256_hex
from core.ids import new_id, new_token
from core.states import move
from credentials.catalog import queries as catalog
from credentials.catalog.models import Badge, BadgeEdition, Issuer
from credentials.issuing import keys, openbadges3, proof, queries, status
from credentials.issuing.achievement import achievement_of
from credentials.issuing.content import (
    CredentialInput,
    EvidenceLink,
    Profile,
    Recipient,
    StatusEntry,
)
from credentials.issuing.models import Award, Credential, SigningKey, StatusList
from credentials.issuing.multikey import did_web
from credentials.issuing.states import MOVES, AwardState

PURPOSE = "revocation"
LIST_VALID_FOR = timedelta(days=30)
RULE = "system:signing"


@dataclass(frozen=True)
class Press:
    """What signing needs from the installation: its address, key folder and passphrase."""

    base_url: str
    folder: Path
    passphrase: str | None = None


def ensure_key(session: Session, press: Press, issuer_id: str, *, at: datetime) -> keys.SigningKey:
    """Return the issuer's signing key; its file is written before the row that names it."""
    issuer = session.scalars(select(Issuer).where(Issuer.id == issuer_id).with_for_update()).one()
    row = queries.current_key(session, issuer.id)
    if row is not None:
        return keys.load(press.folder, row.public_multibase, passphrase=press.passphrase)
    made = keys.generate(press.folder, passphrase=press.passphrase)
    session.add(
        SigningKey(issuer_id=issuer.id, public_multibase=made.public_multibase, created_at=at)
    )
    session.flush()
    audit.record(
        session,
        "signing_key_made",
        subject_kind="signing_key",
        subject_id=made.public_multibase,
        by=RULE,
        at=at,
    )
    return made


def issue(session: Session, press: Press, award_id: str, *, at: datetime) -> Credential | None:
    """Sign the credential of an accepted award, once; safe to run twice and on two hosts.

    Returns the credential, or None when the award no longer waits for one.
    """
    award = session.scalar(select(Award).where(Award.id == award_id).with_for_update())
    if award is None:
        return None
    existing = queries.credential_of(session, award.id)
    if existing is not None or AwardState(award.state) is not AwardState.ACCEPTED:
        return existing
    edition = catalog.edition(session, award.edition_id)
    badge = session.get_one(Badge, edition.badge_id)
    issuer = session.get_one(Issuer, badge.issuer_id)
    key = ensure_key(session, press, issuer.id, at=at)
    listing = _ensure_list(session, press, issuer, key, at=at)
    index = _free_index(session, listing)
    credential_id = new_id()
    told = _content(session, press, award, edition, issuer, listing, credential_id, index, at=at)
    document = canonical_json(proof.add_proof(openbadges3.build(told), key, at=at))
    made = Credential(
        id=credential_id,
        award_id=award.id,
        key_id=session.scalars(
            select(SigningKey.id).where(SigningKey.public_multibase == key.public_multibase)
        ).one(),
        status_list_id=listing.id,
        status_index=index,
        document=document,
        digest=sha256_hex(document),
        issued_at=at,
        valid_until=told.valid_until,
    )
    session.add(made)
    move(award, AwardState.ISSUED, MOVES)
    session.flush()
    audit.record(
        session,
        "credential_signed",
        subject_kind="credential",
        subject_id=made.id,
        by=RULE,
        at=at,
        after=made.digest,
        detail={"key": key.public_multibase, "award": award.id},
    )
    notify(
        session,
        award.learner_id,
        kind="badge_issued",
        title=f"Your badge {edition.title} is signed",
        body="It has a page of its own that anybody you give the address to can check.",
        path=f"/credentials/{made.id}",
        at=at,
    )
    return made


def suspend(session: Session, press: Press, award_id: str, *, by: str, at: datetime) -> None:
    """Suspend an award: its bit is set and the list signed again in the same transaction."""
    award = session.scalars(select(Award).where(Award.id == award_id).with_for_update()).one()
    move(award, AwardState.SUSPENDED, MOVES)
    _mark(session, press, award, on=True, at=at)
    audit.record(
        session, "award_suspended", subject_kind="award", subject_id=award.id, by=by, at=at
    )


def reinstate(session: Session, press: Press, award_id: str, *, by: str, at: datetime) -> None:
    """Lift a suspension."""
    award = session.scalars(select(Award).where(Award.id == award_id).with_for_update()).one()
    move(award, AwardState.ISSUED, MOVES)
    _mark(session, press, award, on=False, at=at)
    audit.record(
        session, "award_reinstated", subject_kind="award", subject_id=award.id, by=by, at=at
    )


def renew_lists(session: Session, press: Press, *, at: datetime) -> int:
    """Sign every status list again that is past half its validity; return how many."""
    old = session.scalars(
        select(StatusList).where(StatusList.updated_at < at - LIST_VALID_FOR / 2)
    ).all()
    for listing in old:
        key = ensure_key(session, press, listing.issuer_id, at=at)
        _sign_list(press, listing, key, at=at)
    return len(old)


def list_url(press: Press, list_id: str) -> str:
    """Return the public address of a status list."""
    return f"{press.base_url}/status/{list_id}"


def _ensure_list(
    session: Session, press: Press, issuer: Issuer, key: keys.SigningKey, *, at: datetime
) -> StatusList:
    found = session.scalar(
        select(StatusList)
        .where(StatusList.issuer_id == issuer.id, StatusList.purpose == PURPOSE)
        .order_by(StatusList.updated_at.desc())
        .limit(1)
    )
    if found is not None and _taken(session, found) < status.SMALLEST_LIST * 3 // 4:
        return found
    made = StatusList(id=new_id(), issuer_id=issuer.id, purpose=PURPOSE, bits=status.empty_list())
    _sign_list(press, made, key, at=at)
    session.add(made)
    session.flush()
    return made


def _sign_list(press: Press, listing: StatusList, key: keys.SigningKey, *, at: datetime) -> None:
    unsigned = status.list_credential(
        list_url=list_url(press, listing.id),
        issuer_id=did_web(press.base_url),
        bits=listing.bits,
        purpose=listing.purpose,
        at=at,
        valid_for=LIST_VALID_FOR,
    )
    listing.signed = canonical_json(proof.add_proof(unsigned, key, at=at))
    listing.updated_at = at


def _taken(session: Session, listing: StatusList) -> int:
    return len(
        session.scalars(
            select(Credential.status_index).where(Credential.status_list_id == listing.id)
        ).all()
    )


def _free_index(session: Session, listing: StatusList) -> int:
    taken = session.scalars(
        select(Credential.status_index).where(Credential.status_list_id == listing.id)
    )
    return status.unused_index(set(taken))


def _mark(session: Session, press: Press, award: Award, *, on: bool, at: datetime) -> None:
    credential = queries.credential_of(session, award.id)
    if credential is None:
        return
    listing = session.scalars(
        select(StatusList).where(StatusList.id == credential.status_list_id).with_for_update()
    ).one()
    listing.bits = status.with_bit(listing.bits, credential.status_index, on=on)
    key = ensure_key(session, press, listing.issuer_id, at=at)
    _sign_list(press, listing, key, at=at)


def _content(
    session: Session,
    press: Press,
    award: Award,
    edition: BadgeEdition,
    issuer: Issuer,
    listing: StatusList,
    credential_id: str,
    index: int,
    *,
    at: datetime,
) -> CredentialInput:
    definition = catalog.definition_of(edition)
    person = people.person(session, award.learner_id)
    profile = Profile(
        id=did_web(press.base_url),
        name=issuer.name,
        url=issuer.url or press.base_url,
        email=issuer.email or None,
        description=issuer.description or None,
    )
    return CredentialInput(
        id=f"{press.base_url}/credentials/{credential_id}",
        issuer=profile,
        achievement=achievement_of(definition, press.base_url),
        recipient=Recipient(
            email=people.primary_address(session, award.learner_id),
            salt=new_token(),
            name=person.name if award.shows_name else None,
        ),
        levels=award.levels,
        method=award.method,
        programme=Profile(
            id=f"{press.base_url}/badges/{definition.slug}#review",
            name=f"Peer review for {definition.title}",
            url=f"{press.base_url}/badges/{definition.slug}",
        ),
        awarded_at=award.granted_at,
        valid_from=at,
        valid_until=_valid_until(definition.validity_months, at),
        status=StatusEntry(list_url(press, listing.id), index, PURPOSE),
        evidence=tuple(
            EvidenceLink(
                url=f"{press.base_url}/credentials/{credential_id}/evidence/{one.id}"
                f"?sha256={one.sha256}",
                name=one.title,
                consented_at=one.consented_at,
                genre=one.media_type,
            )
            for one in queries.shown_evidence(session, award.id)
        ),
    )


def _valid_until(months: int | None, at: datetime) -> datetime | None:
    if not months:
        return None
    years, month = divmod(at.month - 1 + months, 12)
    for day in range(at.day, at.day - 4, -1):
        try:
            return at.replace(year=at.year + years, month=month + 1, day=day)
        except ValueError:
            continue
    raise AssertionError("every month has a 28th day")
