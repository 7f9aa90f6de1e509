"""Which kind of answer somebody wants at the address of a badge."""

from flask import request

PAGE = "text/html"
CREDENTIAL = "application/vc"
# What a badge's address answers besides a page, the first for those who take any of them.
DOCUMENT_TYPES = (CREDENTIAL, "application/vc+ld+json", "application/ld+json", "application/json")


def wanted_type() -> str:
    """Return the kind of answer the request prefers: a page, unless it asks for a document."""
    return request.accept_mimetypes.best_match((PAGE, *DOCUMENT_TYPES), PAGE) or PAGE
