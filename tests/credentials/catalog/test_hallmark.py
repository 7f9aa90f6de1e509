"""Every badge has its own mark, the same for ever, and nothing in it needs an inline style."""

import re
from dataclasses import replace
from io import BytesIO
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from credentials.catalog import hallmark
from credentials.catalog.alphabet import LOZENGE, initials, strokes
from credentials.catalog.definition import Criterion, EditionDefinition, Level
from credentials.catalog.die import choose, edition_letter, engrave
from credentials.catalog.hallmark_png import draw, png

GUILD = "Northlight Guild"
BADGE = EditionDefinition(
    slug="hybrid-session-producer",
    version="1.0.0",
    title="Hybrid Session Producer",
    claim="Plans, runs and evaluates a live session.",
    summary="",
    workload_hours=20,
    levels=tuple(Level(value, f"Level {value}") for value in (1, 2, 3, 4)),
    criteria=tuple(Criterion(f"C{number}", f"Criterion {number}", {}) for number in (1, 2, 3)),
    evidence_requirements=(),
)
SVG = "{http://www.w3.org/2000/svg}"


def test_the_same_badge_has_the_same_mark_every_time() -> None:
    once = hallmark.file_svg(BADGE, issuer=GUILD)

    again = hallmark.file_svg(replace(BADGE, summary="Reworded."), issuer=GUILD)

    assert once == again


def test_another_badge_or_another_issuer_has_another_mark() -> None:
    marks = {
        hallmark.file_svg(replace(BADGE, slug=f"badge-{number}"), issuer=issuer)
        for number in range(40)
        for issuer in (GUILD, "Harbour Trust")
    }

    assert len(marks) == 80


def test_a_file_of_its_own_names_itself_and_needs_nothing_beside_it() -> None:
    root = ElementTree.fromstring(hallmark.file_svg(BADGE, issuer=GUILD))

    assert (
        root.findtext(f"{SVG}title") == "Hybrid Session Producer, the hallmark of Northlight Guild"
    )
    assert {element.tag.removeprefix(SVG) for element in root.iter()} == {
        "svg",
        "title",
        "defs",
        "linearGradient",
        "stop",
        "g",
        "path",
    }
    named = {element.get("id") for element in root.iter() if element.get("id")}
    used = set(re.findall(r"url\(#([\w-]+)\)", ElementTree.tostring(root, "unicode")))
    assert used == named


@pytest.mark.parametrize("is_struck", [True, False])
@pytest.mark.parametrize("size", [24, 48, 96, 240])
def test_an_inline_mark_keeps_the_content_policy(size: int, is_struck: bool) -> None:
    mark = hallmark.inline_svg(BADGE, issuer=GUILD, size=size, is_struck=is_struck)

    root = ElementTree.fromstring(mark)

    attributes = {name for element in root.iter() for name in element.attrib}
    assert attributes <= {
        *("class", "viewBox", "width", "height", "aria-hidden", "focusable"),
        *("d", "stroke-width"),
    }
    assert root.get("aria-hidden") == "true"


def test_a_mark_that_stands_alone_says_what_it_is() -> None:
    mark = hallmark.inline_svg(BADGE, issuer=GUILD, label='Mark of "A & B"')

    root = ElementTree.fromstring(mark)

    assert (root.get("role"), root.get("aria-label")) == ("img", 'Mark of "A & B"')
    assert root.get("aria-hidden") is None


def test_an_issuer_cannot_write_markup_into_a_mark() -> None:
    hostile = '<script>"&'

    root = ElementTree.fromstring(hallmark.file_svg(replace(BADGE, title=hostile), issuer=hostile))

    assert root.findtext(f"{SVG}title") == f"{hostile}, the hallmark of {hostile}"
    assert root.find(f".//{SVG}script") is None


def test_a_criterion_shows_as_many_lozenges_as_the_level_that_was_reached() -> None:
    levels = {"C1": 3, "C2": 4, "C3": 3}

    before = [shape for shape in engrave(BADGE, issuer=GUILD) if shape.role == "pip"]
    after = [shape for shape in engrave(BADGE, issuer=GUILD, levels=levels) if shape.role == "pip"]

    assert len(after) - len(before) == (3 + 4 + 3) - 3


def test_a_small_mark_is_simpler_than_a_large_one() -> None:
    sizes = [len(hallmark.inline_svg(BADGE, issuer=GUILD, size=size)) for size in (24, 48, 96, 240)]

    assert sizes == sorted(sizes)
    assert sizes[0] < 4_000
    assert sizes[2] < 16_000


def test_every_shape_lies_within_the_square() -> None:
    for number in range(60):
        badge = replace(BADGE, slug=f"badge-{number}")
        points = [point for shape in engrave(badge, issuer=GUILD) for point in shape.points]

        assert all(0 <= coordinate <= 240 for point in points for coordinate in point), number


@given(issuer=st.text(max_size=30), slug=st.text(max_size=30), version=st.text(max_size=8))
def test_any_name_has_a_mark(issuer: str, slug: str, version: str) -> None:
    badge = replace(BADGE, slug=slug, version=version)

    mark = hallmark.inline_svg(badge, issuer=issuer, size=96)

    assert ElementTree.fromstring(mark).tag == "svg"
    assert choose(issuer, slug) == choose(issuer, slug)


@pytest.mark.parametrize(
    ("version", "letter"),
    [("1.0.0", "A"), ("1.9", "A"), ("2.0", "B"), ("26.1", "Z"), ("27.0", "A"), ("draft", "A")],
)
def test_an_edition_is_dated_by_a_letter(version: str, letter: str) -> None:
    assert edition_letter(version) == letter


@pytest.mark.parametrize(
    ("name", "signs"),
    [("Northlight Guild", "NG"), ("Assay", "A"), ("the & of Oslo", "to"), ("", "?"), ("“x”", "?")],
)
def test_a_maker_signs_with_initials(name: str, signs: str) -> None:
    assert initials(name) == signs


def test_a_letter_that_was_never_cut_is_a_lozenge_and_an_accent_is_left_out() -> None:
    assert strokes("Ж") == LOZENGE
    assert strokes("é") == strokes("E")


def test_the_picture_has_the_size_that_was_asked_for_and_a_clear_ground() -> None:
    image = Image.open(BytesIO(png(BADGE, issuer=GUILD, size=128)))

    assert (image.format, image.size, image.mode) == ("PNG", (128, 128), "RGBA")
    corner, middle = image.getpixel((0, 0)), image.getpixel((64, 64))
    assert isinstance(corner, tuple)
    assert isinstance(middle, tuple)
    assert (corner[3], middle[3]) == (0, 255)


def test_the_struck_picture_is_metal_and_the_outline_is_not() -> None:
    def warmth(is_struck: bool) -> float:
        image = draw(BADGE, issuer=GUILD, size=96, is_struck=is_struck).convert("RGBA")
        red, _green, blue, _alpha = image.resize((1, 1)).getpixel((0, 0))
        return float(red - blue)

    assert warmth(is_struck=True) > 60
    assert warmth(is_struck=False) < 20


def test_the_same_badge_gives_the_same_bytes() -> None:
    assert png(BADGE, issuer=GUILD, size=64) == png(BADGE, issuer=GUILD, size=64)


@pytest.mark.parametrize("size", [0, 15, 1025, 100_000])
def test_a_picture_of_an_unreasonable_size_is_refused(size: int) -> None:
    with pytest.raises(ValueError, match="16 to 1024 pixels"):
        png(BADGE, issuer=GUILD, size=size)
