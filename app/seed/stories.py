"""Ten stories that ended, or nearly so: what can happen to a piece of work, each seen to its end.

Who reviews is the engine's choice; a story only says what those who were asked then do.
"""

from app.seed import acts, samples
from app.seed.calibrating import calibrating
from app.seed.content import NEEDS, PLAN, SAMPLES, Sample
from app.seed.driver import Moment, Stage, Story, World
from app.seed.ground import badge_id, publish_next
from app.seed.joining import joining_the_pool
from app.seed.people import DPIA, HYBRID, SCENARIO
from app.seed.recognising import thanks_and_credit
from app.seed.reviewing import BETTER, FIVE, GOOD, reviewed
from credentials.issuing.states import Visibility
from portfolio.composing import services as composing
from review.assignment import invitations
from review.assignment.states import DeclineReason
from review.disputes import services as disputes
from review.disputes.states import RequestState
from review.intake import services as intake
from review.intake.states import ReturnReason
from review.pool import services as pool
from review.pool.states import QualificationSource, QualificationState


def clear_pass(world: World) -> Story:
    """(a) A clear pass in nine days; the badge is public and two samples are shown."""
    yield Moment(Stage.COMPOSING, world.ago(41, 20))
    portfolio = acts.compose(world, "amara", sector="Health")
    yield Moment(Stage.REVIEWING, world.ago(38, 21))
    handed_in = acts.hand_in(world, "amara", portfolio)
    yield from reviewed(world, handed_in, HYBRID, [BETTER, GOOD | {"C1": 4}], since=37)
    yield Moment(Stage.AWARDED, world.ago(29, 8))
    acts.take_award(world, "amara", handed_in, shown=(1, 3))


def silent_video(world: World) -> Story:
    """(b) Returned because the video will not play; mended and handed in again the same day."""
    whole = SAMPLES[HYBRID]
    broken = Sample(
        "E3", "extract.mp4", "Extract", "Cut by me.", {"C2": "0:02"},
        lambda _who: samples.recording_cut_short(),
    )  # fmt: skip
    yield Moment(Stage.COMPOSING, world.ago(33, 18))
    parts = [broken if sample.requirement == "E3" else sample for sample in whole]
    portfolio = acts.compose(world, "ben", sector="Culture", parts=parts)
    yield Moment(Stage.REVIEWING, world.ago(32, 9))
    first = acts.hand_in(world, "ben", portfolio)
    yield Moment(Stage.REVIEWING, world.ago(32, 11))
    world.do(
        intake.send_back,
        first,
        reasons=[ReturnReason.UNREADABLE_FILE],
        note="The recording stops before its first picture. Please upload it again.",
        by="mona",
    )
    yield Moment(Stage.REVIEWING, world.ago(32, 17))
    acts.replace_sample(world, "ben", portfolio, "E3", whole[2])
    second = acts.hand_in(world, "ben", portfolio)
    yield from reviewed(world, second, HYBRID, [GOOD, GOOD], since=31)
    yield Moment(Stage.AWARDED, world.ago(26, 9))
    acts.take_award(world, "ben", second, visibility=Visibility.UNLISTED, shows_name=False)


def straddle(world: World) -> Story:
    """(c) C3 straddles, a third says not yet; worked on, handed in again, and passed."""
    yield Moment(Stage.COMPOSING, world.ago(52, 12))
    portfolio = acts.compose(world, "clara", sector="Associations")
    yield Moment(Stage.REVIEWING, world.ago(50, 12))
    first = acts.hand_in(world, "clara", portfolio)
    low = GOOD | {"C3": 2, "C4": 2}
    yield from reviewed(world, first, HYBRID, [GOOD | {"C4": 2}, low], since=49)
    yield from reviewed(world, first, HYBRID, [low], since=45, voice=2)
    yield Moment(Stage.DECIDED, world.ago(30, 20))
    cues = SAMPLES[HYBRID][0]
    acts.replace_sample(world, "clara", portfolio, "E1", cues)
    world.do(
        composing.save_change_note,
        portfolio,
        note="Fallbacks now have owners and were tried; the two audiences are compared.",
        by="clara",
    )
    yield Moment(Stage.DECIDED, world.ago(28, 20))
    second = acts.hand_in(world, "clara", portfolio)
    yield from reviewed(world, second, HYBRID, [GOOD, BETTER], since=27)
    yield Moment(Stage.AWARDED, world.ago(20, 12))
    acts.take_award(world, "clara", second)


