"""Where a check looks things up: our own from the database, everybody else's by a guarded fetch."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from core.errors import NotFound
from credentials.issuing import queries
from credentials.issuing.multikey import did_document, did_document_url, did_web
from credentials.verification.canonical import in_child, in_process
from credentials.verification.checks import Sources
from credentials.verification.fetching import INTERNET, Network, fetch
from credentials.verification.reading import read


def own_document(session: Session, base_url: str, text: str) -> str | None:
    """Return the stored bytes of one of our badges, named by its id or its address here."""
    wanted = text.strip().removesuffix(".json").removeprefix(f"{base_url}/credentials/")
    if not wanted.isalnum() or not wanted.isascii() or len(wanted) > 40:
        return None
    try:
        return queries.issued(session, wanted.lower()).credential.document
    except NotFound:
        return None


def sources_for(
    session: Session, base_url: str, *, is_own: bool = False, network: Network = INTERNET
) -> Sources:
    """Return the ways to the outside for checking one badge.

    `is_own` says that its bytes came from our own database, so that they need no child process.
    """
    did = did_web(base_url)

    def resolve_issuer(name: str) -> Mapping[str, Any] | None:
        if name == did:
            return did_document(did, queries.published_keys(session))
        url = did_document_url(name) if name.startswith("did:web:") else name
        return read(fetch(url, network))

    def fetch_status(url: str) -> bytes | str:
        own = f"{base_url}/status/"
        if url.startswith(own):
            return queries.status_list(session, url.removeprefix(own)).signed
        return fetch(url, network)

    def is_suspended(credential_url: str) -> bool:
        own = f"{base_url}/credentials/"
        credential_id = credential_url.removeprefix(own)
        return credential_url.startswith(own) and queries.is_suspended(session, credential_id)

    return Sources(
        resolve_issuer=resolve_issuer,
        fetch_status=fetch_status,
        trusted_issuers=frozenset({did}),
        is_suspended=is_suspended,
        canonicalise=in_process if is_own else in_child,
    )
