"""Everybody of a pool seen from one work: a fit and a rank, or each rule against them."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from review.assignment.affinity import Affinity, affinity
from review.assignment.eligibility import Candidate, Held, Matter
from review.assignment.exclusions import NAMES, Around, Rule, counted, standings
from review.assignment.leave import Leave
from review.assignment.planning import Free, Mix
from review.assignment.relaxation import Tier

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
RIGHT = Held("badge", "qualified", NOW - timedelta(days=30), None)
ASH = Candidate("ash", qualifications=(RIGHT,), sector="Ships")
WORK = Matter("work", "learner", "badge", sector="Ships")
LATER = NOW + timedelta(days=2)


def seen(*pool, around=None, weakest=None, about=WORK, fit=None):
    return standings(
        pool,
        about,
        around or Around(),
        fit=fit or (lambda one: affinity(one, about)),
        weakest=weakest,
        at=NOW,
    )


def rules(*pool, **more):
    return [[no.rule for no in one.against] for one in seen(*pool, **more)]


def test_who_may_be_asked_has_a_rank_and_how_much_better_the_others_fit():
    fits = {"ash": 0.4, "birk": 0.7, "cedar": 0.2}
    pool = [replace(ASH, person_id=one) for one in fits]

    found = seen(*pool, weakest=0.5, fit=lambda one: Affinity(fits[one.person_id], ()))

    assert [(one.person_id, one.rank) for one in found] == [("birk", 1), ("ash", 2), ("cedar", 3)]
    assert [round(one.behind, 2) for one in found] == [-0.2, 0.1, 0.3]


def test_every_rule_against_somebody_is_named_the_hard_ones_first():
    lapsed = replace(RIGHT, state="lapsed")
    busy = replace(ASH, qualifications=(lapsed,), open_load=2, languages=("de",))

    assert rules(busy) == [[Rule.NOT_QUALIFIED, Rule.LANGUAGE, Rule.AT_CAP]]


AROUNDS = {
    Rule.NOT_WANTED: Around(forbidden={"ash": "Knows them."}),
    Rule.RECIPROCITY: Around(reviewed={("learner", "ash")}),
    Rule.RESTING: Around(leave={"ash": Leave(said_not_now_at=NOW - timedelta(days=1))}),
    Rule.ON_HOLIDAY: Around(leave={"ash": Leave(holidays=((NOW.date(), date(2026, 3, 5)),))}),
    Rule.YEARLY_WISH: Around(leave={"ash": Leave(accepted_within_year=12, per_year=12)}),
    Rule.MIX_ORGANISATION: Around(
        seated=["birk"],
        people={
            "ash": Free("ash", 1, frozenset({"harbour"})),
            "birk": Free("birk", 1, frozenset({"harbour"})),
        },
    ),
    Rule.MIX_SECTOR: Around(
        seated=["birk"],
        people={one: Free(one, 1, sector="Ships") for one in ("ash", "birk")},
        rules=Mix(per_sector=1),
    ),
}


@pytest.mark.parametrize("rule", AROUNDS)
def test_each_soft_rule_excludes_by_its_name(rule):
    assert rules(ASH, around=AROUNDS[rule]) == [[rule]]


def test_a_ring_of_three_excludes_too():
    around = Around(reviewed={("learner", "birk"), ("birk", "ash")})

    assert rules(ASH, around=around) == [[Rule.RECIPROCITY]]


@pytest.mark.parametrize("rule", [Rule.MIX_ORGANISATION, Rule.MIX_SECTOR, Rule.YEARLY_WISH])
def test_what_has_given_way_excludes_nobody(rule):
    assert rules(ASH, around=replace(AROUNDS[rule], tier=Tier.LOAD)) == [[]]


def test_what_ends_by_itself_says_when():
    about = replace(WORK, turned_away=frozenset({"ash"}))
    paused = replace(ASH, paused_until=LATER)

    ends = [
        seen(ASH, about=about, around=Around(not_now={"ash": LATER}))[0].against[0],
        seen(paused)[0].against[0],
        seen(ASH, around=AROUNDS[Rule.RESTING])[0].against[0],
        seen(ASH, around=AROUNDS[Rule.ON_HOLIDAY])[0].against[0],
        seen(ASH, about=about)[0].against[0],
    ]

    assert [(one.rule, one.until) for one in ends] == [
        (Rule.NOT_NOW, LATER),
        (Rule.NOT_AVAILABLE, LATER),
        (Rule.RESTING, LATER),
        (Rule.ON_HOLIDAY, datetime(2026, 3, 6, tzinfo=UTC)),
        (Rule.TURNED_AWAY, None),
    ]


def test_who_holds_a_seat_is_not_among_the_others():
    assert seen(ASH, around=Around(seated=["ash"])) == []


def test_the_excluded_are_counted_by_their_first_rule():
    full = replace(ASH, open_load=2)
    found = seen(full, replace(full, person_id="birk"), replace(ASH, qualifications=()))

    assert counted(found) == [(Rule.AT_CAP, 2), (Rule.NOT_QUALIFIED, 1)]
    assert set(NAMES) == set(Rule)
