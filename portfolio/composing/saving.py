"""What every save in a portfolio shares: the lock, the comparison, and keeping what goes.

The portfolio's row is the lock under which a stored text is compared with a typed one, so that
two tabs, two devices or two hosts never overwrite one another unseen.
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.errors import Conflict
from portfolio.composing.models import Portfolio, Revision
from portfolio.composing.queries import portfolio_of
from portfolio.composing.rules import loses_words


class MovedOn(Conflict):
    """Another tab or device saved first, and nothing was overwritten."""


def locked(session: Session, portfolio_id: str, by: str) -> Portfolio:
    """Return one's own portfolio, held until the transaction ends."""
    portfolio_of(session, portfolio_id, learner_id=by)
    # What was read before the lock was granted may have been changed by whoever held it.
    return session.scalars(
        select(Portfolio)
        .where(Portfolio.id == portfolio_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def touch(portfolio: Portfolio, *, at: datetime) -> None:
    """Count a change."""
    portfolio.version += 1
    portfolio.saved_at = at


def keep(
    session: Session, portfolio: Portfolio, part: str, old: str, new: str, *, at: datetime
) -> None:
    """Keep a text that is about to be replaced, unless the new one still holds all of it."""
    if loses_words(old, new):
        session.add(Revision(portfolio_id=portfolio.id, part=part, text=old, saved_at=at))


def refuse_if_moved_on(*, old: str, new: str, base: str, stored: str) -> None:
    """Raise MovedOn when this save would take away words that its form never showed.

    `stored` is the fingerprint of what is stored now, `base` of what the form started from. A
    text that still holds every stored word takes nothing away, whatever it started from: so a
    form sent while its own autosave was on the way is no conflict.
    """
    if base not in (stored, "") and loses_words(old, new):
        raise MovedOn(
            "This was changed in another tab or on another device meanwhile. Nothing was"
            " overwritten, and what you typed is still in this form. Press Save to see both"
            " and put them together."
        )
