"""A reviewer's own page: read from the record, for nobody else, and never changed by a no."""

import re
from pathlib import Path

import pytest

import review.assignment
import review.pool
from review.assignment.models import Assignment
from review.recognition import measured
from review.recognition.models import Helpfulness
from tests.review.recognition.live import Record


@pytest.fixture
def record(edge, make):
    """A reviewer about whom nothing is known yet."""
    return Record(edge, make)


def page_of(record, as_person):
    return as_person(record.reviewer.id).get("/reviewing/quality")


def words_of(page):
    """Return the page's words without what differs from one request to the next."""
    return re.sub(r'(name="csrf_token" value|csrf-token" content)="[^"]*"', "", page.text)


def figures(record):
    with record.edge.database.transaction() as session:
        ((_title, found),) = measured.quality_by_badge(session, record.reviewer.id)
    return found


def rate(record, reviews, ratings):
    """Have a learner rate both reasons of each review."""
    for one, said in zip(reviews, ratings, strict=True):
        record.soon()
        record.add(
            *(
                Helpfulness(
                    review_id=one.id,
                    criterion_key=key,
                    rating=said,
                    rated_at=record.edge.clock(),
                )
                for key in ("C1", "C2")
            )
        )


def test_every_figure_is_read_from_the_record(record):
    reviews = [record.review((3, 4), seconds=60) for _ in range(4)]
    reviews += [record.review((2, 3), locator="") for _ in range(6)]
    record.review((4, 4))
    record.moderated(comes_back=True)
    for _ in range(4):
        record.moderated(comes_back=False)
    record.reading(4)
    record.reading(3)
    record.fit(0.9)
    rate(record, reviews[:5], [3, 3, 3, 3, 1])

    found = figures(record)

    assert found.reviews == 16
    assert (found.agreement.value, found.agreement.count) == (0.7, 10)
    assert found.informative == 0.9
    assert (found.helpfulness.value, found.helpfulness.count) == (pytest.approx(0.8, abs=0.05), 5)
    assert found.cited.value == pytest.approx(20 / 32)
    assert found.hasty.value == pytest.approx(4 / 16)
    assert found.alike.count == 0
    assert found.returned.value == 0.2


def test_ratings_of_other_reviewers_and_badges_are_not_ones_own(record, edge, make):
    reviews = [record.review() for _ in range(5)]
    other = make.reviewer(record.edition)
    rate(record, reviews, [1] * 5)

    with edge.database.transaction() as session:
        ((_title, theirs),) = measured.quality_by_badge(session, other.id)

    assert theirs.helpfulness.value is None
    assert figures(record).helpfulness.value == pytest.approx(0.0, abs=0.05)


def test_below_five_learners_the_page_says_too_few_whatever_they_said(record, as_person):
    reviews = [record.review() for _ in range(4)]
    rate(record, reviews[:3], [3, 3, 3])
    before = words_of(page_of(record, as_person))
    rate(record, reviews[3:], [1])
    after = words_of(page_of(record, as_person))

    assert "There are 3 so far" in before
    assert before.replace("There are 3 so far", "There are 4 so far") == after


def test_a_sixth_learner_changes_nothing_until_the_tenth(record):
    reviews = [record.review() for _ in range(10)]
    rate(record, reviews[:5], [3, 3, 2, 3, 3])
    five = figures(record).helpfulness
    rate(record, reviews[5:9], [1, 1, 1, 1])
    nine = figures(record).helpfulness
    rate(record, reviews[9:], [1])

    assert (nine.value, nine.count) == (five.value, 5)
    assert figures(record).helpfulness.value < five.value - 0.3


def test_no_rank_and_nobody_to_compare_with(record, as_person, make):
    for _ in range(6):
        record.review()
    others = [make.reviewer(record.edition, f"Colleague Beechwood{n}") for n in range(3)]

    page = page_of(record, as_person)

    assert "Careful Host" in page.text
    assert [one.name for one in others if one.name in page.text] == []
    for word in ("average reviewer", "percentile", "better than", "other reviewers", "top ten"):
        assert word not in page.text


def test_inv_40_fifty_declines_a_pause_and_days_off_change_no_figure(record, as_person):
    for _ in range(6):
        record.review()
    record.reading(4)
    before, page = figures(record), words_of(page_of(record, as_person))

    record.declined(50)
    as_person(record.reviewer.id).post(
        "/reviewing/limits",
        data={"max_open": "1", "per_year": "1", "paused_until": "2027-01-01", "languages": "en"},
    )

    assert figures(record) == before
    assert words_of(page_of(record, as_person)) == page


def test_inv_40_routing_reads_nothing_of_what_reviewers_are_told_about_themselves():
    """The rooms that choose and ask are upstream of recognition, and know none of its words."""
    rooms = [Path(room.__path__[0]) for room in (review.assignment, review.pool)]
    known = re.compile(r"recognition|Helpfulness|LadderStep|CreditEntry")

    telling = [
        path.name
        for room in rooms
        for path in room.rglob("*.py")
        if known.search(path.read_text(encoding="utf-8"))
    ]

    assert telling == []


def test_a_voided_review_is_in_no_figure(record, edge):
    reviews = [record.review() for _ in range(6)]
    rate(record, reviews, [3] * 6)
    with edge.database.transaction() as session:
        for one in reviews[:2]:
            session.get_one(Assignment, one.assignment_id).state = "voided"

    found = figures(record)

    assert (found.reviews, found.cited.count) == (4, 8)
    assert (found.helpfulness.value, found.helpfulness.count) == (None, 4)


def test_who_never_reviewed_reads_how_to_begin(make, as_person):
    page = as_person(make.person().id).get("/reviewing/quality")

    assert "You do not review yet" in page.text
