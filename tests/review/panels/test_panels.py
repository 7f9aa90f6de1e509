"""Each panel says what its pure figure says, of the cases it means, and owns up to too few."""

import random
from datetime import UTC, datetime, timedelta

import pytest

from core.charts import drawing
from review.decision.agreement import krippendorff_alpha
from review.decision.figures import Lack
from review.panels import first_time, gallery, outcomes, reviewed, times
from review.panels.material import FitFact, RequestFact
from review.panels.periods import Period, month_of, period_named, quarter_of
from tests.review.panels.pasts import AT, EMPTY, decision, facts, handed_in, review

ALL, YEAR = Period.ALL, Period.YEAR
PAIRS = [(3, 3), (4, 3), (2, 2), (3, 4), (1, 2), (3, 3), (2, 3), (4, 4), (3, 3), (2, 1), (3, 2)]


def test_agreement_is_of_the_planned_reviews_alone() -> None:
    planned = [
        review(f"s{place}", who, level, level)
        for place, pair in enumerate(PAIRS)
        for who, level in zip("ab", pair, strict=True)
    ]
    further = [review("s1", "c", 1, 1, is_planned=False), review("s2", "c", 4, 4, question=2)]

    panel = reviewed.agreement(facts(reviews=(*planned, *further)), ALL, at=AT)

    units = [place for place, pair in enumerate(PAIRS) for _ in pair]
    expected = krippendorff_alpha(units, [level for pair in PAIRS for level in pair])
    assert [line.figure for line in panel.lines[:2]] == [expected, expected]
    assert [line.measure for line in panel.lines] == ["Alpha", "Alpha", "ICC(1)", "ICC(3)"]


def test_severity_stands_under_numbers_in_an_order_that_does_not_rank() -> None:
    people = [f"person-{number}" for number in range(30)]
    fitted = {person: (place / 10 - 1.5, 0.2) for place, person in enumerate(people)}
    past = facts(
        reviews=tuple(review(f"s{place}", who, 3, 3) for place, who in enumerate(people)),
        fit=FitFact(AT, 30, fitted),
    )

    panel = reviewed.severity(past, ALL, at=AT)

    values = [line.figure.value or 0.0 for line in panel.lines]
    numbers = [line.about for line in panel.lines]
    assert sorted(values) == pytest.approx(sorted(mean for mean, _ in fitted.values()))
    assert values not in (sorted(values), sorted(values, reverse=True))
    assert numbers == sorted(numbers)
    assert not any(person in str(panel.rows) + drawing(panel.drawing) for person in people)


def test_a_large_pool_is_drawn_in_part_and_listed_whole() -> None:
    people = [f"person-{number}" for number in range(90)]
    past = facts(
        reviews=tuple(review(f"s{place}", who, 3, 3) for place, who in enumerate(people)),
        fit=FitFact(AT, 90, {person: (0.1, 0.2) for person in people}),
    )

    panel = reviewed.severity(past, ALL, at=AT)

    assert (len(panel.lines), len(panel.drawing.dots)) == (90, 40)
    assert "The picture holds the 40" in panel.remarks[-1]


def test_a_pool_number_stays_when_others_join_and_differs_from_badge_to_badge() -> None:
    few = reviewed.pool_numbers("badge", ["a", "b"])
    many = reviewed.pool_numbers("badge", [*"abcdefghij"])

    assert few == {person: many[person] for person in few}
    assert len(set(many.values())) == 10
    assert reviewed.pool_numbers("other", ["a", "b"]) != few


