"""`assay seed`: build the demo's world, or a large one to measure with."""

import click

from app import schema, seed
from app.runtime import opened
from app.seed import scale as bulk
from core.errors import Conflict
from core.runtime import Runtime


@click.command()
@click.option(
    "--stage",
    type=click.Choice(seed.STAGES),
    default="awarded",
    show_default=True,
    help="How far the world goes; each stage holds the ones before it.",
)
@click.option(
    "--scale",
    type=click.IntRange(1, 1_000_000),
    help="Then add so many submissions with their reviews, to measure with.",
)
def build(stage: str, scale: int | None) -> None:
    """Fill an empty database with three badges, forty people and their work.

    Prints who can sign in and, where the stage has them, the addresses of signed badges.
    """
    with opened() as edge:
        schema.upgrade(edge.database)
        if not seed.is_empty(edge.database):
            raise Conflict("There are people in this database already. Seed an empty one.")
        with click.progressbar(length=seed.steps(stage), label="Telling the stories") as bar:
            seed.build(edge, stage=stage, progress=lambda: bar.update(1))
        if scale is not None:
            _add(edge, scale)
        addresses = seed.credential_addresses(edge)
        click.echo(f"\n{seed.guide(edge.database)}\n")
    for address in addresses:
        click.echo(f"Signed badge: {address}")


def _add(edge: Runtime, count: int) -> None:
    with click.progressbar(length=count, label=f"Adding {count:,} submissions") as bar:
        bulk.add(edge, count, progress=bar.update)
