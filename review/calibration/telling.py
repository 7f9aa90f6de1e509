"""Who is told what about benchmarks and calibrations; never a level, and nobody about another."""

from datetime import datetime

from sqlalchemy.orm import Session

from accounts.models import Person
from accounts.notices import notify
from accounts.states import Role
from credentials.catalog.models import Badge
from review.calibration.models import CalibrationResult
from review.pool import queries as pool
from review.pool.models import Benchmark


def of_calibration(session: Session, made: CalibrationResult, *, at: datetime) -> None:
    """Tell a reader that their calibration was compared, and whether it was passed."""
    title = pool.badge_title(session, made.badge_id)
    body = (
        "Your levels agree with the committee's. You can go on reviewing for this badge."
        if made.is_passed
        else "On some criteria your levels differ from the committee's. See where and why; the next"
        " benchmark is a fresh one."
    )
    notify(
        session,
        made.person_id,
        kind="calibration_compared",
        title=f"{'You are calibrated' if made.is_passed else 'Not calibrated yet'} for {title}",
        body=body,
        path=f"/reviewing/calibration/results/{made.assignment_id}",
        at=at,
    )


def of_gold(session: Session, made: CalibrationResult, *, at: datetime) -> None:
    """Tell a reader that what they read was a benchmark, and where they see how they compare."""
    notify(
        session,
        made.person_id,
        kind="gold_compared",
        title="The work you have just sealed was a benchmark",
        body="New reviewers get one or two among the others, so that they see early how their"
        " levels compare with the committee's. Only you see the comparison, and no learner waited.",
        path=f"/reviewing/calibration/results/{made.assignment_id}",
        at=at,
    )


def managers(session: Session, badge_id: str, person_id: str, *, at: datetime) -> None:
    """Tell a badge's managers that somebody cannot go on calibrating by themselves."""
    badge = session.get_one(Badge, badge_id)
    name, title = session.get_one(Person, person_id).name, pool.badge_title(session, badge_id)
    for manager in pool.people_with(session, Role.PROGRAMME_MANAGER, badge_id):
        if manager == person_id:
            continue
        notify(
            session,
            manager,
            kind="calibration_stuck",
            title=f"{name} needs a word about calibrating for {title}",
            body="They have read what there is for now and not passed. Talk with them about how the"
            " levels are meant, and propose another benchmark if none is left that is new to them.",
            path=f"/pool/{badge.slug}/benchmarks",
            at=at,
        )


def author(session: Session, found: Benchmark, learner_id: str, *, at: datetime) -> None:
    """Ask the author of a work whether it may be a benchmark."""
    title = pool.badge_title(session, found.badge_id)
    notify(
        session,
        learner_id,
        kind="benchmark_asked",
        title=f"May your work for {title} help reviewers learn?",
        body="The programme would like to use it as a benchmark. Read what that means, and say yes"
        " or no; either is fine, and nothing changes for your badge.",
        path=f"/benchmarks/{found.id}/consent",
        at=at,
    )


def committee(session: Session, found: Benchmark, members: list[str], *, at: datetime) -> None:
    """Tell members who had no part in a work that it waits for its levels."""
    title = pool.badge_title(session, found.badge_id)
    for member in members:
        notify(
            session,
            member,
            kind="benchmark_to_set",
            title=f"A benchmark for {title} waits for its levels",
            body="Its author agreed. One member who had no part in the matter looks for names and"
            " sets a level with a reason for each criterion.",
            path=f"/committee/benchmarks/{found.id}",
            at=at,
        )


def reviewers_of_first(
    session: Session, found: Benchmark, until: datetime, *, at: datetime
) -> None:
    """Tell everybody who reviews for a badge that it has its first benchmark."""
    title, slug = (
        pool.badge_title(session, found.badge_id),
        session.get_one(Badge, found.badge_id).slug,
    )
    for right, person in pool.reviewers_of(session, found.badge_id):
        if right.state != "qualified" or person.disabled_at is not None:
            continue
        notify(
            session,
            person.id,
            kind="calibration_asked",
            title=f"Calibrate for {title} by {until:%d %B %Y}",
            body="The badge has its first benchmark. Read it blind, like any review, and see at"
            " once how your levels compare. You go on reviewing meanwhile.",
            path=f"/reviewing/calibration/{slug}",
            at=at,
        )


def of_end(session: Session, person_id: str, *, at: datetime) -> None:
    """Tell somebody that a work they were reading is not open to them any more."""
    notify(
        session,
        person_id,
        kind="reading_ended",
        title="A reading you had begun is no longer needed",
        body="The work was taken back, so you need not do anything more. Nothing is held against"
        " you. Thank you for being ready.",
        path="/reviews",
        at=at,
    )


def of_renewal(session: Session, person_id: str, badge_id: str, *, at: datetime) -> None:
    """Remind somebody that their calibration soon runs out."""
    slug = session.get_one(Badge, badge_id).slug
    notify(
        session,
        person_id,
        kind="calibration_due",
        title=f"Your calibration for {pool.badge_title(session, badge_id)} runs out in a month",
        body="Once a year every reviewer reads a benchmark again. It takes an evening, and you see"
        " at once how your levels compare.",
        path=f"/reviewing/calibration/{slug}",
        at=at,
    )


def of_drift(
    session: Session, person_id: str, badge_id: str, until: datetime, *, at: datetime
) -> None:
    """Ask somebody, privately and kindly, to calibrate again."""
    slug = session.get_one(Badge, badge_id).slug
    notify(
        session,
        person_id,
        kind="recalibration_asked",
        title=f"Please calibrate again for {pool.badge_title(session, badge_id)}",
        body="Your levels have moved beside those of others who read the same work. That happens to"
        f" every reviewer. Read one benchmark by {until:%d %B %Y}; only you see how it compares,"
        " and you go on reviewing meanwhile.",
        path=f"/reviewing/calibration/{slug}",
        at=at,
    )
