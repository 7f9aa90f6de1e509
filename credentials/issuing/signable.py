"""Would a signature cover all of this document? What to object to before signing or checking.

JSON-LD signs the meaning of a document, not its letters. Whatever the vocabularies do not
define is dropped; an identifier that is not a full address is dropped; the name of an unnamed
node is replaced; a full address used as a member name means the same as a term and is missed
by everyone who reads the term. Each of these lets a stranger change what a reader sees while
the signature still holds, so each is an objection.
"""

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from credentials.issuing.jsonld import Unsignable, expand

UNDEFINED = "urn:undefined-term:"
RELATIVE = "urn:relative-identifier:/"
MAX_DEPTH = 64
MAX_VALUES = 20_000
MAX_SAFE_INTEGER = 2**53 - 1

# RDFC-1.0 escapes the control characters and PyLD does not; others treat U+FFFE and U+FFFF
# differently. Tab, line feed and carriage return are safe.
_UNSAFE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
# What N-Quads allows between < and >; anything else could be read as more than one term.
_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:[^\x00-\x20<>\"{}|^`\\]+")
_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")
# Names with anything else in them, a space for one, are dropped even where all words are allowed.
_TERM = re.compile(r"[A-Za-z0-9_.\-]+", re.ASCII)
_KEYWORDS = frozenset({"@context", "@value", "@language"})
_SAID_OF_THE_WHOLE = frozenset({"id", "type", "endorsementComment"})

Place = tuple[str, str | None, Any, int]


def clean_text(text: str) -> str:
    """Return the text without the control characters that do not survive signing."""
    return _UNSAFE.sub("", text)


def objection_to(document: Mapping[str, Any]) -> str | None:
    """Return why a signature over the document would not cover all of it, or None."""
    return objection_to_json(document) or _objection_to_terms(document)


def objection_to_json(document: Mapping[str, Any]) -> str | None:
    """Return what is wrong with the document as plain JSON, before any vocabulary is read."""
    for count, (path, key, value, depth) in enumerate(walk(document)):
        if count >= MAX_VALUES:
            return f"It holds more than {MAX_VALUES} values."
        if depth > MAX_DEPTH:
            return f"It is nested more than {MAX_DEPTH} levels deep."
        fault = _fault_in_key(key) or _fault_in_value(value)
        fault = fault or _fault_in_literal(value) or _fault_in_list(value)
        fault = fault or (_fault_in_repetition(document, value) if path else None)
        if fault:
            return f"{path or 'The document'} {fault}"
    return None


def walk(document: Any) -> Iterator[Place]:
    """Yield path, member name, value and depth of every value, without recursion."""
    waiting: list[Place] = [("", None, document, 1)]
    while waiting:
        path, key, value, depth = waiting.pop()
        yield path, key, value, depth
        if isinstance(value, Mapping):
            waiting += [(f"{path}/{_short(k)}", k, v, depth + 1) for k, v in value.items()]
        elif isinstance(value, list):
            waiting += [(f"{path}/{n}", None, v, depth + 1) for n, v in enumerate(value)]


def _fault_in_key(key: object) -> str | None:
    if key is None or key in _KEYWORDS:
        return None
    if not isinstance(key, str) or not _TERM.fullmatch(key):
        return "has a name that is not a plain term."
    return None


def _fault_in_value(value: object) -> str | None:
    if isinstance(value, str):
        return _fault_in_text(value)
    if value is None or isinstance(value, bool | Mapping | list):
        return None
    if isinstance(value, int):
        return None if abs(value) <= MAX_SAFE_INTEGER else "is too large a whole number."
    if isinstance(value, float):
        return None if math.isfinite(value) else "is not a number that JSON knows."
    return "is not a JSON value."


def _fault_in_text(text: str) -> str | None:
    if _UNSAFE.search(text):
        return "has a control character that does not survive signing."
    if text.startswith("_:"):
        return "is the name of an unnamed node, which a signature does not cover."
    return None


def _fault_in_literal(value: object) -> str | None:
    """Allow a text with its language; a bare `@value` says the same as a plain text, unseen."""
    if not isinstance(value, Mapping) or not value.keys() & {"@value", "@language"}:
        return None
    return None if set(value) == {"@value", "@language"} else "is a text in an unusual wrapping."


def _fault_in_list(value: object) -> str | None:
    if not isinstance(value, list):
        return None
    if any(isinstance(item, list) for item in value):
        return "has a list directly inside a list."
    names = Counter(str(item["id"]) for item in value if isinstance(item, Mapping) and "id" in item)
    if any(count > 1 for count in names.values()):
        return "lists the same identifier twice."
    return None


def _fault_in_repetition(document: Mapping[str, Any], value: object) -> str | None:
    """Keep the document's own members at its top: inside, they would be signed but not seen."""
    if not isinstance(value, Mapping) or value.get("id", "") != document.get("id"):
        return None
    return None if set(value) <= _SAID_OF_THE_WHOLE else "speaks for the whole document."


def _objection_to_terms(document: Mapping[str, Any]) -> str | None:
    declared = document.get("@context")
    listed = list(declared) if isinstance(declared, list) else [declared]
    if None in listed:
        return "It names no vocabulary."
    try:
        expanded = expand({**document, "@context": [*listed, {"@vocab": UNDEFINED}]}, base=RELATIVE)
    except Unsignable as objection:
        return objection.reason
    nodes = (value for _, _, value, _ in walk(expanded) if isinstance(value, Mapping))
    return next((fault for fault in map(_fault_in_node, nodes) if fault), None)


def _fault_in_node(node: Mapping[str, Any]) -> str | None:
    names = [*_listed(node.get("@id")), *_listed(node.get("@type"))]
    names += [key for key in node if not key.startswith("@")]
    language = node.get("@language", "en")
    if not _LANGUAGE.fullmatch(language):
        return f"The language {_short(language)!r} is not well formed."
    return next((fault for fault in map(_fault_in_name, names) if fault), None)


def _fault_in_name(name: str) -> str | None:
    if name.startswith(UNDEFINED):
        term = _short(name.removeprefix(UNDEFINED))
        return f"The term {term!r} is in no vocabulary that it names, so it would not be signed."
    if name.startswith(RELATIVE):
        return f"The identifier {_short(name.removeprefix(RELATIVE))!r} is not a full address."
    if name != "@json" and not _IRI.fullmatch(name):
        return f"The identifier {_short(name)!r} is not well formed."
    return None


def _listed(value: Any) -> list[str]:
    if value is None:
        return []
    return list(value) if isinstance(value, list) else [value]


def _short(name: object) -> str:
    return clean_text(str(name))[:60]
