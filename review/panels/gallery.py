"""The panels of a badge by their keys, in the order in which a page shows them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from core.errors import NotFound
from review.panels import first_time, outcomes, reviewed, times
from review.panels.material import Facts
from review.panels.panel import Panel
from review.panels.periods import Period


class Builder(Protocol):
    """What makes a panel from the facts of a badge."""

    def __call__(self, facts: Facts, period: Period, *, at: datetime) -> Panel:
        """Return the panel for a period that ends now."""


BUILDERS: Mapping[str, Builder] = {
    "agreement": reviewed.agreement,
    "severity": reviewed.severity,
    "drift": reviewed.drift,
    "turns": outcomes.turns,
    "confidence": outcomes.confidence,
    "audits": outcomes.audits,
    "groups": first_time.groups,
    "minutes": times.minutes,
    "turnaround": times.turnaround,
}


def panels(facts: Facts, period: Period, *, at: datetime) -> tuple[Panel, ...]:
    """Return every panel of a badge."""
    return tuple(build(facts, period, at=at) for build in BUILDERS.values())


def panel(key: str, facts: Facts, period: Period, *, at: datetime) -> Panel:
    """Return the panel with a key, or raise NotFound."""
    if key not in BUILDERS:
        raise NotFound()
    return BUILDERS[key](facts, period, at=at)
