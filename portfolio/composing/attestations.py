"""Asking a named outside person to confirm the work, and taking their answer.

The mailed secret is kept only as its SHA-256 and works until the answer, the withdrawal or the
end of its time. The outside person needs no account and sees only what is asked.
"""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from accounts import throttle
from accounts.addresses import identity_key, normalise
from accounts.notices import notify
from accounts.queries import address_rows, person
from core import audit, mail
from core.digest import sha256_hex
from core.errors import Conflict, Invalid, NotFound, TooMany
from core.ids import new_token
from core.states import move
from credentials.catalog import queries as catalog
from portfolio.composing.models import Attestation, Portfolio
from portfolio.composing.queries import LIVE, attestation_by
from portfolio.composing.rules import FACTS, objection_to_asking
from portfolio.composing.saving import locked, touch
from portfolio.composing.states import MOVES, AttestationState

LIFE = timedelta(days=30)
ASKED = throttle.Limit("attestation", 10, 86_400)


def ask(
    session: Session,
    portfolio_id: str,
    *,
    name: str,
    address: str,
    relation: str,
    by: str,
    at: datetime,
) -> Attestation:
    """Mail a named outside person a link on which they confirm the work, or decline."""
    portfolio = locked(session, portfolio_id, by)
    address = normalise(address)
    asked = session.scalars(
        select(Attestation.address).where(
            Attestation.portfolio_id == portfolio.id, Attestation.state.in_(LIVE)
        )
    )
    reason = objection_to_asking(
        address_key=identity_key(address),
        own_keys=[row.identity_key for row in address_rows(session, by)],
        asked_keys=[identity_key(one) for one in asked],
    )
    if reason is not None:
        raise Invalid(reason, "address")
    wait = throttle.count(session, ASKED, by, at=at)
    if wait:
        raise TooMany("That is enough mail for one day. Go on tomorrow.", retry_after=wait)
    secret = new_token()
    made = Attestation(
        portfolio_id=portfolio.id,
        name=name,
        address=address,
        relation=relation,
        token_hash=sha256_hex(secret),
        state=AttestationState.REQUESTED.value,
        confirmed={},
        requested_at=at,
        expires_at=at + LIFE,
    )
    try:
        with session.begin_nested():
            session.add(made)
    except IntegrityError as error:
        raise Invalid("You have asked this person already.", "address") from error
    touch(portfolio, at=at)
    _post_request(session, portfolio, made, secret, at=at)
    _record(session, "attestation_requested", made, by=by, at=at)
    return made


def withdraw(
    session: Session, portfolio_id: str, attestation_id: str, *, by: str, at: datetime
) -> None:
    """Take back a request that has no answer yet; its link ends and the person is told."""
    portfolio = locked(session, portfolio_id, by)
    found = session.scalar(
        select(Attestation)
        .where(Attestation.id == attestation_id, Attestation.portfolio_id == portfolio.id)
        .with_for_update()
    )
    if found is None:
        raise NotFound()
    if found.state != AttestationState.REQUESTED.value:
        raise Conflict("There is an answer already, or it was withdrawn before. Nothing changed.")
    move(found, AttestationState.WITHDRAWN, MOVES)
    touch(portfolio, at=at)
    mail.post(
        session,
        to=found.address,
        subject="You need not confirm anything any more",
        text=f"{person(session, by).name} no longer asks you to confirm work for a badge."
        " The link you were sent has ended, and there is nothing for you to do.",
        kind="attestation_withdrawn",
        at=at,
    )
    _record(session, "attestation_withdrawn", found, by=by, at=at)


def confirm(
    session: Session, secret: str, *, facts: set[str], remark: str, at: datetime
) -> Attestation:
    """Take the confirmation of all three facts, once."""
    if set(FACTS) - facts:
        raise Invalid("Tick all three if they are true; if one is not, decline below.", "who")
    found = _asked(session, secret, at=at)
    found.confirmed = dict.fromkeys(FACTS, True)
    _answer(session, found, AttestationState.RECEIVED, remark, at=at)
    _tell(
        session,
        found,
        title="Your work is confirmed",
        body="Somebody you asked has confirmed your part in the work.",
        at=at,
    )
    return found


def decline(session: Session, secret: str, *, remark: str, at: datetime) -> Attestation:
    """Take the answer that the person cannot confirm, with what they say about it."""
    if not remark.strip():
        raise Invalid("Say in a sentence what you cannot confirm.", "remark")
    found = _asked(session, secret, at=at)
    _answer(session, found, AttestationState.DECLINED, remark, at=at)
    _tell(
        session,
        found,
        title="Somebody could not confirm your work",
        body="Somebody you asked has declined. Read what they say, and ask somebody else.",
        at=at,
    )
    return found


def _asked(session: Session, secret: str, *, at: datetime) -> Attestation:
    known = attestation_by(session, secret, at=at)
    found = session.scalars(
        select(Attestation)
        .where(Attestation.id == known.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    if found.state != AttestationState.REQUESTED.value:
        raise Conflict("You have answered already. Thank you; there is nothing more to do.")
    return found


def _answer(
    session: Session, found: Attestation, to: AttestationState, remark: str, *, at: datetime
) -> None:
    found.remark, found.answered_at = remark, at
    move(found, to, MOVES)
    session.flush()
    audit.record(
        session,
        f"attestation_{to.value}",
        subject_kind="attestation",
        subject_id=found.id,
        by="system:attester_link",
        at=at,
    )


def _tell(session: Session, found: Attestation, *, title: str, body: str, at: datetime) -> None:
    portfolio = session.get_one(Portfolio, found.portfolio_id)
    notify(
        session,
        portfolio.learner_id,
        kind=f"attestation_{found.state}",
        title=title,
        body=body,
        path=f"/portfolios/{portfolio.id}/attestations",
        at=at,
    )


def _post_request(
    session: Session, portfolio: Portfolio, made: Attestation, secret: str, *, at: datetime
) -> None:
    edition = catalog.edition(session, portfolio.edition_id)
    asking = person(session, portfolio.learner_id).name
    mail.post(
        session,
        to=made.address,
        subject=f"{asking} asks you to confirm some work",
        text=f"{asking} shows work for the badge {edition.title} and names you as somebody who"
        " knows who did it. The link opens one page with three facts to confirm, or to decline."
        " It takes two minutes and needs no account. You do not judge the work, and what you"
        f" write is not shown to its reviewers.\n\nThe link works until {made.expires_at:%d %B %Y}."
        " If you do not know this person, leave it or decline.",
        path=f"/attest/{secret}",
        kind="attestation_request",
        at=at,
    )


def _record(session: Session, verb: str, found: Attestation, *, by: str, at: datetime) -> None:
    audit.record(session, verb, subject_kind="attestation", subject_id=found.id, by=by, at=at)
