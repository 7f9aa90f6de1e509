"""What is taken and what is refused, by name and bytes together, and in which words."""

import io
import json
from pathlib import Path

import pytest

from core.errors import Invalid
from portfolio.evidence import detection, kinds
from portfolio.evidence.naming import attachment, clean_name
from tests.portfolio.evidence import made_files as made

EVERYTHING = kinds.KINDS[:-1]
PICTURES = (kinds.PNG, kinds.JPEG)
MACRO = "application/vnd.ms-word.document.macroEnabled.main+xml"
TAKEN_HERE = "PNG or JPEG files are taken here."


def detect(content: bytes, name: str, *, taken: tuple = EVERYTHING, limit_mb: int = 1):
    return detection.detect(io.BytesIO(content), name, taken=taken, limit_mb=limit_mb)


def refusal(content: bytes, name: str, **terms) -> str:
    with pytest.raises(Invalid) as caught:
        detect(content, name, **terms)
    assert caught.value.field == "file"
    return caught.value.reason


def verdict(content: bytes, name: str, taken: tuple) -> str:
    try:
        return detect(content, name, taken=taken, limit_mb=5).kind.key
    except Invalid as error:
        return "refused" if error.reason.startswith("“") else error.reason


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("a.pdf", made.pdf(), kinds.PDF),
        ("a.docx", made.docx(), kinds.DOCX),
        ("a.xlsx", made.xlsx(), kinds.XLSX),
        ("a.pptx", made.pptx(), kinds.PPTX),
        ("a.png", made.picture(), kinds.PNG),
        ("a.JPEG", made.picture("JPEG"), kinds.JPEG),
        ("a.mp4", made.mp4(), kinds.MP4),
        ("a.m4a", made.mp4(handler=b"soun", brand=b"mp42"), kinds.M4A),
        ("a.wav", made.wav(), kinds.WAV),
        ("a.mp3", made.mp3(), kinds.MP3),
        ("a.mp3", made.mp3()[36:], kinds.MP3),
        ("a.txt", made.TEXT, kinds.TXT),
        ("a.txt", "Grüße".encode("utf-16"), kinds.TXT),
        ("a.md", b"# Title", kinds.MARKDOWN),
        ("a.csv", made.CSV, kinds.CSV),
    ],
)
def test_each_kind_that_is_taken_is_known_by_its_bytes_and_its_name(
    name: str, content: bytes, kind: kinds.Kind
) -> None:
    found = detect(content, name)

    assert (found.name, found.kind, found.size, found.is_locked) == (
        name,
        kind,
        len(content),
        False,
    )


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.png", b"", "It is empty (0 bytes). Save it again and upload the new copy."),
        ("a.gif", b"GIF89a", TAKEN_HERE),
        ("a", made.picture(), TAKEN_HERE),
        ("a.doc", b"x", f"Save it as DOCX first. {TAKEN_HERE}"),
        (
            "a.png",
            b"<svg xmlns='x'/>",
            "Its content is not what its name says (.png): it looks like .svg."
            f" Save it again in the right format. {TAKEN_HERE}",
        ),
        (
            "a.png",
            made.picture("JPEG"),
            "Its content is not what its name says (.png): it looks like .jpg."
            f" Save it again in the right format. {TAKEN_HERE}",
        ),
        (
            "a.png",
            b"x" * (1024 * 1024 + 1),
            "It is larger than 1 MB. Make it smaller, or upload the part that matters.",
        ),
    ],
)
def test_a_refusal_names_the_file_the_reason_and_what_to_do(
    name: str, content: bytes, reason: str
) -> None:
    assert refusal(content, name, taken=PICTURES) == f"“{name}” was not taken. {reason}"


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.docx", made.office(MACRO), "It holds macros."),
        ("a.docx", made.archive(), "Its content is not what its name says"),
        ("a.docx", made.xlsx(), "Its content is not what its name says"),
        ("a.docx", made.docx()[:400], "It is damaged and cannot be opened."),
        ("a.docx", b"PK\x03\x04" + b"\0" * 60, "It is damaged and cannot be opened."),
        (
            "a.docx",
            detection.OLE + b"\0" * 600 + detection.LOCKED_OFFICE,
            "It is locked with a password.",
        ),
        ("a.docx", detection.OLE + b"\0" * 600, "It is in an old office format."),
        ("a.mp4", made.box(b"ftyp", b"isom"), "there is neither picture nor sound in it"),
        ("a.mp4", b"\0\0\0\x08ftyp" + b"\xff" * 64, "there is neither picture nor sound in it"),
        ("a.txt", b"\0\1\2", "Its content is not what its name says"),
        ("a.txt", b" <!DOCTYPE HTML><script>", "Its content is not what its name says"),
        ("a.html", b"<html>", "files are taken here."),
        ("a.svg", b"<svg>", "files are taken here."),
        ("a.zip", made.archive(), "files are taken here."),
        ("a.exe", b"MZ", "files are taken here."),
    ],
)
def test_what_is_damaged_locked_active_or_something_else_is_refused(
    name: str, content: bytes, words: str
) -> None:
    assert words in refusal(content, name)


