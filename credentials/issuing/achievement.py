"""What an edition of a badge says to the world, from its definition, as Open Badges wants it."""

from credentials.catalog.definition import EditionDefinition
from credentials.issuing.content import Achievement, RubricCriterion, RubricLevel


def achievement_of(definition: EditionDefinition, base_url: str) -> Achievement:
    """Return the achievement of an edition; its address stays the same across editions."""
    address = f"{base_url}/badges/{definition.slug}"
    names = {level.value: level.name for level in definition.levels}
    return Achievement(
        id=address,
        name=definition.title,
        description=definition.claim,
        version=definition.version,
        criteria_url=f"{address}/{definition.version}",
        criteria_narrative=_narrative(definition),
        criteria=tuple(
            RubricCriterion(
                key=criterion.key,
                name=f"{criterion.key} {criterion.name}",
                pass_level=criterion.pass_level,
                levels=tuple(
                    RubricLevel(value, names[value], text)
                    for value, text in sorted(criterion.descriptors.items())
                ),
            )
            for criterion in definition.criteria
        ),
        image_url=f"{address}/badge.png",
        image_caption=f"Hallmark of the badge {definition.title}",
        language="en",
        tags=tuple(definition.tags),
    )


def _narrative(definition: EditionDefinition) -> str:
    wanted = "\n".join(
        f"- **{one.title}**: {one.description}" for one in definition.evidence_requirements
    )
    criteria = "\n".join(
        f"- **{one.key} {one.name}**: {one.descriptors[one.pass_level]}"
        for one in definition.criteria
    )
    return (
        f"{definition.claim}\n\nShown with work from the holder's own job:\n\n{wanted}\n\n"
        f"What the work had to show, at the least:\n\n{criteria}"
    )
