"""What is shown of a file: plain values, in which the words that name its maker are masked.

Pictures of pages are shown as they were made; their words cannot be masked, which the upload
form says. Everything that was text is masked before it becomes HTML.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Protocol

from markupsafe import Markup, escape

from portfolio.evidence.identity import mask
from portfolio.evidence.states import PreviewState, RenditionKind

PENDING = "The preview is being made; this takes a minute."
UNLIT = "There is no preview of this file."
NOTHING = Markup()
HEADINGS = {1: Markup("h3"), 2: Markup("h4"), 3: Markup("h5")}
DEEPEST = Markup("h6")


class Reader(Protocol):
    """What is asked of the store."""

    def read(self, sha256: str) -> bytes:
        """Return a blob's bytes, checked."""
        ...


class Source(Protocol):
    """What is asked of a blob."""

    @property
    def media_type(self) -> str:
        """Its media type."""
        ...

    @property
    def preview_state(self) -> str:
        """What became of its preview."""
        ...

    @property
    def preview_note(self) -> str:
        """Why there is none, or what it leaves out."""
        ...


class Derived(Protocol):
    """What is asked of a rendition."""

    @property
    def id(self) -> str:
        """Its random id."""
        ...

    @property
    def kind(self) -> str:
        """What it is."""
        ...

    @property
    def title(self) -> str:
        """What it is called, such as a sheet's name."""
        ...

    @property
    def sha256(self) -> str:
        """Where its bytes are."""
        ...

    @property
    def facts(self) -> Mapping[str, Any]:
        """Its measures."""
        ...


@dataclass(frozen=True)
class Picture:
    """One picture: a page, or an image."""

    id: str
    alt: str
    width: int
    height: int


