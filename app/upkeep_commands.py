"""The commands that look after an installation: db, store, audit and jobs."""

import click

from app import schema, store_check
from app.runtime import opened
from core.audit import verify_chain
from core.errors import Conflict
from core.jobs_dbos import DurableQueue
from core.runtime import Runtime


@click.group()
def db() -> None:
    """Make the database, or bring it to this version."""


@db.command()
def upgrade() -> None:
    """Bring the database to this version; nothing happens when it is there already."""
    with opened() as edge:
        schema.upgrade(edge.database)
    click.echo(f"The database is at revision {schema.newest()}.")


@click.group()
def store() -> None:
    """Check the files against the database."""


@store.command()
def check() -> int:
    """Read every file that the database names, and list every file that nothing names.

    Ends with 1 when a file is missing or damaged: restore it from a backup. A file that nothing
    names is no loss; the worker removes it after a day.
    """
    with opened() as edge:
        total = store_check.count(edge)
        with click.progressbar(length=total, label="Reading files") as bar:
            findings = store_check.check(edge, on_progress=lambda: bar.update(1))
    losses = [found for found in findings if found.is_loss]
    if findings:
        click.echo(f"{'SHA-256':<64}  {'problem':<20}  named by")
    for found in findings:
        click.echo(f"{found.sha256}  {found.problem:<20}  {found.where}")
    click.echo(
        f"{total} files named: {total - len(losses)} whole, {len(losses)} missing or damaged."
        f" {len(findings) - len(losses)} that nothing names."
    )
    return 1 if losses else 0


@click.group()
def audit() -> None:
    """Check that no recorded event was changed."""


@audit.command()
def verify() -> int:
    """Walk the audit trail from its first event to its last.

    Ends with 1 at the first event that was changed, inserted or removed. Keep the last hash
    somewhere else from time to time: it shows that the whole trail was not replaced.
    """
    with opened() as edge, edge.database.transaction(read_only=True) as session:
        report = verify_chain(session)
    if report.first_broken_seq is None:
        click.echo(f"{report.count} events, and the chain holds. Last hash: {report.last_hash}")
        return 0
    click.echo(f"{report.reason} The chain breaks at event {report.first_broken_seq}.", err=True)
    return 1


@click.group(invoke_without_command=True)
@click.pass_context
def jobs(context: click.Context) -> int | None:
    """List jobs that were given up after five tries; ends with 1 when there are any."""
    if context.invoked_subcommand is not None:
        return None
    with opened() as edge:
        failures = durable(edge).failures()
        waiting = durable(edge).waiting_count()
    for one in failures:
        click.echo(f"{one.id}  {one.at:%Y-%m-%d %H:%M} UTC  {one.job}\n    {one.error}")
    click.echo(f"{len(failures)} failed, {waiting} waiting.")
    return 1 if failures else 0


@jobs.command()
@click.argument("job_id", required=False)
def retry(job_id: str | None) -> None:
    """Try one failed job again, or all of them."""
    with opened() as edge:
        queue = durable(edge)
        known = [one.id for one in queue.failures()]
        if job_id is not None and job_id not in known:
            raise click.BadParameter("no failed job has this id", param_hint="JOB_ID")
        wanted = [job_id] if job_id else known
        for one in wanted:
            queue.try_again(one)
    click.echo(f"{len(wanted)} put back into the queue.")


@jobs.command("take-over")
@click.argument("worker_id")
def take_over(worker_id: str) -> None:
    """Give the others what a worker was doing that will not come back."""
    with opened() as edge:
        count = durable(edge).take_over(worker_id)
    click.echo(f"{count} put back into the queue.")


def durable(edge: Runtime) -> DurableQueue:
    """Return the queue in the database, once its tables are there."""
    if not schema.is_current(edge.database):
        raise Conflict("The database is not at this version of Assay. Run: assay db upgrade")
    if not isinstance(edge.jobs, DurableQueue):
        raise Conflict("These jobs live in memory only.")
    return edge.jobs
