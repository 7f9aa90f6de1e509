"""How reviews go in the stories: who is asked says yes, and seals a review with given levels."""

from datetime import timedelta

from app.seed import acts, moderating
from app.seed.driver import Moment, Stage, Story, World
from app.seed.people import DPIA

GOOD = {"C1": 3, "C2": 4, "C3": 3, "C4": 3}
BETTER = {"C1": 4, "C2": 4, "C3": 3, "C4": 4}
FIVE = {"C1": 3, "C2": 3, "C3": 4, "C4": 3, "C5": 3}
Levels = dict[str, int]
# How long before an invitation would lapse it is answered at the latest.
BEFORE_THE_END = timedelta(hours=4)


def reviewed(
    world: World,
    submission_id: str,
    badge: str,
    levels: list[Levels],
    *,
    since: float,
    voice: int = 0,
) -> Story:
    """Let everybody accept, and seal one review a day with these levels.

    Where the badge asks for it, a moderator reads each the same evening.
    """
    in_time = [one.answer_by - BEFORE_THE_END for one in acts.invited(world, submission_id)]
    yield Moment(Stage.REVIEWING, min([world.ago(since, 15), *in_time]))
    acts.accept_all(world, submission_id)
    for number, given in enumerate(levels, start=1):
        yield Moment(Stage.DECIDED, world.ago(since - 1.5 * number, 19, 40))
        one = acts.under_way(world, submission_id)[0]
        acts.write_review(world, one, badge, given, voice=voice + number - 1)
        if badge == DPIA:
            yield Moment(Stage.DECIDED, world.ago(since - 1.5 * number, 21, 15))
            moderating.moderate(world, submission_id, by="mona")
