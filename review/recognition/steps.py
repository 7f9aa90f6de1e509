"""The ladder, live: steps are taken and end by rule at night, and a talk is ended by a person."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from accounts.notices import notify
from core import audit
from core.errors import Conflict, Invalid, NotFound, Refused
from review.pool import holding
from review.pool import queries as pool
from review.recognition import standings
from review.recognition.ladder import Reason, has_recovered, next_rung, reasons_in
from review.recognition.ladder_wording import RECOVERED as RECOVERED_WORDS
from review.recognition.ladder_wording import TALKED as TALKED_WORDS
from review.recognition.ladder_wording import step_words
from review.recognition.models import LadderStep
from review.recognition.standings import CLIMBED, Place
from review.recognition.states import Rung

RECOVERED = "system:recovery"
GONE = "system:right_ended"


def look_at_badge(session: Session, badge_id: str, *, at: datetime) -> int:
    """Take the steps that are due for the reviewers of a badge, and end those that are over.

    Returns how many steps were taken or ended. Safe to run twice: nothing is due at once again.
    """
    count = 0
    for step in standings.gone(session, badge_id):
        _end(session, step, by=GONE, note="", at=at)
        count += 1
    for place in standings.places_of(session, badge_id):
        count += _look_at(session, badge_id, place, at=at)
    return count


def _look_at(session: Session, badge_id: str, place: Place, *, at: datetime) -> bool:
    current = None if place.step is None else Rung(place.step.rung)
    if place.step is not None and current is not None and has_recovered(current, place.known):
        _recover(session, place.step, at=at)
        return True
    rung = next_rung(current, place.since, place.known, at=at) if place.is_active else None
    if rung is None:
        return False
    if place.step is not None:
        _end(session, place.step, by=CLIMBED, note="", at=at)
    return _take(session, place.person_id, badge_id, rung, reasons_in(place.known), at=at)


def _take(
    session: Session,
    person_id: str,
    badge_id: str,
    rung: Rung,
    reasons: tuple[Reason, ...],
    *,
    at: datetime,
) -> bool:
    """Have somebody stand on a rung, and tell them in private; False when another host just did."""
    made = LadderStep(
        person_id=person_id,
        badge_id=badge_id,
        rung=rung.value,
        reasons=[one.as_plain() for one in reasons],
        taken_at=at,
    )
    try:
        with session.begin_nested():
            session.add(made)
    except IntegrityError:
        return False
    if rung is Rung.PAUSE:
        holding.hold(session, person_id, badge_id, reason="The ladder.", by=CLIMBED, at=at)
    _record(session, "ladder_step_taken", made, by=CLIMBED, at=at)
    title, body = step_words(rung, pool.badge_title(session, badge_id))
    notify(
        session,
        person_id,
        kind=f"ladder_{rung.value}",
        title=title,
        body=body,
        path="/reviewing/quality",
        at=at,
    )
    return True


def _recover(session: Session, step: LadderStep, *, at: datetime) -> None:
    """End a step since nothing says that something slips any more, and tell who stood on it."""
    holding.give_back(
        session, step.person_id, step.badge_id, reason="Recovered.", by=RECOVERED, at=at
    )
    _end(session, step, by=RECOVERED, note="", at=at)
    _tell(session, step, *RECOVERED_WORDS, at=at)


def end_talk(
    session: Session, step_id: str, *, note: str, goes_on: bool, by: str, at: datetime
) -> LadderStep:
    """Note what was agreed with somebody, end their step, and give them their right back.

    It goes on, or rests until they take it up themselves. Nobody ends a step of their own.
    """
    step = session.scalar(
        select(LadderStep)
        .where(LadderStep.id == step_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if step is None:
        raise NotFound()
    if step.person_id == by:
        raise Refused("This step is about you, so somebody else ends it.")
    if step.ended_at is not None:
        raise Conflict("This step has ended already.")
    if not note.strip():
        raise Invalid("Write down what you agreed, so that both of you can hold to it.", "note")
    held = holding.give_back(
        session,
        step.person_id,
        step.badge_id,
        goes_on=goes_on,
        reason="What was agreed in a talk.",
        by=by,
        at=at,
    )
    _end(session, step, by=by, note=note.strip(), at=at)
    _tell(session, step, *TALKED_WORDS[goes_on or not held], at=at)
    return step


def _end(session: Session, step: LadderStep, *, by: str, note: str, at: datetime) -> None:
    step.ended_at, step.ended_by, step.end_note = at, by, note
    session.flush()
    _record(session, "ladder_step_ended", step, by=by, at=at)


def _tell(session: Session, step: LadderStep, title: str, body: str, *, at: datetime) -> None:
    notify(
        session,
        step.person_id,
        kind="ladder_ended",
        title=title.format(badge=pool.badge_title(session, step.badge_id)),
        body=body,
        path="/reviewing/quality",
        at=at,
    )


def _record(session: Session, verb: str, step: LadderStep, *, by: str, at: datetime) -> None:
    detail: dict[str, Any] = {"person": step.person_id, "badge": step.badge_id, "rung": step.rung}
    audit.record(
        session,
        verb,
        subject_kind="ladder_step",
        subject_id=step.id,
        by=by,
        at=at,
        detail=detail,
    )
