"""Who reads a badge's panels, and who may rate for a standard; each no carries its reason."""

from accounts.states import Role
from accounts.visitor import Visitor

FEWEST_PORTFOLIOS, MOST_PORTFOLIOS = 5, 60
FEWEST_PANELLISTS = 3


def may_read(visitor: Visitor, badge: str) -> bool:
    """Whether somebody may read how the reviews and decisions of the badge with a slug hold up."""
    return visitor.has(Role.PROGRAMME_MANAGER, Role.AUDITOR, badge=badge)


def objection_to_rating(visitor: Visitor, badge: str) -> str | None:
    """Return why somebody is not on the panel of a badge at all, or None."""
    if not visitor.has(Role.COMMITTEE, badge=badge):
        return "Only a committee member for this badge rates its portfolios."
    if visitor.has(Role.PROGRAMME_MANAGER, badge=badge):
        return "You run this badge and may know the levels, so others rate."
    return None


def objection_to_opening(portfolios: int, panellists: int) -> str | None:
    """Return why a study cannot begin with so many portfolios and panellists, or None."""
    if portfolios < FEWEST_PORTFOLIOS:
        return (
            f"A study needs {FEWEST_PORTFOLIOS} portfolios whose outcome can no longer be"
            f" disputed; there are {portfolios}. It can begin when more have theirs."
        )
    if panellists < FEWEST_PANELLISTS:
        return (
            f"A study needs {FEWEST_PANELLISTS} committee members who run no badge and had no"
            f" part in {FEWEST_PORTFOLIOS} of these portfolios; there are {panellists}. An"
            " administrator can give more people that role."
        )
    return None


def objection_to_closing(ratings: dict[str, int]) -> str | None:
    """Return why a study cannot be closed yet, or None; `ratings` counts each panellist's."""
    ready = sum(count >= FEWEST_PORTFOLIOS for count in ratings.values())
    if ready < FEWEST_PANELLISTS:
        return (
            f"A cut needs {FEWEST_PANELLISTS} panellists who rated {FEWEST_PORTFOLIOS} portfolios"
            f" or more each; so far {ready or 'none'} of them did. Wait for the others, or"
            " withdraw the study."
        )
    return None
