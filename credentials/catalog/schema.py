"""The shape of a badge, checked against the published JSON Schema, in words for its author.

A problem names its place as a path of field names and positions, so that whoever holds the file
can say the line.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

SCHEMA_FILE = Path(__file__).with_name("badge-file.schema.json")
KINDS = {
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list",
    "object": "a set of fields",
    "null": "nothing",
}

Place = tuple[str | int, ...]


@dataclass(frozen=True)
class Problem:
    """What is wrong, and where; `is_at_name` when the field itself is, and not its value."""

    place: Place
    reason: str
    is_at_name: bool = False

    @property
    def field(self) -> str:
        """The place as its author would write it: `criteria[2].descriptors.3`."""
        text = "".join(f"[{one + 1}]" if isinstance(one, int) else f".{one}" for one in self.place)
        return text.removeprefix(".") or "the file"


@cache
def validator() -> Draft202012Validator:
    """Return the validator of the badge file schema."""
    return Draft202012Validator(json.loads(SCHEMA_FILE.read_text("utf-8")))


def problems_of_shape(mapping: Any) -> list[Problem]:
    """Return every way in which a plain value departs from the schema, in order of place."""
    found = [one for error in validator().iter_errors(mapping) for one in _problems(error)]
    return sorted(found, key=lambda one: [str(part).zfill(4) for part in one.place])


def _problems(error: ValidationError) -> Iterator[Problem]:
    place: Place = tuple(error.absolute_path)
    if error.validator == "additionalProperties":
        yield from _unknown_fields(error, place)
    elif error.validator == "required":
        missing = [name for name in error.validator_value if name not in error.instance]
        name = next(one for one in missing if repr(one) in error.message)
        yield Problem(place, f"The field {name} is missing.")
    else:
        yield Problem(place, _reason(error))


def _unknown_fields(error: ValidationError, place: Place) -> Iterator[Problem]:
    known = error.schema.get("properties", {})
    patterns = error.schema.get("patternProperties")
    for name in error.instance:
        if patterns and not _is_level(name):
            yield Problem((*place, name), f"{name} is not the value of a level.", True)
        elif not patterns and name not in known:
            wanted = ", ".join(known)
            yield Problem((*place, name), f"There is no field {name} here; use {wanted}.", True)


def _is_level(name: str) -> bool:
    return name in {"1", "2", "3", "4", "5", "6"}


def _reason(error: ValidationError) -> str:
    words = WORDS.get(str(error.validator))
    if words is None:
        return "This is not as the badge file schema wants it."
    return words(error)


def _of_kind(error: ValidationError) -> str:
    wanted = error.validator_value
    names = [wanted] if isinstance(wanted, str) else wanted
    kinds = " or ".join(KINDS[name] for name in names if name != "null")
    hint = ""
    if "string" in names and not isinstance(error.instance, Mapping | list):
        hint = ' Put it in quotes, as in "1.0".'
    return f"This must be {kinds}.{hint}"


def _one_of(error: ValidationError) -> str:
    return f"This must be one of: {', '.join(str(one) for one in error.validator_value)}."


def _length(error: ValidationError) -> str:
    return (
        f"This is {len(error.instance):,} characters long; {error.validator_value:,} are allowed."
    )


def _pattern(error: ValidationError) -> str:
    if error.validator_value == r"\S":
        return "This must not be empty."
    return f"This is not written as wanted; it must match {error.validator_value}"


def _count(error: ValidationError) -> str:
    few = error.validator == "minItems"
    count = error.validator_value
    noun = "entry" if count == 1 else "entries"
    return f"This needs at {'least' if few else 'most'} {count} {noun}."


def _bound(error: ValidationError) -> str:
    low = error.validator in ("minimum", "exclusiveMinimum")
    return f"This must be {'at least' if low else 'at most'} {error.validator_value}."


WORDS: dict[str, Callable[[ValidationError], str]] = {
    "type": _of_kind,
    "enum": _one_of,
    "maxLength": _length,
    "pattern": _pattern,
    "minItems": _count,
    "maxItems": _count,
    "minimum": _bound,
    "maximum": _bound,
    "exclusiveMinimum": lambda _error: "This must be more than 0.",
    "uniqueItems": lambda _error: "The same entry stands here twice.",
}


def duplicates(values: Sequence[Any]) -> list[int]:
    """Return the positions of values that stood in the list before."""
    return [place for place, value in enumerate(values) if value in values[:place]]
