"""Which clear decisions are read again, blind, and what one reading on its own comes to."""

from collections.abc import Mapping
from typing import Any

from core.digest import share_of
from review.decision.rule import Agreement, PassRule, decide
from review.decision.states import Outcome


def is_clear(inputs: Mapping[str, Any], result: Mapping[str, Any], *, reviewers: int) -> bool:
    """Whether a first round of so many `reviewers` settled every criterion by itself."""
    settled = all(
        one["agreement"] != Agreement.NOT_SETTLED.value and one["level"] is not None
        for one in result["criteria"]
    )
    return settled and len(inputs["reviews"]) == reviewers


def is_drawn(decision_id: str, digest: str, chance: float) -> bool:
    """Whether a decision is audited, by a draw that is the same each time it is made."""
    return share_of({"audit": decision_id, "inputs": digest}) < chance


def verdict(rule: PassRule, levels: Mapping[str, int | None]) -> Outcome | None:
    """Return the outcome that one reading has by the rule of every decision, or None.

    The rule wants two who agree: one reading stands for both. None where a criterion that decides
    could not be scored.
    """
    return decide(rule, [levels, levels]).outcome
