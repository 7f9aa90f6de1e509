"""The one door for text: where links may lead, and what a hostile text may cost."""

import resource
import time

import pytest

from core import text
from core.text import plain, render, to_html

WORST_SECONDS = 3.5


@pytest.mark.parametrize(
    ("written", "href"),
    [
        ("[a](https://other.example/x)", "/leave?to=https%3A%2F%2Fother.example%2Fx"),
        ("[a](HTTP://other.example/)", "/leave?to=http%3A%2F%2Fother.example%2F"),
        ('<a href=" https://other.example">a</a>', "/leave?to=https%3A%2F%2Fother.example"),
        ('<a href="ht&#10;tps:/other.example">a</a>', "/leave?to=https%3A%2F%2Fother.example"),
        ('<a href="https:other.example">a</a>', "/leave?to=https%3A%2F%2Fother.example"),
        ('<a href="http:\\\\other.example">a</a>', "/leave?to=http%3A%2F%2Fother.example"),
        ("[a](mailto:a@other.example)", "mailto:a@other.example"),
    ],
)
def test_a_link_goes_outside_through_the_door_however_it_is_written(written, href):
    assert f'href="{href}"' in to_html(written)


@pytest.mark.parametrize(
    "written",
    [
        "[a](//other.example/x)",
        "[a](/\\\\other.example)",
        "[a](\\\\\\\\other.example)",
        '<a href="///other.example">a</a>',
        '<a href="/&#9;/other.example">a</a>',
        "[a](/leave?to=javascript:alert)",
        "[a](other)",
        "[a](#main)",
        "[a](javascript:123)",
        '<a href="java&#9;script:alert(1)">a</a>',
        "[a](data:text/html,x)",
    ],
)
def test_a_link_that_leads_to_no_web_address_leads_nowhere(written):
    assert "href" not in to_html(written)


def slow_texts(shared_data):
    folder = shared_data / "badinput" / "generated" / "markdown_slow"
    return {file.name: file.read_text("utf-8") for file in sorted(folder.iterdir())}


def test_ds4_no_text_takes_more_than_its_share_of_time(shared_data):
    given = {
        f"{name} at {length:,}": one[:length]
        for name, one in slow_texts(shared_data).items()
        for length in (text.SHORT, text.LIMIT)
    }

    spent = {name: _seconds(one) for name, one in given.items()}

    assert {name: cost for name, cost in spent.items() if cost > WORST_SECONDS} == {}


def test_a_text_that_is_given_up_keeps_every_word_as_plain_text():
    rendered = render("[" * text.LIMIT)

    assert rendered.is_plain
    assert rendered.html == plain("[" * text.LIMIT)


def _seconds(given):
    before, children = time.process_time(), _children()
    render(given)
    return time.process_time() - before + _children() - children


def _children():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
