"""Signing: one key per issuer, one status list, one credential per accepted award.

The private key is a file that the database never sees. The bytes that were signed are stored
and served as they are, for life.
"""

import json
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.notices import notify
from core import audit
from core.digest import canonical_json, sha256_hex
from core.errors import Refused
from core.ids import new_id, new_token
from core.states import move
from credentials.catalog import queries as catalog
from credentials.catalog.models import Badge, Issuer
from credentials.issuing import keys, openbadges3, proof, queries, status
from credentials.issuing.content import EvidenceLink, StatusEntry
from credentials.issuing.drafting import Place, content_of, evidence_link
from credentials.issuing.models import Award, Credential, SigningKey, StatusList
from credentials.issuing.multikey import did_web
from credentials.issuing.states import MOVES, AwardState

PURPOSE = "revocation"
LIST_VALID_FOR = timedelta(days=30)
# Beyond this many, a random place would too often be taken; the next list begins.
FULL = status.SMALLEST_LIST * 3 // 4
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
    place = Place(credential_id, new_token(), StatusEntry(list_url(press, listing.id), index), at)
    told = content_of(
        session,
        press.base_url,
        award,
        place,
        shows_name=award.shows_name,
        evidence=_links(session, press, award, credential_id),
    )
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


def sign_list(session: Session, press: Press, list_id: str, *, at: datetime) -> None:
    """Sign a status list as it is now; safe to run twice."""
    issuer_id = queries.status_list(session, list_id).issuer_id
    key = ensure_key(session, press, issuer_id, at=at)
    _sign_list(press, queries.status_list_for_update(session, list_id), key, at=at)


def renew_lists(session: Session, press: Press, *, at: datetime) -> int:
    """Sign every status list again that is past half its validity; return how many."""
    old = session.scalars(
        select(StatusList.id).where(StatusList.updated_at < at - LIST_VALID_FOR / 2)
    ).all()
    for list_id in old:
        sign_list(session, press, list_id, at=at)
    return len(old)


def list_url(press: Press, list_id: str) -> str:
    """Return the public address of a status list."""
    return f"{press.base_url}/status/{list_id}"


def _ensure_list(
    session: Session, press: Press, issuer: Issuer, key: keys.SigningKey, *, at: datetime
) -> StatusList:
    known = session.execute(
        select(StatusList.id, StatusList.signed).where(
            StatusList.issuer_id == issuer.id, StatusList.purpose == PURPOSE
        )
    ).all()
    for list_id, signed in known:
        _refuse_if_moved(press, signed)
        if queries.places_taken(session, list_id) < FULL:
            return queries.status_list_for_update(session, list_id)
    made = StatusList(id=new_id(), issuer_id=issuer.id, purpose=PURPOSE, bits=status.empty_list())
    _sign_list(press, made, key, at=at)
    session.add(made)
    session.flush()
    return made


def _refuse_if_moved(press: Press, signed: str) -> None:
    """Refuse to sign under another address: every badge signed before names the old one."""
    before = proof.issuer_id(json.loads(signed))
    if before != did_web(press.base_url):
        raise Refused(
            f"Badges were signed as {before}, and the base address now says"
            f" {did_web(press.base_url)}. Set the old one again: who holds a badge relies on it."
        )


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


def _free_index(session: Session, listing: StatusList) -> int:
    """Return a random place that nobody has; the list's lock is held, so it stays free."""
    while True:
        index = secrets.randbelow(len(listing.bits) * 8)
        if not queries.is_place_taken(session, listing.id, index):
            return index


def _links(session: Session, press: Press, award: Award, credential_id: str) -> list[EvidenceLink]:
    return [
        evidence_link(
            press.base_url,
            credential_id,
            one.id,
            title=one.title,
            sha256=one.sha256,
            media_type=one.media_type,
            at=one.consented_at,
        )
        for one in queries.shown_evidence(session, award.id)
    ]
