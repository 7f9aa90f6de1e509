"""The ladder in plain, kind words: to who stands on it, and to the programme."""

from collections.abc import Mapping
from typing import Any

from review.recognition.ladder import Trigger
from review.recognition.states import Rung
from review.recognition.wording import percent

RUNG_NAMES: dict[Rung, str] = {
    Rung.NOTE: "Private note",
    Rung.GOLD: "Two works whose levels are known",
    Rung.PAUSE: "Pause",
    Rung.TALK: "Somebody talks with them",
}
STEPS: dict[Rung, tuple[str, str]] = {
    Rung.NOTE: (
        "A private note on your reviewing for {badge}",
        "Something in your last reviews is worth a look: your own page says what, how sure it is,"
        " and what you can try. Nothing changes for you, and no other reviewer hears of it.",
    ),
    Rung.GOLD: (
        "Two works whose levels are known, for {badge}",
        "To see more clearly, two of your next invitations can be works whose levels the committee"
        " has set. You see at once how yours compare. You can decline them like any other.",
    ),
    Rung.PAUSE: (
        "Your reviewing for {badge} rests for now",
        "You are not asked for this badge at the moment; what you have begun stays yours to finish."
        " Your right to review has not ended. If it does not clear up by itself, somebody from the"
        " programme talks with you.",
    ),
    Rung.TALK: (
        "Somebody talks with you about reviewing {badge}",
        "A programme manager writes to you within two weeks, to hear how it goes for you and to"
        " agree what comes next. You need not do anything until then.",
    ),
}
RECOVERED = (
    "All is well again with your reviewing for {badge}",
    "What your private note was about is not there any more. Thank you for your care. You are"
    " asked for reviews as before.",
)
TALKED: dict[bool, tuple[str, str]] = {
    True: (
        "You are asked again for {badge}",
        "Thank you for talking with us. Your own page shows what was agreed.",
    ),
    False: (
        "Your reviewing for {badge} rests as you wish",
        "Thank you for talking with us. Take it up again whenever you like; nothing is held"
        " against you.",
    ),
}


def step_words(rung: Rung, badge: str) -> tuple[str, str]:
    """Return title and text of the notice of a step."""
    title, body = STEPS[rung]
    return title.format(badge=badge), body


def reason_words(reason: Mapping[str, Any]) -> str:
    """Return one reason of a step as a sentence, with how sure it is."""
    trigger = Trigger(reason["trigger"])
    if trigger is Trigger.KNOWN_WORK:
        return (
            f"Known work: {percent(reason['value'])} of {reason['count']} criteria as the committee"
            f" set them, probably between {percent(reason['low'])} and {percent(reason['high'])};"
            f" the badge asks for {percent(reason['gate'])}."
        )
    if trigger is Trigger.MODEL:
        return (
            f"The scoring model: {percent(reason['value'])} sure that the levels follow the work,"
            f" from {round(reason['count'])} reviews."
        )
    return (
        f"Moderation: {round(reason['value'])} of the last {round(reason['count'])} reviews read"
        " came back for a missing reason or for tone."
    )
