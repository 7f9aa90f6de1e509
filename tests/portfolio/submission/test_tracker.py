"""A learner is told the station, who acts next and by when, and nothing about any reviewer."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from accounts.visitor import Visitor
from core.waiting import Waiting
from portfolio.submission import queries, services
from portfolio.submission.states import OPEN, SubmissionState
from portfolio.submission.tracker import Facts, Standing, standing, stations
from tests.factories import Factory
from tests.plugins.worlds import Clock

S = SubmissionState
NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
PROMISED = NOW + timedelta(days=20)
SOON = NOW + timedelta(days=3)
ACTORS = {"You", "The programme", "The reviewers", "One more reviewer", "The committee"}


def facts(state: SubmissionState, due: datetime | None = SOON, *, holds: bool = False) -> Facts:
    return Facts(state, PROMISED, due, holds)


@pytest.mark.parametrize("state", sorted(SubmissionState))
def test_inv_38_every_station_has_one_next_actor_and_says_what_happens(
    state: SubmissionState,
) -> None:
    told = standing(facts(state), at=NOW)

    assert told.label
    assert told.what
    assert told.who in (
        "You",
        "The programme",
        "The reviewers",
        "One more reviewer",
        "The committee",
    )


@pytest.mark.parametrize("state", sorted(OPEN - {S.ON_HOLD}))
def test_inv_38_every_open_station_has_a_deadline(state: SubmissionState) -> None:
    assert standing(facts(state), at=NOW).by == SOON


@pytest.mark.parametrize(
    ("due", "by"),
    [
        (None, PROMISED),
        (NOW - timedelta(days=1), PROMISED),
        (PROMISED + timedelta(days=1), PROMISED),
        (SOON, SOON),
    ],
)
def test_the_promise_stands_in_where_a_station_is_late_or_has_no_date(
    due: datetime | None, by: datetime
) -> None:
    assert standing(facts(S.UNDER_REVIEW, due), at=NOW).by == by


def test_an_outcome_is_announced_without_saying_which_before_it_is_read() -> None:
    assert standing(facts(S.RELEASED), at=NOW) == Standing(
        "Outcome is here",
        "attention",
        "You",
        "Read the outcome and its reasons. You can revise the portfolio and hand it in again.",
        None,
    )
    assert standing(facts(S.RELEASED, holds=True), at=NOW).label == "Badge earned"


@pytest.mark.parametrize(
    ("state", "road"),
    [
        (S.SUBMITTED, "done current todo todo todo"),
        (S.INTAKE, "done current todo todo todo"),
        (S.AWAITING_REVIEWERS, "done done current todo todo"),
        (S.UNDER_REVIEW, "done done done current todo"),
        (S.IN_ADJUDICATION, "done done done done current todo"),
        (S.DECIDED, "done done done done current"),
        (S.RELEASED, "done done done done done"),
        (S.WITHDRAWN, "done todo todo todo todo"),
    ],
)
def test_the_road_shows_what_is_done_and_what_is_now(state: SubmissionState, road: str) -> None:
    shown = stations(facts(state))

    assert " ".join(station.state for station in shown) == road
    assert ("One more reviewer" in [one.label for one in shown]) is (state is S.IN_ADJUDICATION)


def test_what_waits_for_a_learner_is_drafts_what_came_back_and_what_is_on_its_way(
    session: Session, make: Factory, clock: Clock
) -> None:
    ana, bo = make.person(), make.person("Bo Stranger")
    edition = make.edition()
    portfolio = make.portfolio(ana, edition, is_complete=False)
    make.portfolio(bo, edition)
    visitor = Visitor(id=ana.id, name=ana.name)

    draft = queries.waiting_for(session, visitor, at=clock())

    assert draft == [
        Waiting(
            "Your portfolio for Careful Host",
            "9 parts are missing. Context next.",
            f"/portfolios/{portfolio.id}",
            action="Go on",
        )
    ]


def test_a_submission_waits_for_the_programme_then_for_its_learner_when_it_comes_back(
    session: Session, make: Factory, clock: Clock
) -> None:
    sealed = make.submission()
    visitor = Visitor(id=sealed.learner_id)

    (sent,) = queries.waiting_for(session, visitor, at=clock())
    make.moved(sealed, S.INTAKE, S.RETURNED_INCOMPLETE)
    (back,) = queries.waiting_for(session, visitor, at=clock())

    assert (sent.who, sent.path, sent.is_yours) == (
        "The programme",
        f"/submissions/{sealed.id}",
        False,
    )
    assert sent.by == datetime(2026, 3, 4, 23, 59, 59, tzinfo=UTC)
    assert (back.path, back.is_yours) == (f"/submissions/{sealed.id}/returned", True)


def test_a_draft_waits_again_once_its_submission_was_taken_back(
    session: Session, make: Factory, clock: Clock
) -> None:
    sealed = make.submission()
    services.withdraw(session, sealed.id, by=sealed.learner_id, at=clock())

    (waiting,) = queries.waiting_for(session, Visitor(id=sealed.learner_id), at=clock())

    assert (waiting.action, waiting.path) == (
        "Hand in",
        f"/portfolios/{sealed.portfolio_id}/hand-in",
    )


def test_inv_12_a_review_is_due_at_the_end_of_a_day_whenever_reviewers_accepted(
    session: Session, make: Factory, clock: Clock
) -> None:
    sealed = make.submission()
    make.moved(sealed, S.INTAKE, S.AWAITING_REVIEWERS)
    clock.advance(minutes=17)
    make.moved(sealed, S.UNDER_REVIEW)

    (waiting,) = queries.waiting_for(session, Visitor(id=sealed.learner_id), at=clock())

    assert waiting.by == datetime(2026, 3, 9, 23, 59, 59, tzinfo=UTC)
