"""The command about decisions: compute one again, from the record alone."""

import click

from app.runtime import opened
from review.decision import services


@click.group()
def decision() -> None:
    """Compute a decision again from its record."""


@decision.command()
@click.argument("decision_id")
def recompute(decision_id: str) -> int:
    """Compute the decision DECISION_ID again from the sealed reviews and the pinned edition.

    Prints the fingerprint as stored and as computed, and ends with 1 when they differ.
    """
    with opened() as edge, edge.database.transaction(read_only=True) as session:
        stored, computed = services.recompute(session, decision_id)
    click.echo(f"stored    {stored}")
    click.echo(f"computed  {computed}")
    click.echo("They are equal." if stored == computed else "They differ.")
    return 0 if stored == computed else 1
