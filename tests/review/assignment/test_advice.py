"""Advice for seats that stay empty: it fills them, and nothing cheaper does."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from review.assignment.advice import advise
from review.assignment.planning import Free, Seeker
from review.assignment.remedies import Advice, Kind, Lever, Setting, applied

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
CHEAP = (Kind.WAIT, Kind.RAISE, Kind.RENEW, Kind.RELAX)


def seeker(name, fits, *, slots=1, hours=0, **more):
    return Seeker(name, f"author of {name}", slots, fits, timedelta(hours=hours), **more)


def free(name, places=1, organisation=""):
    return Free(name, places, frozenset({organisation} if organisation else ()))


def empty(setting):
    return sum(one.slots for one in setting.planned().short)


def kinds(advised):
    return [(one.seeker, one.kind) for one in advised.seats]


def test_a_plan_without_empty_seats_needs_no_advice():
    advised = advise(Setting([seeker("a", {"ash": 0.5})], [free("ash")]), [])

    assert (advised.seats, advised.reviewers) == ((), 0)


def test_the_soonest_wait_is_cheaper_than_asking_somebody_for_one_more():
    setting = Setting([seeker("a", {"ash": 0.9})], [free("ash", 0)])
    raised = Lever(Kind.RAISE, free("ash"), {})
    late = Lever(Kind.WAIT, free("birk"), {"a": 0.4}, until=NOW + timedelta(days=3))
    soon = Lever(Kind.WAIT, free("cedar"), {"a": 0.2}, until=NOW + timedelta(days=1))

    assert [one.lever for one in advise(setting, [raised, late, soon]).seats] == [soon]
    assert [one.lever for one in advise(setting, [raised]).seats] == [raised]


def test_a_place_is_found_along_a_chain_of_people_who_move_over():
    setting = Setting(
        [seeker("a", {"ash": 0.9, "birk": 0.3}), seeker("b", {"ash": 0.9})],
        [free("ash"), free("birk", 0)],
    )

    advised = advise(setting, [Lever(Kind.RAISE, free("birk"), {})])

    assert [one.kind for one in advised.seats] == [Kind.RAISE]
    assert empty(applied(setting, advised.seats)) == 0


def test_a_renewed_right_opens_a_seat():
    setting = Setting([seeker("a", {})], [])
    lever = Lever(Kind.RENEW, free("ash"), {"a": 0.7})

    assert kinds(advise(setting, [lever])) == [("a", Kind.RENEW)]


def test_relaxing_the_mix_is_advised_where_only_the_mix_stands_against_somebody():
    setting = Setting(
        [seeker("a", {"birk": 0.7}, seated=("ash",))],
        [free("ash", 0, "Harbour"), free("birk", 1, "Harbour")],
    )

    advised = advise(setting, [Lever(Kind.RELAX, relaxes="a")])

    assert kinds(advised) == [("a", Kind.RELAX)]
    assert empty(setting) == 1
    assert empty(applied(setting, advised.seats)) == 0


def test_the_fewest_new_reviewers_are_counted_for_the_badge_as_a_whole():
    seekers = [seeker(str(number), {}, slots=2) for number in range(3)]

    advised = advise(Setting(seekers, []), [], newcomer_places=2)

    assert advised.reviewers == 3
    assert kinds(advised) == [(str(n), Kind.QUALIFY) for n in range(3) for _ in range(2)]
    assert empty(applied(Setting(seekers, []), advised.seats)) == 0


def test_a_language_that_nobody_reads_wants_somebody_for_it_and_not_just_anybody():
    setting = Setting([seeker("a", {}), seeker("b", {})], [], unread={"a": "de"})

    advised = advise(setting, [])

    assert kinds(advised) == [("b", Kind.QUALIFY), ("a", Kind.LANGUAGE)]
    assert [one.language for one in advised.seats] == ["", "de"]
    assert advised.reviewers == 2


def test_who_would_close_a_ring_is_no_advice():
    setting = Setting(
        [seeker("a", {"ash": 0.5})], [free("ash", 0)], reviewed={("author of a", "ash")}
    )

    assert kinds(advise(setting, [Lever(Kind.RAISE, free("ash"), {})])) == [("a", Kind.QUALIFY)]


PEOPLE = [f"p{number}" for number in range(5)]
NEW = [f"q{number}" for number in range(4)]
ROUNDS = [f"r{number}" for number in range(4)]


@st.composite
def problems(draw):
    fit = st.sampled_from([0.2, 0.4, 0.6, 0.8])
    people = [
        free(one, draw(st.integers(0, 2)), draw(st.sampled_from(["", "X", "Y"]))) for one in PEOPLE
    ]
    seekers = [
        seeker(
            one,
            draw(st.dictionaries(st.sampled_from(PEOPLE), fit, max_size=4)),
            slots=draw(st.integers(1, 2)),
            hours=draw(st.integers(0, 40)),
        )
        for one in ROUNDS
    ]
    levers = [
        Lever(
            draw(st.sampled_from(CHEAP[:3])),
            free(one, draw(st.integers(1, 2))),
            draw(st.dictionaries(st.sampled_from(ROUNDS), fit, max_size=3)),
            until=NOW + timedelta(days=draw(st.integers(1, 5))),
        )
        for one in draw(st.lists(st.sampled_from(NEW), unique=True))
    ]
    levers += [
        Lever(Kind.RAISE, replace(one, places=1), {}) for one in people if draw(st.booleans())
    ]
    levers += [Lever(Kind.RELAX, relaxes=one) for one in ROUNDS if draw(st.booleans())]
    return Setting(seekers, people), levers


def unmixed(setting):
    """The same without organisations, where the planner is exact."""
    people = [replace(one, organisations=frozenset()) for one in setting.people]
    return replace(setting, people=people)


@settings(max_examples=300, deadline=None)
@given(problems())
def test_what_is_advised_fills_every_seat(problem):
    setting, levers = problem[0], [one for one in problem[1] if one.kind is not Kind.RELAX]
    setting = unmixed(setting)

    advised = advise(setting, levers)

    assert len(advised.seats) == empty(setting)
    assert empty(applied(setting, advised.seats)) == 0


@settings(max_examples=200, deadline=None)
@given(problems())
def test_every_empty_seat_gets_its_advice_whatever_the_mix(problem):
    setting, levers = problem

    advised = advise(setting, levers)

    wanted = sorted(one.seeker for one in setting.planned().short for _ in range(one.slots))
    assert sorted(one.seeker for one in advised.seats) == wanted


@settings(max_examples=200, deadline=None)
@given(problems())
def test_each_class_fills_as_many_seats_as_any_use_of_it_could(problem):
    setting, levers = problem
    setting = replace(
        setting, people=[replace(p, organisations=frozenset()) for p in setting.people]
    )
    levers = [one for one in levers if one.kind is not Kind.RELAX]

    advised = advise(setting, levers)

    for most in CHEAP:
        used = [Advice("", one.kind, one) for one in levers if one.kind <= most]
        left = sum(one.kind > most for one in advised.seats)
        assert left == empty(applied(setting, used)), most


@settings(max_examples=200, deadline=None)
@given(problems())
def test_one_reviewer_less_would_leave_a_seat_empty(problem):
    setting = unmixed(problem[0])

    advised = advise(setting, [])

    if advised.reviewers:
        fewer = list({one.lever: one for one in advised.seats}.values())[1:]
        assert len(fewer) == advised.reviewers - 1
        assert empty(applied(setting, fewer)) > 0
