"""A certificate of hours as a PDF on A4, from plain values; the same values give the same bytes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from fpdf import FPDF

from credentials.catalog.hallmark_png import draw_shapes
from credentials.issuing.card import INK, INK_SOFT, LINE, METAL, SANS, SERIF
from review.recognition.credit import KINDS, hours
from review.recognition.mark import engrave_mark
from review.recognition.states import CreditKind

MARGIN = 22.0
WIDTH = 210 - 2 * MARGIN
MARK = 22.0
# The serif has no letters beyond these; a name in another script is set in the sans.
LATIN = 0x24F


@dataclass(frozen=True)
class Printed:
    """What is printed beside the content: the code, where to check it, when it was made."""

    code: str
    address: str
    made_at: datetime


def day(value: date) -> str:
    """Return “23 November 2026”."""
    return f"{value.day} {value:%B %Y}"


def period(content: Mapping[str, Any]) -> str:
    """Return the first and the last day of a certificate."""
    first, last = (date.fromisoformat(content[name]) for name in ("from", "until"))
    return f"{day(first)} to {day(last)}"


def other_work(content: Mapping[str, Any]) -> list[str]:
    """Return what was done besides reviews, such as “Calibration: 2”."""
    return [f"{KINDS[CreditKind(kind)]}: {count}" for kind, count in content["other"].items()]


def pdf_of(content: Mapping[str, Any], printed: Printed) -> bytes:
    """Return a certificate as the bytes of a PDF."""
    page = FPDF(format="A4")
    page.set_creation_date(printed.made_at)
    page.set_title(f"Certificate of review work: {content['name']}")
    page.set_lang("en")
    page.set_margins(MARGIN, 26, MARGIN)
    page.add_font("serif", fname=SERIF)
    page.add_font("sans", fname=SANS)
    page.add_page()
    page.set_draw_color(LINE)
    page.rect(11, 11, 188, 275)
    page.rect(12.5, 12.5, 185, 272)
    _head(page, content)
    _badges(page, content)
    _foot(page, printed)
    return bytes(page.output())


def _head(page: FPDF, content: Mapping[str, Any]) -> None:
    _line(page, content["issuer"], size=13, colour=METAL, after=10)
    _line(page, "Certificate of review work", size=27, face="serif", after=10)
    _line(page, "This certifies that", size=11, colour=INK_SOFT, after=3)
    _line(page, content["name"], size=22, face="serif", after=4)
    _line(
        page,
        f"gave {hours(content['minutes'])} of volunteer work to the peer review of portfolios,"
        f" from {period(content)}.",
        size=12,
        after=9,
    )


def _badges(page: FPDF, content: Mapping[str, Any]) -> None:
    for one in content["badges"]:
        top = page.get_y()
        page.line(MARGIN, top, MARGIN + WIDTH, top)
        page.set_y(top + 3)
        left = MARGIN
        if one["mark"]:
            _mark(page, content["issuer"], one["mark"], top + 3)
            left += MARK + 5
        _line(page, one["title"], size=14, face="serif", left=left, after=1)
        _line(page, counted(one), size=11, colour=INK_SOFT, left=left, after=2)
        page.set_y(max(page.get_y(), top + (MARK + 6 if one["mark"] else 0)) + 2)
    for words in other_work(content):
        _line(page, f"Among it, {words}", size=11, colour=INK_SOFT, after=1)


def counted(one: Mapping[str, Any]) -> str:
    """Return how many reviews and how much time went into one badge."""
    reviews: Sequence[str] = ("no review", "1 review")
    count = one["reviews"]
    words = reviews[count] if count < len(reviews) else f"{count} reviews"
    return f"{words}, {hours(one['minutes'])}"


def _mark(page: FPDF, issuer: str, mark: Mapping[str, Any], top: float) -> None:
    shapes = engrave_mark(issuer=issuer, slug=mark["slug"], rung=mark["rung"])
    page.image(
        draw_shapes(shapes, size=512),
        x=MARGIN,
        y=top,
        w=MARK,
        alt_text=f"A reviewer's mark with {mark['rung']} of 3 punches",
    )


def _foot(page: FPDF, printed: Printed) -> None:
    page.set_y(max(page.get_y() + 8, 232))
    _line(
        page,
        "Each review counts with the time it took by the clock of the workspace, ten minutes at"
        " least and three times the badge's estimate at most. No submission is named, so that"
        " learners stay unknown.",
        size=9.5,
        colour=INK_SOFT,
        after=4,
    )
    _line(page, f"Code: {printed.code}", size=12, after=1)
    _line(page, f"Check it at {printed.address}", size=10.5, colour=INK_SOFT, after=1)
    _line(page, f"Made on {day(printed.made_at.date())}", size=10.5, colour=INK_SOFT, after=0)


def _line(
    page: FPDF,
    text: str,
    *,
    size: float,
    after: float,
    face: str = "sans",
    colour: str = INK,
    left: float = MARGIN,
) -> None:
    """Write a paragraph, with so many millimetres after it."""
    is_latin = all(ord(letter) <= LATIN for letter in text if letter.isalpha())
    page.set_font(face if is_latin else "sans", size=size)
    page.set_text_color(colour)
    page.set_x(left)
    page.multi_cell(WIDTH + MARGIN - left, size * 0.46, text, align="L", new_x="LMARGIN")
    page.set_y(page.get_y() + after)
