"""Badge files: what is taken, what comes back the same, and what is refused with its line."""

from dataclasses import replace
from pathlib import Path

import pytest

from credentials.catalog.badge_file import (
    Fault,
    FaultyBadgeFile,
    IssuerNamed,
    read,
    write,
)
from credentials.catalog.definition import PassRule
from credentials.catalog.schema import SCHEMA_FILE
from tests.factories import sample_definition

BADGES = sorted((SCHEMA_FILE.parent / "badges").glob("*.yaml"))
ISSUER = IssuerNamed("northlight-guild", "Northlight Guild", url="https://example.org")
GOOD = """\
format: assay-badge/1
issuer:
  slug: northlight-guild
  name: Northlight Guild
slug: careful-host
version: "1.0"
title: Careful Host
claim: Hosts a session that everybody can follow.
summary: Shown with one run sheet.
workload_hours: 4
levels:
  - {value: 1, name: Not evident}
  - {value: 2, name: Developing}
  - {value: 3, name: Proficient}
criteria:
  - key: C1
    name: Needs
    descriptors:
      1: None named.
      2: Some named.
      3: All named and met.
evidence_requirements:
  - key: E1
    title: Run sheet
    description: The sheet you used.
    accepts: [pdf]
"""


def faults_in(text: str | bytes) -> list[str]:
    content = text.encode() if isinstance(text, str) else text
    with pytest.raises(FaultyBadgeFile) as refusal:
        read(content)
    return [str(fault) for fault in refusal.value.faults]


def test_a_well_formed_file_is_taken():
    found = read(GOOD.encode())

    assert found.issuer == IssuerNamed("northlight-guild", "Northlight Guild")
    assert found.definition.criteria[0].descriptors[3] == "All named and met."
    assert found.advice == ()


@pytest.mark.parametrize("path", BADGES, ids=lambda path: path.stem)
def test_the_badges_that_ship_are_taken_and_come_back_the_same(path: Path):
    found = read(path.read_bytes())

    again = read(write(found.issuer, found.definition).encode())

    assert again == found
    assert again.definition.digest == found.definition.digest
    assert found.definition.slug == path.stem


def test_three_badges_of_the_guild_ship():
    found = [read(path.read_bytes()) for path in BADGES]

    assert [one.definition.title for one in found] == [
        "Data Protection Impact Assessment in Practice",
        "Hybrid Session Producer",
        "Scenario-Based Learning Designer",
    ]
    assert {one.issuer.name for one in found} == {"Northlight Guild"}
    assert [one.definition.workload_hours for one in found] == [30, 20, 25]
    assert [one.definition.validity_months for one in found] == [24, 36, 48]
    assert {one.definition.pass_rule.distinction_count for one in found} == {3}


def test_writing_is_exact_whatever_an_edition_holds():
    definition = replace(
        sample_definition(),
        claim='Says "no: never" # and means\nit, on two lines\n\n  indented – ünïcode 漢字',
        summary="- looks like a list",
        tags=("yes", "1.0", "null", "~", "2026-01-01", "'quoted'"),
        pass_rule=PassRule(mode="weighted_mean", mean_needed=2.5),
        validity_months=7,
        allow_zip=True,
    )

    text = write(ISSUER, definition)
    found = read(text.encode())

    assert found.issuer == ISSUER
    assert found.definition == definition
    assert write(found.issuer, found.definition) == text


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('"1.0"', "1.0", 'line 6, version: This must be text. Put it in quotes, as in "1.0".'),
        (
            "format: assay-badge/1\n",
            "",
            "line 1, the file: The file must say format: assay-badge/1",
        ),
        ("  name: North", "  nam: North", "line 2, issuer: The field name is missing."),
        ("workload_hours: 4", "workload_hours: four", "line 10, workload_hours: This must be a"),
        (
            "workload_hours: 4",
            "workload_hours: 0",
            "line 10, workload_hours: This must be at least 1.",
        ),
        ("title: Careful Host\n", "", "line 1, the file: The field title is missing."),
        ("title: Careful", "titel: Careful", "line 7, titel: There is no field titel here; use"),
        (
            "      3: All named and met.\n",
            "",
            "line 18, criteria[1].descriptors: The text for level 3",
        ),
        (
            "      3: All",
            "      4: All",
            "line 21, criteria[1].descriptors.4: The scale has no level 4.",
        ),
        (
            "    name: Needs",
            "    name: Needs\n    pass_level: 4",
            "line 18, criteria[1].pass_level: The",
        ),
        (
            "    name: Needs",
            "    name: Needs\n    pass_level: 1",
            "line 18, criteria[1].pass_level: The",
        ),
        (
            "accepts: [pdf]",
            "accepts: [exe]",
            "line 26, evidence_requirements[1].accepts[1]: This must",
        ),
        (
            "accepts: [pdf]",
            "accepts: []",
            "line 26, evidence_requirements[1].accepts: This needs at",
        ),
        ("slug: careful-host", "slug: Careful Host", "line 5, slug: This is not written as wanted"),
        (
            "title: Careful Host",
            f"title: {'x' * 201}",
            "line 7, title: This is 201 characters long; 200",
        ),
        ("title: Careful Host", 'title: " "', "line 7, title: This must not be empty."),
        (
            "title: Careful Host",
            'title: "a\\x07b"',
            "line 7, title: This holds a control character.",
        ),
        ("title: Careful Host", "title: No", "line 7, title: YAML may read 'No' in other ways."),
        ("title: Careful Host", "title: 2026-01-01", "line 7, title: YAML may read '2026-01-01'"),
        ("slug: careful-host", "slug: a\nslug: b", "line 6, slug: This field stands here twice."),
        ("{value: 3,", "{value: 4,", "line 11, levels: The values must be 1, 2, 3 and so on"),
        ("name: Needs", "name: Attendance", "line 17, criteria[1].name: Being there is not a crit"),
        (
            "accepts: [pdf]",
            "accepts: [pdf]\n    applied_work: false",
            "line 22, evidence_requirements: ",
        ),
        (
            "slug: northlight-guild",
            "slug: North Light",
            "line 3, issuer.slug: Use lower-case letters",
        ),
        (
            "  name: Northlight",
            "  time_zone: Mars\n  name: Northlight",
            "line 4, issuer.time_zone: This is",
        ),
    ],
)
def test_a_fault_is_said_with_its_line_field_and_reason(old: str, new: str, fault: str):
    assert GOOD.count(old) == 1

    found = faults_in(GOOD.replace(old, new))

    assert any(one.startswith(fault) for one in found), found


