"""The badge file: one edition of one badge, with its issuer, as YAML that people write.

`read` refuses a faulty file with the line, the field and the reason of every fault, and `write`
gives back a file that reads as exactly the same edition. Fields that are left out have the
defaults of `credentials.catalog.definition`. docs/badge-files.md describes the format.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import MISSING, Field, asdict, dataclass, fields
from typing import Any
from zoneinfo import available_timezones

import yaml

from core.errors import Invalid
from core.text import NOT_TEXT
from credentials.catalog.definition import (
    MEMBERS,
    PARTS,
    EditionDefinition,
    parse,
    to_mapping,
)
from credentials.catalog.lint import advice_on, errors_in
from credentials.catalog.schema import Place, Problem
from credentials.catalog.yaml_text import Marked, NotYaml, load

FORMAT = "assay-badge/1"
ISSUER_LIMITS = {
    "slug": 80,
    "name": 200,
    "description": 1000,
    "url": 300,
    "email": 254,
    "time_zone": 64,
}
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
WIDTH = 96


@dataclass(frozen=True)
class IssuerNamed:
    """Who is responsible for the badge."""

    slug: str
    name: str
    description: str = ""
    url: str = ""
    email: str = ""
    time_zone: str = "UTC"


@dataclass(frozen=True)
class Fault:
    """What is wrong at a line of the file, counted from 1; None when no line is to blame."""

    line: int | None
    field: str
    reason: str

    def __str__(self) -> str:
        where = f"line {self.line}, " if self.line else ""
        # Names come from the file, and a terminal would act on a control character.
        return NOT_TEXT.sub("", f"{where}{self.field}: {self.reason}")


@dataclass(frozen=True)
class BadgeFile:
    """What a badge file says."""

    issuer: IssuerNamed
    definition: EditionDefinition
    advice: tuple[Fault, ...] = ()


class FaultyBadgeFile(Invalid):
    """The file cannot be taken; `faults` lists every reason, in the order of the file."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = faults


def read(content: bytes) -> BadgeFile:
    """Return what a file says; raise FaultyBadgeFile with every fault when it cannot be taken."""
    try:
        marked = load(content)
    except NotYaml as error:
        raise FaultyBadgeFile([Fault(error.line, "the file", error.reason)]) from None
    if not isinstance(marked.value, Mapping):
        raise FaultyBadgeFile([Fault(1, "the file", "A badge file is a set of named fields.")])
    whole = _composed(marked.value)
    edition = {name: one for name, one in whole.items() if name not in ("format", "issuer")}
    problems = [*_faults_of_head(whole), *errors_in(edition)]
    faults = [
        Fault(line, Problem(place, reason).field, reason) for line, place, reason in marked.faults
    ]
    faults += [_fault(problem, marked) for problem in problems]
    if faults:
        raise FaultyBadgeFile(sorted(faults, key=lambda fault: fault.line or 0))
    advice = tuple(_fault(one, marked) for one in advice_on(edition))
    return BadgeFile(IssuerNamed(**whole["issuer"]), parse(edition), advice)


def write(issuer: IssuerNamed, definition: EditionDefinition) -> str:
    """Return the file of an edition; what has its default value is left out."""
    mapping = {
        "format": FORMAT,
        "issuer": {name: one for name, one in asdict(issuer).items() if one},
        **_without_defaults(EditionDefinition, to_mapping(definition)),
    }
    text: str = yaml.dump(mapping, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=WIDTH)
    return text


def _composed(mapping: Mapping[str, Any]) -> dict[str, Any]:
    """Return the mapping with every text in NFC, as typed text is everywhere."""
    composed: dict[str, Any] = _in_nfc(mapping)
    return composed


def _in_nfc(value: Any) -> Any:
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, Mapping):
        return {name: _in_nfc(member) for name, member in value.items()}
    return [_in_nfc(one) for one in value] if isinstance(value, list) else value


def _faults_of_head(whole: Mapping[str, Any]) -> list[Problem]:
    """Return what is wrong with the two fields around the edition."""
    if whole.get("format") != FORMAT:
        place: Place = ("format",) if "format" in whole else ()
        return [Problem(place, f"The file must say format: {FORMAT}")]
    issuer = whole.get("issuer")
    if not isinstance(issuer, Mapping):
        return [Problem(("issuer",), "Say who is responsible: at least slug and name.")]
    found = [
        Problem(("issuer",), f"The field {name} is missing.")
        for name in ("slug", "name")
        if not issuer.get(name)
    ]
    for name, value in issuer.items():
        fault = _fault_in_issuer(name, value)
        if fault:
            found.append(Problem(("issuer", name), fault, name not in ISSUER_LIMITS))
    return found


def _fault_in_issuer(name: str, value: Any) -> str | None:
    if name not in ISSUER_LIMITS:
        return f"There is no field {name} here; use {', '.join(ISSUER_LIMITS)}."
    if not isinstance(value, str):
        return "This must be text."
    if NOT_TEXT.search(value):
        return "This holds a control character. Type it again without it."
    if len(value) > ISSUER_LIMITS[name]:
        return f"This is {len(value):,} characters long; {ISSUER_LIMITS[name]:,} are allowed."
    if name == "slug" and not SLUG.fullmatch(value):
        return "Use lower-case letters, digits and hyphens."
    if name == "url" and value and not value.startswith(("https://", "http://")):
        return "This must be a web address."
    if name == "time_zone" and value not in available_timezones():
        return "This is no time zone; an example is Europe/Berlin."
    return None


def _fault(problem: Problem, marked: Marked) -> Fault:
    """Return the problem with the line of the nearest part of the file that it is about."""
    lines = marked.name_lines if problem.is_at_name else marked.lines
    place = problem.place
    while place and place not in lines:
        place, lines = place[:-1], marked.lines
    return Fault(lines.get(place, 1), problem.field, problem.reason)


def _without_defaults(kind: type, mapping: Mapping[str, Any]) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    for one in fields(kind):
        if one.name not in mapping:
            continue
        value = mapping[one.name]
        if one.name in MEMBERS:
            value = [_without_defaults(MEMBERS[one.name], member) for member in value]
        elif one.name in PARTS:
            value = _without_defaults(PARTS[one.name], value)
        elif one.name == "descriptors":
            value = {int(level): text for level, text in value.items()}
        if value != _default(one):
            kept[one.name] = value
    return kept


def _default(one: Field[Any]) -> Any:
    if one.name in PARTS:
        return {}
    default = [] if one.default == () else one.default
    return object() if default is MISSING else default


class _Dumper(yaml.SafeDumper):
    """Writes lists indented below their name, as people do."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002 - the signature is PyYAML's
        super().increase_indent(flow, False)
