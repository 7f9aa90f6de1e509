"""A world to try Assay in: three badges, forty people, and work in every state it can be in."""

from collections.abc import Callable

from sqlalchemy import select

from accounts.models import Person
from app import jobs as rooms
from app.seed import ground
from app.seed.driver import Stage, Story, World, run
from app.seed.guide import guide
from app.seed.stories import STORIES
from app.seed.unfinished import UNFINISHED
from core.db import Database
from core.errors import Conflict, Invalid
from core.jobs import handled
from core.runtime import Runtime
from credentials.issuing.models import Award, Credential
from credentials.issuing.states import AwardState, Visibility

__all__ = ["STAGES", "build", "credential_addresses", "guide", "is_empty", "steps"]

STAGES = tuple(stage.name.lower() for stage in Stage)
STEPS = dict(zip(STAGES, (0, 20, 61, 101, 121), strict=True))


def build(
    edge: Runtime, *, stage: str | None = None, progress: Callable[[], None] | None = None
) -> None:
    """Build the world up to a stage, by default the whole of it; the database must be empty.

    `progress` is called after each step; `steps` says how many there are.
    """
    until = _stage(stage)
    if "submission_sealed" not in handled():
        raise Conflict(f"The rooms {rooms.MODULES} do not answer a hand-in.")
    world = World(edge)
    try:
        ground.lay(world)
        stories: list[Story] = [story(world) for story in (*STORIES, *UNFINISHED)]
        run(world, stories, until=until, progress=progress)
    finally:
        world.close()


def steps(stage: str | None = None) -> int:
    """Return how many steps a world takes up to a stage."""
    return STEPS[stage or STAGES[-1]]


def is_empty(database: Database) -> bool:
    """Whether nobody is in the database."""
    with database.transaction(read_only=True) as session:
        return session.scalar(select(Person.id).limit(1)) is None


def credential_addresses(edge: Runtime) -> list[str]:
    """Return the addresses of the signed badges that their holders made public."""
    with edge.database.transaction(read_only=True) as session:
        found = session.scalars(
            select(Credential.id)
            .join(Award, Award.id == Credential.award_id)
            .where(
                Award.state == AwardState.ISSUED.value,
                Award.visibility == Visibility.PUBLIC.value,
                Credential.superseded_at.is_(None),
            )
            .order_by(Credential.issued_at)
        )
        return [f"{edge.settings.base_url}/credentials/{one}" for one in found]


def _stage(name: str | None) -> Stage:
    try:
        return Stage[(name or "awarded").upper()]
    except KeyError:
        known = ", ".join(STAGES)
        raise Invalid(f"There is no stage “{name}”; there are {known}.", "stage") from None
