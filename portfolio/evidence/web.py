"""Sending files: only ever as sandboxed attachments, in pieces, under names chosen by the caller.

No header says whose a file is, what it was called or when it came: there is no ETag and no
Last-Modified, and nothing may be kept by a cache.
"""

from collections.abc import Iterator
from typing import BinaryIO

from flask import Response, request

from core.errors import NotFound
from core.stored import Store
from core.web import storage
from portfolio.evidence.models import Rendition
from portfolio.evidence.naming import attachment

PIECE = 512 * 1024
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
    "Accept-Ranges": "bytes",
}
ENDINGS = {
    "image/webp": "webp",
    "application/json": "json",
    "text/plain": "txt",
    "video/mp4": "mp4",
    "audio/mp4": "m4a",
    "audio/mpeg": "mp3",
    "audio/wav": "wav",
}


def send_original(sha256: str, *, name: str, media_type: str) -> Response:
    """Answer with a stored file, or the range of it that was asked for."""
    size = storage().size(sha256)
    if size is None:
        raise NotFound()
    headers = {**HEADERS, "Content-Disposition": attachment(name), "Content-Type": media_type}
    if media_type.startswith("text/"):
        headers["Content-Type"] = f"{media_type}; charset=utf-8"
    wanted = request.range
    if wanted is None or wanted.units != "bytes" or len(wanted.ranges) != 1:
        return _answer(sha256, 0, size, headers, status=200)
    bounds = wanted.range_for_length(size)
    if bounds is None:
        return Response(status=416, headers={**headers, "Content-Range": f"bytes */{size}"})
    start, end = bounds
    headers["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
    return _answer(sha256, start, end - start, headers, status=206)


def send_rendition(rendition: Rendition) -> Response:
    """Answer with a derived view, under a name that says only what it is."""
    name = f"{rendition.kind}-{rendition.position}.{ENDINGS[rendition.media_type]}"
    return send_original(rendition.sha256, name=name, media_type=rendition.media_type)


def _answer(
    sha256: str, start: int, length: int, headers: dict[str, str], *, status: int
) -> Response:
    if request.method == "HEAD":
        response = Response(status=status, headers=headers)
    elif start == 0:
        file = storage().open(sha256)
        response = Response(_read(file, length), status=status, headers=headers)
        response.call_on_close(file.close)
    else:
        pieces = _ranges(storage(), sha256, start, length)
        response = Response(pieces, status=status, headers=headers)
    response.headers["Content-Length"] = str(length)
    return response


def _read(file: BinaryIO, length: int) -> Iterator[bytes]:
    with file:
        left = length
        while left > 0 and (piece := file.read(min(PIECE, left))):
            left -= len(piece)
            yield piece


def _ranges(store: Store, sha256: str, start: int, length: int) -> Iterator[bytes]:
    for place in range(start, start + length, PIECE):
        yield store.read_range(sha256, place, min(PIECE, start + length - place))
