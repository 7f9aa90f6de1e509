"""The words that somebody typed into a form that could not be taken, to be shown once more."""

import re
from dataclasses import dataclass

from flask import request
from werkzeug.exceptions import HTTPException

# Secrets are never shown again, and what a page put there itself was not typed.
SECRET = re.compile(r"pass|secret|token|csrf|^(old|new)$", re.IGNORECASE)
OWN = re.compile(r"^(base|next|version|page|q|theme)$|_id$|_key$|digest", re.IGNORECASE)
IDENTIFIER = re.compile(r"[a-z2-7]{26}|[a-z2-7]{52}|[0-9a-f]{32,64}|[0-9]*|on|y|true|false")
MOST_FIELDS = 200
LONGEST = 50_000


@dataclass(frozen=True)
class Typed:
    """One field's words, and the name of the field as a person reads it."""

    label: str
    text: str


def typed_texts() -> list[Typed]:
    """Return every text of this request's form; files, passwords and ticks are left out."""
    try:
        pairs = list(request.form.items(multi=True))[:MOST_FIELDS]
    except (HTTPException, OSError, ValueError):
        return []
    return [
        Typed(_label(name), text[:LONGEST])
        for name, text in pairs
        if text.strip()
        and not SECRET.search(name)
        and not OWN.search(name)
        and not IDENTIFIER.fullmatch(text.strip())
    ]


def _label(name: str) -> str:
    words = re.sub(r"[^\w]+|_", " ", name).strip()
    return (words[:1].upper() + words[1:])[:80] or "Text"
