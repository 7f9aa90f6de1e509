"""Neutral names for submissions: easy to say, drawn afresh, linked to nothing (INV-13)."""

import secrets

NAMES = (
    "Amber", "Ash", "Basalt", "Beryl", "Birch", "Brass", "Bronze", "Cedar", "Chalk", "Clay",
    "Cobalt", "Copper", "Coral", "Elm", "Flint", "Garnet", "Granite", "Hazel", "Indigo", "Iron",
    "Jade", "Juniper", "Larch", "Linen", "Maple", "Marble", "Nickel", "Oak", "Ochre", "Onyx",
    "Opal", "Pearl", "Pewter", "Pine", "Quartz", "Rowan", "Russet", "Sable", "Silver", "Slate",
    "Spruce", "Steel", "Teak", "Tin", "Topaz", "Umber", "Walnut", "Willow", "Yew", "Zinc",
)  # fmt: skip


def new_pseudonym() -> str:
    """Return a name such as "Slate 4721"; the chance that two are equal does no harm."""
    return f"{secrets.choice(NAMES)} {1000 + secrets.randbelow(9000)}"
