"""Reading sealed submissions, where they stand, and what waits for their learner."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.visitor import Visitor
from core.calendar import add_business_days
from core.errors import NotFound
from core.waiting import Waiting
from credentials.catalog import queries as catalog
from credentials.catalog.definition import EditionDefinition
from credentials.catalog.models import Badge, BadgeEdition, Issuer
from credentials.issuing.models import Award
from credentials.issuing.states import ACTIVE
from portfolio.composing.coverage import coverage
from portfolio.composing.guide import next_section, sections
from portfolio.composing.models import Portfolio
from portfolio.composing.queries import contents_of, editions_by_id, portfolios_of, works_in
from portfolio.submission.models import SealedItem, SealedText, Submission
from portfolio.submission.states import OPEN, SubmissionState
from portfolio.submission.tracker import Facts, Standing, standing

WITHDRAWN = SubmissionState.WITHDRAWN


@dataclass(frozen=True)
class Line:
    """A submission with its edition and where it stands."""

    submission: Submission
    edition: BadgeEdition
    facts: Facts
    standing: Standing


def submission(session: Session, submission_id: str) -> Submission:
    """Return a submission, or raise NotFound."""
    found = session.get(Submission, submission_id)
    if found is None:
        raise NotFound()
    return found


def locked_submission(session: Session, submission_id: str) -> Submission:
    """Return a submission with its row locked until the transaction ends, or raise NotFound.

    It is the first lock of everything that happens to a submission after its hand-in.
    """
    found = session.scalar(
        select(Submission)
        .where(Submission.id == submission_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound()
    return found


def submission_of(session: Session, submission_id: str, *, learner_id: str) -> Submission:
    """Return a learner's own submission; somebody else's looks as if it did not exist."""
    found = session.get(Submission, submission_id)
    if found is None or found.learner_id != learner_id:
        raise NotFound()
    return found


def attempts(session: Session, portfolio_id: str) -> list[Submission]:
    """Return every submission of a portfolio, the first attempt first."""
    return list(
        session.scalars(
            select(Submission)
            .where(Submission.portfolio_id == portfolio_id)
            .order_by(Submission.attempt)
            .execution_options(populate_existing=True)
        )
    )


def submissions_of(session: Session, learner_id: str) -> list[Submission]:
    """Return a learner's submissions, newest first."""
    return list(
        session.scalars(
            select(Submission)
            .where(Submission.learner_id == learner_id)
            .order_by(Submission.sealed_at.desc(), Submission.attempt.desc())
        )
    )


def open_submission(session: Session, learner_id: str, badge_id: str) -> Submission | None:
    """Return the one submission of a learner for a badge that is on its way, if there is one."""
    return session.scalar(
        select(Submission).where(
            Submission.learner_id == learner_id,
            Submission.badge_id == badge_id,
            Submission.state.in_([state.value for state in OPEN]),
        )
    )


def sealed_items(session: Session, submission_id: str) -> list[SealedItem]:
    """Return the work samples of a submission in their order."""
    return list(
        session.scalars(
            select(SealedItem)
            .where(SealedItem.submission_id == submission_id)
            .order_by(SealedItem.position)
        )
    )


def manifest_of(found: Submission) -> dict[str, Any]:
    """Return a submission's manifest as a value."""
    manifest: dict[str, Any] = json.loads(found.manifest)
    return manifest


def sealed_html(session: Session, submission_id: str) -> dict[str, str]:
    """Return the sealed reflections as cleaned HTML by prompt key."""
    rows = session.scalars(select(SealedText).where(SealedText.submission_id == submission_id))
    return {row.prompt_key: row.html for row in rows}


def holds_badge(session: Session, learner_id: str, badge_id: str) -> bool:
    """Whether a learner holds a badge, or has it offered, in any edition."""
    return badge_id in held_badges(session, learner_id)


def held_badges(session: Session, learner_id: str) -> set[str]:
    """Return the badges that a learner holds or is offered."""
    return set(
        session.scalars(
            select(BadgeEdition.badge_id)
            .join(Award, Award.edition_id == BadgeEdition.id)
            .where(
                Award.learner_id == learner_id,
                Award.state.in_([state.value for state in ACTIVE]),
            )
        )
    )


