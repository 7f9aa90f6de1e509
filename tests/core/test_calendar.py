"""Business days end when the working day ends where the person is."""

from datetime import UTC, datetime

import pytest

from core.calendar import add_business_days

FRIDAY = datetime(2026, 3, 6, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "days", "end"),
    [
        pytest.param(FRIDAY, 0, datetime(2026, 3, 6, 23, 59, 59, tzinfo=UTC), id="same day"),
        pytest.param(FRIDAY, 1, datetime(2026, 3, 9, 23, 59, 59, tzinfo=UTC), id="over weekend"),
        pytest.param(FRIDAY, 5, datetime(2026, 3, 13, 23, 59, 59, tzinfo=UTC), id="one week"),
        pytest.param(FRIDAY, 10, datetime(2026, 3, 20, 23, 59, 59, tzinfo=UTC), id="two weeks"),
        pytest.param(
            datetime(2026, 3, 7, 10, tzinfo=UTC),
            0,
            datetime(2026, 3, 9, 23, 59, 59, tzinfo=UTC),
            id="no deadline on a Saturday",
        ),
        pytest.param(
            datetime(2026, 3, 7, 10, tzinfo=UTC),
            1,
            datetime(2026, 3, 9, 23, 59, 59, tzinfo=UTC),
            id="a Saturday counts as the Friday before",
        ),
    ],
)
def test_weekends_do_not_count(at: datetime, days: int, end: datetime) -> None:
    assert add_business_days(at, days, zone="UTC") == end


def test_the_day_is_the_one_where_the_person_is() -> None:
    late_sunday_in_utc = datetime(2026, 3, 8, 23, 0, tzinfo=UTC)

    in_berlin = add_business_days(late_sunday_in_utc, 0, zone="Europe/Berlin")
    in_honolulu = add_business_days(late_sunday_in_utc, 1, zone="Pacific/Honolulu")

    assert in_berlin == datetime(2026, 3, 9, 22, 59, 59, tzinfo=UTC)
    assert in_honolulu == datetime(2026, 3, 10, 9, 59, 59, tzinfo=UTC)


def test_a_deadline_over_the_change_to_summer_time_keeps_the_local_hour() -> None:
    before_the_change = datetime(2026, 3, 27, 12, 0, tzinfo=UTC)

    end = add_business_days(before_the_change, 1, zone="Europe/Berlin")

    assert end == datetime(2026, 3, 30, 21, 59, 59, tzinfo=UTC)


def test_days_are_not_counted_backwards() -> None:
    with pytest.raises(ValueError, match="forwards"):
        add_business_days(FRIDAY, -1)
