"""What an outcome says to people, in plain words that name nobody."""

from collections.abc import Collection

from review.decision.policy import ReasonCode
from review.decision.rule import Agreement

NUMBERS = {2: "two", 3: "three", 4: "four", 5: "five", 6: "six", 7: "seven"}
ALONE = "each without seeing the others' levels"
PANEL_DECIDED = "The panel decided, and its reasons are kept with the decision."
DIFFERED = frozenset({ReasonCode.STRADDLE, ReasonCode.FAR_APART})
WITHOUT_LEVEL = frozenset({ReasonCode.TOO_FEW_LEVELS, ReasonCode.CONTESTED_CANNOT_SCORE})


def method_sentence(reviews: int, *, is_double_blind: bool, have_all_agreed: bool) -> str:
    """Return the public sentence on how a badge was judged; the number of attempts is not in it."""
    blind = " who did not know whose work it was" if is_double_blind else ""
    peers = f"Assessed by {_number(reviews)} qualified, independent peers{blind}"
    if have_all_agreed:
        return f"{peers}; they agreed on every criterion."
    return f"{peers}, each without seeing the levels the others gave."


def agreement_sentence(agreement: Agreement, levels_given: int, reviews: int) -> str:
    """Return how far the reviewers of one criterion agreed, as the learner is told it."""
    if agreement is Agreement.NOT_SETTLED:
        return "Not settled: it could not change the outcome."
    if levels_given < reviews:
        who = f"{_number(levels_given).capitalize()} of the {_number(reviews)} reviewers"
        most = "they" if agreement is Agreement.ALL_AGREED else "most of them"
        return f"{who} gave a level, and {most} agreed."
    if agreement is Agreement.ALL_AGREED:
        whole = "Both" if reviews == 2 else f"All {_number(reviews)}"
        return f"{whole} reviewers agreed."
    # Of three and of four there is one way only to have a majority.
    most = {3: "Two", 4: "Three"}.get(reviews, "Most")
    return f"{most} of the {_number(reviews)} reviewers agreed."


def readers_sentence(reviews: int, first: int, reasons: Collection[ReasonCode]) -> str:
    """Return who read the work and, where more than the `first` few were asked, why.

    `reasons` are what the first reviews by themselves leave open; none where they settle it all,
    and it was asked on because the outcome was not sure enough.
    """
    if reviews <= first:
        how = "each without seeing the other's levels" if reviews == 2 else ALONE
        return f"{_number(reviews).capitalize()} reviewers read your work, {how}."
    if DIFFERED & set(reasons):
        why = "The first reviewers saw part of your work differently"
    elif WITHOUT_LEVEL & set(reasons):
        why = "Part of your work did not get a level from each of the first reviewers"
    else:
        why = (
            "The first reviewers came to one outcome, but it was too near the line, or not sure"
            " enough, to be given at once"
        )
    if (reviews, first) == (3, 2):
        return f"{why}, so a third reviewer was asked, without seeing the others' levels."
    return f"{why}, so {_number(reviews)} reviewers read it in all, {ALONE}."


def one_more_sentence(reasons: Collection[ReasonCode]) -> str:
    """Return why one more reviewer is asked, as the learner is told at that moment."""
    given = set(reasons)
    if DIFFERED & given:
        why = "Your reviewers saw part of your work differently"
    elif WITHOUT_LEVEL & given:
        why = "Part of your work did not get a level from each of your reviewers"
    elif ReasonCode.NEAR_THE_LINE in given:
        why = "The outcome is too near the line between granted and not yet to be given at once"
    else:
        why = "The outcome is not sure enough yet to be given to you"
    return f"{why}, so one more reviewer is asked to read it without knowing what the others said."


def committee_sentence(reasons: Collection[ReasonCode]) -> str:
    """Return why people decide now, as learner and members are told."""
    if (DIFFERED | WITHOUT_LEVEL) & set(reasons):
        return "The reviewers could not settle every point."
    return "The reviewers came to an outcome that is not sure enough to be given as it is."


def _number(count: int) -> str:
    return NUMBERS.get(count, str(count))
