"""Work samples for the demo, made here: small real files in every format that people hand in.

Each function returns the bytes of one file. `who` is a neutral alias that differs from story to
story, so that no two learners hand in the same file unless a story wants them to.
"""

from datetime import UTC, datetime
from importlib.resources import files
from io import BytesIO

from docx import Document
from fpdf import FPDF
from openpyxl import Workbook
from openpyxl.styles import Font
from PIL import Image, ImageDraw, ImageFont
from pptx import Presentation

Rows = list[list[str]]

MADE_AT = datetime(2026, 1, 12, 9, 0, tzinfo=UTC)
CUES = [
    ["09:00", "Doors", "House manager", "Both", "Lobby slide, waiting room opens", "-"],
    [
        "09:25",
        "Sound check",
        "Audio",
        "Both",
        "Say hello to each side, wait for both",
        "Spare desk",
    ],
    ["09:30", "Welcome", "Host", "Both", "Captions on, room camera wide", "Host reads from card"],
    [
        "09:42",
        "Question 1",
        "Moderator",
        "Online",
        "First question comes from the chat",
        "Room mic",
    ],
    ["09:50", "Pairs", "Host", "Both", "One in the room with one online", "Breakout rooms"],
    ["10:15", "Network check", "Network", "Both", "Switch to line 2 if loss is over 3 %", "Line 2"],
    ["10:20", "Panel", "Moderator", "Both", "Alternate: room, online, room", "Phone bridge"],
    ["10:55", "Vote", "Producer", "Both", "Same form for everybody, 90 seconds", "Show of hands"],
    ["11:10", "Close", "Host", "Both", "Next step for each audience on screen", "-"],
]
CUE_HEAD = ["Time", "Cue", "Owner", "Audience", "What happens", "Fallback"]


def run_of_show(who: str) -> bytes:
    """Return a cue sheet as a spreadsheet of two sheets."""
    book = Workbook()
    cues = book.active
    cues.title = "Run of show"
    cues.append([f"Run of show, {who}"])
    cues.append(CUE_HEAD)
    for row in CUES:
        cues.append(row)
    _embolden(cues, 2)
    crew = book.create_sheet("Crew and rehearsal")
    crew.append(["Role", "Before the day", "Found in rehearsal", "Changed"])
    for row in (
        ["Producer", "Call sheet sent", "Panel overran by 6 minutes", "Vote moved to 10:55"],
        ["Audio", "Line check", "Echo in the room", "Second speaker muted"],
        ["Network", "Loss test", "Line 1 dropped once", "Line 2 on standby"],
    ):
        crew.append(row)
    _embolden(crew, 1)
    return _saved(book)


def participant_figures(who: str, responses: int = 38) -> bytes:
    """Return answers of participants, without names, as a spreadsheet."""
    book = Workbook()
    sheet = book.active
    sheet.title = "Responses"
    sheet.append(["No.", "Audience", "Could follow (1-5)", "Took part", "One thing to change"])
    wishes = ("More time in pairs", "Slower slides", "Captions in the room too", "Nothing")
    for number in range(1, responses + 1):
        side = "online" if number % 2 else "in the room"
        took_part = "yes" if number % 5 else "no"
        sheet.append([number, side, 3 + number % 3, took_part, wishes[number % len(wishes)]])
    _embolden(sheet, 1)
    summary = book.create_sheet("Summary")
    summary.append(["Audience", "Took part", "Mean: could follow"])
    summary.append(["in the room", "79 %", 4.0])
    summary.append(["online", "81 %", 4.1])
    summary.append([f"Source: form after the session, {who}"])
    _embolden(summary, 1)
    return _saved(book)


