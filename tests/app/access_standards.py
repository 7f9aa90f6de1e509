"""Studies of the standard in the world of everybody who might ask: one open, one closed."""

from accounts.models import Person
from core.runtime import Runtime
from credentials.catalog.models import BadgeEdition
from review.panels.cuts import result_of
from review.panels.models import StandardStudy
from review.panels.states import StudyState


def set_standards(edition: BadgeEdition, work: str, manager: Person, edge: Runtime) -> None:
    """Have a study of one work open, as number 1, and one closed, as number 2."""
    at = edge.clock()
    closed = {
        "state": StudyState.CLOSED.value,
        "closed_by": manager.id,
        "closed_at": at,
        "result": result_of([3.0], [[2], [2], [3]], [1]) | {"digest": "0" * 64},
    }
    with edge.database.transaction() as session:
        for number, more in ((1, {}), (2, closed)):
            session.add(
                StandardStudy(
                    badge_id=edition.badge_id,
                    edition_id=edition.id,
                    number=number,
                    portfolios=[work],
                    opened_by=manager.id,
                    opened_at=at,
                    **more,
                )
            )
