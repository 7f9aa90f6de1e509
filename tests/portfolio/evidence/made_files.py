"""Small real files of every kind that is taken, made by the libraries that people's tools use."""

import io
import struct
import wave
import zipfile

from docx import Document
from docx.shared import Inches
from fpdf import FPDF
from openpyxl import Workbook
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from pptx import Presentation

from credentials.catalog.definition import EvidenceRequirement

WANTED = (
    EvidenceRequirement("E1", "Run sheet", "The sheet.", ("pdf", "document", "image")),
    EvidenceRequirement("E2", "Numbers", "The numbers.", ("spreadsheet",), max_count=1),
)
NAME = "Zelda Quuxworth"
CSV = b"Item,Cost\nChairs,12.5\nTables,40\n"
TEXT = f"Notes by {NAME}\n\nSecond part".encode()


def picture(kind: str = "PNG", size: tuple[int, int] = (320, 200)) -> bytes:
    """Return a picture whose metadata names its maker; a JPEG lies on its side."""
    out = io.BytesIO()
    image = Image.new("RGB", size, "teal")
    if kind == "PNG":
        info = PngInfo()
        info.add_text("Author", NAME)
        image.save(out, "PNG", pnginfo=info)
    else:
        exif = Image.Exif()
        exif[0x0112], exif[0x013B] = 6, NAME
        image.save(out, kind, exif=exif)
    return out.getvalue()


def pdf(pages: int = 2, *, password: str = "", owner: str = "") -> bytes:
    """Return a PDF whose pages say their number and who made them."""
    made = FPDF()
    made.set_font("helvetica", size=14)
    if owner:
        made.set_encryption(owner_password=owner, user_password=password)
    for number in range(1, pages + 1):
        made.add_page()
        made.cell(text=f"Page {number} by {NAME}")
    return bytes(made.output())


def docx() -> bytes:
    """Return a document with a heading, a list, a table, a picture, and words out of sight."""
    made = Document()
    made.core_properties.author = NAME
    made.sections[0].header.paragraphs[0].text = f"Header of {NAME}"
    made.add_heading(f"Plan of {NAME}", 1)
    line = made.add_paragraph("For everybody. ")
    line.add_run("Out of sight").font.hidden = True
    made.add_paragraph("Open the doors", style="List Number")
    table = made.add_table(1, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "Host", NAME
    made.add_picture(io.BytesIO(picture()), width=Inches(1))
    return _saved(made)


def xlsx() -> bytes:
    """Return a workbook with a sheet to see and one that is hidden."""
    made = Workbook()
    sheet = made.active
    sheet.title = "Budget"
    for row in (["Item", "Cost"], ["Chairs", 12.5], [NAME, True]):
        sheet.append(row)
    hidden = made.create_sheet("Secret")
    hidden.append(["Out of sight"])
    hidden.sheet_state = "hidden"
    return _saved(made)


def pptx() -> bytes:
    """Return two slides, one of them hidden."""
    made = Presentation()
    for title in ("Welcome", "Out of sight"):
        slide = made.slides.add_slide(made.slide_layouts[1])
        slide.shapes.title.text = title
        slide.placeholders[1].text = f"Led by {NAME}"
    made.slides[1].element.set("show", "0")
    return _saved(made)


def wav(seconds: int = 1) -> bytes:
    """Return silence, with a chunk that names its maker behind it."""
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(b"\0\0" * 8000 * seconds)
    note = NAME.encode().ljust(16, b"\0")
    info = b"INFO" + b"IART" + struct.pack("<L", len(note)) + note
    content = out.getvalue() + b"LIST" + struct.pack("<L", len(info)) + info
    return content[:4] + struct.pack("<L", len(content) - 8) + content[8:]


def mp3() -> bytes:
    """Return frames of silence between two tags that name their maker."""
    frame = b"\xff\xfb\x90\x00".ljust(417, b"\0")
    title = b"TPE1" + struct.pack(">L", len(NAME) + 1) + b"\0\0\0" + NAME.encode()
    head = b"ID3\x03\0\0" + bytes([0, 0, 0, len(title)]) + title
    return head + frame * 8 + b"TAG" + NAME.encode().ljust(125, b"\0")


def box(kind: bytes, *inside: bytes) -> bytes:
    """Return one box of an MP4 file."""
    content = b"".join(inside)
    return struct.pack(">L4s", 8 + len(content), kind) + content


def mp4(*, handler: bytes = b"vide", brand: bytes = b"isom") -> bytes:
    """Return the least that is a film: a header of two seconds, one track, and a telling box."""
    header = box(b"mvhd", struct.pack(">LLLLL", 0, 3_600_000_000, 3_600_000_000, 1000, 2000))
    kind = box(b"hdlr", b"\0" * 8 + handler + b"\0" * 13)
    told = box(b"udta", box(b"\xa9ART", NAME.encode()))
    track = box(b"trak", box(b"mdia", kind))
    return box(b"ftyp", brand, b"\0" * 4, brand) + box(b"moov", header, track, told) + box(b"mdat")


def archive(name: str = "a.txt", content: bytes = b"a") -> bytes:
    """Return a ZIP archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(name, content)
    return out.getvalue()


def office(main: str, *, extra: dict[str, bytes] | None = None) -> bytes:
    """Return a container that says its main part is of type `main`, and holds nothing else."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("[Content_Types].xml", f'<Types><Override ContentType="{main}"/></Types>')
        for name, content in (extra or {}).items():
            file.writestr(name, content)
    return out.getvalue()


def _saved(made: object) -> bytes:
    out = io.BytesIO()
    made.save(out)  # type: ignore[attr-defined]
    return out.getvalue()
