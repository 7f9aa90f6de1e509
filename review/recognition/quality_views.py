"""A reviewer's own figures, for nobody else to see."""

from typing import Any

from flask import render_template

from accounts.permissions import Permission
from accounts.web import me, permits
from core.web import db
from review.recognition import measured, wording


@permits(Permission.VOLUNTEER)
def quality() -> Any:
    """Show how one's own reviews fare: no rank, and nobody to compare with."""
    return render_template(
        "recognition/quality.html",
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
