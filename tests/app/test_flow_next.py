"""Who acts next on a work, for its manager: every state names somebody and, where one, a time."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app.flow import Asked, Line
from app.flow_next import next_act
from portfolio.submission.states import OPEN

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
DAY = timedelta(days=1)
PROMISED = NOW + 15 * DAY


def line(state: str = "awaiting_reviewers", seats: int = 2, *asked: Asked) -> Line:
    return Line("s", "Oak 1", "Badge", "badge", state, NOW, PROMISED, False, seats, asked)


@pytest.mark.parametrize("state", sorted(OPEN))
def test_every_open_state_has_somebody_who_acts_next(state: str) -> None:
    found = next_act(line(state, 0), at=NOW)

    assert found.who.endswith("acts next")
    assert found.by == PROMISED


def test_who_was_asked_is_named_with_the_first_time_to_answer() -> None:
    late = Asked("Ash Quill", "invited", NOW + 2 * DAY)
    soon = Asked("Birk Rivet", "invited", NOW + DAY)

    both, one = next_act(line("x", 2, late, soon), at=NOW), next_act(line("x", 1, late), at=NOW)

    assert (both.who, both.by) == ("Ash Quill and Birk Rivet have to answer", NOW + DAY)
    assert (one.who, one.by) == ("Ash Quill has to answer", NOW + 2 * DAY)


def test_who_said_yes_has_to_review_and_whoever_is_done_is_not_waited_for() -> None:
    done = Asked("Ash Quill", "sealed", None)
    busy = Asked("Birk Rivet", "in_progress", NOW + DAY)

    assert next_act(line("under_review", 2, done, busy), at=NOW).who == "Birk Rivet has to review"
    assert next_act(line("under_review", 1, done), at=NOW).who == "Assay acts next"


def test_an_empty_seat_is_the_routers_unless_nobody_is_free_or_it_is_held() -> None:
    routed = next_act(line(), at=NOW)
    stuck = next_act(line(), has_nobody=True, at=NOW)
    held = next_act(line(), held_until=NOW + DAY, has_nobody=True, at=NOW)
    over = next_act(line(), held_until=NOW, at=NOW)

    assert (routed.who, routed.by) == ("The router acts next", NOW + timedelta(minutes=15))
    assert (stuck.who, stuck.by) == ("You act next", None)
    assert (held.who, held.by) == ("You act next", NOW + DAY)
    assert over == routed


def test_moderators_act_next_while_a_review_waits_for_one_unless_a_reviewer_is_due_before() -> None:
    done = Asked("Ash Quill", "sealed", None)
    soon, late = (Asked("Birk Rivet", "in_progress", NOW + days * DAY) for days in (1, 3))

    def waiting(*asked: Asked) -> Line:
        return replace(line("under_review", len(asked), *asked), moderated_by=NOW + 2 * DAY)

    both, alone = next_act(waiting(done, late), at=NOW), next_act(waiting(done), at=NOW)
    assert both == alone
    assert (alone.who, alone.by) == ("The moderators act next", NOW + 2 * DAY)
    assert next_act(waiting(done, soon), at=NOW).who == "Birk Rivet has to review"
