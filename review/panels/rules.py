"""Who reads a badge's panels, and who may rate for a standard; each no carries its reason."""

from accounts.states import Role
from accounts.visitor import Visitor


def may_read(visitor: Visitor, badge: str) -> bool:
    """Whether somebody may read how the reviews and decisions of the badge with a slug hold up."""
    return visitor.has(Role.PROGRAMME_MANAGER, Role.AUDITOR, badge=badge)
