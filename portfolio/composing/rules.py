"""When a text has moved on, what a save would lose, and who may be asked to attest."""

from collections.abc import Iterable, Mapping

from core.digest import digest_of

MOST_ATTESTERS = 3
DISCLOSURES = ("ai_use", "team_share", "earlier_use")
# The three things an outside person confirms, in the words of the page they see.
FACTS: dict[str, str] = {
    "who": "{name} did this work in the role named here.",
    "when": "It was done at the time that is given.",
    "fair": "What is shown gives a fair picture of it.",
}


def base_of(*texts: str) -> str:
    """Return the short fingerprint by which a form says which saved text it started from."""
    return digest_of(list(texts))[:16]


def base_of_claims(claims: Mapping[str, str]) -> str:
    """Return the fingerprint of the criteria claimed and their locators, in any order."""
    return base_of(*(part for pair in sorted(claims.items()) for part in pair))


def loses_words(old: str, new: str) -> bool:
    """Whether saving `new` in place of `old` takes away anything typed; growth does not."""
    pairs = enumerate(zip(old, new, strict=False))
    start = next((at for at, (one, other) in pairs if one != other), min(len(old), len(new)))
    rest = old[start:]
    return not new[start:].endswith(rest)


def wording_of_context(role: str, sector: str, context: str) -> str:
    """Return the context as one text, for the list of earlier texts."""
    return _joined({"Role": role, "Sector": sector, "Setting": context})


def wording_of_disclosures(disclosures: Mapping[str, str]) -> str:
    """Return the disclosures as one text, for the list of earlier texts."""
    names = ("Use of AI", "Own share", "Earlier use")
    return _joined(
        {name: disclosures.get(key, "") for name, key in zip(names, DISCLOSURES, strict=True)}
    )


def wording_of_claims(claims: Mapping[str, str]) -> str:
    """Return claims as one text, for the list of earlier texts."""
    return "\n".join(f"{key}: {locator}".rstrip() for key, locator in sorted(claims.items()))


def _joined(parts: Mapping[str, str]) -> str:
    return "\n\n".join(f"{name}: {text}" for name, text in parts.items() if text)


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
