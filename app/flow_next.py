"""Who acts next on a submission and by when, in words for its programme manager."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from app.flow import Asked, Line
from portfolio.submission.states import SubmissionState as S
from review.assignment.states import AssignmentState

YOU = "You act next"
ROUTING = timedelta(minutes=15)  # how often the router looks at every badge
ELSEWHERE: dict[str, tuple[str, str]] = {
    S.SUBMITTED.value: ("Intake acts next", "It checks that everything opens and names nobody."),
    S.INTAKE.value: ("Intake acts next", "It checks that everything opens and names nobody."),
    S.IN_COMMITTEE.value: ("The committee acts next", "It looks at the matter and decides."),
    S.DECIDED.value: ("Assay acts next", "All readings are in, and the outcome is being prepared."),
    S.ON_HOLD.value: ("The programme acts next", "Something has to be cleared up first."),
}


@dataclass(frozen=True)
class Next:
    """Who acts next, what they do, and until when they have."""

    who: str
    what: str
    by: datetime | None


def next_act(
    line: Line, *, held_until: datetime | None = None, has_nobody: bool = False, at: datetime
) -> Next:
    """Return who acts next on a work.

    `held_until` is when the router goes on with a work that it leaves to its manager, and
    `has_nobody` tells that nobody who may be asked is free for an empty seat.
    """
    if line.state in ELSEWHERE:
        return Next(*ELSEWHERE[line.state], line.promised_at)
    if held_until is not None and held_until > at:
        return Next(YOU, "Say whom you want, or let the router go on, as it does then.", held_until)
    if line.free_seats and has_nobody:
        return Next(YOU, "Nobody who may be asked is free. What would help is below.", None)
    if line.free_seats:
        return Next("The router acts next", "It asks whoever fits best below.", at + ROUTING)
    return _of_reviewers(line)


def _of_reviewers(line: Line) -> Next:
    invited = [one for one in line.asked if one.state == AssignmentState.INVITED.value]
    if invited:
        what = "Should they say no or nothing, the router asks the next by itself."
        return Next(_names(invited, "to answer"), what, _soonest(invited))
    at_work = [one for one in line.asked if one.by is not None]
    reviewed_by = _soonest(at_work)
    if line.moderated_by and (reviewed_by is None or line.moderated_by <= reviewed_by):
        what = "One of them reads how a review is written. It counts when they have passed it."
        return Next("The moderators act next", what, line.moderated_by)
    if at_work:
        what = "They are reminded in time. Two days after its end a review is passed on."
        return Next(_names(at_work, "to review"), what, reviewed_by)
    return Next("Assay acts next", "It adds up what the reviewers found.", line.promised_at)


def _names(people: list[Asked], act: str) -> str:
    names = [one.name for one in people]
    listed = " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))
    return f"{listed} {'has' if len(names) == 1 else 'have'} {act}"


def _soonest(people: list[Asked]) -> datetime | None:
    return min((one.by for one in people if one.by is not None), default=None)
