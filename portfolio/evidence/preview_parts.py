"""What a preview is made of, written into a folder by the child and read back by its parent."""

import json
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from portfolio.evidence.states import PreviewState, RenditionKind

INDEX = "index.json"
MOST_PARTS = 200
# A maker stops well before the kernel would stop it, and says how far it came.
PATIENCE_SECONDS = 7.0
JSON_TYPE = "application/json"
PICTURE_TYPE = "image/webp"
MEDIA_TYPES = frozenset(
    {JSON_TYPE, PICTURE_TYPE, "text/plain", "video/mp4", "audio/mp4", "audio/mpeg", "audio/wav"}
)


class NoPreview(Exception):
    """There is no preview of this file; the sentence says why."""


@dataclass(frozen=True)
class Part:
    """One rendition: what it is, and the file in the folder that holds its bytes."""

    kind: str
    file: str
    media_type: str
    title: str = ""
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Index:
    """What became of a preview as a whole."""

    state: str
    note: str
    parts: tuple[Part, ...]


class Parts:
    """Collects renditions in a folder, and knows when it has taken long enough."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.note = ""
        self._parts: list[Part] = []
        self._began = time.process_time()

    @property
    def is_spent(self) -> bool:
        """Whether to stop here and show what there is."""
        took = time.process_time() - self._began
        return took > PATIENCE_SECONDS or len(self._parts) >= MOST_PARTS

    def place(self) -> Path:
        """Return where the next rendition's bytes belong."""
        return self.folder / f"{len(self._parts):04d}"

    def add(self, kind: RenditionKind, media_type: str, *, title: str = "", **facts: Any) -> None:
        """Add the rendition whose bytes were written to `place()`."""
        self._parts.append(Part(kind.value, self.place().name, media_type, title[:200], facts))

    def add_bytes(
        self, kind: RenditionKind, media_type: str, content: bytes, *, title: str = "", **facts: Any
    ) -> None:
        """Write and add a rendition."""
        self.place().write_bytes(content)
        self.add(kind, media_type, title=title, **facts)

    def add_value(self, kind: RenditionKind, value: Any, *, title: str = "", **facts: Any) -> None:
        """Write and add a rendition that is a plain value."""
        content = json.dumps(value, ensure_ascii=False).encode("utf-8", "replace")
        self.add_bytes(kind, JSON_TYPE, content, title=title, **facts)

    def finish(self, state: PreviewState, note: str) -> None:
        """Write the index; a preview that failed has no parts."""
        parts = self._parts if state is PreviewState.READY else []
        index = {"state": state.value, "note": note, "parts": [asdict(part) for part in parts]}
        (self.folder / INDEX).write_text(json.dumps(index), encoding="utf-8")


def read_index(folder: Path, *, limit: int = 1024 * 1024) -> Index:
    """Return what a child wrote, trusting none of it; raise ValueError when it is not sound."""
    path = folder / INDEX
    if path.is_symlink() or path.stat().st_size > limit:
        raise ValueError("the index is too large")
    raw = json.loads(path.read_text(encoding="utf-8"))
    parts = tuple(Part(**part) for part in raw["parts"])
    for part in parts:
        RenditionKind(part.kind)
        if not (part.file.isdecimal() and part.media_type in MEDIA_TYPES):
            raise ValueError("a part is not one of ours")
        if (folder / part.file).is_symlink():
            raise ValueError("a part points elsewhere")
    return Index(PreviewState(raw["state"]).value, str(raw["note"])[:500], parts)
