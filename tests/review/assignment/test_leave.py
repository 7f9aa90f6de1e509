"""Who is left in peace: for three days after "not now", on holiday, and once a year is full."""

from datetime import UTC, date, datetime, timedelta

import pytest

from review.assignment.leave import (
    NO_LEAVE,
    ON_HOLIDAY,
    RESTING,
    YEARLY_WISH,
    Leave,
    back_on,
    is_away,
    objection_to_asking,
)
from review.assignment.relaxation import Tier

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
TODAY = NOW.date()


def asked(leave: Leave, tier: Tier = Tier.NORMAL) -> object:
    return objection_to_asking(leave, review_days=7, tier=tier, at=NOW)


def test_who_wished_for_nothing_may_be_asked() -> None:
    assert asked(NO_LEAVE) is None


def test_a_not_now_gives_three_days_of_rest_until_a_learner_has_waited_long() -> None:
    lately = Leave(said_not_now_at=NOW - timedelta(days=2, hours=23))

    assert asked(lately) is RESTING
    assert asked(lately, Tier.MIX) is RESTING
    assert asked(lately, Tier.LOAD) is None
    assert asked(Leave(said_not_now_at=NOW - timedelta(days=3))) is None


@pytest.mark.parametrize(
    ("start", "end", "away"),
    [(0, 0, True), (-3, 0, True), (-3, -1, False), (1, 4, False), (1, 5, True), (4, 20, False),
     (3, 20, True), (8, 30, False)],
)  # fmt: skip
def test_a_holiday_counts_today_and_when_it_covers_most_of_the_review(
    start: int, end: int, away: bool
) -> None:
    holiday = (TODAY + timedelta(days=start), TODAY + timedelta(days=end))

    assert is_away([holiday], review_days=7, today=TODAY) is away
    assert (asked(Leave(holidays=(holiday,)), Tier.STAFF) is ON_HOLIDAY) is away


def test_somebody_is_back_after_the_days_that_keep_them_away_not_after_their_last_holiday() -> None:
    this_week = (date(2026, 3, 1), date(2026, 3, 4))
    soon_again = (date(2026, 3, 6), date(2026, 3, 20))
    next_year = (date(2027, 7, 1), date(2027, 7, 31))

    def back(*holidays: tuple[date, date]) -> date:
        return back_on(holidays, review_days=7, today=TODAY)

    assert back(this_week) == back(next_year, this_week) == date(2026, 3, 5)
    assert back(this_week, soon_again, next_year) == date(2026, 3, 21)


def test_days_that_two_holidays_share_count_once() -> None:
    one = (date(2026, 3, 4), date(2026, 3, 6))

    assert not is_away([one, one], review_days=7, today=TODAY)


def test_the_wish_for_a_year_holds_until_nobody_else_is_found() -> None:
    full = Leave(accepted_within_year=12, per_year=12)

    assert asked(full, Tier.MIX) is YEARLY_WISH
    assert asked(full, Tier.LOAD) is None
    assert asked(Leave(accepted_within_year=11, per_year=12)) is None
