"""How likely a review is to be done in time, and how far soft rules give way: by pencil."""

from datetime import timedelta

import pytest

from review.assignment.chances import (
    NOTHING_SEEN,
    Seen,
    accept_rate,
    finish_rate,
    finishes_yet,
    wants_extra,
)
from review.assignment.relaxation import Tier, tier_of, told_after

HOUR = timedelta(hours=1)


def test_of_somebody_unknown_the_prior_is_all_there_is() -> None:
    assert (accept_rate(NOTHING_SEEN), finish_rate(NOTHING_SEEN)) == (0.7, 0.9)


def test_what_was_seen_counts_beside_the_prior() -> None:
    seen = Seen(accepted=3, refused=7, finished=1, failed=9)

    assert accept_rate(seen) == 0.5
    assert finish_rate(seen) == 0.5


@pytest.mark.parametrize(
    ("rate", "share", "chance"),
    [(0.9, 0.0, 0.9), (0.9, 1.0, 0.0), (0.5, 0.5, 1 / 3), (1.0, 0.5, 1.0), (1.0, 1.0, 0.0),
     (0.9, 7.0, 0.0), (0.9, -1.0, 0.9)],
)  # fmt: skip
def test_a_review_is_less_likely_the_more_of_its_time_is_gone(
    rate: float, share: float, chance: float
) -> None:
    assert finishes_yet(rate, share) == pytest.approx(chance)


@pytest.mark.parametrize(
    ("days", "chances", "wanted"),
    [
        (6, [0.95, 0.95], False),
        (6.1, [1.0, 1.0], True),
        (1, [0.9, 0.79], True),
        (1, [0.8] * 5, False),
        (1, [], False),
    ],
)
def test_one_more_is_asked_when_the_round_is_old_or_likely_to_fail(
    days: float, chances: list[float], wanted: bool
) -> None:
    found = wants_extra(
        age=timedelta(days=days), chances=chances, after=timedelta(days=6), risk=0.2 + 1e-9
    )

    assert found is wanted


def test_the_next_one_is_asked_only_when_the_round_is_half_as_old_again() -> None:
    odds = {"chances": [0.1], "after": timedelta(days=6), "risk": 0.2, "extras": 1}

    assert not wants_extra(age=timedelta(days=9), **odds)
    assert wants_extra(age=timedelta(days=9, hours=1), **odds)


@pytest.mark.parametrize(
    ("hours", "tier"),
    [(0, Tier.NORMAL), (23.9, Tier.NORMAL), (24, Tier.MIX), (47, Tier.MIX), (48, Tier.LOAD),
     (72, Tier.WIDE), (95.9, Tier.WIDE), (96, Tier.STAFF), (9000, Tier.STAFF)],
)  # fmt: skip
def test_soft_rules_give_way_one_after_the_other(hours: float, tier: Tier) -> None:
    assert tier_of(hours * HOUR) is tier


def test_staff_are_told_at_three_times_the_median_and_never_after_four_days() -> None:
    assert told_after([HOUR] * 4) == 96 * HOUR
    assert told_after([HOUR, 2 * HOUR, 10 * HOUR, 10 * HOUR, 99 * HOUR]) == 30 * HOUR
    assert told_after([90 * HOUR] * 5) == 96 * HOUR
    assert tier_of(30 * HOUR, staff_after=30 * HOUR) is Tier.STAFF
    assert tier_of(8 * HOUR, staff_after=30 * HOUR) is Tier.MIX
