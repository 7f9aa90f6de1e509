"""The kinds of file that are taken as evidence: one list for the form, the check and the views."""

from collections.abc import Iterable
from dataclasses import dataclass

OFFICE = "application/vnd.openxmlformats-officedocument"
TEXT_TYPE = "text/plain"


@dataclass(frozen=True)
class Kind:
    """A kind of file; `groups` are the words by which an edition asks for it."""

    key: str
    media_type: str
    extensions: tuple[str, ...]
    groups: frozenset[str]

    @property
    def stored_type(self) -> str:
        """The media type that the bytes alone decide: what text is for, only its name says."""
        return TEXT_TYPE if self.media_type.startswith("text/") else self.media_type


def _kind(key: str, media_type: str, extensions: str, *groups: str) -> Kind:
    return Kind(key, media_type, tuple(extensions.split()), frozenset(groups))


PDF = _kind("pdf", "application/pdf", "pdf", "pdf", "web_page")
DOCX = _kind("docx", f"{OFFICE}.wordprocessingml.document", "docx", "document")
XLSX = _kind("xlsx", f"{OFFICE}.spreadsheetml.sheet", "xlsx", "spreadsheet")
PPTX = _kind("pptx", f"{OFFICE}.presentationml.presentation", "pptx", "presentation")
PNG = _kind("png", "image/png", "png", "image")
JPEG = _kind("jpeg", "image/jpeg", "jpg jpeg", "image")
MP4 = _kind("mp4", "video/mp4", "mp4", "video")
WAV = _kind("wav", "audio/wav", "wav", "audio")
MP3 = _kind("mp3", "audio/mpeg", "mp3", "audio")
M4A = _kind("m4a", "audio/mp4", "m4a mp4", "audio")
TXT = _kind("txt", TEXT_TYPE, "txt", "text")
MARKDOWN = _kind("md", "text/markdown", "md", "text")
CSV = _kind("csv", "text/csv", "csv", "text", "spreadsheet")
ZIP = _kind("zip", "application/zip", "zip", "archive")

KINDS = (PDF, DOCX, XLSX, PPTX, PNG, JPEG, MP4, WAV, MP3, M4A, TXT, MARKDOWN, CSV, ZIP)


def taken(accepts: Iterable[str], *, allow_zip: bool) -> tuple[Kind, ...]:
    """Return the kinds that a requirement takes; ZIP only where the edition allows it."""
    wanted = set(accepts)
    return tuple(
        kind
        for kind in KINDS
        if (kind is ZIP and allow_zip) or (kind is not ZIP and wanted & {kind.key, *kind.groups})
    )


def extensions(kinds: Iterable[Kind]) -> tuple[str, ...]:
    """Return the name endings of some kinds, without dots, each once."""
    return tuple(dict.fromkeys(ending for kind in kinds for ending in kind.extensions))


def sentence(kinds: Iterable[Kind]) -> str:
    """Return in words what is taken, such as "PDF, PNG or JPEG files are taken here."."""
    names = [kind.key.upper() for kind in kinds]
    if not names:
        return "No files are taken here."
    listed = " or ".join(filter(None, [", ".join(names[:-1]), names[-1]]))
    return f"{listed} files are taken here."
