"""Are its vocabularies known here, and does the signature cover every word of it?"""

from collections.abc import Mapping
from typing import Any

from credentials.issuing.jsonld import contexts
from credentials.issuing.proof import options_document, without_proof
from credentials.issuing.signable import walk
from credentials.verification.canonical import Canonical, Canonicalise
from credentials.verification.findings import Finding, failed, passed, unsure
from credentials.verification.shape import listed

MOST_PROOFS = 4


def vocabularies(document: Mapping[str, Any]) -> Finding:
    """Return whether every vocabulary it names, at the top or inside, is one that we hold."""
    named = [
        name for _, key, value, _ in walk(document) if key == "@context" for name in listed(value)
    ]
    if not listed(document.get("@context")):
        return failed("It names no vocabulary, so its words have no fixed meaning.")
    if not all(isinstance(name, str) for name in named):
        return failed("It brings its own vocabulary along, which could give words any meaning.")
    unknown = sorted(set(named) - set(contexts()))
    if unknown:
        return unsure(
            f"It uses a vocabulary that is not held here ({unknown[0][:200]}),"
            " so its signature cannot be checked here."
        )
    return passed("It uses published vocabularies only, of which we hold our own copies.")


def canonical_texts(document: Mapping[str, Any], canonicalise: Canonicalise) -> Canonical:
    """Return the canonical text of the document without proof, then of each proof's options."""
    proofs = [proof for proof in listed(document.get("proof")) if isinstance(proof, Mapping)]
    options = [options_document(document, proof) for proof in proofs[:MOST_PROOFS]]
    return canonicalise([without_proof(document), *options])


def coverage(found: Canonical) -> Finding:
    """Return whether anything was added that the signature would not cover."""
    if found.gave_up:
        return unsure(found.gave_up)
    if found.objection:
        return failed(f"Something in it is not covered by any signature. {found.objection}")
    return passed("Every word of it is covered by the signature.")
