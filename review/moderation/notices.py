"""Who is told that a review waits for a moderator, came back, or waits too long."""

from datetime import datetime

from sqlalchemy.orm import Session

from accounts.notices import notify
from accounts.states import Role
from portfolio.submission.models import Submission
from review.assignment.choices import may_steer
from review.moderation.models import Moderation
from review.pool.queries import people_with


def tell_moderators(
    session: Session, moderation: Moderation, moderators: list[str], *, at: datetime
) -> None:
    """Tell those who may read a review that it waits for one of them."""
    for person_id in moderators:
        notify(
            session,
            person_id,
            kind="moderation_waiting",
            title="A review waits for a moderator",
            body="Please look at how it is written, and never at which levels it gives, by"
            f" {moderation.due_at:%d %B %Y}. Nobody else reads it before.",
            path=f"/moderation/{moderation.id}",
            at=at,
        )


def tell_reviewer(
    session: Session, reviewer_id: str, assignment_id: str, *, due_at: datetime, at: datetime
) -> None:
    """Tell a reviewer that their review is with them once more."""
    notify(
        session,
        reviewer_id,
        kind="review_returned",
        title="A review of yours came back for its words",
        body="A moderator asks for something in how it is written, and says what above your form."
        f" Your levels are yours alone. Please seal it again by {due_at:%d %B %Y}.",
        path=f"/reviews/{assignment_id}",
        at=at,
    )


def tell_managers(
    session: Session, submission: Submission, *, has_nobody: bool, at: datetime
) -> None:
    """Tell the managers of a badge that a review waits and nobody has read it."""
    if has_nobody:
        title = "A review waits, and no moderator may read it"
        body = "Nobody who moderates this badge is free of other parts in the matter. It stays as"
    else:
        title = "A review has waited too long for a moderator"
        body = "The time of the moderators is over, and none has read it. It stays as"
    for manager in people_with(session, Role.PROGRAMME_MANAGER, submission.badge_id):
        if may_steer(session, submission.id, manager):
            notify(
                session,
                manager,
                kind="moderation_late",
                title=title,
                body=f"{body} it is until somebody does, and the learner waits: speak to a"
                " moderator, or have somebody else made one.",
                path=f"/flow/{submission.id}",
                at=at,
            )
