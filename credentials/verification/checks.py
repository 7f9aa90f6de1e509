"""Check one badge, step by step, and say what each step found in plain words.

`check` never raises on what it is given, however broken: what cannot be read is a failed step.
Who calls it brings the time and the ways to the outside: how to obtain an issuer's document and
a status list. It asks for the first only when the badge is well formed, and for the second only
when its signature held.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from credentials.issuing.proof import issuer_id
from credentials.verification.authenticity import Claimed, Resolve, claimed, issuer_key, signature
from credentials.verification.canonical import Canonical, Canonicalise, in_child
from credentials.verification.coverage import canonical_texts, coverage, vocabularies
from credentials.verification.findings import (
    Finding,
    Overall,
    Step,
    failed,
    noted,
    passed,
    warned,
    worst,
)
from credentials.verification.reading import Handed, Unreadable, read, size_of
from credentials.verification.shape import fault_in_credential, listed
from credentials.verification.standing import Fetch, Lookup, dates, status


def _nobody(_credential_id: str) -> bool:
    return False


@dataclass(frozen=True)
class Sources:
    """What a check may ask the outside; each way answers None when it got no answer.

    `resolve_issuer` returns the DID document or profile of an issuer identifier (did:key needs
    none), `fetch_status` the document at a status list's address. Both take addresses from
    strangers and must refuse to reach private ones. `is_suspended` tells, for badges of our
    own, a suspension from a revocation, which share one bit. `canonicalise` may be
    `canonical.in_process` for badges whose bytes we wrote ourselves.
    """

    resolve_issuer: Resolve
    fetch_status: Fetch
    trusted_issuers: frozenset[str] = frozenset()
    is_suspended: Callable[[str], bool] = _nobody
    canonicalise: Canonicalise = in_child


@dataclass(frozen=True)
class Report:
    """The steps in order, what they add up to, and the badge itself once it could be read.

    `credential` is a stranger's text until `overall` is valid, and even then it is only what
    its issuer says: show it escaped, its Markdown through the sanitiser.
    """

    overall: Overall
    steps: tuple[Step, ...]
    credential: Mapping[str, Any] | None


@dataclass
class _Case:
    handed: Handed
    at: datetime
    sources: Sources
    recipient: str | None
    document: dict[str, Any] = field(default_factory=dict)
    canonical: Canonical = field(default_factory=Canonical)
    claim: Claimed | None = None
    key: str = ""


def check(
    handed: Handed, *, at: datetime, sources: Sources, recipient: str | None = None
) -> Report:
    """Return the report on a badge given as JSON text, bytes or parsed object.

    With `recipient`, an e-mail address or a DID, the badge must also be theirs.
    """
    case = _Case(handed, at, sources, recipient)
    steps: list[Step] = []
    meanings: list[Overall] = []
    ended_by: str | None = None
    for name, look in STEPS:
        if ended_by is None:
            finding = look(case)
            meanings.append(finding.means)
            ended_by = name if finding.ends else None
        else:
            finding = noted(f"Not looked at, because of what was found under “{ended_by}”.")
        steps.append(Step(name, finding.verdict, finding.explanation))
    return Report(worst(meanings), tuple(steps), case.document or None)


def _size(case: _Case) -> Finding:
    try:
        return passed(f"It is {size_of(case.handed):,} bytes long.")
    except Unreadable as error:
        return failed(error.reason)


def _json(case: _Case) -> Finding:
    try:
        case.document = read(case.handed)
    except Unreadable as error:
        return failed(error.reason)
    return passed("It is well-formed JSON.")


def _vocabularies(case: _Case) -> Finding:
    return vocabularies(case.document)


def _shape(case: _Case) -> Finding:
    fault = fault_in_credential(case.document)
    return failed(fault) if fault else passed("It has everything an Open Badge 3.0 must have.")


def _coverage(case: _Case) -> Finding:
    case.canonical = canonical_texts(case.document, case.sources.canonicalise)
    return coverage(case.canonical)


def _issuer(case: _Case) -> Finding:
    claim = claimed(case.document)
    if isinstance(claim, Finding):
        return claim
    key = issuer_key(claim, case.sources.resolve_issuer)
    if isinstance(key, Finding):
        return key
    case.claim, case.key = claim, key
    return passed(f"The key belongs to {claim.issuer} and may be used to sign badges.")


def _signature(case: _Case) -> Finding:
    if case.claim is None:
        return failed("There is no signature to check.")
    return signature(case.claim, case.key, case.canonical.texts)


def _dates(case: _Case) -> Finding:
    return dates(case.document, case.at)


def _status(case: _Case) -> Finding:
    sources = case.sources
    return status(
        case.document,
        Lookup(
            fetch=sources.fetch_status,
            resolve=sources.resolve_issuer,
            canonicalise=sources.canonicalise,
            at=case.at,
            is_suspended=sources.is_suspended,
        ),
    )


def _recipient(case: _Case) -> Finding:
    if case.recipient is None:
        return noted("A badge does not prove who shows it. Compare it with the holder's address.")
    if is_for(case.document["credentialSubject"], case.recipient):
        return passed("It was awarded to the person with this address.")
    return failed("It was awarded to somebody else.", goes_on=True)


def _trust(case: _Case) -> Finding:
    issuer = issuer_id(case.document)
    if issuer in case.sources.trusted_issuers:
        return passed(f"{issuer} is an issuer that is known here.")
    return warned(
        f"The signature proves that {issuer} signed this. It does not prove who stands behind"
        " that name: see for yourself that it is the organisation you think it is."
    )


STEPS: tuple[tuple[str, Callable[[_Case], Finding]], ...] = (
    ("Size", _size),
    ("JSON", _json),
    ("Vocabularies", _vocabularies),
    ("Required fields", _shape),
    ("Signed in full", _coverage),
    ("Issuer and key", _issuer),
    ("Signature", _signature),
    ("Dates", _dates),
    ("Status", _status),
    ("Recipient", _recipient),
    ("Trust", _trust),
)


def is_for(subject: Mapping[str, Any], person: str) -> bool:
    """Return whether a credential subject names this e-mail address or DID as its recipient."""
    if subject.get("id") == person:
        return True
    names = [name for name in listed(subject.get("identifier")) if isinstance(name, Mapping)]
    return any(_names(name, person.strip().lower()) for name in names)


def _names(identity: Mapping[str, Any], email: str) -> bool:
    if identity.get("identityType") != "emailAddress":
        return False
    written = str(identity.get("identityHash"))
    if not identity.get("hashed"):
        return written.strip().lower() == email
    algorithm, _, digest = written.partition("$")
    salted = (email + str(identity.get("salt", ""))).encode("utf-8", "replace")
    if algorithm == "md5":
        # The standard still allows it; whoever could forge it would need the issuer's key too.
        return hashlib.md5(salted, usedforsecurity=False).hexdigest() == digest.lower()
    return algorithm == "sha256" and hashlib.sha256(salted).hexdigest() == digest.lower()
