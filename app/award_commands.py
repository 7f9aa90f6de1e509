"""The commands that follow a determination: suspend a badge, let it stand again, revoke it."""

from datetime import UTC, datetime

import click

from app.runtime import opened
from credentials.issuing import services

BY = "system:operator"


@click.group()
def award() -> None:
    """Suspend a badge, let it stand again, or revoke it."""


@award.command()
@click.argument("award_id")
def suspend(award_id: str) -> None:
    """Suspend a badge while its basis is in doubt; its holder is told."""
    with opened() as edge, edge.database.transaction() as session:
        services.suspend(session, award_id, by=BY, at=edge.clock())
    click.echo("The badge is suspended. Its status list is signed again by the worker.")


@award.command()
@click.argument("award_id")
def reinstate(award_id: str) -> None:
    """Lift a suspension."""
    with opened() as edge, edge.database.transaction() as session:
        services.reinstate(session, award_id, by=BY, at=edge.clock())
    click.echo("The badge stands again. Its status list is signed again by the worker.")


@award.command()
@click.argument("award_id")
@click.option("--determination", required=True, help="The reference of what was determined.")
@click.option(
    "--notified",
    required=True,
    type=click.DateTime(formats=["%Y-%m-%d"]),
    help="The day on which the holder was told, with reasons.",
)
def revoke(award_id: str, determination: str, notified: datetime) -> None:
    """Revoke a badge for good, once the holder's ten business days to answer are over."""
    with opened() as edge, edge.database.transaction() as session:
        services.revoke(
            session,
            award_id,
            determination_ref=determination,
            notified_at=notified.replace(tzinfo=UTC),
            by=BY,
            at=edge.clock(),
        )
    click.echo("The badge is revoked. Its status list is signed again by the worker.")