def plan_document(title: str, parts: dict[str, list[str]], table: Rows | None = None) -> bytes:
    """Return a word-processor document of headings, lists and perhaps one table."""
    document = Document()
    document.core_properties.author = ""
    document.core_properties.created = MADE_AT.replace(tzinfo=None)
    document.add_heading(title, level=1)
    for heading, lines in parts.items():
        document.add_heading(heading, level=2)
        document.add_paragraph(lines[0])
        for line in lines[1:]:
            document.add_paragraph(line, style="List Bullet")
    if table:
        grid = document.add_table(rows=0, cols=len(table[0]))
        grid.style = "Table Grid"
        for row in table:
            for cell, text in zip(grid.add_row().cells, row, strict=True):
                cell.text = text
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def paper(title: str, parts: dict[str, list[str]]) -> bytes:
    """Return a PDF of a few pages: headings and paragraphs."""
    pdf = FPDF(format="A4")
    pdf.set_creation_date(MADE_AT)
    pdf.set_title(title)
    pdf.set_margin(24)
    pdf.set_auto_page_break(True, margin=24)
    pdf.add_page()
    pdf.set_font("Times", "B", 22)
    pdf.multi_cell(0, 10, title, new_x="LMARGIN", new_y="NEXT")
    for heading, lines in parts.items():
        pdf.ln(5)
        pdf.set_font("Times", "B", 14)
        pdf.multi_cell(0, 8, heading, new_x="LMARGIN", new_y="NEXT")
        pdf.set_font("Times", "", 12)
        for line in lines:
            pdf.multi_cell(0, 6.5, line, new_x="LMARGIN", new_y="NEXT")
            pdf.ln(2)
    return bytes(pdf.output())


def slides(title: str, pages: dict[str, list[str]]) -> bytes:
    """Return a deck with a title and one slide for each heading."""
    deck = Presentation()
    deck.core_properties.author = ""
    first = deck.slides.add_slide(deck.slide_layouts[0])
    first.shapes.title.text = title
    first.placeholders[1].text = "Storyboard with decision points"
    for heading, lines in pages.items():
        slide = deck.slides.add_slide(deck.slide_layouts[1])
        slide.shapes.title.text = heading
        frame = slide.placeholders[1].text_frame
        frame.text = lines[0]
        for line in lines[1:]:
            frame.add_paragraph().text = line
    out = BytesIO()
    deck.save(out)
    return out.getvalue()


def photograph(caption: str, *, has_logo: bool = False) -> bytes:
    """Return a drawn picture of a room with a screen, as PNG; `has_logo` shows a client's mark."""
    image = Image.new("RGB", (1200, 750), "#d8cbb4")
    draw = ImageDraw.Draw(image)
    draw.rectangle((60, 60, 1140, 470), fill="#20303a")
    for column in range(4):
        left = 620 + (column % 2) * 250
        top = 90 + (column // 2) * 185
        draw.rectangle((left, top, left + 230, top + 165), fill="#2c5a50")
        draw.ellipse((left + 85, top + 35, left + 145, top + 95), fill="#9fc4b7")
        draw.rounded_rectangle((left + 60, top + 100, left + 170, top + 165), 30, fill="#9fc4b7")
    draw.rectangle((90, 90, 590, 440), fill="#efe6d6")
    for line in range(5):
        draw.rectangle((120, 190 + line * 45, 560 - line * 40, 205 + line * 45), fill="#b9a98c")
    for seat in range(9):
        left = 70 + seat * 122
        draw.ellipse((left + 22, 540, left + 82, 600), fill="#6b4a2b")
        draw.rounded_rectangle((left, 605, left + 104, 760), 36, fill="#4b3826")
    if has_logo:
        draw.ellipse((120, 105, 180, 165), fill="#b33a2b")
        draw.text((195, 112), "HARBOUR BANK", font=ImageFont.load_default(40), fill="#b33a2b")
    draw.text((90, 690), caption, font=ImageFont.load_default(30), fill="#ffffff")
    out = BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()


def recording() -> bytes:
    """Return five seconds of a session seen from both sides, as MP4 with sound."""
    return files("app.seed").joinpath("assets/session-extract.mp4").read_bytes()


def recording_cut_short() -> bytes:
    """Return a recording whose upload broke off half-way: it looks like a video and plays none."""
    whole = recording()
    return whole[: len(whole) // 3]


def _embolden(sheet: "object", row: int) -> None:
    for cell in sheet[row]:  # type: ignore[index]
        cell.font = Font(bold=True)


def _saved(book: Workbook) -> bytes:
    book.properties.creator = ""
    book.properties.created = MADE_AT.replace(tzinfo=None)
    out = BytesIO()
    book.save(out)
    return out.getvalue()
