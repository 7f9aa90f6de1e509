"""Who counts as able to review, and the limits a volunteer can set."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from accounts.states import Role
from accounts.visitor import Visitor
from core.errors import Invalid
from review.pool.states import Part, QualificationState

MOST_OPEN = 10
MOST_SECTORS = 20
LOOK_BACK = timedelta(days=3 * 365 + 1)
MOST_TOPICS = 20
MOST_YEARLY = 100
FEWEST_WORDS = 12
ANSWER_BUSINESS_DAYS = 5
LONGEST_HOLIDAY = timedelta(days=366)
# Nobody knows their days off longer before than this.
FURTHEST_HOLIDAY = timedelta(days=2 * 366)
QUALIFIED_FOR = timedelta(days=365)
RENEWAL_NOTICE = timedelta(days=30)
# How long whoever reviewed before the first benchmark may go on without having calibrated.
GRACE = timedelta(days=30)


def check_limits(
    *,
    max_open: int,
    paused_until: datetime | None,
    sectors: Sequence[str],
    at: datetime,
    topics: Sequence[str] = (),
    per_year: int = 1,
) -> None:
    """Raise Invalid when a volunteer's own limits make no sense."""
    if not 1 <= max_open <= MOST_OPEN:
        raise Invalid(f"Choose between 1 and {MOST_OPEN} reviews at once.", "max_open")
    if paused_until is not None and paused_until <= at:
        raise Invalid("Choose a day that is still to come.", "paused_until")
    if len(sectors) > MOST_SECTORS:
        raise Invalid(f"Name {MOST_SECTORS} sectors at most.", "sectors")
    if len(topics) > MOST_TOPICS:
        raise Invalid(f"Name {MOST_TOPICS} topics at most.", "topics")
    if not 1 <= per_year <= MOST_YEARLY:
        raise Invalid(f"Choose between 1 and {MOST_YEARLY} reviews a year.", "per_year")


def check_holdings(holdings: str) -> None:
    """Raise Invalid when an application says too little to be answered."""
    if len(holdings.split()) < FEWEST_WORDS:
        raise Invalid(
            f"Write at least {FEWEST_WORDS} words on what you hold or did, so that somebody can"
            " answer.",
            "holdings",
        )


def check_holiday(from_date: date, until_date: date, *, today: date) -> None:
    """Raise Invalid when days off make no sense."""
    if until_date < from_date:
        raise Invalid("The last day comes before the first.", "until_date")
    if until_date < today:
        raise Invalid("These days are over already.", "until_date")
    if until_date - from_date > LONGEST_HOLIDAY:
        raise Invalid("For more than a year, let your reviewing rest instead.", "until_date")
    if until_date - today > FURTHEST_HOLIDAY:
        raise Invalid("Choose days within the next two years.", "until_date")


def joined(
    days: tuple[date, date], others: Sequence[tuple[date, date]]
) -> tuple[date, date, list[int]]:
    """Return days together with all they touch or overlap, and the positions of those."""
    begins, ends = days
    touched: list[int] = []
    for number, (start, end) in sorted(enumerate(others), key=lambda one: one[1]):
        if start <= ends + timedelta(days=1) and end >= begins - timedelta(days=1):
            begins, ends = min(begins, start), max(ends, end)
            touched.append(number)
    return begins, ends, touched


def is_valid(
    state: str, *, valid_from: datetime, valid_until: datetime | None, at: datetime
) -> bool:
    """Whether a qualification holds at a time."""
    return (
        state == QualificationState.QUALIFIED.value
        and valid_from <= at
        and (valid_until is None or valid_until > at)
    )


def calibration_ends(
    calibrated_until: datetime | None, *, valid_from: datetime, since: datetime | None
) -> datetime | None:
    """Return until when somebody may review without calibrating again; None when nobody needs to.

    `since` is when the badge's first benchmark came into use, None while it has none. Whoever was
    qualified before that day has `GRACE`; whoever comes later calibrates first, so that the end
    lies at their beginning.
    """
    if since is None:
        return None
    if calibrated_until is not None:
        return calibrated_until
    return since + GRACE if valid_from < since else valid_from


PARTS = {
    Part.LEARNER: "This is your own work.",
    Part.CHECKER: "You checked this work at intake, so somebody else takes this part.",
    Part.MODERATOR: "You moderated reviews of this work, so somebody else takes this part.",
    Part.REVIEWER: "You took part in reviewing this work, so somebody else takes this part.",
    Part.COMMITTEE: "You decided on this work for the committee, so somebody else takes this part.",
}


def objection_to_part(held: Part | None, wanted: Part) -> str | None:
    """Return why somebody who is `held` in a matter cannot be `wanted` in it too, or None."""
    return None if held is None or held is wanted else PARTS[held]


def objection_to_volunteering(
    *, holds_badge: bool, state: str | None, is_held: bool = False
) -> str | None:
    """Return why somebody cannot volunteer to review a badge by themselves, or None.

    `state` is that of a qualification they have, or had, for the badge; `is_held` says that the
    programme lets it rest.
    """
    if is_held:
        return (
            "The programme lets your reviewing for this badge rest for now, and talks with you"
            " about it. You need not do anything."
        )
    if state == QualificationState.SUSPENDED.value:
        return "Your right to review this badge is suspended. Write to the programme about it."
    if not holds_badge:
        return (
            "Whoever holds this badge may review it. The programme can also qualify you for what"
            " you have done elsewhere."
        )
    return None


def objection_to_applying(
    *, holds_badge: bool, state: str | None, is_over: bool, has_open: bool
) -> str | None:
    """Return why somebody cannot ask to review a badge, or None; `state` as for volunteering."""
    if state == QualificationState.SUSPENDED.value:
        return "Your right to review this badge is suspended. Write to the programme about it."
    if holds_badge:
        return "You hold this badge, so you need not ask: volunteer on the page “Your reviewing”."
    if state == QualificationState.QUALIFIED.value and not is_over:
        return "You may review for this badge already."
    if has_open:
        return "You have asked already, and the programme will answer."
    return None


def is_in_charge(visitor: Visitor, badge: str) -> bool:
    """Whether somebody manages the pool of the badge with this slug."""
    return visitor.has(Role.PROGRAMME_MANAGER, badge=badge)
