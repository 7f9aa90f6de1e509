"""The card of a shared badge holds any title and any name within its frame."""

from dataclasses import replace
from io import BytesIO

import pytest
from PIL import Image, ImageChops

from credentials.catalog.definition import Criterion, EditionDefinition, Level
from credentials.issuing.card import SHEET, card_png

BADGE = EditionDefinition(
    slug="dpia-in-practice",
    version="1.0.0",
    title="Data Protection Impact Assessment in Practice",
    claim="Leads a DPIA.",
    summary="",
    workload_hours=30,
    levels=tuple(Level(value, f"Level {value}") for value in (1, 2, 3, 4)),
    criteria=(Criterion("C1", "Describing the processing", {}),),
    evidence_requirements=(),
)


def opened(card: bytes) -> Image.Image:
    return Image.open(BytesIO(card))


def ink_beyond_the_frame(image: Image.Image) -> bool:
    """Whether anything is drawn between the words' right edge and the frame."""
    strip = image.crop((1140, 40, 1160, 590))
    return ImageChops.difference(strip, Image.new("RGB", strip.size, SHEET)).getbbox() is not None


def test_the_card_has_the_size_that_networks_show_whole() -> None:
    image = opened(card_png(BADGE, issuer="Northlight Guild"))

    assert (image.format, image.size) == ("PNG", (1200, 630))


@pytest.mark.parametrize(
    "title",
    [
        "Hybrid Session Producer",
        "Data Protection Impact Assessment in Practice for Public Administrations and Hospitals",
        "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft",
        "Práce s daty",
        "Проведение гибридных сессий",
        "word " * 60,
        "",
    ],
)
def test_no_title_runs_off_the_card(title: str) -> None:
    card = card_png(replace(BADGE, title=title), issuer="Guild " * 40, holder="Mira " * 40)

    assert not ink_beyond_the_frame(opened(card))


def test_the_holder_is_on_the_card_only_where_they_are_named() -> None:
    nameless = card_png(BADGE, issuer="Northlight Guild")
    named = card_png(BADGE, issuer="Northlight Guild", holder="Mira Oyelaran")

    assert nameless != named
    assert nameless == card_png(BADGE, issuer="Northlight Guild")


def test_the_card_is_small_enough_to_be_fetched_by_a_preview() -> None:
    assert len(card_png(BADGE, issuer="Northlight Guild", holder="Mira Oyelaran")) < 300_000
