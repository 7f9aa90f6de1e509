"""Who may work on a portfolio, and when a text has moved on; each no carries its reason."""

from collections.abc import Iterable

from core.digest import digest_of

MOST_ATTESTERS = 3


def base_of(*texts: str) -> str:
    """Return the short fingerprint by which a form says which saved text it started from."""
    return digest_of(list(texts))[:16]


def has_moved_on(*, stored: str, base: str, new: str) -> bool:
    """Whether somebody saved another text since the form was loaded (two tabs, two devices)."""
    return base not in (stored, "") and stored != new


def objection_to_asking(
    *, address_key: str, own_keys: Iterable[str], asked_keys: Iterable[str]
) -> str | None:
    """Return why a person cannot be asked to attest, or None; keys are folded addresses."""
    asked = list(asked_keys)
    if address_key in own_keys:
        return "This is your own address. Ask a client, a sponsor or a line manager."
    if address_key in asked:
        return "You have asked this person already."
    if len(asked) >= MOST_ATTESTERS:
        return f"You have asked {MOST_ATTESTERS} people already; withdraw one first."
    return None
