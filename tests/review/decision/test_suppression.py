"""What is shown by group, and by brute force that nothing hidden can be computed back."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Invalid
from review.decision.figures import Lack
from review.decision.suppression import Breakdown, Tally, breakdown

Table = tuple[Tally, ...]
NAMES = "abcd"
TALLIES = st.integers(0, 40).flatmap(
    lambda count: st.integers(0, count).map(lambda passed: Tally(count, passed))
)


def of(**groups: tuple[int, int]) -> dict[str, Tally]:
    return {name: Tally(*tally) for name, tally in groups.items()}


def shown(found: Breakdown) -> list[tuple[tuple[str, ...], int, int]]:
    return [(row.groups, row.tally.count, row.tally.passed) for row in found.rows]


def test_a_small_group_is_shown_only_with_the_smallest_that_is_not() -> None:
    found = breakdown(of(north=(60, 40), south=(12, 9), east=(3, 0), west=(30, 21)))

    assert shown(found) == [
        (("north",), 60, 40),
        (("west",), 30, 21),
        (("east", "south"), 15, 9),
    ]
    assert (found.total.tally, found.lack) == (Tally(105, 70), None)
    assert found.rows[2].passed.value == pytest.approx(0.6)


def test_groups_that_are_all_large_are_all_shown() -> None:
    found = breakdown(of(north=(60, 60), south=(12, 0)))

    assert shown(found) == [(("north",), 60, 60), (("south",), 12, 0)]


@pytest.mark.parametrize(
    ("groups", "lack"),
    [
        (of(), Lack.NONE_GIVEN),
        (of(a=(0, 0)), Lack.NONE_GIVEN),
        (of(a=(50, 20)), Lack.WITHHELD),
        (of(a=(9, 4), b=(9, 4), c=(9, 4)), Lack.WITHHELD),
        (of(a=(50, 20), b=(1, 1)), Lack.WITHHELD),
        (of(a=(50, 25), b=(10, 0), c=(2, 0)), Lack.WITHHELD),
        (of(a=(50, 25), b=(10, 10), c=(2, 2)), Lack.WITHHELD),
        (of(a=(50, 5), b=(10, 1), c=(2, 1)), Lack.WITHHELD),
    ],
)
def test_a_split_that_would_tell_is_withheld(groups: dict[str, Tally], lack: Lack) -> None:
    found = breakdown(groups)

    assert (found.rows, found.lack) == ((), lack)


@given(st.dictionaries(st.sampled_from("abcdefgh"), TALLIES), st.randoms(use_true_random=False))
def test_rows_add_up_to_the_total_in_any_order_of_groups(groups: Any, chance: Any) -> None:
    mixed = dict(chance.sample(sorted(groups.items()), len(groups)))

    found = breakdown(groups)

    assert breakdown(mixed) == found
    assert found.total.tally == Tally(
        sum(each.count for each in groups.values()), sum(each.passed for each in groups.values())
    )
    if found.rows:
        assert sum(row.tally.count for row in found.rows) == found.total.tally.count
        assert sum(row.tally.passed for row in found.rows) == found.total.tally.passed
        assert min(row.tally.count for row in found.rows) >= 10


@pytest.mark.parametrize("groups", [of(a=(3, 4)), of(a=(3, -1)), of(a=(-1, -1))])
def test_bad_input_is_named(groups: dict[str, Tally]) -> None:
    with pytest.raises(Invalid, match="group a"):
        breakdown(groups)


def test_a_small_group_has_two_people_or_more() -> None:
    with pytest.raises(Invalid, match="two people"):
        breakdown(of(a=(3, 1)), smallest_shown=1)


def tables(sizes: Iterable[tuple[int, ...]]) -> Iterator[Table]:
    """Yield every table of groups of these sizes."""
    for counts in sizes:
        for passes in product(*(range(count + 1) for count in counts)):
            yield tuple(Tally(*each) for each in zip(counts, passes, strict=True))


Release = Callable[[Table, int], tuple[Any, ...]]


def released(table: Table, smallest_shown: int) -> tuple[Any, ...]:
    """Return all that is shown, as something that can be compared."""
    found = breakdown(dict(zip(NAMES, table, strict=False)), smallest_shown=smallest_shown)
    return (tuple(shown(found)), found.total.tally)


def carelessly_released(table: Table, smallest_shown: int) -> tuple[Any, ...]:
    """Return what is shown where small groups are left out and that is all."""
    rows = [((NAMES[place],), each.count, each.passed) for place, each in enumerate(table)]
    total = Tally(sum(each.count for each in table), sum(each.passed for each in table))
    return (tuple(row for row in rows if row[1] >= smallest_shown), total)


def hidden(release: tuple[Any, ...], table: Table) -> list[int]:
    """Return the places of the groups that were not shown by themselves."""
    by_themselves = {groups[0] for groups, *_ in release[0] if len(groups) == 1}
    return [place for place in range(len(table)) if NAMES[place] not in by_themselves]


def undone(
    sizes: list[tuple[int, ...]],
    smallest_shown: int,
    *,
    knows_sizes: bool,
    by: Release = released,
) -> list[Any]:
    """Return what somebody who tries every table can tell of hidden groups.

    Such a person knows the rule, the release and its totals, and perhaps each group's size. What
    the totals tell without any release is not counted.
    """
    by_release, by_totals = defaultdict(list), defaultdict(list)
    for table in tables(sizes):
        known = tuple(each.count for each in table) if knows_sizes else ()
        release = by(table, smallest_shown)
        by_release[release, known].append(table)
        by_totals[release[1], known].append(table)
    found = []
    for (release, known), possible in by_release.items():
        for place in hidden(release, possible[0]):
            for what in ("passed",) if knows_sizes else ("count", "passed"):
                values = {getattr(table[place], what) for table in possible}
                before = {getattr(table[place], what) for table in by_totals[release[1], known]}
                if len(values) == 1 and len(before) > 1:
                    found.append((release, known, place, what))
    return found


@pytest.mark.parametrize(("groups", "largest", "smallest_shown"), [(2, 9, 3), (3, 6, 3), (4, 3, 2)])
@pytest.mark.parametrize("knows_sizes", [False, True])
def test_no_hidden_number_can_be_computed_back(
    groups: int, largest: int, smallest_shown: int, knows_sizes: bool
) -> None:
    sizes = list(product(range(1, largest + 1), repeat=groups))

    assert undone(sizes, smallest_shown, knows_sizes=knows_sizes) == []


def test_the_attack_undoes_a_table_that_only_leaves_small_groups_out() -> None:
    sizes = list(product(range(1, 6), repeat=3))

    assert undone(sizes, 3, knows_sizes=False, by=carelessly_released) != []
    assert undone(sizes, 3, knows_sizes=True, by=carelessly_released) != []
