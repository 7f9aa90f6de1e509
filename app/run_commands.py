"""The commands that keep running: serve, worker and demo."""

from dataclasses import replace

import click

import app.demo
import app.serve
import app.worker
from app import seed
from config import Settings, complete, from_environment


@click.command()
@click.option("--host", help="The address to listen on.")
@click.option("--port", type=click.IntRange(1, 65535), help="The port to listen on.")
def serve(host: str | None, port: int | None) -> None:
    """Serve the pages until Ctrl-C. The jobs need `assay worker` beside it."""
    app.serve.run(chosen(host=host, port=port))


@click.command()
@click.option("--id", "worker_id", help="This worker's name, the same after every restart.")
def worker(worker_id: str | None) -> None:
    """Do the jobs until Ctrl-C.

    Several workers share the work; each needs a name of its own. Restarted under its name, a
    worker goes on with what it was doing.
    """
    app.worker.run(chosen(worker_id=worker_id))


@click.command()
@click.option("--port", type=click.IntRange(1, 65535), help="The port to listen on.")
@click.option("--stage", type=click.Choice(seed.STAGES), help="How far the story has got.")
def demo(port: int | None, stage: str | None) -> int:
    """Serve a seeded, living system on this machine until Ctrl-C.

    The first start makes a database and files in `var`; later starts use them again. Remove
    `var` to begin anew.
    """
    return app.demo.run(chosen(port=port, demo=True), stage=stage)


def chosen(**given: object) -> Settings:
    """Return the environment's settings, with what was given on the command line."""
    settings = from_environment()
    wanted = {name: value for name, value in given.items() if value is not None}
    if "port" in wanted and settings.base_url == f"http://127.0.0.1:{settings.port}":
        wanted["base_url"] = ""
    return complete(replace(settings, **wanted))  # type: ignore[arg-type]
