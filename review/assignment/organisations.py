"""Names of organisations, made alike for comparing."""

import re
import unicodedata
from functools import lru_cache

LEGAL_FORMS = frozenset(
    {
        "ab", "ag", "and", "as", "bv", "co", "company", "corp", "corporation", "gmbh", "group",
        "inc", "kg", "limited", "llc", "llp", "ltd", "nv", "oy", "plc", "pty", "sa", "sarl", "se",
        "spa", "srl", "the", "und",
    }
)  # fmt: skip


@lru_cache(maxsize=65_536)
def normal_organisation(name: str) -> str:
    """Return an organisation's name without case, marks and legal form, for comparing."""
    folded = unicodedata.normalize("NFKD", name).casefold()
    words = re.findall(r"\w+", "".join(c for c in folded if not unicodedata.combining(c)))
    return " ".join(word for word in words if word not in LEGAL_FORMS) or " ".join(words)
