"""Who takes which part in a matter, so that nobody is both judge and judged.

A matter is a portfolio with all its attempts. The unique key of the table is the last word
between two hosts.
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.errors import Refused
from review.pool.models import MatterPart
from review.pool.rules import objection_to_part
from review.pool.states import Part


def part_of(session: Session, portfolio_id: str, person_id: str) -> Part | None:
    """Return what a person is to a matter, if anything."""
    found = session.scalar(
        select(MatterPart.part).where(
            MatterPart.portfolio_id == portfolio_id, MatterPart.person_id == person_id
        )
    )
    return None if found is None else Part(found)


def take_part(
    session: Session, portfolio_id: str, person_id: str, part: Part, *, at: datetime
) -> None:
    """Record a person's part in a matter, or raise Refused when they have another one in it."""
    held = part_of(session, portfolio_id, person_id)
    reason = objection_to_part(held, part)
    if reason is not None:
        raise Refused(reason)
    if held is not None:
        return
    try:
        with session.begin_nested():
            session.add(
                MatterPart(
                    portfolio_id=portfolio_id, person_id=person_id, part=part.value, since=at
                )
            )
    except IntegrityError:
        now_held = part_of(session, portfolio_id, person_id)
        raise Refused(objection_to_part(now_held, part) or "Try again.") from None
