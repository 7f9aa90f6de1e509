"""How a badge's rules read: one public sentence for each, computed from its definition."""

from credentials.catalog.definition import EditionDefinition

NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
KINDS = {
    "pdf": "PDF",
    "document": "text document",
    "spreadsheet": "spreadsheet",
    "presentation": "slides",
    "image": "pictures",
    "video": "video",
    "audio": "sound",
    "text": "plain text",
}
# The beginnings of media types, and what people call such a file.
FILES = {
    "application/pdf": "PDF",
    "application/vnd.openxmlformats-officedocument.wordprocessingml": "text document",
    "application/vnd.openxmlformats-officedocument.spreadsheetml": "spreadsheet",
    "application/vnd.openxmlformats-officedocument.presentationml": "slides",
    "application/zip": "ZIP archive",
    "text/csv": "spreadsheet",
    "image/": "picture",
    "video/": "video",
    "audio/": "sound",
    "text/": "plain text",
}
BLINDNESS = {
    "double": "They do not learn whose work it is, and you do not learn who they are.",
    "single": "You do not learn who they are.",
}


def method_label(definition: EditionDefinition) -> str:
    """Return how the work is reviewed, in a few words that stand on every badge."""
    policy = definition.review_policy
    blind = "Blind" if policy.blindness == "double" else "Anonymous"
    return (
        f"{blind} review by {number(policy.reviewers)} qualified peers, and one more"
        " when they disagree about passing"
    )


def blindness(definition: EditionDefinition) -> str:
    """Return who learns whose name."""
    return BLINDNESS[definition.review_policy.blindness]


def further_reviewers(definition: EditionDefinition) -> str:
    """Return how many people read a work at most, and who answers then."""
    most = number(definition.review_policy.max_reviews)
    return f"At most {most} people read it; what they leave open, a committee answers."


def certainty(definition: EditionDefinition) -> str:
    """Return what happens when the reviewers' outcome is not sure enough, in one sentence."""
    known = definition.review_policy.confidence_from
    start = f"Once {known} reviews of this badge are known, an" if known else "An"
    return (
        f"{start} outcome that is not sure enough, held against all of them, waits for one more"
        " reviewer and in the end for the committee; no figure ever changes an outcome."
    )


def pass_rule(definition: EditionDefinition) -> str:
    """Return what passing takes; an average is said to be one."""
    rule = definition.pass_rule
    if rule.mode == "weighted_mean":
        mean = f"the weighted mean of all levels must reach {rule.mean_needed:g}."
        if any(criterion.required or criterion.must_pass for criterion in definition.criteria):
            return f"Every required criterion must pass by itself, and {mean}"
        return mean.capitalize()
    if rule.mode == "k_of_electives":
        needed = number(rule.electives_needed or 0)
        return f"Every required criterion must pass, and {needed} of the electives."
    if all(criterion.required for criterion in definition.criteria):
        return "Every criterion must pass by itself; a strong one never makes up for a weak one."
    return "Every required criterion must pass by itself."


def distinction(definition: EditionDefinition) -> str | None:
    """Return what earns the mark of distinction, where there is one."""
    wanted = definition.pass_rule.distinction_count
    if wanted is None:
        return None
    top = definition.level_name(definition.top_level)
    return f"{number(wanted).capitalize()} criteria at {top} earn the mark of distinction."


def validity(definition: EditionDefinition) -> str:
    """Return how long a badge is valid."""
    months = definition.validity_months
    if months is None:
        return "Valid without an end"
    return f"Valid for {duration(months)} from the day it is signed"


def duration(months: int) -> str:
    """Return a number of months in the unit people would use."""
    if months % 12:
        return f"{months} months"
    years = months // 12
    return f"{number(years)} year{'' if years == 1 else 's'}"


def accepted(kinds: tuple[str, ...]) -> str:
    """Return kinds of file as words."""
    names = [KINDS.get(kind, kind) for kind in kinds]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"


def file_kind(media_type: str) -> str:
    """Return what people call a file of this media type."""
    fitting = (words for start, words in FILES.items() if media_type.startswith(start))
    return next(fitting, "file")


def number(count: int) -> str:
    """Return a small number as a word."""
    return NUMBERS[count] if 0 <= count < len(NUMBERS) else str(count)


# What each part of a fit looks at, in words for everybody.
FIT_TERMS = {
    "qualification": "holds the badge, or was qualified for it, and since when",
    "competencies": "has other badges that cover the same competencies",
    "sector": "knows the sector the work comes from",
    "topics": "named topics that the badge or the work touches",
    "language": "has the language of the work as their first",
    "level": "has experience that fits the size of the badge",
    "experience": "has reviewed for this badge before",
    "room": "has room for another review",
    "rest": "has not taken on a review just now",
}


def fit_shares(definition: EditionDefinition) -> list[tuple[str, int]]:
    """Return what counts in choosing a reviewer, heaviest first, in percent of the whole."""
    weights = definition.review_policy.fit_weights
    total = sum(weights.values())
    shares = [(FIT_TERMS[name], round(100 * weight / total)) for name, weight in weights.items()]
    return sorted(((words, share) for words, share in shares if share), key=lambda one: -one[1])