def test_every_fault_of_a_file_is_said_at_once():
    text = GOOD.replace('"1.0"', "1.0").replace("accepts: [pdf]", "accepts: [exe]")
    text = text.replace("      2: Some named.\n", "") + "colour: red\n"

    found = faults_in(text)

    assert [one.split(":")[0] for one in found] == [
        "line 6, version",
        "line 18, criteria[1].descriptors",
        "line 25, evidence_requirements[1].accepts[1]",
        "line 26, colour",
    ]


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", Fault(None, "the file", "The file is empty.")),
        (b"- 1", Fault(1, "the file", "A badge file is a set of named fields.")),
        (b"\xff\xfe", Fault(None, "the file", "The file is not text in UTF-8.")),
        (b"a: \x07", Fault(1, "the file", "There is a character that no text should hold.")),
        (
            b"a: &x [1]\nb: *x\n",
            Fault(1, "the file", "Anchors and aliases are not used here. Write the text out."),
        ),
        (
            b"a: 1\nb: !!python/object/apply:os.system [ls]\n",
            Fault(2, "the file", "Tags, written with an exclamation mark, are not used here."),
        ),
        (
            b"a: 1\n---\nb: 1\n",
            Fault(2, "the file", "There is a second document. One file holds one edition."),
        ),
        (
            b"[" * 5_000,
            Fault(1, "the file", "There is more, or deeper nested, content than any badge has."),
        ),
        (
            b"a: " + b"x" * 1_100_000,
            Fault(None, "the file", "The file is larger than 1 MB, which no badge needs."),
        ),
    ],
)
def test_traps_are_refused_before_anything_is_read(content: bytes, fault: Fault):
    with pytest.raises(FaultyBadgeFile) as refusal:
        read(content)

    assert refusal.value.faults == [fault]


def test_a_billion_laughs_end_at_the_first_anchor():
    laughs = b"a: &a [x,x]\n" + b"".join(
        b"%c: &%c [*%c,*%c,*%c]\n" % (98 + n, 98 + n, 97 + n, 97 + n, 97 + n) for n in range(20)
    )

    assert faults_in(laughs)[0].startswith("line 1, the file: Anchors and aliases")


def test_no_fault_carries_a_control_character_to_a_terminal():
    found = faults_in(GOOD + '"\\e[31mred": 1\n')

    assert any("red" in one for one in found)
    assert all(one.isprintable() for one in found)


def test_broken_yaml_is_said_with_its_line_and_without_a_trace():
    assert faults_in(GOOD + "  bad: [\n") == [
        "line 27, the file: This is not well-formed YAML: while parsing a block collection"
        " expected <block end>, but found '?'."
    ]


def test_wording_that_cannot_be_observed_is_advice_and_no_fault():
    found = read(GOOD.replace("2: Some named.", "2: Understands some needs.").encode())

    assert [str(one) for one in found.advice] == [
        "line 20, criteria[1].descriptors.2: Name something a reviewer can see in the work,"
        " rather than a state of mind."
    ]
