"""What learners of the demo hand in, and what their reviewers write, badge by badge."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

import yaml

from app.seed import samples
from app.seed.people import DPIA, HYBRID, SCENARIO


@dataclass(frozen=True)
class Sample:
    """One work sample: where it belongs, what it is, and which criteria it is claimed for."""

    requirement: str
    file_name: str
    title: str
    own_share: str
    claims: dict[str, str]
    content: Callable[[str], bytes]


PLAN = {
    "Who comes, and what they need": [
        "Forty-two people in the hall, thirty-six online. Needs were asked for at registration.",
        "Captions for three people, one screen reader, two wheelchair places near the door.",
        "Five time zones: the vote lies where everybody is awake.",
    ],
    "How each side takes part": [
        "Nothing happens for one side that has no door for the other.",
        "First question always from the chat; pairs are one in the room with one online.",
    ],
}
NEEDS = [
    ["Need", "Provision", "Checked"],
    ["Captions", "Live captioner, shown in the hall too", "09:20"],
    ["Screen reader", "Slides sent the day before as text", "Day before"],
    ["Late time zone", "Vote at 10:55, recording the same day", "Plan"],
]
ANALYSIS = {
    "The gap": [
        "Twenty-three of a hundred cases change track after more than a day. Wanted: under ten.",
        "Sources: forty closed cases, three mornings beside people at the desk.",
    ],
    "Causes": [
        "The form shows both tracks alike; that was changed first and without any training.",
        "What is left is the decision in the first two minutes, and that can be practised.",
    ],
    "Measure agreed with the sponsor": ["Share of cases that change track, after four weeks."],
}
SCENES = {
    "Call 1: the lift": ["Late repair or complaint?", "Ask one more question", "Open a complaint"],
    "Call 2: transferred": ["The fourth desk today", "Apologise and own it", "Ask for a number"],
    "Call 3: the kind promise": ["Tomorrow at eight?", "Promise it", "Say what is certain"],
    "Feedback": ["What happened", "Why", "Where it stands in the job aid"],
}
CHANGES = [
    ["Finding", "Change", "Or why not"],
    ["Contrast too low on buttons", "Darker, checked at 4.5 to 1", ""],
    ["Consequence comes too late", "Moved to the end of the same call", ""],
    ["A caller was written unkindly", "Rewritten", ""],
    ["Wish for a back button", "", "On a call there is none"],
]
ASSESSMENT = {
    "1. What is done, and why": [
        "Cameras on buses count passengers and recognise falls. Three purposes are told apart;"
        " the third, improving the supplier's model, was refused.",
        "Counting runs inside the bus and leaves only numbers. A clip is kept for 48 hours, and"
        " only after an alarm.",
    ],
    "2. Who could be harmed": [
        "Drivers, children, passengers who fall, colleagues in the control room. Each is weighed"
        " in the register.",
    ],
    "3. What was generalised here": [
        "Company, system and supplier have aliases. Numbers of buses are rounded to tens.",
    ],
}
MINUTES = {
    "Consultation (extract, names masked)": [
        "Officer: asks why clips and not drawings. Answer: tested, drawings were not usable.",
        "Works council: tells of an earlier system that was used in a dispute. Answer: the"
        " driver's area is masked in the camera.",
    ],
}
MEMO = {
    "1. Decision": ["The board accepts the residual risk described in part 2, for six months."],
    "2. What is left": ["A masked driver can be guessed from the timetable. Tested on one bus."],
    "3. Review": ["After six months, or at once if a clip leaves the control room."],
    "4. Asking the authority first": ["Considered; not needed, since high risks are treated."],
}


def _register(who: str) -> bytes:
    return samples.paper(
        f"Risk register, {who}",
        {
            "Before": ["Drivers watched: severe, likely.", "Children filmed daily: severe."],
            "After": ["Drivers: severe, unlikely (mask in camera).", "Children: moderate."],
        },
    )


SAMPLES: dict[str, tuple[Sample, ...]] = {
    HYBRID: (
        Sample(
            "E1",
            "run of show FINAL v7.xlsx",
            "Run-of-show of the forum",
            "I wrote it and called the show from it.",
            {"C3": "sheet 1, 09:42 to 10:55", "C2": "09:50, pairs"},
            samples.run_of_show,
        ),
        Sample(
            "E2",
            "Access plan.docx",
            "Access and engagement plan",
            "Mine; the venue checked the places.",
            {"C1": "table of needs"},
            lambda who: samples.plan_document(f"Access plan, {who}", PLAN, NEEDS),
        ),
        Sample(
            "E3",
            "extract_final.mp4",
            "Questions from both sides",
            "Recorded by the venue, cut by me.",
            {"C2": "0:02"},
            lambda _who: samples.recording(),
        ),
        Sample(
            "E4",
            "answers.xlsx",
            "What participants said",
            "I made the form and the comparison.",
            {"C4": "summary", "C1": "column 3"},
            samples.participant_figures,
        ),
    ),
    SCENARIO: (
        Sample(
            "E1",
            "analysis.docx",
            "Performance analysis",
            "Mine, from cases and visits.",
            {"C1": "page 1"},
            lambda who: samples.plan_document(f"Performance analysis, {who}", ANALYSIS),
        ),
        Sample(
            "E2",
            "Six calls storyboard.pptx",
            "Six calls: the scenario",
            "I wrote all calls; a colleague drew the screens.",
            {"C2": "slides 2 to 4", "C3": "slide 5"},
            lambda who: samples.slides(f"Six calls, {who}", SCENES),
        ),
        Sample(
            "E3",
            "pilot.xlsx",
            "Pilot data",
            "Observed and counted by me.",
            {"C4": "sheet 1", "C5": "sheet 2"},
            lambda who: samples.participant_figures(who, responses=7),
        ),
        Sample(
            "E4",
            "changes.docx",
            "Change log",
            "Mine.",
            {"C4": "table", "C5": "rows 1 and 3"},
            lambda who: samples.plan_document(f"Change log, {who}", {"Log": ["All"]}, CHANGES),
        ),
    ),
    DPIA: (
        Sample(
            "E1",
            "assessment redacted.pdf",
            "The assessment, redacted",
            "I led it and wrote it.",
            {"C1": "part 1", "C2": "part 2", "C5": "part 3"},
            lambda who: samples.paper(f"Impact assessment, {who}", ASSESSMENT),
        ),
        Sample(
            "E2",
            "register.pdf",
            "Risk register",
            "Kept by me.",
            {"C2": "before", "C3": "after"},
            _register,
        ),
        Sample(
            "E3",
            "minutes extract.docx",
            "Proof of consultation",
            "I ran the meetings.",
            {"C4": "both entries"},
            lambda who: samples.plan_document(f"Consultation, {who}", MINUTES),
        ),
        Sample(
            "E4",
            "memo.pdf",
            "Decision memo",
            "Drafted by me, signed by the board.",
            {"C3": "part 2", "C4": "parts 1 and 4"},
            lambda who: samples.paper(f"Decision memo, {who}", MEMO),
        ),
    ),
}

ROLE = {
    HYBRID: "Producer of the session",
    SCENARIO: "Lead designer",
    DPIA: "Lead of the assessment",
}
SETTING = {
    HYBRID: "A half-day forum of a professional association, forty people in a hall and nearly as"
    " many online, with one vote that both sides had to trust.",
    SCENARIO: "A service desk of sixty people who decide in the first minutes of a call which way"
    " a case goes. Practice of twenty minutes, done at the desk.",
    DPIA: "Cameras on buses of a regional company, to count passengers and to notice falls. The"
    " supplier had been chosen when the assessment began.",
}
AI_USE = "A tool helped to put the first draft of the plan in order. The reflection is mine alone."
TEAM = "A crew of seven ran the day; plan, rehearsal and calls were mine."
FEEDBACK = (
    "Clear work that shows how it was done and not only that it was. Thank you for letting us see"
    " what went wrong as well.",
    "I liked the honesty of the reflection. Keep the habit of writing down what you changed.",
    "",
)
PASS_LEVEL = 3


@lru_cache(maxsize=8)
def reflection(badge: str) -> str:
    """Return the reflection that learners of a badge hand in."""
    asset = files("app.seed").joinpath(f"assets/reflection-{badge}.md")
    return asset.read_text(encoding="utf-8")


@lru_cache(maxsize=1)
def _rationales() -> dict[str, Any]:
    asset = files("app.seed").joinpath("assets/rationales.yaml")
    read: dict[str, Any] = yaml.safe_load(asset.read_text(encoding="utf-8"))
    return read


def rationale(badge: str, criterion: str, level: int, *, voice: int) -> tuple[str, str]:
    """Return what the reviewer with a voice writes for a level, and where they saw it."""
    voices = _rationales()[badge][criterion][level]
    if voice >= len(voices) and level == PASS_LEVEL:
        return "", ""
    text, locator = voices[voice % len(voices)]
    return text, locator
