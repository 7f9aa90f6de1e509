"""Answers for programs of strangers: signed documents and pictures, the same for everybody.

They carry no cookie and say nothing about who asks, so that caches and other sites may keep and
read them.
"""

import json
from collections.abc import Mapping
from typing import Any

from flask import Response, request

from core.digest import sha256_hex

# A picture opened by itself may run nothing and load nothing.
PICTURE_POLICY = "sandbox; default-src 'none'"


def for_everybody(
    content: str | bytes | Mapping[str, Any], media_type: str, *, seconds: int
) -> Response:
    """Return a document or picture exactly as it is, for everybody, to be kept for some time."""
    body = json.dumps(content) if isinstance(content, Mapping) else content
    response = Response(body, mimetype=media_type)
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["Content-Security-Policy"] = PICTURE_POLICY
    response.cache_control.public = True
    response.cache_control.max_age = seconds
    response.set_etag(sha256_hex(body)[:32])
    response.make_conditional(request)
    return response
