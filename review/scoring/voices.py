"""What sealed reviews say to those who may read them, without a trace of who wrote them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.digest import sha256_hex
from portfolio.evidence.identity import mask
from review.assignment.models import Assignment
from review.scoring.models import Review
from review.scoring.queries import answers_of, identity_of
from review.scoring.rules import Answer, masked_answer


@dataclass(frozen=True)
class Voice:
    """What one sealed review says, with nothing that names its writer."""

    review_id: str
    assignment_id: str
    answers: Mapping[str, Answer]
    feedback: str


def voices(
    session: Session, digests: Collection[str], *, order: str, hidden: Sequence[str] = ()
) -> list[Voice]:
    """Return what sealed reviews say, masked of every writer's names and of `hidden`.

    The order is drawn from `order` and the reviews' ids, so that it tells nothing of names or
    times (BR5).
    """
    rows = session.execute(
        select(Review, Assignment.reviewer_id)
        .join(Assignment, Assignment.id == Review.assignment_id)
        .where(Review.digest.in_(digests))
    ).all()
    words = {word for _, writer in rows for word in identity_of(session, writer)}
    needles = sorted({*words, *hidden}, key=lambda needle: (-len(needle), needle))
    found = []
    for review, _ in sorted(rows, key=lambda row: sha256_hex(f"{order}:{row[0].id}")):
        found.append(
            Voice(
                review_id=review.id,
                assignment_id=review.assignment_id,
                answers={
                    key: masked_answer(answer, needles)
                    for key, answer in answers_of(session, review.id).items()
                },
                feedback=mask(review.feedback, needles),
            )
        )
    return found
