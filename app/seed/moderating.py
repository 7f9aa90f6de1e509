"""What moderators of the demo do with reviews that wait for them."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.seed.driver import World
from review.assignment.models import ReviewRound
from review.moderation import services as moderation
from review.moderation.models import Moderation
from review.moderation.states import ModerationState


def moderate(world: World, submission_id: str, *, by: str) -> None:
    """Let a moderator pass every review of a submission that waits for one."""
    for moderation_id in unmoderated(world, submission_id):
        world.do(moderation.pass_on, moderation_id, by=by)


def take_up(world: World, submission_id: str, *, by: str) -> None:
    """Let a moderator begin to read what waits of a submission."""
    for moderation_id in unmoderated(world, submission_id):
        world.do(moderation.take_up, moderation_id, by=by)


def unmoderated(world: World, submission_id: str) -> list[str]:
    """Return what waits for a moderator of a submission, the earliest first."""

    def read(session: Session) -> list[str]:
        query = (
            select(Moderation.id)
            .join(ReviewRound, ReviewRound.id == Moderation.round_id)
            .where(
                ReviewRound.submission_id == submission_id,
                Moderation.state == ModerationState.WAITING.value,
            )
            .order_by(Moderation.opened_at, Moderation.id)
        )
        return list(session.scalars(query))

    return world.look(read)
