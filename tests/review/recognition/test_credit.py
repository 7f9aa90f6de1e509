"""Time given is credited once, within bounds, and leaves as a table that computes nothing."""

from datetime import date

import pytest

from core import jobs
from core.text import plain_cell
from credentials.catalog.definition import ReviewPolicy
from review.assignment.models import Assignment
from review.assignment.rounds import open_apart
from review.assignment.states import AssignmentState, RoundKind
from review.moderation.models import Moderation
from review.recognition.credit import Entry, as_csv, bounded_minutes, by_year, hours
from review.recognition.models import CreditEntry
from review.recognition.states import CreditKind
from review.scoring.models import Review
from tests.factories import sample_definition


def sweep(stage):
    jobs.sweep(stage.edge, "credit_reviewing")


def entries(stage):
    return sorted(stage.make.rows(CreditEntry), key=lambda one: (one.kind, one.minutes))


@pytest.mark.parametrize(
    ("seconds", "minutes"),
    [(0, 10), (59, 10), (600, 10), (601, 11), (45 * 60, 45), (135 * 60, 135), (10**7, 135)],
)
def test_a_reading_counts_ten_minutes_at_least_and_three_estimates_at_most(seconds, minutes):
    assert bounded_minutes(seconds, estimated_minutes=45) == minutes


def test_a_tiny_estimate_does_not_undercut_the_least():
    assert bounded_minutes(9_999, estimated_minutes=2) == 10


def test_each_sealed_review_is_credited_once_however_often_the_sweep_runs(stage):
    stage.under_review()
    one, two = stage.working()
    stage.seal(one, (3, 3), seconds=14 * 60)
    stage.seal(two, (3, 3), seconds=60)

    for _ in range(3):
        sweep(stage)

    assert [(e.kind, e.minutes, e.subject_id) for e in entries(stage)] == [
        ("review", 10, two.id),
        ("review", 14, one.id),
    ]
    assert {e.badge_id for e in entries(stage)} == {stage.edition.badge_id}


def test_work_that_is_not_sealed_is_not_credited(stage):
    stage.under_review()
    stage.draft(stage.working()[0], {}, seconds=600)

    sweep(stage)

    assert entries(stage) == []


def test_a_review_that_a_moderator_holds_waits_and_the_moderation_counts_too(stage, edge, make):
    stage.under_review()
    one = stage.working()[0]
    stage.seal(one, (3, 3), drain=False)
    (review,) = make.rows(Review, assignment_id=one.id)
    moderator = make.person("Mo Derator").id
    with edge.database.transaction() as session:
        session.add(
            Moderation(
                review_id=review.id,
                round_id=one.round_id,
                reason="sample",
                sealed_at=edge.clock(),
                opened_at=edge.clock(),
                due_at=edge.clock(),
            )
        )
    sweep(stage)
    held = entries(stage)
    with edge.database.transaction() as session:
        (row,) = session.query(Moderation).all()
        row.state, row.passed_at, row.passed_by = "passed", edge.clock(), moderator

    sweep(stage)

    assert held == []
    assert [(e.kind, e.minutes) for e in entries(stage)] == [("moderation", 10), ("review", 10)]
    assert entries(stage)[0].person_id == moderator


def test_a_moderation_that_only_a_rule_ended_is_nobodys(stage, edge, make):
    stage.under_review()
    one = stage.working()[0]
    stage.seal(one, (3, 3), drain=False)
    (review,) = make.rows(Review, assignment_id=one.id)
    with edge.database.transaction() as session:
        session.add(
            Moderation(
                review_id=review.id,
                round_id=one.round_id,
                reason="sample",
                sealed_at=edge.clock(),
                state="passed",
                opened_at=edge.clock(),
                due_at=edge.clock(),
                passed_at=edge.clock(),
                passed_by="system:moderation",
            )
        )

    sweep(stage)

    assert [e.kind for e in entries(stage)] == ["review"]


