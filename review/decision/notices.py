"""Who is told what when reviews add up: learner, reviewers, committee; no name, level or score.

Everybody is told in words that would be the same whoever the others were (INV-12, INV-37).
"""

from datetime import datetime

from sqlalchemy.orm import Session

from accounts.notices import notify
from portfolio.submission.models import Submission
from review.decision import queries
from review.decision.involvement import uninvolved_members
from review.decision.models import Decision
from review.decision.policy import Advice
from review.decision.wording import committee_sentence, one_more_sentence


def tell_learner(session: Session, submission: Submission, *, at: datetime) -> None:
    """Tell the learner that the outcome can be read."""
    notify(
        session,
        submission.learner_id,
        kind=queries.OUTCOME_NOTICE,
        title="The outcome of your review is ready",
        body="Your reviewers have finished. Read their answer, criterion by criterion.",
        path=f"/submissions/{submission.id}/outcome",
        at=at,
    )


def tell_of_one_more_reviewer(
    session: Session, submission: Submission, advice: Advice, *, at: datetime
) -> None:
    """Tell the learner that one more reviewer is asked and why, and that nothing is wanted."""
    why = one_more_sentence({one.code for one in advice.reasons})
    notify(
        session,
        submission.learner_id,
        kind="third_reviewer",
        title="One more reviewer is looking at your work",
        body=f"{why} You need not do anything.",
        path=f"/submissions/{submission.id}",
        at=at,
    )


def tell_reviewers(session: Session, decision: Decision, *, at: datetime) -> None:
    """Thank those whose reviews the decision rests on; earlier reviewers hear nothing of it."""
    for assignment in queries.assignments_behind(session, decision):
        notify(
            session,
            assignment.reviewer_id,
            kind="round_closed",
            title="A review you gave has led to an outcome",
            body="Thank you for your time. You can now see what the other reviewers said.",
            path=f"/reviews/{assignment.id}",
            at=at,
        )


def tell_committee(
    session: Session, submission: Submission, advice: Advice, *, at: datetime
) -> None:
    """Tell the learner, and every member who had no part in it, that people decide now."""
    why = committee_sentence({one.code for one in advice.reasons})
    notify(
        session,
        submission.learner_id,
        kind="committee_called",
        title="A committee is looking at how to settle your review",
        body=f"{why} A committee member who had no part in the review says how it goes on."
        " You need not do anything.",
        path=f"/submissions/{submission.id}",
        at=at,
    )
    for member in uninvolved_members(session, submission):
        notify(
            session,
            member,
            kind="matter_unsettled",
            title="A review that could not be settled waits for the committee",
            body=f"{why} One member who had no part in the review says how it goes on.",
            path=f"/committee/matters/{submission.id}",
            at=at,
        )
