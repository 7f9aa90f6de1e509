"""From whatever was handed in to one JSON object, without surprises.

Refused with a reason: too long, not UTF-8, not JSON, NaN and infinities, the same name twice in
one object (each reader would pick another one), nesting or numbers beyond any real badge.
"""

import json
from collections.abc import Mapping
from typing import Any, NoReturn

from core.errors import Invalid
from credentials.issuing.signable import objection_to_json

LARGEST = 1024 * 1024

Handed = str | bytes | Mapping[str, Any]


class Unreadable(Invalid):
    """What was handed in cannot be read as one JSON object."""


def size_of(handed: Handed) -> int:
    """Return the size in bytes as sent; a parsed object is measured by its JSON text."""
    return len(_text(handed).encode("utf-8"))


def read(handed: Handed) -> dict[str, Any]:
    """Return the JSON object, with plain values only; raise Unreadable."""
    try:
        value = json.loads(
            _text(handed), object_pairs_hook=_members, parse_constant=_refuse_constant
        )
    except RecursionError:
        raise Unreadable("It is nested far too deep to be a badge.") from None
    except ValueError as error:
        raise Unreadable(f"It is not valid JSON: {_short(error)}.") from None
    if not isinstance(value, dict):
        raise Unreadable("It is JSON, but not an object as a badge is.")
    objection = objection_to_json(value)
    if objection:
        raise Unreadable(objection)
    return value


def _text(handed: Handed) -> str:
    if not isinstance(handed, str | bytes):
        return _written(handed)
    if len(handed) > LARGEST:
        raise Unreadable(f"It is longer than {LARGEST // 1024} KiB, which no badge needs.")
    try:
        text = handed.decode("utf-8-sig") if isinstance(handed, bytes) else handed
        text.encode("utf-8")
    except UnicodeError:
        raise Unreadable("It is not text in UTF-8.") from None
    return text


def _written(handed: object) -> str:
    try:
        text = json.dumps(handed, ensure_ascii=True, allow_nan=False)
    except RecursionError:
        raise Unreadable("It is nested far too deep to be a badge.") from None
    except (TypeError, ValueError):
        raise Unreadable("It holds values that JSON does not have.") from None
    if len(text) > LARGEST:
        raise Unreadable(f"It is longer than {LARGEST // 1024} KiB, which no badge needs.")
    return text


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise Unreadable("The same name appears twice in one object.")
    return members


def _refuse_constant(name: str) -> NoReturn:
    raise Unreadable(f"{name} is not a value that JSON has.")


def _short(error: ValueError) -> str:
    return str(error)[:120]
