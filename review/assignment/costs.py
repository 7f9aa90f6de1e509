"""What each rule of a run costs: the seats and the fit that there would be without it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from review.assignment.planning import Free, Mix, Routing, Seeker, plan
from review.assignment.relaxation import Tier


class Priced(StrEnum):
    """The rules that a run can be planned without, to see what they cost."""

    MIX = "mix"
    RINGS = "rings"
    PINS = "pins"


@dataclass(frozen=True)
class Cost:
    """How many more seats would be filled, and how much more fit there would be, without a rule."""

    rule: Priced
    seats: int
    fit: float


def costs(
    seekers: Sequence[Seeker],
    people: Sequence[Free],
    *,
    reviewed: frozenset[tuple[str, str]],
    rules: Mix,
    routing: Routing,
) -> tuple[Cost, ...]:
    """Return what each rule that is at work costs; conflicts and rights are not for sale."""
    without = {
        Priced.MIX: (
            [replace(one, tier=max(one.tier, Tier.MIX)) for one in seekers],
            reviewed,
        ),
        Priced.RINGS: (list(seekers), frozenset()),
        Priced.PINS: ([replace(one, pinned=frozenset()) for one in seekers], reviewed),
    }
    found = []
    for rule, (changed, pairs) in without.items():
        if changed == list(seekers) and pairs == reviewed:
            continue
        other = plan(changed, people, reviewed=pairs, rules=rules)
        found.append(
            Cost(
                rule,
                seats=max(len(other.offers) - len(routing.offers), 0),
                fit=max(other.total - routing.total, 0.0),
            )
        )
    return tuple(found)