@dataclass(frozen=True)
class Sheet:
    """One table with its caption; the first row is its head."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Piece:
    """A stretch of a document: HTML, or a picture."""

    html: Markup = NOTHING
    picture: Picture | None = None


@dataclass(frozen=True)
class View:
    """All that a page shows of a file. `kind` is pages, image, video, audio, text, blocks,
    tables or none; `play_id` names the rendition that is played."""

    kind: str
    state: str
    note: str = ""
    pages: tuple[Picture, ...] = ()
    pieces: tuple[Piece, ...] = ()
    tables: tuple[Sheet, ...] = ()
    play_id: str = ""
    seconds: float | None = None

    @classmethod
    def pending(cls) -> "View":
        """Return what is shown while a preview is being made."""
        return cls("none", PreviewState.PENDING.value, PENDING)

    @property
    def html(self) -> Markup:
        """The words of a document or text in one."""
        return Markup().join(piece.html for piece in self.pieces)

    @property
    def is_ready(self) -> bool:
        """Whether there is something to see."""
        return self.state == PreviewState.READY.value


def view_of(
    store: Reader, blob: Source, renditions: Sequence[Derived], *, needles: Sequence[str] = ()
) -> View:
    """Return what is shown of a blob; `needles` are the words to mask."""
    if blob.preview_state == PreviewState.PENDING.value:
        return View.pending()
    if blob.preview_state != PreviewState.READY.value:
        return View("none", blob.preview_state, blob.preview_note or UNLIT)
    by_kind = {
        kind: list(some)
        for kind, some in groupby(
            sorted(renditions, key=lambda one: one.kind), key=lambda one: one.kind
        )
    }
    return _Viewer(store, needles, by_kind).view(blob)


class _Viewer:
    """Turns the renditions of one blob into a view."""

    def __init__(
        self, store: Reader, needles: Sequence[str], by_kind: Mapping[str, Sequence[Derived]]
    ) -> None:
        self.store = store
        self.needles = needles
        self.by_kind = by_kind

    def view(self, blob: Source) -> View:
        ready, note = PreviewState.READY.value, blob.preview_note
        if copies := self._some(RenditionKind.COPY):
            kind = "video" if blob.media_type.startswith("video/") else "audio"
            seconds = copies[0].facts.get("seconds")
            return View(kind, ready, note, play_id=copies[0].id, seconds=seconds)
        if pages := self._some(RenditionKind.PAGE):
            pictures = tuple(self._page(one) for one in pages)
            return View("pages", ready, note, pages=pictures, pieces=self._texts())
        if blocks := self._some(RenditionKind.BLOCKS):
            return View("blocks", ready, note, pieces=tuple(self._flow(blocks[0])))
        if tables := self._some(RenditionKind.TABLE):
            return View("tables", ready, note, tables=tuple(self._sheet(one) for one in tables))
        if images := self._some(RenditionKind.IMAGE):
            return View("image", ready, note, pages=(self._picture(images[0], "The picture"),))
        return View("text", ready, note, pieces=self._texts())

    def _some(self, kind: RenditionKind) -> Sequence[Derived]:
        return self.by_kind.get(kind.value, ())

    def _read(self, one: Derived) -> str:
        return self.store.read(one.sha256).decode("utf-8", "replace")

    def _mask(self, text: str) -> str:
        return mask(text, self.needles)

    def _page(self, one: Derived) -> Picture:
        facts = one.facts
        return self._picture(one, f"Page {facts['number']} of {facts['pages']}")

    def _picture(self, one: Derived, alt: str) -> Picture:
        return Picture(one.id, alt, one.facts["width"], one.facts["height"])

    def _texts(self) -> tuple[Piece, ...]:
        texts = [self._mask(self._read(one)) for one in self._some(RenditionKind.TEXT)]
        return tuple(Piece(_paragraphs(text)) for text in texts)

    def _sheet(self, one: Derived) -> Sheet:
        rows = [[self._mask(cell) for cell in row] for row in json.loads(self._read(one))]
        caption = self._mask(one.title) or "Table"
        return Sheet(caption, tuple(rows[0] if rows else ()), tuple(map(tuple, rows[1:])))

    def _flow(self, one: Derived) -> Iterator[Piece]:
        images = self._some(RenditionKind.IMAGE)
        blocks = json.loads(self._read(one))
        for is_list, run in groupby(blocks, key=lambda block: block["kind"] == "item"):
            if is_list:
                yield Piece(self._list(run))
                continue
            for block in run:
                if block["kind"] == "picture":
                    alt = self._mask(block["text"]) or f"Picture {block['number']}"
                    yield Piece(picture=self._picture(images[block["number"] - 1], alt))
                else:
                    yield Piece(self._block(block))

    def _list(self, items: Iterable[Mapping[str, Any]]) -> Markup:
        made = Markup()
        for is_ordered, run in groupby(items, key=lambda item: bool(item["is_ordered"])):
            lines = Markup().join(
                Markup("<li>{}</li>").format(self._mask(item["text"])) for item in run
            )
            tag = Markup("ol") if is_ordered else Markup("ul")
            made += Markup("<{0}>{1}</{0}>").format(tag, lines)
        return made

    def _block(self, block: Mapping[str, Any]) -> Markup:
        if block["kind"] == "table":
            return self._table(block["rows"])
        if block["kind"] == "heading":
            tag = HEADINGS.get(block["level"], DEEPEST)
            return Markup("<{0}>{1}</{0}>").format(tag, self._mask(block["text"]))
        return _paragraphs(self._mask(block["text"]))

    def _table(self, rows: Sequence[Sequence[str]]) -> Markup:
        lines = Markup().join(
            Markup("<tr>{}</tr>").format(
                Markup().join(Markup("<td>{}</td>").format(self._mask(cell)) for cell in row)
            )
            for row in rows
        )
        return Markup("<table><tbody>{}</tbody></table>").format(lines)


def _paragraphs(text: str) -> Markup:
    """Return plain text as paragraphs, its line ends kept."""
    parts = [part.strip("\n") for part in text.replace("\r", "").split("\n\n")]
    return Markup().join(
        Markup("<p>{}</p>").format(Markup("<br>").join(escape(line) for line in part.split("\n")))
        for part in parts
        if part.strip()
    )
