"""What waits for somebody: one next actor, one deadline, one thing to do (INV-38).

Every room offers `waiting_for(session, visitor, *, at) -> list[Waiting]` in its queries; the home
page puts them together. An entry whose `who` is `YOU` waits for the reader of the page; any other
`who` ("A reviewer", "The committee") says with whom something of theirs is on its way.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

YOU = "You"
LAST = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Waiting:
    """One matter: what it is, who acts next, by when if that is known, and where to act on it.

    `path` is a local path; `action` is what its link says ("Answer the invitation").
    """

    title: str
    body: str
    path: str
    who: str = YOU
    by: datetime | None = None
    action: str = "Open"

    @property
    def is_yours(self) -> bool:
        """Whether the reader of the page acts next."""
        return self.who.casefold() == YOU.casefold()


def soonest_first(entries: list[Waiting]) -> list[Waiting]:
    """Return the entries by deadline; those without one come last, in the order they had."""
    return sorted(entries, key=lambda entry: entry.by or LAST)
