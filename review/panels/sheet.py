"""A panel as a CSV file that says what it holds, from when, and in which sense.

Some words, such as a sector, were typed by people, and go through `plain_cell`. Numbers stay
numbers.
"""

import csv
from collections.abc import Iterable, Sequence
from io import StringIO

from core.text import plain_cell
from review.panels.panel import LACKS, Panel

BOM = "\ufeff"  # without it, spreadsheets take UTF-8 for something else
HEADS = ("value", "low", "high", "count", "unit", "lack", "note")


def number(value: float | None) -> str:
    """Return a number with all the places that it is worth, empty where there is none."""
    return "" if value is None else f"{value:.6g}"


def sheet(
    about: Iterable[tuple[str, str]], heads: Sequence[str], rows: Iterable[Sequence[str]]
) -> str:
    """Return a CSV file: what it is about, an empty line, and the rows below their heads.

    The cells are written as they are; text goes through `plain_cell` first.
    """
    written = StringIO()
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerows((plain_cell(name), plain_cell(words)) for name, words in about)
    writer.writerow(())
    writer.writerow(heads)
    writer.writerows(rows)
    return BOM + written.getvalue()


def panel_sheet(panel: Panel, *, badge: str, period: str, made: str) -> str:
    """Return a panel's figures; shares are fractions here, not per cent."""
    about = [
        ("panel", panel.title),
        ("badge", badge),
        ("period", period),
        ("made at", made),
        ("definition", panel.definition),
        ("interval", panel.method),
        ("counted", panel.counted),
        *(("remark", one) for one in panel.remarks),
    ]
    rows = [
        (
            plain_cell(one.about),
            plain_cell(one.measure),
            number(one.figure.value),
            number(one.figure.low),
            number(one.figure.high),
            str(one.figure.count),
            one.unit,
            LACKS[one.figure.lack] if one.figure.lack else "",
            plain_cell(one.note),
        )
        for one in panel.lines
    ]
    return sheet(about, (panel.about.lower(), "figure", *HEADS), rows)
