"""A badge whose reviews are moderated, and people who do it."""

from dataclasses import replace
from typing import Any

from accounts.models import Person
from accounts.states import Role
from core.runtime import Runtime
from credentials.catalog.definition import ReviewPolicy
from credentials.catalog.models import BadgeEdition
from review.assignment.models import Assignment
from review.moderation import services
from review.moderation.models import Moderation
from review.moderation.states import ModerationState, ReturnReason
from review.scoring.models import Review
from tests.factories import Factory, sample_definition
from tests.review.stages import Stage

NOTE = "Say what in the sheet shows it, so that the learner can follow you."


def moderated(make: Factory, **policy: Any) -> BadgeEdition:
    """Publish a badge of which a moderator reads the first reviews of each reviewer."""
    asked = {"moderated_reviews": 3, **policy}
    return make.edition(
        sample_definition(review_policy=replace(ReviewPolicy(min_rationale_words=3), **asked))
    )


class Scene:
    """A submission under review on such a badge, with a moderator for it."""

    def __init__(self, edge: Runtime, make: Factory, **policy: Any) -> None:
        self.edge, self.make = edge, make
        self.stage = Stage(edge, make)
        self.edition = moderated(make, **policy)
        self.moderator = self.person("Mo Moderator")
        self.stage.under_review(edition=self.edition)
        self.first, self.second = self.stage.working()

    def person(self, name: str, role: Role = Role.MODERATOR) -> Person:
        """Make somebody with a role for every badge."""
        return self.make.person(name, roles_held=(role,))

    def seal(self, assignment: Assignment, levels: tuple[int | None, ...] = (3, 3)) -> Moderation:
        """Seal a review, and return the moderation that it waits for."""
        self.stage.seal(assignment, levels)
        (review,) = self.make.rows(Review, assignment_id=assignment.id)
        return next(one for one in self.waiting() if one.review_id == review.id)

    def waiting(self) -> list[Moderation]:
        """Return what waits, the oldest first."""
        found = self.make.rows(Moderation, state=ModerationState.WAITING.value)
        return sorted(found, key=lambda one: (one.opened_at, one.id))

    def pass_on(self, found: Moderation, by: Person | None = None) -> None:
        """Pass a review, and do what follows."""
        with self.edge.database.transaction() as session:
            services.pass_on(session, found.id, by=(by or self.moderator).id, at=self.edge.clock())
        self.stage.drain()

    def send_back(self, found: Moderation, by: Person | None = None, note: str = NOTE) -> None:
        """Hand a review back for a reason that is missing on C1, and do what follows."""
        with self.edge.database.transaction() as session:
            services.send_back(
                session,
                found.id,
                reasons=[ReturnReason.MISSING_RATIONALE],
                criteria=["C1"],
                note=note,
                by=(by or self.moderator).id,
                at=self.edge.clock(),
            )
        self.stage.drain()
