"""What a certificate of hours says, and the code it is checked by: pure.

A code is 20 random characters of base32, 100 bits. At a thousand tries a second, one in a million
million would be found among a million certificates after about forty years.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from core.errors import Invalid
from review.recognition.credit import Entry
from review.recognition.states import CreditKind

CODE_LENGTH = 20
GROUP = 5
SHORTEST = timedelta(days=28)
# Digits that somebody who types a code off paper takes letters for.
MISREAD = str.maketrans("018", "olb")


def grouped(code: str) -> str:
    """Return a code in groups, as it is printed: abcde-fghij-klmno-pqrst."""
    return "-".join(code[at : at + GROUP] for at in range(0, len(code), GROUP))


def typed(text: str) -> str:
    """Return the code that somebody meant who typed it off paper, or nothing."""
    plain = re.sub(r"[\s-]", "", text).lower().translate(MISREAD)
    return grouped(plain) if re.fullmatch(rf"[a-z2-7]{{{CODE_LENGTH}}}", plain) else ""


def check_period(from_date: date, until_date: date, *, today: date) -> None:
    """Raise Invalid for a period that makes no sense, or that would tell one review by its day."""
    if until_date < from_date:
        raise Invalid("The last day comes before the first.", "until_date")
    if until_date > today:
        raise Invalid("Choose a last day that is not still to come.", "until_date")
    if until_date - from_date + timedelta(days=1) < SHORTEST:
        raise Invalid(
            "Choose four weeks at least: a shorter time could tell a learner whose review you"
            " wrote.",
            "until_date",
        )


def span_of(from_date: date, until_date: date, zone: str) -> tuple[datetime, datetime]:
    """Return when the first day begins and the last one has ended, in a time zone."""
    here = ZoneInfo(zone)
    return (
        datetime.combine(from_date, time(), here),
        datetime.combine(until_date + timedelta(days=1), time(), here),
    )


def content_of(
    entries: Sequence[Entry],
    *,
    name: str,
    issuer: str,
    from_date: date,
    until_date: date,
    marks: Mapping[str, Mapping[str, Any]],
) -> dict[str, Any]:
    """Return what a certificate says, as plain values; no submission and no day is in it.

    `marks` maps a badge's title to the mark that is shown for it, and is empty without consent.
    Raises Invalid when nothing was credited in the period.
    """
    if not entries:
        raise Invalid("Nothing is credited to you in these days.", "from_date")
    reviews = Counter(one.badge for one in entries if one.kind is CreditKind.REVIEW)
    minutes = Counter[str]()
    for one in entries:
        minutes[one.badge] += one.minutes
    other = Counter(one.kind for one in entries if one.kind is not CreditKind.REVIEW)
    return {
        "name": name,
        "issuer": issuer,
        "from": from_date.isoformat(),
        "until": until_date.isoformat(),
        "badges": [
            {
                "title": title,
                "reviews": reviews[title],
                "minutes": minutes[title],
                "mark": dict(marks[title]) if title in marks else None,
            }
            for title in sorted(minutes)
        ],
        "other": {kind.value: other[kind] for kind in sorted(other)},
        "reviews": sum(reviews.values()),
        "minutes": sum(minutes.values()),
    }