def test_whoever_grew_harsher_beyond_chance_is_flagged_and_drawn() -> None:
    dice, pool = random.Random(3), ["moved", *"abcdefg"]
    reviews = []
    for number in range(240):
        worth, is_late = dice.choice([2, 3]), number >= 120
        for who in dice.sample(pool, 3):
            level = worth + dice.choice([0, 0, 1]) - (who == "moved" and is_late)
            reviews.append(review(f"s{number}", who, level, level, days_ago=700 - 2.5 * number))

    panel = reviewed.drift(facts(reviews=tuple(reviews)), ALL, at=AT)

    number = reviewed.pool_numbers("badge", pool)["moved"]
    flagged = {line.about for line in panel.lines if line.note.startswith("Flagged")}
    assert flagged == {number}
    assert f"{number} flagged" in drawing(panel.drawing)
    assert "8 of 8 reviewers" in panel.remarks[0]
    assert "1 of them is flagged" in panel.remarks[0]


def test_what_the_model_and_the_committee_turn_is_counted_apart() -> None:
    decisions = (
        decision("a", p_pass=0.97),
        decision("b", p_pass=0.4),
        decision("c", is_granted=False, p_pass=0.7),
        decision("d", is_granted=False, p_pass=None),
        decision("d", id="again", number=2, p_pass=None),
        decision("e", is_granted=False, p_pass=0.1),
    )
    requests = (
        RequestFact("decision of d", "d", AT - timedelta(days=90), is_upheld=False),
        RequestFact("decision of e", "e", AT - timedelta(days=90), is_upheld=True),
        RequestFact("decision of c", "c", AT - timedelta(days=2), is_upheld=False),
    )

    panel = outcomes.turns(facts(decisions=decisions, requests=requests), ALL, at=AT)

    assert [(line.figure.value, line.figure.count) for line in panel.lines] == [
        *((0.5, 4), (0.25, 4), (0.25, 4)),
        *((0.5, 2), (0.5, 2), (0.0, 2)),
    ]


def test_an_audited_decision_weighs_the_reciprocal_of_its_chance_for_calibration() -> None:
    audited = [
        decision(f"a{place}", p_pass=0.95, chance=0.05, verdict=place > 0) for place in range(20)
    ]
    replaced = [
        decision("r", is_granted=False, p_pass=0.93),
        decision("r", id="again", number=2, is_granted=True, p_pass=None),
    ]

    panel = outcomes.confidence(facts(decisions=(*audited, *replaced)), ALL, at=AT)

    (top,) = [line for line in panel.lines if line.about == "0.9 to 1.0"]
    assert top.figure.value == pytest.approx((19 * 20 + 1) / (20 * 20 + 1))
    assert top.figure.count == 21
    assert [line.measure for line in panel.lines] == ["Passed", "Calibration error", "Brier score"]


def test_audits_are_of_released_decisions_and_leave_out_what_is_still_to_be_read() -> None:
    read = [decision(f"a{place}", chance=0.2, verdict=place != 0) for place in range(10)]
    not_drawn = [decision(f"n{place}") for place in range(40)]
    pending = [decision("sure", chance=1.0, verdict=None), decision("open", chance=0.2)]

    panel = outcomes.audits(facts(decisions=(*read, *not_drawn, *pending)), ALL, at=AT)

    wrong = panel.lines[0].figure
    assert wrong.value == pytest.approx(0.1)
    assert wrong.count == 10


def test_without_an_audit_nothing_is_said_of_wrong_decisions() -> None:
    panel = outcomes.audits(facts(decisions=(decision("a"),)), ALL, at=AT)

    assert {line.figure.lack for line in panel.lines} == {Lack.NONE_GIVEN}
    assert panel.remarks == ("No decision was drawn for an audit in this period.",)


def test_minutes_are_of_all_reviewers_of_a_decision_together() -> None:
    made = [decision(f"s{place}") for place in range(12)]
    reviews = [review(f"s{place}", who, 3, 3) for place in range(12) for who in "ab"]
    reviews += [review("s0", "c", 3, 3, is_planned=False), review("s1", "d", 3, 3, question=2)]
    reviews += [review("s2", "c", 3, 3, is_planned=False, seconds=0)]

    panel = times.minutes(facts(decisions=tuple(made), reviews=tuple(reviews)), ALL, at=AT)

    mean = panel.lines[0].figure
    assert (mean.value, mean.count) == (pytest.approx((10 * 60 + 90) / 11), 11)
    assert "1 decisions are left out" in panel.remarks[0]


