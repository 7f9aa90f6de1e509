"""JSON-LD without a network: from a document to the canonical text that is signed.

Contexts come from a fixed folder and nowhere else. `canonicalise` gives RDF Dataset
Canonicalization (RDFC-1.0) as N-Quads. It drops without a word what no context defines;
`credentials.issuing.signable` finds such things, and both signer and checker ask it first.
"""

import json
import threading
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from pyld import ContextResolver, jsonld
from pyld.canon import URDNA2015

from core.errors import Invalid

CONTEXT_FOLDER = Path(__file__).parent / "contexts"
MAX_BLANK_NODES = 1_000

# PyLD keeps parsed contexts in caches that are not safe to share between threads.
_LOCK = threading.Lock()


class Unsignable(Invalid):
    """The document has no canonical text, or says something a signature would not cover."""


@cache
def contexts() -> dict[str, Any]:
    """Return every context we hold, by the public address it stands for."""
    manifest = json.loads((CONTEXT_FOLDER / "manifest.json").read_text("utf-8"))
    return {
        entry["url"]: json.loads((CONTEXT_FOLDER / entry["file"]).read_text("utf-8"))
        for entry in manifest["contexts"]
    }


def load_document(url: str, _options: object = None) -> dict[str, Any]:
    """Answer a request for a context from the folder; raise Unsignable for any other address."""
    if url not in contexts():
        raise Unsignable(f"The vocabulary {url[:200]!r} is not one that is held here.")
    return {
        "contentType": "application/ld+json",
        "contextUrl": None,
        "documentUrl": url,
        "document": contexts()[url],
        "tag": "static",
    }


def canonicalise(document: Mapping[str, Any]) -> str:
    """Return the RDFC-1.0 N-Quads of a document; raise Unsignable when it cannot be done.

    A document with more than MAX_BLANK_NODES unnamed nodes is refused. A smaller one can still
    be made to take minutes, so documents of strangers belong in a child process that can be
    ended (`credentials.verification.isolation`).
    """
    try:
        with _LOCK:
            dataset = jsonld.to_rdf(document, _options(base=""))
    except jsonld.JsonLdError as error:
        raise Unsignable(_reason(error)) from error
    if _blank_nodes(dataset) > MAX_BLANK_NODES:
        raise Unsignable("It has too many unnamed parts.")
    text: str = URDNA2015().main(dataset, {"format": "application/n-quads"})
    return text


def expand(document: Mapping[str, Any], *, base: str) -> list[Any]:
    """Return the expanded form, with each term replaced by its address.

    Raise Unsignable when the document is malformed or when a member would be dropped.
    """
    dropped: list[str | None] = []
    try:
        with _LOCK:
            expanded: list[Any] = jsonld.expand(
                document, _options(base=base), on_property_dropped=dropped.append
            )
    except jsonld.JsonLdError as error:
        raise Unsignable(_reason(error)) from error
    if dropped:
        raise Unsignable(f"The member {dropped[0]!r} would not be signed.")
    return expanded


def _blank_nodes(dataset: Mapping[str, Any]) -> int:
    terms = (
        triple[place]
        for triples in dataset.values()
        for triple in triples
        for place in ("subject", "object")
    )
    return len({term["value"] for term in terms if term["type"] == "blank node"})


def _options(*, base: str) -> dict[str, Any]:
    return {
        "base": base,
        "documentLoader": load_document,
        "contextResolver": ContextResolver(_parsed_contexts(), load_document),
        "processingMode": "json-ld-1.1",
    }


@cache
def _parsed_contexts() -> dict[str, Any]:
    """Return this process's own store of parsed contexts, apart from the library's shared one."""
    return {}


def _reason(error: Exception) -> str:
    """Return the innermost reason of the library's error, in one line."""
    cause: BaseException = error
    while cause.__cause__ is not None:
        cause = cause.__cause__
    if isinstance(cause, Invalid):
        return cause.reason
    return f"It is not well-formed JSON-LD ({getattr(cause, 'code', None) or 'unreadable'})."
