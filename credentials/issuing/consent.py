"""What a holder agrees to, in sentences that are shown before and kept word for word."""

from collections.abc import Sequence

from credentials.issuing.states import Visibility

VERSION = "badge consent 1"
WHO = {
    Visibility.PUBLIC: "Anybody may find its page, and it counts on the page of the badge.",
    Visibility.UNLISTED: "Only people who have its address find its page, and search engines are"
    " asked to leave it out.",
}


def sentences(
    *,
    title: str,
    issuer: str,
    visibility: Visibility,
    shown_name: str | None,
    samples: Sequence[str],
) -> list[str]:
    """Return what accepting a badge with these choices means, one sentence for each point."""
    name = (
        f"It shows my name, {shown_name}."
        if shown_name
        else "It does not show my name; it holds a salted hash of my e-mail address, by which"
        " I can prove that it is mine."
    )
    shown = "; ".join(samples)
    work = (
        f"It links to these work samples, which I may withdraw at any time: {shown}."
        if samples
        else "It links to none of my work samples."
    )
    return [
        f"I accept the badge “{title}” and ask {issuer} to sign it.",
        WHO[visibility],
        name,
        work,
        "It says the level I reached on each criterion and how the work was judged, never who"
        " judged it or what was said.",
        "Copies that others have kept stay theirs: I can hide the page and withdraw work samples,"
        " but not call back a copy.",
    ]


def text_of(points: Sequence[str]) -> str:
    """Return the sentences as the one text that is kept with the award."""
    return "\n".join([f"[{VERSION}]", *points])
