"""Figures of one reviewer: shares with intervals, floors that are only floors, none too early."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review.decision.figures import Lack, share, unknown
from review.recognition.quality import (
    FEWEST,
    HALO,
    OwnReview,
    RatedReview,
    Reading,
    agreement_of,
    clustered,
    helpfulness_of,
    quality_of,
)
from review.recognition.retaliation import effects_of

FLAT = effects_of([])


def review(levels=(3, 3, 4), *, cites=None, words=20, minutes=40.0):
    return OwnReview(
        levels=levels,
        cites=cites or (True,) * len(levels),
        words=(words,) * len(levels),
        least_words=12,
        minutes=minutes,
        estimated_minutes=45,
    )


def quality(reviews, **more):
    values = {
        "readings": [],
        "informative": None,
        "helpfulness": unknown(Lack.NONE_GIVEN),
        "returns": [],
    }
    return quality_of(reviews, **{**values, **more})


def test_nothing_yet_is_none_and_not_zero():
    found = quality([])

    figures = (found.agreement, found.cited, found.short, found.hasty, found.alike, found.returned)
    assert {one.lack for one in figures} == {Lack.NONE_GIVEN}
    assert {one.value for one in figures} == {None}
    assert found.informative is None


def test_below_five_it_is_too_few_to_say():
    found = quality([review(levels=(3,))] * 4, readings=[Reading(4, 4)], returns=[True] * 4)

    assert {found.cited.lack, found.hasty.lack, found.agreement.lack, found.returned.lack} == {
        Lack.TOO_FEW
    }


def test_agreement_with_known_work_has_a_wilson_interval_of_fewer_cases():
    found = agreement_of([Reading(4, 5), Reading(3, 5)])
    as_if_apart = share(7, 10)

    assert (found.value, found.count) == (0.7, 10)
    assert found.low < as_if_apart.low < as_if_apart.high < found.high
    same = clustered(7, [1] * 10)
    assert (same.low, same.high) == pytest.approx((as_if_apart.low, as_if_apart.high))
    assert HALO == 0.3


def test_what_is_cited_counts_by_criterion():
    found = quality([review(cites=(True, True, False))] * 5)

    assert found.cited.value == pytest.approx(2 / 3)
    assert found.cited.count == 15


def test_length_and_time_are_floors_only():
    enough, plenty = (
        quality([review(words=words, minutes=minutes)] * 6)
        for words, minutes in ((12, 9.0), (900, 400.0))
    )
    little = quality([review(words=11, minutes=8.9)] * 6)

    assert (enough.short, enough.hasty) == (plenty.short, plenty.hasty)
    assert (enough.short.value, enough.hasty.value) == (0.0, 0.0)
    assert (little.short.value, little.hasty.value) == (1.0, 1.0)


def test_the_same_level_everywhere_is_seen_where_there_are_levels_enough():
    same, other, few = review((3, 3, 3)), review((3, 3, 4)), review((3, 3))
    bare = review((3, None, None))

    found = quality([same] * 3 + [other] * 2 + [few, bare] * 10)

    assert (found.alike.value, found.alike.count) == (0.6, 5)


def test_only_the_newest_count_and_the_model_needs_ten():
    found = quality([review()] * 40 + [review(cites=(False,) * 3)] * 5, informative=0.4)

    assert found.cited.value == 1.0
    assert found.informative == 0.4
    assert quality([review()] * 9, informative=0.4).informative is None


def test_helpfulness_moves_by_whole_groups_so_that_no_step_tells_one_answer():
    good, bad = RatedReview(((0, 3),)), RatedReview(((0, 1),))
    rated = [good] * 4 + [bad] + [good] * 3 + [bad] * 2

    seen = [helpfulness_of(FLAT, rated[:number]) for number in range(len(rated) + 1)]

    assert [one.value for one in seen] == [None] * 5 + [0.8] * 5 + [0.7]
    assert [one.count for one in seen][4:] == [4, 5, 5, 5, 5, 5, 10]


def test_one_learner_who_rates_every_reason_counts_once():
    angry = RatedReview(((0, 1),) * 20)
    rest = [RatedReview(((0, 3),))] * 4

    assert helpfulness_of(FLAT, [angry, *rest]).value == 0.8


@given(
    st.lists(
        st.lists(st.tuples(st.integers(-3, 3), st.integers(1, 3)), min_size=1, max_size=5),
        max_size=23,
    )
)
def test_a_figure_lies_within_its_limits_and_within_nought_and_one(answers):
    found = helpfulness_of(FLAT, [RatedReview(tuple(one)) for one in answers])

    if len(answers) < FEWEST:
        assert found.value is None
    else:
        assert 0 <= found.low <= found.value <= found.high <= 1
        assert found.high - found.low > 0.05