def recognised(world: World) -> Story:
    """(d) A reviewer recognises the author, steps back, and is replaced within the hour."""
    yield Moment(Stage.COMPOSING, world.ago(24, 17))
    portfolio = acts.compose(world, "isla", SCENARIO, sector="Public sector")
    yield Moment(Stage.REVIEWING, world.ago(22, 9))
    handed_in = acts.hand_in(world, "isla", portfolio)
    yield Moment(Stage.REVIEWING, world.ago(22, 18))
    acts.accept_all(world, handed_in)
    knows, _other = acts.under_way(world, handed_in)
    yield Moment(Stage.REVIEWING, world.ago(20, 19))
    acts.write_review(world, knows, SCENARIO, {"C1": 3}, is_sealed=False)
    world.do(
        invitations.recuse,
        knows.id,
        reason=DeclineReason.RECOGNISED_AUTHOR,
        note="I sat in the pilot of this.",
        by=knows.reviewer_id,
    )
    yield Moment(Stage.REVIEWING, world.ago(20, 19, 45))
    acts.accept_all(world, handed_in)
    for voice, day in enumerate((18, 16)):
        yield Moment(Stage.DECIDED, world.ago(day, 21))
        one = acts.under_way(world, handed_in)[0]
        acts.write_review(world, one, SCENARIO, FIVE, voice=voice)
    yield Moment(Stage.AWARDED, world.ago(15, 8))
    acts.take_award(world, "isla", handed_in, shown=(2,))


def overlooked(world: World) -> Story:
    """(e) Evidence was overlooked; a fresh review by others is ordered, and grants."""
    yield Moment(Stage.COMPOSING, world.ago(47, 10))
    portfolio = acts.compose(world, "emeka", sector="Public sector")
    yield Moment(Stage.REVIEWING, world.ago(45, 10))
    handed_in = acts.hand_in(world, "emeka", portfolio)
    low = GOOD | {"C2": 2}
    yield from reviewed(world, handed_in, HYBRID, [low, low], since=44)
    yield Moment(Stage.DECIDED, world.ago(38, 9))
    request = world.do(
        disputes.lodge,
        handed_in,
        request="In E3 the online guests answer the room directly, from the second second on."
        " The reasons speak of the first moment only, so I believe this was overlooked.",
        by="emeka",
    )
    yield Moment(Stage.DECIDED, world.ago(34, 14))
    world.do(
        disputes.determine,
        request.id,
        outcome=RequestState.FRESH_REVIEW,
        reasons="The recording shows both sides answering each other. Neither review mentions"
        " it. Two reviewers who are new to the work read it afresh.",
        by="chioma",
    )
    yield from reviewed(world, handed_in, HYBRID, [GOOD, BETTER], since=33)
    yield Moment(Stage.AWARDED, world.ago(28, 18))
    acts.take_award(world, "emeka", handed_in)


def client_logo(world: World) -> Story:
    """(f) A client's mark shows in a photograph; returned, redacted, and reviewed."""
    photo = Sample(
        "E3", "hall.png", "Both audiences in one picture", "Taken by me.", {"C2": "right half"},
        lambda _who: samples.photograph("The vote at 10:55", has_logo=True),
    )  # fmt: skip
    redacted = Sample(
        "E3", "hall redacted.png", "Both audiences in one picture", "Taken by me; mark removed.",
        {"C2": "right half"}, lambda who: samples.photograph(f"The vote at 10:55, {who}"),
    )  # fmt: skip
    letter = Sample(
        "E2", "plan with contacts.docx", "Access and engagement plan", "Mine.", {"C1": "part 1"},
        lambda who: samples.plan_document(
            f"Access plan, {who}",
            {"Contacts": ["Places are booked with events@harbour-bank.example.com"], **PLAN},
            NEEDS,
        ),
    )  # fmt: skip
    swapped = {"E2": letter, "E3": photo}
    whole = [swapped.get(one.requirement, one) for one in SAMPLES[HYBRID]]
    yield Moment(Stage.COMPOSING, world.ago(19, 16))
    portfolio = acts.compose(world, "freya", sector="Finance", parts=whole)
    yield Moment(Stage.REVIEWING, world.ago(18, 9))
    first = acts.hand_in(world, "freya", portfolio)
    yield Moment(Stage.REVIEWING, world.ago(18, 13))
    world.do(
        intake.send_back,
        first,
        reasons=[ReturnReason.THIRD_PARTY_VISIBLE],
        note="The client's mark stands on the screen in E3, and its address in E2. Please"
        " cover both in the files.",
        by="mona",
    )
    yield Moment(Stage.REVIEWING, world.ago(17, 10))
    acts.replace_sample(world, "freya", portfolio, "E2", SAMPLES[HYBRID][1])
    acts.replace_sample(world, "freya", portfolio, "E3", redacted)
    second = acts.hand_in(world, "freya", portfolio)
    yield from reviewed(world, second, HYBRID, [GOOD, GOOD | {"C4": 4}], since=16)


