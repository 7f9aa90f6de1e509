"""What an outcome says to people, in plain words that name nobody."""

from review.decision.rule import Agreement

NUMBERS = {2: "two", 3: "three", 4: "four", 5: "five"}


def method_sentence(reviews: int) -> str:
    """Return the public sentence on how a badge was judged; the number of attempts is not in it."""
    if reviews == 2:
        return (
            "Assessed by two qualified, independent peers who did not know whose work it was;"
            " they agreed on every criterion."
        )
    count = NUMBERS.get(reviews, str(reviews))
    return (
        f"Assessed by {count} qualified, independent peers who did not know whose work it was;"
        " where the first two differed, one more decided without seeing their levels."
    )


def agreement_sentence(agreement: Agreement, levels_given: int) -> str:
    """Return how far the reviewers of one criterion agreed, as the learner is told it."""
    if agreement is Agreement.ALL_AGREED:
        return "Both reviewers agreed." if levels_given == 2 else "All reviewers agreed."
    if agreement is Agreement.MAJORITY:
        return "The first two saw this differently; a further reviewer was asked."
    return "Not settled yet."
