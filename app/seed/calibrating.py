"""Two works become benchmarks, and reviewers read them: one passes at the second try."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.states import Role
from accounts.visitor import Grant, Visitor
from app.seed import acts
from app.seed.driver import Moment, Stage, Story, World
from app.seed.ground import badge_id
from app.seed.people import HYBRID
from portfolio.submission.models import Submission
from review.assignment.models import Assignment
from review.calibration import benchmarks, services
from review.pool import services as pool
from review.pool.models import Benchmark
from review.pool.states import QualificationSource

# Whose work, of which attempt, with the levels that a member sets, and who that is.
MEASURES = (
    ("amara", 1, {"C1": 4, "C2": 4, "C3": 3, "C4": 3}, "chioma"),
    ("clara", 1, {"C1": 3, "C2": 4, "C3": 2, "C4": 2}, "dana"),
)
WHY = {
    1: "What the criterion asks for is not in the work, and no sample points to it.",
    2: "It is there for one of the two audiences only, and nothing shows that it was tried.",
    3: "Both audiences are provided for, with owners and times that the samples show in use.",
    4: "It goes further: the participants' own words and figures led to what was changed.",
}
PRACTICE = "Designs scenarios for live formats, and produced four hybrid sessions in three years."


def calibrating(world: World) -> Story:
    """(l) Two benchmarks; one reviewer fails and passes at the second try, one has yet to begin."""
    badge = world.ask(badge_id, HYBRID)
    yield Moment(Stage.AWARDED, world.ago(12, 9))
    asked = [
        world.do(benchmarks.propose, _work(world, key, attempt), by="petra")
        for key, attempt, _levels, _member in MEASURES
    ]
    yield Moment(Stage.AWARDED, world.ago(11, 20))
    for (key, *_), found in zip(MEASURES, asked, strict=True):
        world.do(benchmarks.consent, found.id, by=key)
    yield Moment(Stage.AWARDED, world.ago(10, 18))
    for (_key, _attempt, levels, member), found in zip(MEASURES, asked, strict=True):
        world.do(_set, found.id, levels, by=member)
    for key, day in (("elif", 9), ("yuki", 4)):
        yield Moment(Stage.AWARDED, world.ago(day, 9))
        world.do(
            pool.qualify,
            world.people[key],
            badge,
            source=QualificationSource.GRANTED,
            reason=PRACTICE,
            valid_until=None,
            by="petra",
        )
        if key == "elif":
            yield from _read(world, badge, "elif", {"C3": 4}, day=8)
            yield from _read(world, badge, "elif", {}, day=6)


def _read(world: World, badge: str, who: str, otherwise: Mapping[str, int], *, day: int) -> Story:
    """Read a benchmark with the committee's levels but for some, from beginning to seal."""
    yield Moment(Stage.AWARDED, world.ago(day, 20))
    reading: Assignment = world.do(services.begin, badge, by=who)
    levels = world.look(
        lambda session: dict(
            session.scalars(
                select(Benchmark).where(Benchmark.submission_id == reading.submission_id)
            )
            .one()
            .levels
        )
    )
    given = {key: otherwise.get(key, level) for key, level in levels.items()}
    acts.write_review(world, reading, HYBRID, given)


def _work(world: World, key: str, attempt: int) -> str:
    return world.look(
        lambda session: session.scalars(
            select(Submission.id).where(
                Submission.learner_id == world.people[key], Submission.attempt == attempt
            )
        ).one()
    )


def _set(
    session: Session, benchmark_id: str, levels: Mapping[str, int], *, by: str, at: datetime
) -> Benchmark:
    return benchmarks.set_levels(
        session,
        benchmark_id,
        levels=levels,
        reasons={key: WHY[level] for key, level in levels.items()},
        has_no_names=True,
        visitor=Visitor(by, grants=frozenset({Grant(Role.COMMITTEE)})),
        at=at,
    )
