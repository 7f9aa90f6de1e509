"""File names: as shown, never as a place in the store, and as a browser may save them."""

import re
import unicodedata
from urllib.parse import quote

LONGEST = 255
LONGEST_ENDING = 16
NAMELESS = "file"
HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
UNSAFE = re.compile(r"[^A-Za-z0-9 ._()+-]")


def clean_name(raw: str) -> str:
    """Return the last part of a name without what cannot be seen, 255 characters at most."""
    last = unicodedata.normalize("NFC", raw).replace("\\", "/").split("/")[-1]
    seen = "".join(char for char in last if unicodedata.category(char) not in HIDDEN)
    name = re.sub(r"\s+", " ", seen).strip(" .") or NAMELESS
    if len(name) <= LONGEST:
        return name
    stem, dot, ending = name.rpartition(".")
    if not dot or len(ending) > LONGEST_ENDING:
        return name[:LONGEST]
    return f"{stem[: LONGEST - len(ending) - 1]}.{ending}"


def ending_of(name: str) -> str:
    """Return a cleaned name's ending in lower case without its dot, or nothing."""
    return name.rpartition(".")[2].lower() if "." in name else ""


def title_from(name: str) -> str:
    """Return a first title for a work sample, from its cleaned file name."""
    stem = name.rpartition(".")[0] or name
    return re.sub(r"[\s_]+", " ", stem).strip()[:200] or NAMELESS


def attachment(name: str) -> str:
    """Return the Content-Disposition by which a browser saves a file as `name` (RFC 6266)."""
    clean = clean_name(name)
    plain = unicodedata.normalize("NFKD", clean).encode("ascii", "ignore").decode("ascii")
    fallback = UNSAFE.sub("_", plain).strip() or NAMELESS
    return f"attachment; filename=\"{fallback}\"; filename*=UTF-8''{quote(clean, safe='')}"
