"""What a reviewer reads about their own figures: what it is, what it means, what to try."""

from collections.abc import Callable
from dataclasses import dataclass

from review.decision.figures import Figure, Lack
from review.recognition.quality import FEWEST, FEWEST_FITTED, Quality


@dataclass(frozen=True)
class Line:
    """One figure in words; `span` says how sure it is, and is empty while there is none."""

    title: str
    value: str
    span: str
    meaning: str
    advice: str


@dataclass(frozen=True)
class _Kind:
    title: str
    meaning: str
    good: str
    other: str
    unit: str
    is_good: Callable[[Figure], bool]


def _most(value: float) -> Callable[[Figure], bool]:
    return lambda figure: figure.value is not None and figure.value <= value


def _least(value: float) -> Callable[[Figure], bool]:
    return lambda figure: figure.value is not None and figure.value >= value


AGREEMENT = _Kind(
    "Agreement with known work",
    "How often your level was the committee's, on work whose levels it had set before.",
    "Your levels and the committee's mostly meet. Nothing to change.",
    "Read the descriptor of the level above and below before you settle, and say to yourself what"
    " in the evidence speaks for it.",
    "criteria",
    _least(0.8),
)
HELPFULNESS = _Kind(
    "Use to learners",
    "What learners say your reasons were worth, from 0 % (of no use) to 100 % (of use). Low levels"
    " are rated lower whoever gives them; that part is taken out, so honest levels cost you"
    " nothing. It moves by five reviews at a time, so nobody's own answer can be told.",
    "Learners can use what you write. Please keep writing so.",
    "Say what you saw, where you saw it, and one thing that would have shown the next level.",
    "rated reviews",
    _least(0.5),
)
CITED = _Kind(
    "Evidence pointed at",
    "How many of your reasons say where in the evidence they stand.",
    "Learners find what you mean. Nothing to change.",
    "Add the page or the minute to each reason: it is the part that learners ask for most.",
    "reasons",
    _least(0.8),
)
SHORT = _Kind(
    "Reasons that are very short",
    "How many reasons have fewer words than the badge asks for. It is a floor only: beyond it,"
    " longer is not better.",
    "Your reasons are long enough. Longer would not count for more.",
    "One sentence on what you saw and one on what is missing is enough.",
    "reasons",
    _most(0.05),
)
HASTY = _Kind(
    "Reviews in very little time",
    "How many reviews took less than a fifth of the time that the badge estimates. It is a floor"
    " only: beyond it, slower is not better, and the clock may have missed time on paper.",
    "You take the time it needs. More would not count for more.",
    "If you read away from the screen, nothing is wrong. Otherwise open each piece of evidence"
    " once before you score.",
    "reviews",
    _most(0.1),
)
ALIKE = _Kind(
    "The same level on every criterion",
    "How many reviews have one level throughout. Some work is like that; all of it hardly ever is.",
    "You tell the criteria apart. Nothing to change.",
    "Score one criterion at a time and hide the others; then see whether the levels still agree.",
    "reviews",
    _most(0.5),
)
RETURNED = _Kind(
    "Handed back by a moderator",
    "How many of the last reviews that a moderator read came back, for a missing reason or for"
    " tone.",
    "They went through as you wrote them.",
    "Write to the work and not to the person, and give a reason for each level below the pass.",
    "moderated reviews",
    _most(0.2),
)


def accuracy(quality: Quality) -> list[Line]:
    """Return what is known of how right the levels are."""
    return [_line(AGREEMENT, quality.agreement), _informative(quality)]


def help_given(quality: Quality) -> list[Line]:
    """Return what is known of how much the reasons help."""
    return [
        _line(HELPFULNESS, quality.helpfulness),
        _line(CITED, quality.cited),
        _line(SHORT, quality.short),
    ]


def care(quality: Quality) -> list[Line]:
    """Return what is known of how the reviews were made."""
    return [
        _line(HASTY, quality.hasty),
        _line(ALIKE, quality.alike),
        _line(RETURNED, quality.returned),
    ]


def percent(value: float) -> str:
    """Return a share in whole per cent."""
    return f"{round(100 * value)} %"


def spanned(figure: Figure, unit: str) -> str:
    """Return how sure a figure is, in words."""
    if figure.low is None or figure.high is None:
        return ""
    return (
        f"probably between {percent(figure.low)} and {percent(figure.high)},"
        f" from {figure.count} {unit}"
    )


def _line(kind: _Kind, figure: Figure) -> Line:
    if figure.value is None:
        return Line(kind.title, "Too few to say", "", kind.meaning, _lacking(figure, kind.unit))
    return Line(
        kind.title,
        percent(figure.value),
        spanned(figure, kind.unit),
        kind.meaning,
        kind.good if kind.is_good(figure) else kind.other,
    )


def _lacking(figure: Figure, unit: str) -> str:
    if figure.lack is Lack.NONE_GIVEN:
        return f"There is none yet. It is shown from {FEWEST} {unit} on."
    so_far = "There is 1" if figure.count == 1 else f"There are {figure.count}"
    return f"{so_far} so far. It is shown from {FEWEST} {unit} on."


def _informative(quality: Quality) -> Line:
    title = "Levels that follow the work"
    meaning = (
        "How sure the scoring model is that your levels tell works apart, and are not the same"
        " whatever you read. It is a probability, so its doubt is in it."
    )
    if quality.informative is None:
        return Line(
            title,
            "Too few to say",
            "",
            meaning,
            f"It is shown from {FEWEST_FITTED} reviews on, after the next night.",
        )
    is_good = quality.informative >= 0.5
    return Line(
        title,
        percent(quality.informative),
        f"from {quality.reviews} reviews",
        meaning,
        "Your levels say something about each work. Nothing to change."
        if is_good
        else "Use the whole scale where the descriptors allow it, and begin with the criterion you"
        " are surest of.",
    )
