"""Workbooks as tables of the values that they show."""

from datetime import datetime, time
from itertools import islice
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from portfolio.evidence.preview_parts import NoPreview, Parts
from portfolio.evidence.preview_texts import MOST_COLUMNS, MOST_ROWS, add_table

MOST_SHEETS = 20
DAMAGED = "This workbook is damaged, so it cannot be shown."


def make(path: Path, parts: Parts) -> None:
    """Add each visible sheet that holds something as a table."""
    try:
        book = load_workbook(path.open("rb"), read_only=True, data_only=True, keep_links=False)
    except MemoryError:
        raise
    except Exception as error:
        raise NoPreview(DAMAGED) from error
    visible = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    for sheet in visible[:MOST_SHEETS]:
        if parts.is_spent:
            parts.note = "Not every sheet is shown."
            break
        rows = sheet.iter_rows(max_row=MOST_ROWS + 1, max_col=MOST_COLUMNS + 1, values_only=True)
        shown = [[_shown(value) for value in row] for row in islice(rows, MOST_ROWS + 1)]
        if any(any(row) for row in shown):
            add_table(shown, parts, title=sheet.title)
    if len(visible) > MOST_SHEETS:
        parts.note = f"The first {MOST_SHEETS} of {len(visible)} sheets are shown."


def _shown(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        is_day = value.time() == time()
        return value.date().isoformat() if is_day else value.isoformat(sep=" ", timespec="minutes")
    return f"{value:.10g}" if isinstance(value, float) else str(value)
