"""The life of an uploaded file's preview: waiting for it, ready, or not to be had."""

from enum import StrEnum


class PreviewState(StrEnum):
    """Whether reviewers can see a file inside Assay."""

    PENDING = "pending"
    READY = "ready"
    FAILED = "failed"
    NONE = "none"


class RenditionKind(StrEnum):
    """What a derived view of a file is."""

    PAGE = "page"
    IMAGE = "image"
    TEXT = "text"
    BLOCKS = "blocks"
    TABLE = "table"
    COPY = "copy"
