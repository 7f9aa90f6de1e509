"""Finding and masking the words that would tell a reviewer whose work it is.

Words are compared as readers see them: in any case, composed or decomposed, with or without
accents, across soft hyphens and zero-width characters, and across inline markup. A needle of a
script that sets no spaces is found inside a run of letters, any other only as a whole word.
"""

import html as entities
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from urllib.parse import unquote

MASK = "▮▮▮"
SHORTEST_NEEDLE = 3
SHORTEST_UNSPACED = 2
# From this length on, a name inside a longer word of a link is no accident.
SHORTEST_IN_LINK = 5
# Parts of names that are also ordinary words in some language.
PARTICLES = frozenset({"and", "bin", "das", "del", "den", "der", "dos", "for", "the", "van", "von"})
# Mailboxes that name nobody; the whole address still does.
MAILBOXES = frozenset(
    {"admin", "contact", "hello", "home", "info", "mail", "me", "office", "private", "team", "work"}
)
UNSPACED = ("CJK", "HIRAGANA", "KATAKANA", "HANGUL", "THAI", "LAO", "KHMER", "MYANMAR")
LETTER = r"[^\W\d_]"
PIECE = re.compile(r"<[^>]*>|&(?:#\d+|#x[0-9a-fA-F]+|\w+);|.", re.DOTALL)
INLINE = re.compile(r"</?(?:a|b|code|del|em|i|s|strong|sub|sup|u)\b", re.IGNORECASE)

Span = tuple[int, int]


def needles_for(
    names: Iterable[str], addresses: Iterable[str], employers: Iterable[str]
) -> list[str]:
    """Return the words to mask: full names, run together, and their parts, addresses and their
    local parts, employers; longest first, so that a whole name goes before its parts."""
    found: set[str] = set()
    for name in names:
        parts = re.split(r"[\s\-]+", name.strip())
        found.update({" ".join(parts), "".join(parts)})
        found.update(part for part in parts if part.casefold() not in PARTICLES)
    for address in addresses:
        local = address.split("@")[0]
        found.add(address)
        found.update({local, local.split("+")[0]} - MAILBOXES)
    found.update(employers)
    return sorted(
        (needle.strip() for needle in found if _is_long_enough(needle.strip())),
        key=lambda needle: (-len(needle), needle),
    )


def spans(text: str, needles: Sequence[str]) -> list[Span]:
    """Return where in the text the needles stand, as (start, end), in order, not overlapping."""
    pattern = _pattern(tuple(needles))
    if not pattern or not text:
        return []
    folded, places = _folded(text)
    found = []
    for match in pattern.finditer(folded):
        end = places[match.end()] if match.end() < len(places) else len(text)
        found.append((places[match.start()], max(end, places[match.end() - 1] + 1)))
    return found


def mask(text: str, needles: Sequence[str]) -> str:
    """Return the text with every needle replaced by a bar."""
    done, parts = 0, []
    for start, end in spans(text, needles):
        parts += [text[done:start], MASK]
        done = end
    return "".join([*parts, text[done:]])


def mask_html(html: str, needles: Sequence[str]) -> str:
    """Mask the words of cleaned HTML, also where inline markup splits them.

    Of its tags only links are touched: one that carries a name in its address loses it whole.
    """
    if not needles:
        return html
    pieces = PIECE.findall(html)
    shown = [_as_read(piece) for piece in pieces]
    hidden = _numbered(spans("".join(shown), needles))
    where, out = 0, []
    for piece, words in zip(pieces, shown, strict=True):
        if piece.startswith("<"):
            out.append(_without_name(piece, needles))
        elif where in hidden:
            out.append(MASK if hidden[where] else "")
        else:
            out.append(piece)
        where += len(words)
    return "".join(out)


def _is_long_enough(needle: str) -> bool:
    return len(needle) >= (SHORTEST_UNSPACED if _is_unspaced(needle) else SHORTEST_NEEDLE)


def _is_unspaced(needle: str) -> bool:
    return any(unicodedata.name(char, "").startswith(UNSPACED) for char in needle)


# One page masks hundreds of texts by the same words.
@lru_cache(maxsize=16)
def _pattern(needles: tuple[str, ...], *, shortest_inside: int = 0) -> re.Pattern[str] | None:
    parts = []
    for needle in needles:
        words = [re.escape(word) for word in _folded(needle)[0].split()]
        if not words:
            continue
        is_free = _is_unspaced(needle) or (0 < shortest_inside <= len(needle))
        # Whatever stands between the words of a name, it is still the name.
        core = r"[\W_]+".join(words)
        parts.append(core if is_free else rf"(?<!{LETTER}){core}(?!{LETTER})")
    return re.compile("|".join(parts)) if parts else None


def _folded(text: str) -> tuple[str, Sequence[int]]:
    """Return the text as compared, and for each of its characters the place it came from."""
    if text.isascii():
        return text.lower(), range(len(text))
    characters, places = [], []
    for place, char in enumerate(text):
        for plain in _plain(char):
            characters.append(plain)
            places.append(place)
    return "".join(characters), places


def _plain(char: str) -> Iterator[str]:
    for part in unicodedata.normalize("NFKD", char).casefold():
        # Accents, soft hyphens, joiners and direction marks are not seen as letters.
        if unicodedata.category(part) not in ("Mn", "Me", "Cf"):
            yield part


def _as_read(piece: str) -> str:
    """Return what a reader sees of a piece: nothing of inline tags, a break for other tags."""
    if piece.startswith("<"):
        return "" if INLINE.match(piece) else "\n"
    return entities.unescape(piece) if piece.startswith("&") else piece


def _numbered(found: Sequence[Span]) -> dict[int, bool]:
    """Map every hidden place to whether its span begins there."""
    return {place: place == start for start, end in found for place in range(start, end)}


def _without_name(tag: str, needles: Sequence[str]) -> str:
    if not tag.lower().startswith("<a "):
        return tag
    # A link may carry a name in its address, and leads off to where a visit could be seen.
    pattern = _pattern(tuple(needles), shortest_inside=SHORTEST_IN_LINK)
    address = _folded(unquote(entities.unescape(tag)))[0]
    return "<a>" if pattern and pattern.search(address) else tag