def test_what_still_waits_makes_a_queue_look_slow_not_quick() -> None:
    told = [handed_in(f"s{place}", days_ago=185 + place) for place in range(11)]
    waiting = [handed_in(f"w{place}", days_ago=60, is_waiting=True) for place in range(20)]
    returned = [handed_in("returned", days_ago=60)]
    made = tuple(decision(f"s{place}") for place in range(11))

    quick = times.turnaround(facts(submissions=tuple(told), decisions=made), ALL, at=AT)
    slow = times.turnaround(
        facts(submissions=(*told, *waiting, *returned), decisions=made), ALL, at=AT
    )

    assert quick.lines[0].figure.value == pytest.approx(10)
    assert slow.lines[0].figure.lack is Lack.NOT_REACHED
    assert "20 that still wait" in slow.remarks[0]


def _year(count: int, sector: str, *, passed: int, when: datetime) -> list[object]:
    return [
        (f"{sector}{place}", sector, place < passed, when + timedelta(minutes=place))
        for place in range(count)
    ]


def _told(*rows: object) -> object:
    found = [each for row in rows for each in row]  # type: ignore[attr-defined]
    return facts(
        decisions=tuple(
            decision(name, is_granted=passed, decided_at=when, released_at=when)
            for name, _, passed, when in found
        ),
        submissions=tuple(handed_in(name) for name, *_ in found),
        groups={f"portfolio of {name}": (sector, "en") for name, sector, *_ in found},
    )


LAST = datetime(2025, 6, 1, tzinfo=UTC)
THIS = datetime(2026, 6, 1, tzinfo=UTC)


def test_a_small_group_never_stands_alone_nor_under_its_name() -> None:
    past = _told(
        _year(40, "Health", passed=25, when=LAST),
        _year(12, "Culture", passed=6, when=LAST),
        _year(3, "Falconry", passed=1, when=LAST),
    )

    panel = first_time.groups(past, ALL, at=AT)

    sectors = [(line.about, line.figure.count) for line in panel.lines if line.measure == "Sector"]
    assert sectors == [("Health", 40), ("All others together", 15), ("All", 55)]
    assert "Falconry" not in str(panel.rows) + drawing(panel.drawing)


def test_no_two_tables_of_groups_can_be_subtracted() -> None:
    before = _told(
        _year(40, "Health", passed=25, when=LAST), _year(12, "Arts", passed=6, when=LAST)
    )
    after = _told(
        _year(40, "Health", passed=25, when=LAST),
        _year(12, "Arts", passed=6, when=LAST),
        _year(1, "Arts again", passed=1, when=THIS),
    )

    shown = {first_time.groups(before, period, at=AT).rows for period in Period}
    later = first_time.groups(after, ALL, at=AT + timedelta(days=3)).rows

    assert shown == {later}


@pytest.mark.parametrize("key", list(gallery.BUILDERS))
@pytest.mark.parametrize("period", list(Period))
def test_a_badge_of_which_nothing_is_known_gets_words(key: str, period: Period) -> None:
    panel = gallery.panel(key, EMPTY, period, at=AT)

    assert all(line.figure.lack for line in panel.lines)
    assert panel.drawing.is_empty
    assert "nan" not in str(panel.rows) + drawing(panel.drawing)


def test_a_period_ends_now_and_an_unknown_one_is_a_year() -> None:
    assert period_named("24") is Period.TWO_YEARS
    assert period_named("'; drop") is YEAR
    assert Period.QUARTER.since(AT) == datetime(2026, 8, 24, 12, tzinfo=UTC)
    assert Period.YEAR.since(datetime(2028, 2, 29, tzinfo=UTC)) == datetime(2027, 2, 28, tzinfo=UTC)
    assert (quarter_of(AT), month_of(AT)) == (
        (2026 * 4 + 3, "2026 Q4"),
        (2026 * 12 + 10, "Nov 2026"),
    )
