"""A reviewer's own figures, for nobody else to see."""

from typing import Any

from flask import render_template

from accounts.permissions import Permission
from accounts.web import me, permits
from core.web import db
from review.recognition import measured, standings, wording
from review.recognition.ladder_wording import reason_words, step_words
from review.recognition.states import Rung


@permits(Permission.VOLUNTEER)
def quality() -> Any:
    """Show how one's own reviews fare: no rank, and nobody to compare with."""
    return render_template(
        "recognition/quality.html",
        steps=[
            (
                step,
                title,
                step_words(Rung(step.rung), title),
                [reason_words(one) for one in step.reasons],
            )
            for step, title in standings.own_steps(db(), me())
        ],
        badges=[
            (
                title,
                found,
                (
                    ("Accuracy", wording.accuracy(found)),
                    ("Help to learners", wording.help_given(found)),
                    ("Care", wording.care(found)),
                ),
            )
            for title, found in measured.quality_by_badge(db(), me())
        ],
    )
