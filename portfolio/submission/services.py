"""Handing in: one transaction seals the whole portfolio, or nothing happened.

The learner's portfolio row is the lock; the unique keys (attempt number, one open submission
per learner and badge) are the last word against two tabs, two hosts and a repeated request.
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.notices import notify
from core import audit, jobs
from core.calendar import add_business_days
from core.digest import sha256_hex
from core.errors import Conflict, Refused
from core.states import move
from credentials.catalog import queries as catalog
from credentials.catalog.definition import EditionDefinition
from credentials.catalog.models import Badge, BadgeEdition, Issuer
from credentials.issuing.models import Award
from credentials.issuing.states import ACTIVE
from portfolio.composing.coverage import coverage
from portfolio.composing.models import Portfolio
from portfolio.composing.queries import LIVE, Work, contents_of, portfolio_of, work_in
from portfolio.submission import queries
from portfolio.submission.manifest import (
    ManifestClaim,
    ManifestItem,
    ManifestParts,
    build,
    digest,
)
from portfolio.submission.models import SealedItem, SealedText, Submission
from portfolio.submission.pseudonym import new_pseudonym
from portfolio.submission.rules import (
    Earlier,
    objection_to_handing_in,
    objection_to_withdrawing,
)
from portfolio.submission.states import MOVES, OPEN, SubmissionState


def hand_in(session: Session, portfolio_id: str, *, by: str, at: datetime) -> Submission:
    """Seal a snapshot of one's own portfolio and start its clock (INV-01, 04, 29, 34)."""
    portfolio_of(session, portfolio_id, learner_id=by)
    portfolio = session.scalars(
        select(Portfolio).where(Portfolio.id == portfolio_id).with_for_update()
    ).one()
    edition = catalog.edition(session, portfolio.edition_id)
    definition = catalog.definition_of(edition)
    work = work_in(session, portfolio)
    earlier = queries.attempts(session, portfolio.id)
    reason = objection(session, work, edition, definition, earlier)
    if reason is not None:
        is_on_its_way = any(SubmissionState(one.state) in OPEN for one in earlier)
        raise Conflict(reason) if is_on_its_way else Refused(reason)
    sealed = _seal(session, work, edition, definition, earlier, at=at)
    audit.record(
        session,
        "submission_sealed",
        subject_kind="submission",
        subject_id=sealed.id,
        by=by,
        at=at,
        after=sealed.digest,
    )
    jobs.enqueue(session, "submission_sealed", submission_id=sealed.id)
    notify(
        session,
        by,
        kind="submission_received",
        title=f"Your portfolio for {edition.title} is handed in",
        body=f"Receipt {sealed.digest[:16]}. You will have an answer by"
        f" {sealed.promised_at:%d %B %Y}. You need not do anything now.",
        path=f"/submissions/{sealed.id}",
        at=at,
    )
    return sealed


def objection(
    session: Session,
    work: Work,
    edition: BadgeEdition,
    definition: EditionDefinition,
    earlier: list[Submission],
) -> str | None:
    """Return why this work cannot be handed in now, or None."""
    return objection_to_handing_in(
        coverage=coverage(definition, contents_of(work)),
        edition_state=edition.state,
        earlier=[Earlier(SubmissionState(one.state)) for one in earlier],
        attempts_allowed=definition.review_policy.attempts,
        holds_badge=_holds_badge(session, work.portfolio),
    )


