"""A fit kept as plain values answers for one submission as the fit would (INV-19, 27)."""

import json
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench._judgement_world import SCENARIOS, THRESHOLDS, World, expected_level, simulate
from core.errors import Invalid
from review.decision.consensus import Reviews, fit
from review.decision.consensus.passing import Wanted
from review.decision.consensus.stored import (
    MODEL_VERSION,
    answer,
    frozen,
    model_of,
    reviewers_of,
)
from tests.review.decision.simulated import reviews_of

# Levels run from 0 to 3 in the simulator; every criterion must reach level 2.
ALL = Wanted(lines=[1.5] * 5, required=[True] * 5, weights=[1.0] * 5)
LINE = float(expected_level(np.array([THRESHOLDS[1]]), SCENARIOS["peer"])[0])
LEVELS = st.lists(st.one_of(st.none(), st.integers(0, 3)), min_size=5, max_size=5)


def learned(world: World, rows=slice(None)):
    """Return a world's fit as plain values: the model, and each reviewer by number."""
    made = fit(reviews_of(world, rows))
    return model_of(made), reviewers_of(made)


WORLD = simulate(3, n_submissions=300)
MODEL, REVIEWERS = learned(WORLD)
SCORES, OF_SCORES = learned(simulate(3, n_submissions=20))


def said(model, *rows, by=()):
    """Return reviews of these levels, by reviewers of these numbers or by newcomers."""
    of = {id(MODEL): REVIEWERS, id(SCORES): OF_SCORES}[id(model)]
    who = [*(of[number] for number in by), *([None] * (len(rows) - len(by)))]
    return [(row, frozen(one, model)) for row, one in zip(rows, who, strict=True)]


def wanting(**changes):
    """Return what passing takes where nothing is required by itself."""
    return Wanted([1.5] * 5, [False] * 5, [1.0] * 5, **changes)


def test_a_submission_that_the_fit_never_saw_is_answered_as_a_full_refit_would():
    same, gaps, near_truth, released = [], [], [], []
    for seed in range(2):
        world = simulate(seed, n_submissions=600)
        is_new = world.submission % 5 == 0
        model, reviewers = learned(world, ~is_new)
        known = set(world.reviewer[~is_new])
        full = fit(reviews_of(world), pass_levels=[LINE] * 5)
        for one in np.unique(world.submission[is_new]):
            rows = np.flatnonzero(world.submission == one)
            who = [reviewers[w] if w in known else None for w in world.reviewer[rows]]
            told = [
                (levels.tolist(), frozen(person, model))
                for levels, person in zip(world.levels[rows], who, strict=True)
            ]
            p_pass, credible = answer(model, told, ALL)
            is_good = bool((world.truth[one] >= LINE).all())
            same.append((p_pass >= 0.5) == (full.p_pass[one] >= 0.5))
            gaps.append(abs(p_pass - full.p_pass[one]))
            near_truth.append(p_pass - is_good)
            if not 0.1 < p_pass < 0.9:
                released.append((p_pass >= 0.9) != is_good)
            assert 0 <= credible <= 3

    assert np.mean(same) >= 0.95
    assert np.mean(gaps) <= 0.06
    assert abs(np.mean(near_truth)) <= 0.05
    assert len(released) >= 0.4 * len(same)
    assert np.mean(released) <= 0.06


@pytest.mark.parametrize("model", [MODEL, SCORES])
def test_neither_the_order_of_the_reviews_nor_a_way_through_json_changes_a_bit(model):
    rows = [3, 2, 2, 1, 3], [2, 2, 3, 2, None], [0, 1, 2, 2, 2], [3, 3, 1, 0, 2], [1, 2, 3, 1, 1]
    reviews = said(model, *rows, by=(0, 4, 2, 5))
    first = answer(model, reviews, ALL)
    stored = json.loads(json.dumps(model))

    assert {answer(stored, list(order), ALL) for order in permutations(reviews)} == {first}
    assert model_of(fit(reviews_of(WORLD))) == MODEL
    assert (SCORES["kind"], MODEL["kind"], MODEL_VERSION) == ("scores", "levels", "consensus/1")


@pytest.mark.parametrize("model", [MODEL, SCORES])
@given(rows=st.lists(LEVELS, max_size=6))
@settings(max_examples=40)
def test_whatever_is_given_the_answer_is_a_chance_and_a_number_of_reviews(model, rows):
    for wanted in (ALL, wanting(electives_needed=3), wanting(mean_needed=1.8)):
        p_pass, credible = answer(model, said(model, *rows), wanted)

        told = sum(any(level is not None for level in row) for row in rows)
        assert 0 <= p_pass <= 1
        assert credible == pytest.approx(told, abs=1e-6)


