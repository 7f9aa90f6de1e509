"""Who is asking, as a plain value: a person with the roles held now, or nobody."""

from dataclasses import dataclass, field

from accounts.permissions import HOLDERS, ROLE_NAMES, Audience, Permission
from accounts.states import Role


@dataclass(frozen=True)
class Grant:
    """A role held now; an empty scope means every badge, else it is a badge's slug."""

    role: Role
    scope: str = ""


@dataclass(frozen=True)
class Visitor:
    """The person behind a request; `id` is None for a visitor without an account."""

    id: str | None = None
    name: str = ""
    grants: frozenset[Grant] = field(default_factory=frozenset)
    time_zone: str = "UTC"
    theme: str = "auto"

    @property
    def is_signed_in(self) -> bool:
        """Whether this is a known person."""
        return self.id is not None

    @property
    def person_id(self) -> str:
        """The person's id; only to be asked where a person is certain."""
        if self.id is None:
            raise LookupError("nobody is signed in")
        return self.id

    def has(self, *roles: Role, badge: str | None = None) -> bool:
        """Whether one of the roles is held, for the badge with slug `badge` if it is given."""
        return any(
            grant.role in roles and (badge is None or grant.scope in ("", badge))
            for grant in self.grants
        )


NOBODY = Visitor()


def objection(visitor: Visitor, permission: Permission, *, badge: str | None = None) -> str | None:
    """Return why the visitor may not do this kind of act at all, or None when they may."""
    holders = HOLDERS[permission]
    if holders is Audience.ANYONE:
        return None
    if not visitor.is_signed_in:
        return "Sign in first."
    if isinstance(holders, Audience):
        return None
    if visitor.has(*holders, badge=badge):
        return None
    names = " or ".join(sorted(ROLE_NAMES[role] for role in holders))
    return f"Only a {names} may {permission.value}."