def withdraw(session: Session, submission_id: str, *, by: str, at: datetime) -> Submission:
    """Take one's own submission back before it is decided; reviewers are told and thanked."""
    queries.submission_of(session, submission_id, learner_id=by)
    found = session.scalars(
        select(Submission)
        .where(Submission.id == submission_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    reason = objection_to_withdrawing(SubmissionState(found.state))
    if reason is not None:
        raise Conflict(reason)
    found.withdrawn_at = at
    move_to(session, found, SubmissionState.WITHDRAWN, by=by, at=at)
    jobs.enqueue(session, "submission_withdrawn", submission_id=found.id)
    return found


def move_to(
    session: Session,
    submission: Submission,
    to: SubmissionState,
    *,
    by: str,
    at: datetime,
    reason: str | None = None,
) -> None:
    """Move a submission to its next station, if the table of moves allows it, and record it."""
    before = submission.state
    move(submission, to, MOVES)
    submission.state_since = at
    session.flush()
    audit.record(
        session,
        "submission_moved",
        subject_kind="submission",
        subject_id=submission.id,
        by=by,
        at=at,
        reason=reason,
        detail={"from": before, "to": to.value},
    )


def _holds_badge(session: Session, portfolio: Portfolio) -> bool:
    held = session.scalar(
        select(Award.id)
        .join(BadgeEdition, BadgeEdition.id == Award.edition_id)
        .where(
            Award.learner_id == portfolio.learner_id,
            BadgeEdition.badge_id == portfolio.badge_id,
            Award.state.in_([state.value for state in ACTIVE]),
        )
        .limit(1)
    )
    return held is not None


def _seal(
    session: Session,
    work: Work,
    edition: BadgeEdition,
    definition: EditionDefinition,
    earlier: list[Submission],
    *,
    at: datetime,
) -> Submission:
    portfolio = work.portfolio
    attempt = len(earlier) + 1
    manifest = build(_parts(work, edition, definition, attempt))
    badge = session.get_one(Badge, portfolio.badge_id)
    zone = session.get_one(Issuer, badge.issuer_id).time_zone
    days = definition.review_policy.promise_business_days
    sealed = Submission(
        portfolio_id=portfolio.id,
        learner_id=portfolio.learner_id,
        badge_id=portfolio.badge_id,
        edition_id=edition.id,
        attempt=attempt,
        pseudonym=new_pseudonym(),
        manifest=manifest,
        digest=digest(manifest),
        supersedes_id=earlier[-1].id if earlier else None,
        change_note=portfolio.change_note,
        sealed_at=at,
        promised_at=add_business_days(at, days, zone=zone),
        state=SubmissionState.SUBMITTED.value,
        state_since=at,
    )
    session.add(sealed)
    session.flush()
    session.add_all(
        SealedItem(submission_id=sealed.id, item_id=item.id, position=position, sha256=item.sha256)
        for position, item in enumerate(work.items, start=1)
    )
    session.add_all(
        SealedText(submission_id=sealed.id, prompt_key=key, html=one.html, renderer=one.renderer)
        for key, one in sorted(work.reflections.items())
    )
    session.flush()
    return sealed


def _parts(
    work: Work, edition: BadgeEdition, definition: EditionDefinition, attempt: int
) -> ManifestParts:
    portfolio = work.portfolio
    agreed = portfolio.statements
    return ManifestParts(
        edition={
            "slug": definition.slug,
            "version": edition.version,
            "digest": edition.digest,
        },
        attempt=attempt,
        role=portfolio.role,
        sector=portfolio.sector,
        context=portfolio.context,
        items=[
            ManifestItem(
                item_id=item.id,
                requirement=item.requirement_key,
                title=item.title,
                file_name=item.file_name,
                sha256=item.sha256,
                size=item.size,
                media_type=item.media_type,
                date_of_work=item.date_of_work,
                own_contribution=item.own_contribution,
            )
            for item in work.items
        ],
        claims=[
            ManifestClaim(claim.item_id, claim.criterion_key, claim.locator)
            for claim in work.claims
        ],
        reflections={key: one.text for key, one in work.reflections.items()},
        disclosures=portfolio.disclosures,
        statements=[
            (statement.key, statement.text, agreed[statement.key])
            for statement in definition.statements
            if statement.key in agreed
        ],
        attestations=[
            {
                "relation": one.relation,
                "state": one.state,
                "confirmed": one.confirmed,
                "address_sha256": sha256_hex(one.address),
            }
            for one in work.attestations
            if one.state in LIVE
        ],
        change_note=portfolio.change_note,
    )
