"""The life of an edition: drafted, published and from then on frozen, retired."""

from enum import StrEnum


class EditionState(StrEnum):
    """Where an edition is in its life."""

    DRAFT = "draft"
    PUBLISHED = "published"
    RETIRED = "retired"


MOVES: dict[EditionState, frozenset[EditionState]] = {
    EditionState.DRAFT: frozenset({EditionState.PUBLISHED}),
    EditionState.PUBLISHED: frozenset({EditionState.RETIRED}),
}
