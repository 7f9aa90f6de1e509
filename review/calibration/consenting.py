"""What an author is asked before their work may be a benchmark, word for word."""

AGREED = (
    "My work for “{title}” may be used as a benchmark: reviewers read it to see how their levels"
    " compare with the committee's. They read it without my name, my employer or the names of my"
    " files. I can take this back at any time, and then nobody else gets to read it; comparisons"
    " made until then stand. Neither my badge nor how I am reviewed depends on my answer."
)


def consent_text(title: str) -> str:
    """Return the text that the author of a work for a badge agrees to."""
    return AGREED.format(title=title)
