"""What the style page shows: the badges that come with Assay, and a form in every state."""

from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from wtforms import (
    BooleanField,
    DateField,
    EmailField,
    IntegerField,
    PasswordField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput, FileInput, ListWidget

from core.charts import Chart, Limit, Series, Spot, chart, forest, histogram, spots
from core.forms import AssayForm
from credentials import catalog
from credentials.catalog import badge_file
from credentials.catalog.definition import EditionDefinition

BADGES = Path(catalog.__file__).parent / "badges"
SECTORS = {"events": "Events", "health": "Health care", "public": "Public service"}
ANSWERS = {"yes": "Yes, as they describe it", "partly": "In part", "no": "No"}
SEVERITIES = (
    (-0.2, -0.5, 0.1),
    (0.4, 0.1, 0.7),
    (0.0, -0.2, 0.2),
    (0.1, -0.4, 0.6),
    (-0.6, -0.9, -0.3),
)
SEVERITY_ROWS = (("07", "-0.2"), ("19", "0.4"), ("23", "0"), ("40", "0.1"), ("88", "-0.6"))
CRITERIA = {"C1": "C1 Needs and access", "C2": "C2 Parity of participation"}


@cache
def badges() -> tuple[EditionDefinition, ...]:
    """Return the editions that come with Assay."""
    return tuple(
        badge_file.read(path.read_bytes()).definition for path in sorted(BADGES.glob("*.yaml"))
    )


def _choices(options: dict[str, str]) -> list[SelectChoice]:
    return [SelectChoice(value, label) for value, label in options.items()]


class SampleForm(AssayForm):
    """One field of each kind that a page of Assay asks with."""

    title = StringField("Title of the session", validators=[InputRequired()])
    email = EmailField("E-mail address", description="We only write when something waits for you.")
    password = PasswordField(
        "Password",
        validators=[InputRequired()],
        render_kw={"autocomplete": "current-password"},
    )
    share = IntegerField("Your share of the work, in per cent")
    worked_on = DateField("When you did this")
    sector = SelectField("Sector", choices=_choices(SECTORS))
    answer = RadioField(
        "Did the learner lead this session?",
        choices=_choices(ANSWERS),
        validators=[InputRequired()],
    )
    shown = SelectMultipleField(
        "Which criteria does this show?",
        choices=_choices(CRITERIA),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    reflection = TextAreaField("What would you do differently now?", validators=[Length(min=20)])
    evidence = StringField("The run-of-show that was used", widget=FileInput())
    is_own = BooleanField("This is my own work", validators=[InputRequired()])


def filled_form() -> SampleForm:
    """Return the form as someone left it who had no trouble."""
    return SampleForm(
        formdata=None,
        prefix="good",
        title="Opening plenary, room and stream",
        email="mira@example.org",
        share=60,
        sector="events",
        answer="yes",
        shown=["C1"],
        reflection="Rehearse the handover between the rooms with captions on.",
        is_own=True,
    )


def refused_form() -> SampleForm:
    """Return the form as it comes back when answers need changing."""
    form = SampleForm(formdata=None, prefix="bad", reflection="More captions.")
    form.validate()
    form.title.errors = ["Give the session a title, as your colleagues would know it."]
    form.answer.errors = ["Choose one answer."]
    form.reflection.errors = ["Write at least 20 more characters; what you have is kept."]
    form.is_own.errors = ["Tick this, or say in the disclosures whose work it is."]
    return form


def steps() -> list[dict[str, str]]:
    """Return the stages of a submission, half way."""
    return [
        {"label": "Handed in", "state": "done", "note": "3 November"},
        {"label": "Checked for completeness", "state": "done", "note": "4 November"},
        {"label": "Two peers review", "state": "current", "note": "one of two has sealed"},
        {"label": "Decision", "state": "todo", "note": "promised by 24 November"},
        {"label": "Badge", "state": "todo", "note": ""},
    ]


def timeline(now: datetime) -> list[dict[str, Any]]:
    """Return what happened to a submission, oldest first."""
    return [
        {"at": now - timedelta(days=9), "title": "Handed in", "body": "Six files, 4 criteria."},
        {"at": now - timedelta(days=8), "title": "Complete", "body": "Everything opens."},
        {
            "at": now - timedelta(hours=3),
            "title": "First review sealed",
            "body": "Neither reviewer sees the other's before both are sealed.",
        },
    ]


def tabs() -> list[dict[str, Any]]:
    """Return the sections of a list, one of them open."""
    return [
        {"label": "To review", "href": "#tabs", "is_current": True, "count": 2},
        {"label": "Sealed", "href": "#tabs", "is_current": False, "count": 14},
        {"label": "Declined", "href": "#tabs", "is_current": False, "count": None},
    ]


def charts() -> tuple[Chart, ...]:
    """Return a chart of each kind: lines, bars, how often, intervals both ways, nothing."""
    weeks = [f"{day} Nov" for day in (2, 9, 16, 23)] + ["30 Nov", "7 Dec", "14 Dec", "21 Dec"]
    expected = (4, 6, 5, 8, 9, 11, 7, 3)
    return (
        chart(
            "Days from handing in to a decision",
            weeks,
            lines=[
                Series("Half are faster", (5.1, 5.4, 5.0, 6.2, 6.8, 7.0, 6.1, 5.2)),
                Series("19 of 20 are faster", (9.8, 10.2, 9.9, 11.5, 12.8, 13.4, 11.9, None)),
            ],
            limit=Limit("Promised", 15),
            unit="days",
            across="Week of",
        ),
        chart(
            "Portfolios that will come, and reviews there is room for",
            weeks,
            lines=[Series("Room", (9, 9, 8, 8, 8, 9, 4, 2))],
            bars=[Series("Expected", expected)],
            unit="portfolios",
            across="Week of",
        ),
        chart(
            "Reviews under way",
            weeks[:5],
            bars=[
                Series("On time", (7, 9, 8, 11, 12)),
                Series("Late", (1, 0, 2, 3, 4)),
                Series("Not yet answered", (2, 3, 3, 4, 2)),
            ],
            unit="reviews",
            across="Week of",
        ),
        histogram(
            "How long a decision took",
            [2.5, 3, 3.5, 4, 4.2, 4.4, 5, 5.1, 5.5, 5.9, 6, 6.3, 7, 7.7, 8, 9.5, 11, 14],
            name="Portfolios",
            mark=Limit("Promised", 15),
            unit="days",
        ),
        spots(
            "How the reviewers of a badge differ",
            ["07", "19", "23", "40", "88"],
            [("Severity", [Spot(*each) for each in SEVERITIES])],
            table=(("Reviewer", "Severity"), SEVERITY_ROWS),
            limit=Limit("as the pool", 0),
            unit="levels",
        ),
        forest(
            "Agreement on each criterion",
            [
                ("C1 Needs and access", Spot(0.71, 0.62, 0.79), "0.71"),
                ("C2 Parity of participation", Spot(0.48, 0.31, 0.62), "0.48"),
                ("C3 Production and risk", Spot(), "too few yet"),
            ],
            table=(("Criterion", "Alpha"), (("C1", "0.71"), ("C2", "0.48"), ("C3", "–"))),
            ends=(0.0, 1.0),
        ),
        chart("Escalations", [], lines=[Series("Escalated", [])]),
    )
