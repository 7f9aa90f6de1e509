"""The named terms of a fit: each a value from 0 to 1, words for the reviewer and for the manager.

A term that nothing is known about is neutral, so that silence neither helps nor hurts. Nothing
here looks at declines, pauses or lapsed invitations: saying no never lowers anybody's standing
(INV-40).
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from math import ceil

from portfolio.evidence.identity import mask
from review.assignment.eligibility import Candidate, Held, Matter
from review.pool.rules import is_valid

NEUTRAL = 0.5
FULL_EXPERIENCE = 5
LONG_QUALIFIED = timedelta(days=730)
RESTED = timedelta(days=14)
# How many hours of work stand for one more review of experience that helps in judging it.
HOURS_PER_STEP = 15
HOLDER, GRANTED = 0.7, 0.5
# From so many people on, a word counts only when so many, and such a share of them, know it.
FEW_PEOPLE, FEWEST, SHARE = 10, 3, 0.1
LONGEST_BONUS = 0.3


@dataclass(frozen=True)
class Term:
    """One part of a fit: its name, its value from 0 to 1, its weight, and the words for it.

    `words` speak to the reviewer, `note` to whoever runs the programme.
    """

    name: str
    value: float
    weight: float
    words: str
    note: str = ""


@dataclass(frozen=True)
class Reading:
    """What one term says of a candidate, before it is weighed."""

    value: float
    words: str
    note: str


def qualification(candidate: Candidate, matter: Matter) -> Reading:
    """Return how well founded somebody's right to review this badge is."""
    held = [one for one in candidate.qualifications if _stands(one, matter)]
    if not held:
        return Reading(
            NEUTRAL, "You may review for this badge.", "Nothing more is known of their right."
        )
    best = max(held, key=lambda one: (_founded(one, matter.read_at), one.source))
    if best.source == "badge_holder":
        words, note = "You hold this badge yourself.", "Holds the badge."
    else:
        words, note = "The programme qualified you for this badge.", "Qualified by hand."
    return Reading(_founded(best, matter.read_at), words, note)


def competencies(candidate: Candidate, matter: Matter) -> Reading:
    """Return the share of the badge's competencies that somebody's other badges cover."""
    wanted = folded(matter.competencies)
    known = [names for badge_id, names in candidate.competencies if badge_id != matter.badge_id]
    if not wanted or not known:
        return Reading(
            NEUTRAL,
            "Your other badges say nothing about what this one stands for.",
            "Nothing is known of their other competencies.",
        )
    found = wanted & frozenset().union(*(folded(names) for names in known))
    count = f"{len(found)} of {len(wanted)}"
    return Reading(
        len(found) / len(wanted),
        f"Your other badges cover {count} of the competencies it stands for.",
        f"Other badges cover {count} competencies.",
    )


def sector(candidate: Candidate, matter: Matter) -> Reading:
    """Return whether somebody knows the sector that the work comes from."""
    known = folded((candidate.sector, *candidate.sectors))
    wanted = fold(matter.sector)
    if wanted in known and mask(matter.sector, matter.hidden) != matter.sector:
        wanted = ""
    if wanted and matter.common is not None and wanted not in matter.common:
        return Reading(
            NEUTRAL, "Few know its sector.", "Too few of the pool know its sector for it to count."
        )
    if not wanted or not known:
        return Reading(NEUTRAL, "The sector is not known.", "The sector is not known.")
    if wanted in known:
        return Reading(
            1.0, "You know the sector this work comes from.", "Knows the sector of the work."
        )
    return Reading(0.0, "You bring a view from another sector.", "Comes from another sector.")


def topics(candidate: Candidate, matter: Matter) -> Reading:
    """Return the share of somebody's topics that the badge or the work's setting touches.

    A topic that only a word touches which gives the learner away is not touched (INV-12).
    """
    mine = folded(candidate.topics)
    setting = _words_of(matter.setting)
    if not mine or not (matter.topics or setting.strip()):
        return Reading(
            NEUTRAL, "You have not named topics that could tell more.", "No topics to compare."
        )
    tags = folded(matter.topics)
    met = sorted(one for one in mine if one in tags or f" {one} " in setting)
    if matter.hidden and not tags.issuperset(met):
        shown = _words_of(mask(matter.setting, matter.hidden))
        met = [one for one in met if one in tags or f" {one} " in shown]
    if matter.common is not None:
        met = [one for one in met if one in tags or one in matter.common]
    if not met:
        return Reading(0.0, "It lies beside the topics you named.", "None of their topics is met.")
    # One topic that is met says most; naming more topics never makes a fit worse.
    value = 1 - 0.5 ** len(met)
    named = ", ".join(met[:3])
    return Reading(value, f"It touches your topics: {named}.", f"Topics met: {named}.")


