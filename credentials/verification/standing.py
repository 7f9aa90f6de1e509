"""Is it in force now? Its dates, and what the issuer's status list says about it today.

A list counts only if the same issuer signed it and it is good at this moment; from anything
less follows "unknown", never "valid". Nothing is fetched before the badge's own signature held.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from core.errors import AssayError, Invalid
from credentials.issuing.proof import issuer_id
from credentials.issuing.status import ENTRY_TYPE, LIST_TYPE, decode, is_set
from credentials.verification.authenticity import Resolve, claimed, issuer_key, signature
from credentials.verification.canonical import Canonicalise
from credentials.verification.coverage import canonical_texts, coverage, vocabularies
from credentials.verification.findings import (
    Finding,
    Overall,
    Verdict,
    failed,
    passed,
    unsure,
    warned,
)
from credentials.verification.reading import Handed, read
from credentials.verification.shape import listed, moment

LEEWAY = timedelta(minutes=5)
MOST_ENTRIES = 4
REVOCATION_LIST = "1EdTechRevocationList"

Fetch = Callable[[str], Handed | None]


@dataclass(frozen=True)
class Lookup:
    """How the status of one badge is looked up."""

    fetch: Fetch
    resolve: Resolve
    canonicalise: Canonicalise
    at: datetime
    is_suspended: Callable[[str], bool]


def dates(document: Mapping[str, Any], at: datetime) -> Finding:
    """Return whether `at` lies between the badge's dates; five minutes of clock drift are fine."""
    begins, ends = moment(document["validFrom"]), moment(document.get("validUntil"))
    proof = listed(document["proof"])[0]
    made, over = moment(proof.get("created")), moment(proof.get("expires"))
    if begins is None or begins > at + LEEWAY:
        return failed("It is not valid yet.", goes_on=True)
    if made is None or made > at + LEEWAY:
        return failed("It claims to have been signed in the future.", goes_on=True)
    if ends is not None and ends <= begins:
        return failed("It ends before it begins.", goes_on=True)
    if any(end is not None and end <= at for end in (ends, over)):
        return failed("It has expired.", Overall.EXPIRED, goes_on=True)
    until = f" until {ends:%d %B %Y}" if ends else ", without an end"
    return passed(f"It is in force since {begins:%d %B %Y}{until}.")


def status(document: Mapping[str, Any], lookup: Lookup) -> Finding:
    """Return what the issuer says today; the worst answer of all its entries."""
    entries = listed(document.get("credentialStatus"))
    if not entries:
        return warned("Its issuer offers no way to see whether it was withdrawn since.")
    if len(entries) > MOST_ENTRIES:
        return unsure("It names more status lists than any badge needs.", goes_on=True)
    order = list(Overall)
    found = [_entry(document, entry, lookup) for entry in entries]
    return min(found, key=lambda finding: order.index(finding.means))


def _entry(document: Mapping[str, Any], entry: Mapping[str, Any], lookup: Lookup) -> Finding:
    kinds = listed(entry.get("type"))
    if REVOCATION_LIST in kinds:
        return _revocation_list(document, entry, lookup)
    if ENTRY_TYPE not in kinds:
        return unsure("Its status is kept in a way that we do not check.", goes_on=True)
    url = entry.get("statusListCredential")
    listing = _obtain(url, lookup)
    if listing is None:
        return unsure("The issuer's status list could not be obtained.", goes_on=True)
    fault = _fault_in_list(listing, document, url, lookup)
    if fault:
        return unsure(f"The issuer's status list cannot be relied on: {fault}", goes_on=True)
    return _bit(document, entry, listing["credentialSubject"], lookup)


def _obtain(url: object, lookup: Lookup) -> dict[str, Any] | None:
    if not isinstance(url, str):
        return None
    try:
        answer = lookup.fetch(url)
        return None if answer is None else read(answer)
    except (AssayError, OSError, ValueError):
        return None


def _fault_in_list(
    listing: Mapping[str, Any], document: Mapping[str, Any], url: object, lookup: Lookup
) -> str | None:
    subject = listing.get("credentialSubject")
    if LIST_TYPE not in listed(listing.get("type")) or not isinstance(subject, Mapping):
        return "it is not a status list."
    if listing.get("id", url) != url:
        return "it is the list of another address."
    for finding in _authentic(listing, document, lookup):
        if finding.verdict is not Verdict.PASSED:
            return finding.explanation
    return _fault_in_time(listing, lookup.at)


def _authentic(
    listing: Mapping[str, Any], document: Mapping[str, Any], lookup: Lookup
) -> list[Finding]:
    known = vocabularies(listing)
    if known.ends:
        return [known]
    claim = claimed(listing)
    if isinstance(claim, Finding):
        return [claim]
    if claim.issuer != issuer_id(document):
        return [failed("it is signed by somebody else.")]
    key = issuer_key(claim, lookup.resolve)
    if isinstance(key, Finding):
        return [key]
    canonical = canonical_texts(listing, lookup.canonicalise)
    covered = coverage(canonical)
    return [covered] if covered.ends else [signature(claim, key, canonical.texts)]


def _fault_in_time(listing: Mapping[str, Any], at: datetime) -> str | None:
    begins, ends = moment(listing.get("validFrom")), moment(listing.get("validUntil"))
    if begins is None or begins > at + LEEWAY:
        return "it does not hold yet, or does not say since when it holds."
    if ends is None or ends <= at:
        return "it is out of date, or does not say until when it holds."
    return None


def _bit(
    document: Mapping[str, Any],
    entry: Mapping[str, Any],
    subject: Mapping[str, Any],
    lookup: Lookup,
) -> Finding:
    purpose, index = entry.get("statusPurpose"), str(entry.get("statusListIndex"))
    if purpose not in listed(subject.get("statusPurpose")):
        return unsure("The issuer's status list is for another purpose.", goes_on=True)
    if entry.get("statusSize", 1) != 1 or purpose not in ("revocation", "suspension"):
        return unsure("Its status is of a kind that we do not check.", goes_on=True)
    try:
        if not (index.isascii() and index.isdigit() and len(index) <= 10):
            raise Invalid("The place in the status list is not a number.")
        is_withdrawn = is_set(decode(str(subject.get("encodedList"))), int(index))
    except Invalid as error:
        return unsure(error.reason, goes_on=True)
    if not is_withdrawn:
        return passed("The issuer's status list of today says that it stands.")
    if purpose == "suspension" or lookup.is_suspended(document["id"]):
        return failed("The issuer has suspended it for now.", Overall.SUSPENDED, goes_on=True)
    return failed("The issuer has revoked it.", Overall.REVOKED, goes_on=True)


def _revocation_list(
    document: Mapping[str, Any], entry: Mapping[str, Any], lookup: Lookup
) -> Finding:
    """Read an unsigned 1EdTech list: it can say that a badge is revoked, never that it stands."""
    listing = _obtain(entry.get("id"), lookup)
    revoked = listed(listing.get("revokedCredential")) if listing else []
    names = [item.get("id") for item in revoked if isinstance(item, Mapping)]
    if document["id"] in names:
        return failed("The issuer lists it as revoked.", Overall.REVOKED, goes_on=True)
    return unsure("Its issuer's list of revoked badges is not signed.", goes_on=True)
