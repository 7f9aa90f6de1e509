"""How well somebody fits a submission, as named terms with published weights.

Nothing here looks at declines, pauses or lapsed invitations: saying no never lowers anybody's
standing (INV-40).
"""

from dataclasses import dataclass

from review.assignment.eligibility import Candidate, Matter

WEIGHTS = {"sector": 0.35, "experience": 0.25, "room": 0.40}
FULL_EXPERIENCE = 5
NEUTRAL = 0.5


@dataclass(frozen=True)
class Term:
    """One part of a fit: its name, its value from 0 to 1, its weight, and the words for it."""

    name: str
    value: float
    weight: float
    words: str


@dataclass(frozen=True)
class Affinity:
    """How well somebody fits, from 0 to 1, and why."""

    total: float
    terms: tuple[Term, ...]


def affinity(candidate: Candidate, matter: Matter) -> Affinity:
    """Return the weighted fit of an eligible candidate; the weights add up to 1."""
    terms = (_sector(candidate, matter), _experience(candidate), _room(candidate))
    return Affinity(sum(term.value * term.weight for term in terms), terms)


def _sector(candidate: Candidate, matter: Matter) -> Term:
    known = {one.casefold() for one in (candidate.sector, *candidate.sectors) if one}
    if not matter.sector or not known:
        return Term("sector", NEUTRAL, WEIGHTS["sector"], "The sector is not known.")
    if matter.sector.casefold() in known:
        return Term("sector", 1.0, WEIGHTS["sector"], "You know the sector this work comes from.")
    return Term("sector", 0.0, WEIGHTS["sector"], "You bring a view from another sector.")


def _experience(candidate: Candidate) -> Term:
    value = min(candidate.reviews_done, FULL_EXPERIENCE) / FULL_EXPERIENCE
    words = (
        f"You have reviewed {candidate.reviews_done} time"
        f"{'' if candidate.reviews_done == 1 else 's'} before."
        if candidate.reviews_done
        else "You are new to reviewing here, and welcome."
    )
    return Term("experience", value, WEIGHTS["experience"], words)


def _room(candidate: Candidate) -> Term:
    value = 1 - candidate.open_load / max(candidate.max_open, 1)
    return Term("room", max(value, 0.0), WEIGHTS["room"], "You have room for another review.")
