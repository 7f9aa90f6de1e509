"""Seconds to know every conflict of interest: from the index, and by asking about every pair.

A world of people with an address, an employer or two, former employers, declared ties and
attesters. The index is built one fact at a time and asked about every submission; asking about
every pair is timed on a part of the submissions, and both must agree there. Then facts come and
go one at a time, each with the answer for the learner it concerns.
"""

import argparse
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import numpy as np

from review.assignment.conflicts import Conflicts, conflicts_of, index_of
from review.assignment.eligibility import Candidate, Matter, Organisation, Tie, tie_between

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


@dataclass(frozen=True)
class World:
    """Reviewers, and the matters of learners who are no reviewers."""

    candidates: list[Candidate]
    matters: list[Matter]


def world(people: int, submissions: int, employers: int, seed: int = 1) -> World:
    """Return a world in which everybody works somewhere, one in five worked elsewhere before."""
    draw = random.Random(seed)

    def jobs() -> tuple[Organisation, ...]:
        now = Organisation(f"Works {draw.randrange(employers)} GmbH")
        if draw.random() > 0.2:
            return (now,)
        left = date(2026, 3, 2) - timedelta(days=draw.randrange(2000))
        return (now, Organisation(f"Works {draw.randrange(employers)} Ltd", None, left))

    def ties() -> tuple[Tie, ...]:
        kinds: list[Callable[[], Tie]] = [
            lambda: Tie(other_person_id=f"p{draw.randrange(people)}"),
            lambda: Tie(other_key=f"p{draw.randrange(people)}@example.org"),
            lambda: Tie(organisation=f"works {draw.randrange(employers)}"),
        ]
        return (draw.choice(kinds)(),) if draw.random() < 0.1 else ()

    candidates = [
        Candidate(f"p{n}", frozenset({f"p{n}@example.org"}), jobs(), ties()) for n in range(people)
    ]
    matters = [
        Matter(
            submission_id=f"s{n}",
            learner_id=f"l{n}",
            badge_id="b",
            identity_keys=frozenset({f"l{n}@example.org"}),
            organisations=jobs(),
            ties=ties(),
            attester_keys=frozenset({f"p{draw.randrange(people)}@example.org"}),
        )
        for n in range(submissions)
    ]
    return World(candidates, matters)


def compare(found: World, sample: int) -> tuple[int, int, float, float]:
    """Return conflicts, rows built, and the seconds by the index and by every pair (reckoned)."""
    began = time.perf_counter()
    tied = conflicts_of(found.candidates, found.matters, at=AT)
    ours = time.perf_counter() - began
    some = found.matters[:: max(1, len(found.matters) // sample)][:sample]
    began = time.perf_counter()
    pairs = {
        matter.submission_id: {
            one.person_id: tie.code
            for one in found.candidates
            if (tie := tie_between(one, matter, at=AT)) is not None
        }
        for matter in some
    }
    theirs = (time.perf_counter() - began) * len(found.matters) / len(some)
    if any(pairs[one] != tied[one] for one in pairs):
        raise SystemExit("The index and the pairs do not agree.")
    return sum(map(len, tied.values())), len(some), ours, theirs


def change(index: Conflicts, person: str, number: int) -> None:
    """Add a person, or an employer, an attester or a tie of one."""
    match number % 4:
        case 0:
            index.add_person(f"new{number}", organisations=[Organisation("Works 7")])
        case 1:
            index.add_organisation(person, Organisation(f"Works {number}"))
        case 2:
            index.add_attester(person, f"p{number}@example.org")
        case _:
            index.add_tie(person, Tie(other_person_id=f"p{number}"))


def changes(found: World) -> list[float]:
    """Return the milliseconds of one fact more and the new answer for whom it concerns."""
    index = index_of(found.candidates)
    draw = random.Random(2)
    times = []
    for number in range(2000):
        person = draw.choice(found.candidates).person_id
        began = time.perf_counter()
        change(index, person, number)
        index.tied_to(person, at=AT)
        times.append((time.perf_counter() - began) * 1000)
    return times


def main() -> None:
    """Print a table by size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, nargs="*", default=[1_000, 3_000, 10_000])
    parser.add_argument("--employers", type=int, default=1_000)
    parser.add_argument("--sample", type=int, default=20)
    options = parser.parse_args()
    print(
        f"{'people':>8} {'works':>7} {'conflicts':>10} {'index s':>8} {'pairs s':>9} {'times':>7}"
        f"   a change and its answer, ms: median, p99"
    )
    sizes, seconds = [], []
    for people in options.people:
        found = world(people, people // 2, options.employers)
        conflicts, checked, ours, theirs = compare(found, options.sample)
        middle, late = np.percentile(changes(found), [50, 99])
        print(
            f"{people:>8,} {people // 2:>7,} {conflicts:>10,} {ours:>8.2f} {theirs:>9.1f}"
            f" {theirs / ours:>7.0f}   {middle:.4f}, {late:.4f}"
            f"   (pairs reckoned from {checked} works, which agree)",
            flush=True,
        )
        sizes.append(people)
        seconds.append(ours)
    if len(sizes) > 1:
        growth = np.polyfit(np.log(sizes), np.log(seconds), 1)[0]
        print(f"Conflicts of n people and n / 2 works take n^{growth:.2f} from the index.")


if __name__ == "__main__":
    main()
