"""From whatever is handed in to one JSON object, or a reason why not."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from credentials.verification.checks import check
from credentials.verification.findings import Overall
from credentials.verification.reading import Unreadable, read, size_of
from tests.credentials.samples import AT, SHARED, signed, sources

BOMBS = SHARED / "badinput" / "generated" / "bombs"
STRINGS = json.loads((SHARED / "badinput" / "strings" / "blns.json").read_text("utf-8"))


def deep(levels):
    document = {}
    for _ in range(levels):
        document = {"a": document}
    return document


def circular():
    document = {}
    document["a"] = document
    return document


@pytest.mark.parametrize(
    ("handed", "reason"),
    [
        ("", "It is not valid JSON: Expecting value: line 1 column 1 (char 0)."),
        ("[1]", "It is JSON, but not an object as a badge is."),
        (None, "It is JSON, but not an object as a badge is."),
        (5, "It is JSON, but not an object as a badge is."),
        ('{"a": NaN}', "NaN is not a value that JSON has."),
        ('{"a": -Infinity}', "-Infinity is not a value that JSON has."),
        ('{"a": 1e999}', "/a is not a number that JSON knows."),
        ('{"a": 9007199254740993}', "/a is too large a whole number."),
        ({"a": float("nan")}, "It holds values that JSON does not have."),
        ({"a": b"bytes"}, "It holds values that JSON does not have."),
        (circular(), "It holds values that JSON does not have."),
        ('{"a": 1, "a": 1}', "The same name appears twice in one object."),
        ({"1": 1, 1: 2}, "The same name appears twice in one object."),
        ('{"a": "\\ud800"}', "/a has a control character that does not survive signing."),
        ({"a": "\udc00"}, "/a has a control character that does not survive signing."),
        ("{\ud800}", "It is not text in UTF-8."),
        (b"\xff\xfe{}", "It is not text in UTF-8."),
        ('{"a": "\\u0000"}', "/a has a control character that does not survive signing."),
        ("[" * 100_000, "It is nested far too deep to be a badge."),
        (deep(100_000), "It is nested far too deep to be a badge."),
        (deep(64), "It is nested more than 64 levels deep."),
        ("x" * 10_000_000, "It is longer than 1024 KiB, which no badge needs."),
        (b"x" * 10_000_000, "It is longer than 1024 KiB, which no badge needs."),
        ({"a": "x" * 10_000_000}, "It is longer than 1024 KiB, which no badge needs."),
    ],
)
def test_what_cannot_be_read_is_refused_in_words_and_fails_the_check(handed, reason):
    with pytest.raises(Unreadable) as refusal:
        read(handed)
    report = check(handed, at=AT, sources=sources())

    assert refusal.value.reason == reason
    assert report.overall is Overall.INVALID
    assert [step.explanation for step in report.steps if step.verdict == "failed"] == [reason]


@pytest.mark.parametrize("name", ["json_nest_100000.json", "json_bigint.json"])
def test_a_bomb_in_a_file_fails_the_check(name):
    report = check((BOMBS / name).read_bytes(), at=AT, sources=sources())

    assert report.overall is Overall.INVALID


def test_size_is_counted_in_bytes():
    assert size_of('{"a": "ü"}') == 11
    assert size_of({"a": 1}) == 8


def test_naughty_strings_in_the_place_of_a_badge_never_break_the_check():
    reports = {check(text, at=AT, sources=sources()).overall for text in STRINGS}

    assert reports == {Overall.INVALID}


def test_naughty_strings_inside_a_badge_never_break_the_check_nor_pass_it():
    badge = signed()
    reports = set()
    for text in STRINGS[::12]:
        badge["credentialSubject"]["narrative"] = text
        badge["validUntil"] = text
        reports.add(check(badge, at=AT, sources=sources()).overall)

    assert reports == {Overall.INVALID}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner),
    max_leaves=12,
)
MEMBER = st.sampled_from(sorted(signed()))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(MEMBER, JSON)
def test_any_json_in_any_place_never_breaks_the_check_nor_passes_it(member, value):
    report = check({**signed(), member: value}, at=AT, sources=sources())

    assert report.overall is not Overall.VALID


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_never_break_the_check(content):
    assert check(content, at=AT, sources=sources()).overall is Overall.INVALID