def lines_of(session: Session, submissions: Sequence[Submission], *, at: datetime) -> list[Line]:
    """Return submissions of one learner with where they stand, in three queries for any number."""
    if not submissions:
        return []
    editions = editions_by_id(session, (one.edition_id for one in submissions))
    held = held_badges(session, submissions[0].learner_id)
    zones = _zones(session, {one.badge_id for one in submissions})
    lines = []
    for one in submissions:
        definition = catalog.definition_of(editions[one.edition_id])
        facts = _facts(one, definition, zone=zones[one.badge_id], held=held)
        lines.append(Line(one, editions[one.edition_id], facts, standing(facts, at=at)))
    return lines


def waiting_for(session: Session, visitor: Visitor, *, at: datetime) -> list[Waiting]:
    """Return what waits for a learner, and what of theirs is on its way (INV-38)."""
    mine = portfolios_of(session, visitor.person_id)
    handed_in = submissions_of(session, visitor.person_id)
    latest: dict[str, Line] = {}
    for line in lines_of(session, list(reversed(handed_in)), at=at):
        latest[line.submission.portfolio_id] = line
    sent = {key for key, line in latest.items() if line.facts.state is not WITHDRAWN}
    drafts = [one for one in mine if one.id not in sent]
    return [
        *_drafts(session, drafts),
        *(_entry(line) for line in latest.values() if _is_open(line)),
    ]


def _drafts(session: Session, drafts: Sequence[Portfolio]) -> list[Waiting]:
    editions = editions_by_id(session, (one.edition_id for one in drafts))
    works = works_in(session, drafts)
    entries = []
    for one in drafts:
        definition = catalog.definition_of(editions[one.edition_id])
        covered = coverage(definition, contents_of(works[one.id]))
        section = next_section(sections(covered))
        if section is None:
            body, action = "Everything is there. Look it through and hand it in.", "Hand in"
            path = f"/portfolios/{one.id}/hand-in"
        else:
            count = len(covered.missing)
            body = (
                f"{count} {'part is' if count == 1 else 'parts are'} missing. {section.title} next."
            )
            action, path = "Go on", f"/portfolios/{one.id}"
        entries.append(Waiting(f"Your portfolio for {definition.title}", body, path, action=action))
    return entries


def _is_open(line: Line) -> bool:
    is_to_be_mended = line.facts.state is SubmissionState.RETURNED_INCOMPLETE
    return is_to_be_mended or line.facts.state in OPEN


def _entry(line: Line) -> Waiting:
    where = f"/submissions/{line.submission.id}"
    is_back = line.facts.state is SubmissionState.RETURNED_INCOMPLETE
    return Waiting(
        title=f"{line.edition.title}: {line.standing.label.lower()}",
        body=line.standing.what,
        path=f"{where}/returned" if is_back else where,
        who=line.standing.who,
        by=line.standing.by,
        action="See what to mend" if is_back else "Follow it",
    )


def _zones(session: Session, badge_ids: set[str]) -> dict[str, str]:
    rows = session.execute(
        select(Badge.id, Issuer.time_zone)
        .join(Issuer, Issuer.id == Badge.issuer_id)
        .where(Badge.id.in_(badge_ids))
    )
    return {badge_id: zone for badge_id, zone in rows}


def _facts(found: Submission, definition: EditionDefinition, *, zone: str, held: set[str]) -> Facts:
    policy = definition.review_policy
    intake = add_business_days(found.sealed_at, policy.intake_business_days, zone=zone)
    # To the day only: the minute would tell when a reviewer accepted.
    review = add_business_days(found.state_since + timedelta(days=policy.review_days), 0, zone=zone)
    due = {
        SubmissionState.SUBMITTED: intake,
        SubmissionState.INTAKE: intake,
        SubmissionState.UNDER_REVIEW: review,
        SubmissionState.IN_ADJUDICATION: review,
    }
    state = SubmissionState(found.state)
    return Facts(state, found.promised_at, due.get(state), found.badge_id in held)