def test_a_zip_archive_is_taken_only_where_the_edition_allows_it() -> None:
    with_zip = kinds.taken(["image"], allow_zip=True)
    without = kinds.taken(["image"], allow_zip=False)

    assert detect(made.archive(), "a.zip", taken=with_zip).kind is kinds.ZIP
    assert refusal(made.archive(), "a.zip", taken=without).endswith(TAKEN_HERE)


def test_a_requirement_takes_what_its_words_stand_for() -> None:
    taken = kinds.taken(["document", "spreadsheet", "image"], allow_zip=False)

    assert kinds.extensions(taken) == ("docx", "xlsx", "png", "jpg", "jpeg", "csv")
    assert kinds.sentence(taken) == "DOCX, XLSX, PNG, JPEG or CSV files are taken here."


def test_a_pdf_that_mentions_a_lock_is_marked_for_a_closer_look() -> None:
    assert detect(made.pdf(owner="o", password="p"), "a.pdf").is_locked
    assert not detect(made.pdf(), "a.pdf").is_locked


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\zelda\\plan.pdf", "plan.pdf"),
        ("a\r\nSet-Cookie: x=1.pdf", "aSet-Cookie: x=1.pdf"),
        ("report\u202efdp.exe", "reportfdp.exe"),
        ("a\x00.pdf", "a.pdf"),
        (" trail.txt. ", "trail.txt"),
        ("..", "file"),
        ("", "file"),
        ("e\u0301.pdf", "é.pdf"),
        ("n" * 300 + ".pdf", "n" * 251 + ".pdf"),
        ("n" * 300, "n" * 255),
        ("a." + "n" * 300, "a." + "n" * 253),
    ],
)
def test_a_name_keeps_its_last_part_and_nothing_that_cannot_be_seen(raw: str, clean: str) -> None:
    assert clean_name(raw) == clean


def test_a_download_name_is_safe_for_old_browsers_and_whole_for_new_ones() -> None:
    header = attachment('Plän "x".pdf')

    assert header == (
        "attachment; filename=\"Plan _x_.pdf\"; filename*=UTF-8''Pl%C3%A4n%20%22x%22.pdf"
    )


def test_hostile_names_never_reach_a_header_or_a_path(shared_data: Path) -> None:
    names = json.loads((shared_data / "badinput/generated/names.json").read_text())

    cleaned = [clean_name(name) for name in names]
    headers = [attachment(name) for name in names]

    assert len(names) == 116
    assert [one for one in cleaned if "/" in one or "\\" in one or len(one) > 255] == []
    assert [one for one in cleaned if not one or one in (".", "..") or not one.isprintable()] == []
    assert [one for one in headers if not one.isascii() or "\n" in one or "\r" in one] == []
    assert [one for one in headers if one.count('"') != 2] == []


def test_no_polyglot_passes_for_something_else(shared_data: Path) -> None:
    folder = shared_data / "badinput/generated/polyglots"

    verdicts = {
        path.name: verdict(path.read_bytes(), path.name, EVERYTHING) for path in folder.iterdir()
    }

    assert len(verdicts) == 23
    assert {name: kind for name, kind in verdicts.items() if kind != "refused"} == {
        "csv_formula.csv": "csv",
        "docx_remote_template.docx": "docx",
        "docx_xxe.docx": "docx",
        "html_in_png_text.png": "png",
        "jpeg_html.jpg": "jpeg",
        "pdf_launch_uri_submit.pdf": "pdf",
        "pdf_openaction_js.pdf": "pdf",
        "pdf_zip.pdf": "pdf",
    }


@pytest.mark.parametrize("ending", ["docx", "zip"])
def test_no_bomb_or_odd_archive_is_unpacked(shared_data: Path, ending: str) -> None:
    folder = shared_data / "badinput/generated"
    taken = (*EVERYTHING, kinds.ZIP)

    verdicts = [
        verdict(path.read_bytes(), f"a.{ending}", taken)
        for path in [*folder.glob("bombs/zip*"), *folder.glob("archives/zip*")]
    ]

    allowed = {"refused", "zip"} if ending == "zip" else {"refused"}
    assert len(verdicts) == 12
    assert set(verdicts) == allowed


@pytest.mark.parametrize(
    "bomb",
    [
        "zip_256MiB_single.zip",
        "zip_overlap_5000x20MiB.zip",
        "zip_12000_empty_entries.zip",
    ],
)
def test_an_archive_that_would_unpack_to_far_too_much_is_refused(
    shared_data: Path, bomb: str
) -> None:
    content = (shared_data / "badinput/generated/bombs" / bomb).read_bytes()

    assert verdict(content, "a.zip", kinds.KINDS) == "refused"
