"""Plain text and comma-separated tables, told apart by their content."""

import csv
import re
from itertools import islice
from pathlib import Path

from portfolio.evidence.preview_parts import Parts
from portfolio.evidence.states import RenditionKind

LONGEST = 200_000
MOST_ROWS = 500
MOST_COLUMNS = 50
LONGEST_CELL = 500
FEWEST_ROWS = 3
LOOKED_AT = 20
DELIMITERS = (",", ";", "\t")
CUT = "Only the first {rows} rows and {columns} columns are shown."
HIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff]")


def make(path: Path, parts: Parts) -> None:
    """Add a text, or the table that it is."""
    with path.open("rb") as file:
        raw = file.read(LONGEST * 4)
    text = HIDDEN.sub("", decoded(raw).replace("\r\n", "\n").replace("\r", "\n"))
    delimiter = delimiter_of(text)
    if delimiter is not None:
        add_table(list(islice(_rows(text, delimiter), MOST_ROWS + 1)), parts)
        return
    if len(text) > LONGEST or path.stat().st_size > len(raw):
        parts.note = f"Only the first {LONGEST:,} characters are shown."
    parts.add_bytes(RenditionKind.TEXT, "text/plain", text[:LONGEST].encode("utf-8", "replace"))


def decoded(raw: bytes) -> str:
    """Return bytes as text: UTF-8, else UTF-16 by its mark, else what Windows writes."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16", "replace")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # A character cut in two by our own limit is not another encoding.
        if error.start >= len(raw) - 4:
            return raw[: error.start].decode("utf-8-sig")
        return raw.decode("cp1252", "replace")


def delimiter_of(text: str) -> str | None:
    """Return what parts the columns, if every one of the first rows has as many."""
    for delimiter in DELIMITERS:
        try:
            widths = [len(row) for row in islice(_rows(text, delimiter), LOOKED_AT)]
        except csv.Error:
            continue
        if len(widths) >= FEWEST_ROWS and min(widths) > 1 and len(set(widths)) == 1:
            return delimiter
    return None


def add_table(rows: list[list[str]], parts: Parts, *, title: str = "") -> None:
    """Add a table, cut to what a page can show; empty edges are left away."""
    cut = [[cell[:LONGEST_CELL] for cell in row[:MOST_COLUMNS]] for row in rows[:MOST_ROWS]]
    while cut and not any(cut[-1]):
        cut.pop()
    width = max((last_filled(row) for row in cut), default=0)
    if any(any(row) for row in rows[MOST_ROWS:]) or any(any(row[MOST_COLUMNS:]) for row in rows):
        parts.note = CUT.format(rows=MOST_ROWS, columns=MOST_COLUMNS)
    shown = [[*row[:width], *[""] * (width - len(row))] for row in cut]
    parts.add_value(RenditionKind.TABLE, shown, title=title, rows=len(shown), columns=width)


def last_filled(row: list[str]) -> int:
    """Return how many cells there are up to the last that holds something."""
    return max((place for place, cell in enumerate(row, start=1) if cell), default=0)


def _rows(text: str, delimiter: str) -> "filter[list[str]]":
    return filter(None, csv.reader(text.splitlines(), delimiter=delimiter))