def apart(stage, kind):
    """Have somebody read the submission apart, and seal."""
    reader = stage.make.reviewer(stage.edition).id
    at = stage.edge.clock()
    with stage.edge.database.transaction() as session:
        reading = open_apart(
            session,
            stage.submission.id,
            reader,
            kind=kind,
            state=AssignmentState.ACCEPTED,
            answer_by=at,
            due_at=at,
            explanation={},
            by=reader,
            at=at,
        )
        session.add(
            Review(
                assignment_id=reading.id,
                state="sealed",
                seconds_spent=20 * 60,
                saved_at=at,
                sealed_at=at,
                digest="0" * 64,
            )
        )
        reading.state = AssignmentState.SEALED.value
    return reading


def test_an_audit_counts_as_one_and_known_work_only_once_it_was_compared(stage):
    stage.under_review()
    audit, gold = apart(stage, RoundKind.AUDIT), apart(stage, RoundKind.GOLD)

    sweep(stage)

    assert [(e.kind, e.subject_id, e.minutes) for e in entries(stage)] == [("audit", audit.id, 20)]
    assert stage.make.rows(Assignment, id=gold.id)[0].state == "sealed"


def test_the_editions_own_estimate_bounds(stage, make):
    short = make.edition(
        sample_definition(review_policy=ReviewPolicy(min_rationale_words=3, estimated_minutes=5))
    )
    stage.under_review(edition=short)
    stage.seal(stage.working()[0], (3, 3), seconds=15 * 60)
    stage.draft(stage.working()[0], {}, seconds=15 * 60)
    stage.seal(stage.working()[0], (3, 3), seconds=15 * 60)

    sweep(stage)

    assert [e.minutes for e in entries(stage)] == [15, 15]


def test_years_are_summed_newest_first():
    made = [
        Entry(date(2026, 3, 1), "One", CreditKind.REVIEW, 50),
        Entry(date(2026, 1, 1), "One", CreditKind.AUDIT, 15),
        Entry(date(2025, 12, 31), "Two", CreditKind.REVIEW, 60),
    ]

    assert [(one.year, one.minutes, len(one.entries)) for one in by_year(made)] == [
        (2026, 65, 2),
        (2025, 60, 1),
    ]
    assert [hours(minutes) for minutes in (5, 60, 65, 600)] == ["5 min", "1 h", "1 h 5 min", "10 h"]


@pytest.mark.parametrize("title", ["=HYPERLINK(1)", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =1"])
def test_no_cell_of_the_table_is_a_formula(title):
    table = as_csv([Entry(date(2026, 3, 1), title, CreditKind.REVIEW, 50)])

    assert plain_cell(title) == f"'{title}"
    assert f"'{title.strip()[:2]}" in table or f"'{title}" in table


def test_plain_titles_and_commas_pass_as_they_are():
    table = as_csv([Entry(date(2026, 3, 1), 'Host, "careful"', CreditKind.REVIEW, 50)])

    assert table.splitlines() == [
        "Date,Badge,What for,Minutes",
        '2026-03-01,"Host, ""careful""",Review,50',
    ]


def test_the_page_and_the_table_hold_ones_own_credit_alone(stage, make, as_person):
    hostile = make.edition(sample_definition(slug="formula", title='=HYPERLINK("x")'))
    stage.under_review(edition=hostile)
    one, two = stage.working()
    stage.seal(one, (3, 3), seconds=14 * 60)
    stage.seal(two, (3, 3), seconds=12 * 60)
    sweep(stage)

    client = as_person(one.reviewer_id)
    page, table = client.get("/reviewing/credit"), client.get("/reviewing/credit.csv")

    assert "14 min" in page.text
    assert "12 min" not in page.text
    assert table.mimetype == "text/csv"
    assert table.text.splitlines()[1] == '2026-03-02,"\'=HYPERLINK(""x"")",Review,14'
    assert len(table.text.splitlines()) == 2
    assert stage.submission.id not in page.text + table.text
    assert stage.submission.pseudonym not in page.text + table.text


def test_who_never_reviewed_reads_what_to_do(make, as_person):
    client = as_person(make.person().id)

    assert "Nothing is credited yet" in client.get("/reviewing/credit").text
    assert client.get("/reviewing/credit.csv").text.splitlines() == ["Date,Badge,What for,Minutes"]
