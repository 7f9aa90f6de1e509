"""The one door for text: the only caller of Markdown and bleach.

What people type is stripped of what no text should hold. Markdown is rendered once, when it is
saved, in a child process whose processor time is limited, since python-markdown is quadratic on
hostile input; past the limit the words are kept and shown as plain text. The HTML is cleaned by
bleach and then by nh3 with the same list, so that neither has the last word alone.
"""

import html
import re
import unicodedata
from dataclasses import dataclass
from urllib.parse import quote

import bleach
import nh3
from markdown import Markdown

from core.errors import Invalid
from core.rendering_child import TooSlow, run_limited

VERSION = "markdown-3.11+bleach-6.4+nh3-0.3/2"
LIMIT = 20_000
# What a spreadsheet takes for the beginning of a formula, if only after it has cut a cell in two.
FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
# Below this length even the worst known input costs under half a second (measured).
SHORT = 1_500
TAGS = frozenset(
    [
        "p",
        "br",
        "hr",
        "h3",
        "h4",
        "h5",
        "h6",
        "ul",
        "ol",
        "li",
        "blockquote",
        "pre",
        "code",
        "em",
        "strong",
        "del",
        "a",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
    ]
)
ATTRIBUTES = {"a": ["href", "title"]}
PROTOCOLS = frozenset({"http", "https", "mailto"})
NOT_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
# What a browser drops from an address before it reads it, and how it finds the way out: in any
# case, with slashes of either kind, or none.
DROPPED = re.compile(r"[\t\n\r]|^[\x00-\x20]+|[\x00-\x20]+$")
OUTSIDE = re.compile(r"(https?):[/\\]*(.+)", re.IGNORECASE)
MAIL = re.compile(r"mailto:", re.IGNORECASE)
HEADING = re.compile(r"<(/?)h([1-6])(?=[\s>])")


@dataclass(frozen=True)
class Rendered:
    """Cleaned HTML, what made it, and whether the Markdown was given up for plain text."""

    html: str
    version: str
    is_plain: bool


def clean_input(text: str | None) -> str | None:
    """Return typed text in NFC with LF line ends and without control characters."""
    if text is None:
        return None
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", NOT_TEXT.sub("", text))


def render(text: str, *, limit: int = LIMIT) -> Rendered:
    """Return the HTML of a Markdown text; raise Invalid when it is longer than `limit`."""
    if len(text) > limit:
        raise Invalid(f"Shorten this to {limit:,} characters at most.")
    try:
        made = to_html(text) if len(text) <= SHORT else run_limited(text)
    except TooSlow:
        return Rendered(plain(text), VERSION, is_plain=True)
    return Rendered(made, VERSION, is_plain=False)


def plain(text: str) -> str:
    """Return a text as escaped paragraphs."""
    parts = [part for part in re.split(r"\n{2,}", text.strip()) if part.strip()]
    return "".join(f"<p>{html.escape(part).replace(chr(10), '<br>')}</p>" for part in parts)


def to_html(text: str) -> str:
    """Return cleaned HTML of Markdown, taking whatever time it takes."""
    made = Markdown(extensions=["tables", "sane_lists", "fenced_code"]).convert(text)
    demoted = HEADING.sub(lambda match: f"<{match[1]}h{min(int(match[2]) + 2, 6)}", made)
    return clean_html(demoted)


def clean_html(dirty: str) -> str:
    """Return only what may be shown: bleach first, nh3 last, outside links through a page."""
    first = bleach.clean(dirty, tags=TAGS, attributes=ATTRIBUTES, protocols=PROTOCOLS, strip=True)
    return nh3.clean(
        first,
        tags=set(TAGS),
        attributes={"a": {"href", "title"}},
        attribute_filter=_filtered,
        url_schemes=set(PROTOCOLS),
        link_rel="nofollow noopener noreferrer ugc",
    )


def _filtered(tag: str, attribute: str, value: str) -> str | None:
    return _door(value) if (tag, attribute) == ("a", "href") else value


def _door(address: str) -> str | None:
    """Return where a link may lead: outside through the door, to a mailbox, or nowhere.

    A link without a scheme is none that a person writes: `//host` and `/\\host` go outside past
    the door, any other to a page of ours in somebody else's words.
    """
    address = DROPPED.sub("", address)
    if MAIL.match(address):
        return address
    outside = OUTSIDE.fullmatch(address)
    if outside is None:
        return None
    target = f"{outside[1].lower()}://{outside[2]}"
    return f"/leave?to={quote(target, safe='')}"


def plain_cell(text: str) -> str:
    """Return text that no spreadsheet takes for a formula (OWASP, "CSV Injection")."""
    return f"'{text}" if text.lstrip(" ").startswith(FORMULAS) else text
