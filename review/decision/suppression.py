"""First-time pass by group, with small groups hidden so that nothing hidden can be computed back.

Hiding a small number alone is no use where the total is known: it is the total less the rest
(complementary disclosure: Cox 1980, J. Am. Stat. Assoc. 75, 377-385; Hundepool et al. 2012,
Statistical Disclosure Control, ch. 4). So all small groups are shown together with the smallest
group that is not small. Whoever knows this rule, every figure shown and the totals still has at
least two possible values for the size and for the passes of each group that was not shown by
itself; whoever knows the sizes of the groups too still has two for its passes.

This holds for one table. Two tables of nearly the same people, such as this week's and last
week's, can be subtracted: show fixed terms, each once, long enough to be complete.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from core.errors import Invalid
from review.decision.figures import CONFIDENCE, Figure, Lack, checked, share

SMALLEST_SHOWN = 10


@dataclass(frozen=True)
class Tally:
    """How many of a group there were, and how many of them passed the first time."""

    count: int
    passed: int


@dataclass(frozen=True)
class Row:
    """One group, or several that are only shown together, with the share that passed."""

    groups: tuple[str, ...]
    tally: Tally
    passed: Figure


@dataclass(frozen=True)
class Breakdown:
    """The rows, none where `lack` says that the split is withheld, and all groups as one."""

    rows: tuple[Row, ...]
    total: Row
    lack: Lack | None = None


def breakdown(
    groups: Mapping[str, Tally],
    *,
    smallest_shown: int = SMALLEST_SHOWN,
    confidence: float = CONFIDENCE,
) -> Breakdown:
    """Return what may be shown of groups, the largest first and those shown together last.

    A group without anybody is left out. Nothing is split where fewer than two rows would be
    left. Nor where everybody, or nobody, of those shown together passed, since that would tell
    each one's result; and so that withholding does not tell it either, nothing is split
    whenever, by the totals alone, it could not have been both.

    Raises Invalid where more passed than there were, or a small group is one of fewer than two.
    """
    checked(confidence)
    if smallest_shown < 2:
        raise Invalid("The smallest group shown has two people or more.", "smallest_shown")
    for name, tally in groups.items():
        if not 0 <= tally.passed <= tally.count:
            raise Invalid(f"Of the group {name} more passed than there were.", "groups")
    there = {name: tally for name, tally in groups.items() if tally.count}
    total = _row(tuple(sorted(there)), there, confidence)
    together = _shown_together(there, smallest_shown)
    alone = [name for name in there if name not in together]
    if len(alone) + bool(together) < 2:
        return Breakdown((), total, Lack.WITHHELD if there else Lack.NONE_GIVEN)
    rows = [
        _row((name,), there, confidence)
        for name in sorted(alone, key=lambda name: (-there[name].count, name))
    ]
    if together:
        pool = _row(together, there, confidence)
        if _tells(pool.tally, total.tally):
            return Breakdown((), total, Lack.WITHHELD)
        rows.append(pool)
    return Breakdown(tuple(rows), total)


def _shown_together(there: Mapping[str, Tally], smallest_shown: int) -> tuple[str, ...]:
    """Return the small groups with the smallest of the others, and all that are of its size.

    Which of them is the larger is then as unknown as how large each is.
    """
    small = [name for name, tally in there.items() if tally.count < smallest_shown]
    if not small:
        return ()
    least = min((there[name].count for name in there if name not in small), default=0)
    return tuple(sorted({*small, *(name for name in there if there[name].count == least)}))


def _tells(pool: Tally, total: Tally) -> bool:
    """Say whether showing or withholding the pool could tell what each of its groups did."""
    is_open = pool.count <= total.passed <= total.count - pool.count
    return not is_open or pool.passed in (0, pool.count)


def _row(names: tuple[str, ...], there: Mapping[str, Tally], confidence: float) -> Row:
    tally = Tally(
        sum(there[name].count for name in names), sum(there[name].passed for name in names)
    )
    return Row(names, tally, share(tally.passed, tally.count, confidence=confidence))