@pytest.mark.parametrize("model", [MODEL, SCORES])
def test_better_levels_and_more_of_them_make_a_pass_more_likely(model):
    chances = [
        answer(model, said(model, *([[level] * 5] * count)), ALL)[0]
        for level, count in ((0, 2), (1, 2), (2, 2), (3, 2), (3, 4))
    ]

    assert chances == sorted(chances)
    assert chances[0] < 0.02
    assert chances[-1] > 0.98


def test_electives_and_a_mean_ask_for_less_than_all_and_for_no_less_than_is_said():
    reviews = said(MODEL, [3, 3, 3, 0, 0], [3, 3, 2, 0, 1])

    by_number = [answer(MODEL, reviews, wanting(electives_needed=n))[0] for n in range(7)]
    by_mean = [answer(MODEL, reviews, wanting(mean_needed=x))[0] for x in (0.5, 1.7, 2.9)]

    assert by_number == sorted(by_number, reverse=True)
    assert (by_number[0], round(by_number[6], 12)) == (1, 0)
    assert by_number[2] > 0.85 > 0.5 > by_number[5]
    assert by_mean == sorted(by_mean, reverse=True)
    assert by_mean[0] > 0.95 > 0.05 > by_mean[2]
    assert answer(MODEL, reviews, ALL)[0] == pytest.approx(by_number[5], abs=1e-12)


def test_a_level_that_nobody_gave_before_stands_for_its_neighbour():
    low = [row for row in range(len(WORLD.levels)) if WORLD.levels[row].max() < 3]
    made = fit(reviews_of(WORLD, np.array(low)))
    model = model_of(made)
    usual = frozen(None, model)

    assert (model["kind"], max(model["values"])) == ("levels", 2)
    assert answer(model, [([3] * 5, usual)], ALL) == answer(model, [([2] * 5, usual)], ALL)
    assert answer(model, [([3] * 5, usual)], Wanted([2.5] * 5, [True] * 5, [1.0] * 5))[0] == 0


def test_a_reviewer_who_does_not_look_counts_for_little_and_their_kindness_is_allowed_for():
    chance = [sum(one["chance"]) for one in REVIEWERS]
    careless, trusted = int(np.argmin(chance)), int(np.argmax(chance))
    kindest, strictest = ({**frozen(None, MODEL), "leniency": by} for by in (0.8, -0.8))
    row = [2, 2, 1, 2, 2]

    few = answer(MODEL, said(MODEL, row, row, by=(careless, careless)), ALL)
    many = answer(MODEL, said(MODEL, row, row, by=(trusted, trusted)), ALL)
    by_kind = answer(MODEL, [(row, kindest)], ALL)
    by_strict = answer(MODEL, [(row, strictest)], ALL)

    assert few[1] < 0.6 < 1.9 < many[1]
    assert by_kind[0] < by_strict[0]


def test_what_is_frozen_of_a_reviewer_has_no_severity_and_a_newcomer_is_usual():
    assert set(frozen(REVIEWERS[0], MODEL)) == {"chance", "leniency", "variance"}
    assert frozen(None, MODEL)["leniency"] == 0
    assert sum(frozen(None, MODEL)["chance"]) == pytest.approx(1)


def test_what_is_no_stored_fit_or_has_other_criteria_is_refused():
    usual = frozen(None, MODEL)
    reading = MODEL["reading"]
    broken = [
        {},
        {**MODEL, "reading": {}},
        {**MODEL, "reading": None},
        {**MODEL, "reading": {**reading, "noise": 0.0}},
        {**MODEL, "reading": {**reading, "part": 1.0}},
        {**MODEL, "reading": {**reading, "shift": float("nan")}},
        {**MODEL, "share": []},
    ]

    for model in broken:
        with pytest.raises(Invalid, match="not the hyper-parameters of a fit"):
            answer(model, [([1] * 5, usual)], ALL)
    with pytest.raises(Invalid, match="other criteria"):
        answer(MODEL, [([1] * 4, usual)], ALL)


def test_reviews_that_are_all_equal_leave_a_model_that_still_answers():
    equal = Reviews(np.array([0, 0]), np.array([0, 1]), np.array([[4.0] * 5] * 2), 1, 2)
    model = model_of(fit(equal))
    usual = frozen(None, model)

    chances = [answer(model, [([level] * 5, usual)] * 2, ALL)[0] for level in (0, 2, 4)]

    assert chances == sorted(chances)
    assert chances[2] > 0.9


def test_a_stored_model_is_good_as_the_priors_of_the_next_fit():
    fresh = Reviews(np.array([0, 0]), np.array([0, 1]), np.array([[2.0] * 5] * 2), 1, 2)

    made = fit(fresh, priors=MODEL)

    assert made.converged
    assert model_of(made)["kind"] == "levels"
