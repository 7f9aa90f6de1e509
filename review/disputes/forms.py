"""What a learner asks, and what a committee member answers."""

from wtforms import RadioField, SelectChoice, TextAreaField
from wtforms.validators import InputRequired

from core.forms import TEXT, AssayForm, at_most
from review.disputes.states import RequestState

OUTCOME_WORDS = {
    RequestState.UPHELD: "The outcome stands",
    RequestState.FRESH_REVIEW: "New reviewers look at the work afresh, knowing nothing of this",
}


class RequestForm(AssayForm):
    """What should be looked at again, and why."""

    request = TextAreaField(
        "What should be looked at again, and why?",
        [InputRequired("Say what should be looked at again, and why."), at_most(TEXT)],
    )


class ReasonsForm(AssayForm):
    """Why a matter goes on as it does, for the learner to follow."""

    reasons = TextAreaField(
        "Your reasons, which the learner reads",
        [
            InputRequired("Write down your reasons so that the learner can follow them."),
            at_most(TEXT),
        ],
    )


class DetermineForm(ReasonsForm):
    """What a committee member makes of a request."""

    outcome = RadioField(
        "Your determination",
        [InputRequired("Say whether the outcome stands.")],
        choices=[SelectChoice(outcome.value, words) for outcome, words in OUTCOME_WORDS.items()],
    )
