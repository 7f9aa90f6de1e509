"""The command about badges: bring one in from its file, or write the file of one."""

from pathlib import Path

import click

from app.runtime import opened
from core.errors import Conflict
from credentials.catalog import queries, services
from credentials.catalog.badge_file import FaultyBadgeFile, IssuerNamed, read, write
from credentials.catalog.yaml_text import LARGEST

BY = "system:operator"


@click.group()
def badge() -> None:
    """Bring a badge in from its file, or write the file of one."""


@badge.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--publish", is_flag=True, help="Open it to learners at once.")
def bring_in(file: Path, publish: bool) -> int:
    """Check FILE, keep it as a draft edition, and publish it if told to.

    A faulty file is refused with the line, the field and the reason of every fault. A published
    version never changes: give a changed file a higher version.
    """
    with file.open("rb") as source:
        content = source.read(LARGEST + 1)
    try:
        found = read(content)
    except FaultyBadgeFile as error:
        for fault in error.faults:
            click.echo(f"{file.name}: {fault}", err=True)
        count = len(error.faults)
        click.echo(f"Nothing was imported: {count} fault{'' if count == 1 else 's'}.", err=True)
        return 1
    for advice in found.advice:
        click.echo(f"{file.name}: {advice} (advice only)", err=True)
    with opened() as edge, edge.database.transaction() as session:
        issuer = services.ensure_issuer(session, **vars(found.issuer), at=edge.clock())
        edition = services.import_edition(
            session, found.definition, issuer=issuer, by=BY, at=edge.clock()
        )
        if publish:
            services.publish(session, edition.id, by=BY, at=edge.clock())
        click.echo(f"{found.definition.slug} {edition.version} is {edition.state}.")
    return 0


@badge.command()
@click.argument("slug")
@click.option("--version", help="An edition; the open one when left out.")
def export(slug: str, version: str | None) -> None:
    """Write the file of a badge to the standard output; importing it gives the same edition."""
    with opened() as edge, edge.database.transaction(read_only=True) as session:
        if version is None:
            found, edition = queries.latest_edition(session, slug)
        else:
            found, edition = queries.edition_by(session, slug, version)
        issuer = queries.issuer_of(session, found.id)
        named = IssuerNamed(
            issuer.slug,
            issuer.name,
            issuer.description,
            issuer.url,
            issuer.email,
            issuer.time_zone,
        )
        click.echo(write(named, queries.definition_of(edition)), nl=False)


@badge.command()
@click.argument("slug")
@click.argument("version")
def publish(slug: str, version: str) -> None:
    """Open an edition that was imported as a draft, and close the one before it."""
    with opened() as edge, edge.database.transaction() as session:
        edition = queries.any_edition(session, slug, version)
        if edition.retired_at is not None:
            raise Conflict("This edition was closed, and a closed edition does not open again.")
        services.publish(session, edition.id, by=BY, at=edge.clock())
        click.echo(f"{slug} {version} is published.")