def language(candidate: Candidate, matter: Matter) -> Reading:
    """Return whether the work is in somebody's first language; the hard rule stands beside it."""
    if not candidate.first_language:
        return Reading(NEUTRAL, "You review in its language.", "Their first language is not known.")
    if candidate.first_language == matter.language:
        return Reading(
            1.0, "It is written in your first language.", "The work is in their first language."
        )
    return Reading(0.0, "You review in its language too.", "Reviews in its language as well.")


def level(candidate: Candidate, matter: Matter) -> Reading:
    """Return somebody's experience against how much the badge asks for."""
    wanted = 1 + max(matter.workload_hours, 0) // HOURS_PER_STEP
    value = min((candidate.reviews_done + 1) / wanted, 1.0)
    if value >= 1:
        return Reading(
            value, "Your experience fits the size of this badge.", "Experience fits the size."
        )
    return Reading(
        value,
        "A larger badge than those you mostly read; a good one to grow with.",
        f"{count_of(candidate.reviews_done)} in all for a badge of {matter.workload_hours} hours.",
    )


def experience(candidate: Candidate, matter: Matter) -> Reading:
    """Return how often somebody has reviewed this very badge."""
    done = dict(candidate.reviews_by_badge).get(matter.badge_id, 0)
    value = min(done, FULL_EXPERIENCE) / FULL_EXPERIENCE
    if not done:
        words = "You have not reviewed this badge before, and are welcome."
        return Reading(value, words, "New to this badge.")
    return Reading(
        value,
        f"You have given {count_of(done)} for this badge.",
        f"{count_of(done)} for this badge.",
    )


def room(candidate: Candidate, _matter: Matter) -> Reading:
    """Return the share of their places that somebody has free."""
    most = max(candidate.max_open, 1)
    free = max(most - candidate.open_load, 0)
    words = "You have room for another review." if free else "You have as many as you wish."
    return Reading(free / most, words, f"{free} of {most} places free.")


def rest(candidate: Candidate, matter: Matter) -> Reading:
    """Return how long ago somebody last took on or finished a review."""
    last = candidate.last_review_at
    if last is None:
        return Reading(1.0, "You are not in the middle of a run of reviews.", "Well rested.")
    if matter.read_at is None:
        return Reading(NEUTRAL, "Your last review is a while ago.", "Not looked at.")
    passed = max(matter.read_at - last, timedelta())
    days = passed.days
    ago = "today" if days == 0 else f"{days} day{'' if days == 1 else 's'} ago"
    return Reading(
        min(passed / RESTED, 1.0),
        f"Your last review was {ago}.",
        f"Last took on or finished a review {ago}.",
    )


def commonly_known(pool: Sequence[Iterable[str]]) -> frozenset[str] | None:
    """Return the sectors and topics that enough of a pool know; None where it is too small to say.

    `pool` has the words of each person. A word that learner and reviewer have agreed on would
    else choose the reviewer, and a rare one would tell who they are.
    """
    if len(pool) < FEW_PEOPLE:
        return None
    counts = Counter(word for words in pool for word in folded(words))
    least = max(FEWEST, ceil(SHARE * len(pool)))
    return frozenset(word for word, count in counts.items() if count >= least)


Look = Callable[[Candidate, Matter], Reading]
# In the order in which weights are published.
LOOKS: dict[str, Look] = {
    "qualification": qualification,
    "competencies": competencies,
    "sector": sector,
    "topics": topics,
    "language": language,
    "level": level,
    "experience": experience,
    "room": room,
    "rest": rest,
}


@lru_cache(maxsize=65_536)
def fold(text: str) -> str:
    """Return text for comparing: without case, marks and double spaces."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    return " ".join("".join(c for c in plain if not unicodedata.combining(c)).split())


def folded(names: Iterable[str]) -> frozenset[str]:
    """Return names for comparing, without the empty ones."""
    return _folded(tuple(names))


@lru_cache(maxsize=65_536)
def _folded(names: tuple[str, ...]) -> frozenset[str]:
    return frozenset(fold(one) for one in names) - {""}


@lru_cache(maxsize=1_024)
def _words_of(setting: str) -> str:
    """Return the words of a text, each with a space on both sides."""
    return " " + " ".join(re.findall(r"[^\W_]+", fold(setting))) + " "


def count_of(reviews: int) -> str:
    """Return a number of reviews in words: "1 review", "3 reviews"."""
    return f"{reviews} review{'' if reviews == 1 else 's'}"


def _stands(held: Held, matter: Matter) -> bool:
    if held.badge_id != matter.badge_id:
        return False
    return matter.read_at is None or is_valid(
        held.state, valid_from=held.valid_from, valid_until=held.valid_until, at=matter.read_at
    )


def _founded(held: Held, at: datetime | None) -> float:
    base = HOLDER if held.source == "badge_holder" else GRANTED
    if at is None:
        return base
    return base + LONGEST_BONUS * min(max((at - held.valid_from) / LONG_QUALIFIED, 0.0), 1.0)
