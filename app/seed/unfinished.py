"""Work that is still on its way on the day of the demo: something waits for everybody.

The people whom the guide names find here what it promises them.
"""

from dataclasses import replace

from app.seed import acts, moderating, samples
from app.seed.content import PLAN, SAMPLES
from app.seed.driver import Moment, Stage, Story, World
from app.seed.people import DPIA, HYBRID, SCENARIO
from app.seed.reviewing import FIVE, reviewed
from app.seed.standards import setting_the_standard
from review.assignment import invitations
from review.assignment.states import DeclineReason

SIGNED = {"Prepared by": ["Quinn Harper, Harper Live"], **PLAN}


def lena_composes(world: World) -> Story:
    """A portfolio that is half done: two samples, half a reflection, nobody asked yet."""
    yield Moment(Stage.COMPOSING, world.ago(4, 22))
    portfolio = acts.start(world, "lena", HYBRID)
    acts.describe(world, "lena", portfolio, HYBRID, "Associations")
    acts.add_samples(world, "lena", portfolio, "spring meeting", SAMPLES[HYBRID][:2])
    yield Moment(Stage.COMPOSING, world.ago(1, 23))
    acts.reflect(world, "lena", portfolio, HYBRID, share=0.5)


def leo_starts(world: World) -> Story:
    """A portfolio that was just started."""
    yield Moment(Stage.COMPOSING, world.ago(1, 18))
    acts.start(world, "leo", HYBRID)


def olga_is_ready(world: World) -> Story:
    """A portfolio that lacks nothing but the learner's own decision to hand it in."""
    yield Moment(Stage.COMPOSING, world.ago(2, 21))
    acts.compose(world, "olga", DPIA, sector="Finance")


def quinn_waits_at_intake(world: World) -> Story:
    """The learner's own name stands in a file, so a person looks before reviewers do."""
    first, second, *rest = SAMPLES[HYBRID]
    signed = replace(second, content=lambda _who: samples.plan_document("Access plan", SIGNED))
    yield Moment(Stage.COMPOSING, world.ago(2, 10))
    portfolio = acts.compose(world, "quinn", sector="Associations", parts=[first, signed, *rest])
    yield Moment(Stage.REVIEWING, world.ago(1, 16))
    acts.hand_in(world, "quinn", portfolio)


def kavya_awaits_answers(world: World) -> Story:
    """Invitations are out; one was declined already and the next person asked."""
    yield Moment(Stage.COMPOSING, world.ago(6, 10))
    portfolio = acts.compose(world, "kavya", SCENARIO, sector="Finance")
    yield Moment(Stage.REVIEWING, world.ago(1, 9))
    handed_in = acts.hand_in(world, "kavya", portfolio)
    yield Moment(Stage.REVIEWING, world.ago(1, 12))
    first = acts.invited(world, handed_in)[0]
    world.do(
        invitations.decline,
        first.id,
        reason=DeclineReason.NO_TIME,
        note="",
        by=first.reviewer_id,
    )


def deniz_is_reviewed(world: World) -> Story:
    """Both accepted; one is half-way through the form, the other has not begun."""
    yield Moment(Stage.COMPOSING, world.ago(8, 10))
    portfolio = acts.compose(world, "deniz", sector="Culture")
    yield Moment(Stage.REVIEWING, world.ago(5, 10))
    handed_in = acts.hand_in(world, "deniz", portfolio)
    yield Moment(Stage.REVIEWING, world.ago(5, 20))
    acts.accept_all(world, handed_in)
    yield Moment(Stage.REVIEWING, world.ago(2, 20))
    half = {"C1": 3, "C2": 4}
    acts.write_review(world, acts.under_way(world, handed_in)[0], HYBRID, half, is_sealed=False)


def mira_needs_a_third(world: World) -> Story:
    """Two reviewers straddled the pass line, and a third has the invitation."""
    yield Moment(Stage.COMPOSING, world.ago(8, 10))
    portfolio = acts.compose(world, "mira", DPIA, sector="Transport")
    yield Moment(Stage.REVIEWING, world.ago(6, 10))
    handed_in = acts.hand_in(world, "mira", portfolio)
    yield from reviewed(world, handed_in, DPIA, [FIVE, FIVE | {"C4": 2}], since=3.5)


def pablo_may_accept(world: World) -> Story:
    """Granted yesterday; the badge waits for its holder's choices."""
    yield Moment(Stage.COMPOSING, world.ago(12, 10))
    portfolio = acts.compose(world, "pablo", DPIA, sector="Public sector")
    yield Moment(Stage.REVIEWING, world.ago(9, 10))
    handed_in = acts.hand_in(world, "pablo", portfolio)
    yield from reviewed(world, handed_in, DPIA, [FIVE, FIVE | {"C1": 4}], since=8)


def jonas_waits_for_a_moderator(world: World) -> Story:
    """One of two reviews is sealed, and waits until a moderator has read how it is written."""
    yield Moment(Stage.COMPOSING, world.ago(7, 10))
    portfolio = acts.compose(world, "jonas", DPIA, sector="Health")
    yield Moment(Stage.REVIEWING, world.ago(4, 10))
    handed_in = acts.hand_in(world, "jonas", portfolio)
    yield Moment(Stage.REVIEWING, world.ago(4, 20))
    acts.accept_all(world, handed_in)
    yield Moment(Stage.DECIDED, world.ago(1, 19))
    one = acts.under_way(world, handed_in)[0]
    acts.write_review(world, one, DPIA, FIVE | {"C4": 2})
    moderating.take_up(world, handed_in, by="mona")


UNFINISHED = (
    lena_composes,
    leo_starts,
    olga_is_ready,
    quinn_waits_at_intake,
    kavya_awaits_answers,
    deniz_is_reviewed,
    mira_needs_a_third,
    pablo_may_accept,
    jonas_waits_for_a_moderator,
    setting_the_standard,
)
