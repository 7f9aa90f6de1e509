"""What a plan must keep beside the candidates: counts, labels, and caps by label."""

from dataclasses import dataclass

from review.assignment.candidates import Bools, Floats, Ints


@dataclass(frozen=True)
class Limits:
    """What a plan must keep: counts by submission and reviewer, labels, and caps by label.

    `empty` is how much more it costs to leave a slot of a submission empty, as similarity;
    `units` is how many parts each slot is split into, `pair` how many of them a pair may carry.
    """

    demand: Ints
    load_max: Ints
    load_min: Ints
    institution: Ints | None = None
    institution_cap: int | None = None
    region: Ints | None = None
    region_cap: int | None = None
    senior: Bools | None = None
    empty: Floats | None = None
    units: int = 1
    pair: int = 1

    @property
    def has_groups(self) -> bool:
        """Whether institutions or regions are limited."""
        return self.institution_cap is not None or self.region_cap is not None
