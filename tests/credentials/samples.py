"""A badge, its issuer and its status list, made afresh from plain values for each test."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from credentials.issuing.content import (
    Achievement,
    Alignment,
    CredentialInput,
    EvidenceLink,
    Profile,
    Recipient,
    RubricCriterion,
    RubricLevel,
    StatusEntry,
)
from credentials.issuing.keys import SigningKey
from credentials.issuing.multikey import PublishedKey, did_document, did_web, encode_public_key
from credentials.issuing.openbadges3 import build
from credentials.issuing.proof import add_proof
from credentials.issuing.status import empty_list, list_credential, with_bit
from credentials.verification.canonical import in_process
from credentials.verification.checks import Sources

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared" / "data"
VECTORS = SHARED / "ob3" / "vectors"

BASE = "http://127.0.0.1:8000"
DID = did_web(BASE)
AT = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
LIST_URL = f"{BASE}/status/k3v9"
INDEX = 94_567
EMAIL = "rowan@example.org"
SALT = "m7qk2v5xw3zt6ybn4pdr8hcfja"


def key_from(seed: int) -> SigningKey:
    """Return the same key for the same seed."""
    private = Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32)
    return SigningKey(encode_public_key(private.public_key().public_bytes_raw()), private)


KEY = key_from(7)
OTHER_KEY = key_from(8)

LEVELS = (
    RubricLevel(2, "Developing", "Names some needs; remote participants an afterthought."),
    RubricLevel(3, "Proficient", "Identifies needs of both audiences."),
    RubricLevel(4, "Exemplary", "Needs gathered from participants themselves."),
)

ACHIEVEMENT = Achievement(
    id=f"{BASE}/badges/hybrid-session-producer",
    name="Hybrid Session Producer",
    description="Plans, runs and evaluates a session that serves both audiences equally well.",
    version="1.0",
    criteria_narrative="Every criterion at **Proficient** or above, shown in applied work.",
    criteria_url=f"{BASE}/badges/hybrid-session-producer/criteria",
    criteria=(
        RubricCriterion("C1", "Needs and access", 3, LEVELS),
        RubricCriterion("C2", "Parity of participation", 3, LEVELS),
    ),
    image_url=f"{BASE}/badges/hybrid-session-producer.png",
    image_caption="A struck mark",
    language="en",
    tags=("events", "accessibility"),
    alignments=(
        Alignment(
            "Manage hybrid events",
            "https://example.org/framework/17",
            description="Runs events in two places at once.",
            framework="Example framework",
            code="17",
            kind="ceasn:Competency",
        ),
    ),
)

INPUT = CredentialInput(
    id=f"{BASE}/credentials/7k2m",
    issuer=Profile(
        DID,
        "Northlight Guild",
        url=BASE,
        email="desk@example.org",
        description="A guild of meeting professionals.",
    ),
    achievement=ACHIEVEMENT,
    recipient=Recipient(EMAIL, SALT),
    levels={"C1": 3, "C2": 4},
    method="Assessed by two qualified, independent peers who worked blind.",
    programme=Profile(f"{BASE}/badges/hybrid-session-producer/review", "Peer review programme"),
    awarded_at=AT - timedelta(days=1),
    valid_from=AT - timedelta(hours=1),
    valid_until=AT + timedelta(days=1000),
    status=StatusEntry(LIST_URL, INDEX),
    evidence=(
        EvidenceLink(
            f"{BASE}/evidence/2f6c",
            "Run-of-show",
            AT,
            description="The plan as used on the day.",
            genre="Document",
        ),
    ),
)


def unsigned(**changes: Any) -> dict[str, Any]:
    """Return the sample credential, unsigned, with some of its input changed."""
    return build(replace(INPUT, **changes))


def signed(key: SigningKey = KEY, **changes: Any) -> dict[str, Any]:
    """Return the sample credential, signed."""
    return add_proof(unsigned(**changes), key, at=AT - timedelta(minutes=30))


def status_list(
    *set_bits: int,
    key: SigningKey = KEY,
    purpose: str = "revocation",
    at: datetime = AT - timedelta(hours=1),
    issuer: str = DID,
) -> dict[str, Any]:
    """Return the signed status list, with some bits set, good for a day."""
    bits = empty_list()
    for index in set_bits:
        bits = with_bit(bits, index, on=True)
    listing = list_credential(
        list_url=LIST_URL,
        issuer_id=issuer,
        bits=bits,
        purpose=purpose,
        at=at,
        valid_for=timedelta(days=1),
    )
    return add_proof(listing, key, at=at)


def issuers(*keys: SigningKey) -> dict[str, Mapping[str, Any]]:
    """Return the sample issuer's document, by its identifier, with these keys."""
    return {DID: did_document(DID, [PublishedKey(key.public_multibase) for key in keys])}


def sources(
    *,
    documents: Mapping[str, Mapping[str, Any]] | None = None,
    lists: Mapping[str, Any] | None = None,
    **more: Any,
) -> Sources:
    """Return a world in which these documents and lists are what is found at their addresses."""
    known = issuers(KEY) if documents is None else documents
    served = {LIST_URL: status_list()} if lists is None else lists
    return Sources(
        resolve_issuer=known.get,
        fetch_status=served.get,
        **{"canonicalise": in_process, **more},
    )