def shared_artifact(world: World) -> Story:
    """(g) Two producers of one event hand in the same run-of-show, each for their own share."""
    yield Moment(Stage.COMPOSING, world.ago(36, 10))
    gita = acts.compose(world, "gita", sector="Technology", parts=_team("gita"))
    henrik = acts.compose(world, "henrik", sector="Technology", parts=_team("henrik"))
    yield Moment(Stage.REVIEWING, world.ago(35, 10))
    first = acts.hand_in(world, "gita", gita)
    second = acts.hand_in(world, "henrik", henrik)
    yield Moment(Stage.REVIEWING, world.ago(35, 15))
    for handed_in in (first, second):
        acts.accept_all(world, handed_in)
    for voice, (day, levels) in enumerate(((32, GOOD), (31, BETTER))):
        yield Moment(Stage.DECIDED, world.ago(day, 19))
        for handed_in in (first, second):
            one = acts.under_way(world, handed_in)[0]
            acts.write_review(world, one, HYBRID, levels, voice=voice)
    yield Moment(Stage.AWARDED, world.ago(27, 8))
    acts.take_award(world, "gita", first, shown=(2,))
    acts.take_award(world, "henrik", second)


def _team(key: str) -> list[Sample]:
    shared, *own = SAMPLES[HYBRID]
    same = Sample(
        shared.requirement, shared.file_name, shared.title,
        "Cues and calls were mine." if key == "gita" else "Sound and fallbacks were mine.",
        shared.claims, lambda _who: samples.run_of_show("signal day"),
    )  # fmt: skip
    return [same, *own]


def drifting_reviewer(world: World) -> Story:
    """(h) A reviewer who had become severe rests, is recalibrated by hand, and comes back."""
    badge = world.ask(badge_id, DPIA)
    piotr = world.people["piotr"]
    yield Moment(Stage.REVIEWING, world.ago(43, 11))
    world.do(
        pool.end_qualification,
        piotr,
        badge,
        to=QualificationState.SUSPENDED,
        reason="Levels lay well under those of others on three portfolios; to be looked at.",
        by="petra",
    )
    yield Moment(Stage.REVIEWING, world.ago(12, 11))
    world.do(
        pool.qualify,
        piotr,
        badge,
        source=QualificationSource.GRANTED,
        reason="Went through three benchmarks together with a moderator; agrees again.",
        valid_until=None,
        by="petra",
    )


def two_editions(world: World) -> Story:
    """(i) Version 1.1 is published while work on 1.0 goes on, and ends, on 1.0."""
    yield Moment(Stage.COMPOSING, world.ago(30, 10))
    portfolio = acts.compose(world, "jonas", SCENARIO, sector="Health")
    yield Moment(Stage.REVIEWING, world.ago(28, 10))
    handed_in = acts.hand_in(world, "jonas", portfolio)
    yield Moment(Stage.REVIEWING, world.ago(27, 9))
    world.do(publish_next, SCENARIO, by="petra")
    yield from reviewed(world, handed_in, SCENARIO, [FIVE, FIVE | {"C2": 4}], since=26.5)
    yield Moment(Stage.AWARDED, world.ago(20, 7))
    acts.take_award(world, "jonas", handed_in)


def waiting_committee(world: World) -> Story:
    """(j) A request waits: one member reviewed the work, another of them has to answer."""
    yield Moment(Stage.COMPOSING, world.ago(21, 10))
    portfolio = acts.compose(world, "nils", DPIA, sector="Health")
    yield Moment(Stage.REVIEWING, world.ago(19, 10))
    handed_in = acts.hand_in(world, "nils", portfolio)
    low = FIVE | {"C2": 2}
    yield from reviewed(world, handed_in, DPIA, [low, low], since=18)
    yield Moment(Stage.DECIDED, world.ago(3, 20))
    world.do(
        disputes.lodge,
        handed_in,
        request="The register names drivers and children as groups of their own, with the"
        " reasons for likelihood and severity. Please look at the part headed “Before”.",
        by="nils",
    )


STORIES = (
    joining_the_pool,
    clear_pass,
    silent_video,
    straddle,
    recognised,
    overlooked,
    client_logo,
    shared_artifact,
    drifting_reviewer,
    two_editions,
    waiting_committee,
    calibrating,
    thanks_and_credit,
)
