"""A real PostgreSQL server for tests: a private cluster in a folder that goes away.

PostgreSQL refuses to run as root, so there it runs as the system's own `postgres` account, or
as `nobody`. Nothing is synced to disk: the cluster never outlives the tests. With
ASSAY_TEST_POSTGRES_URL set, databases are made on that server instead; its user needs CREATEDB.
"""

import os
import pwd
import secrets
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy.engine import URL, make_url

from tests.engines.loopback import HOST, free_ports, stop, wait_until

GIVEN_URL = "ASSAY_TEST_POSTGRES_URL"
PACKAGED = Path("/usr/lib/postgresql")
START_SECONDS = 60
USER = "assay"
SETTINGS = {
    "listen_addresses": HOST,
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "200",
}


class PostgresServer:
    """A server on which tests make databases of their own."""

    def __init__(self, url: URL) -> None:
        self.url = url
        self._made: list[str] = []

    def new_database(self, *, template: str = "template1") -> str:
        """Create an empty database, or a copy of `template`, and return its SQLAlchemy URL."""
        name = f"assay_test_{secrets.token_hex(6)}"
        self._run(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                sql.Identifier(name), sql.Identifier(template)
            )
        )
        self._made.append(name)
        return self.url.set(database=name).render_as_string(hide_password=False)

    def drop_databases(self) -> None:
        """Drop every database made here, whoever is still connected to it."""
        while self._made:
            name = sql.Identifier(self._made.pop())
            self._run(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))

    def _run(self, statement: sql.Composed) -> None:
        address = self.url.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(statement)


def programs() -> Path | None:
    """Return the folder of `initdb` and `postgres`: the one in PATH, or the newest packaged."""
    found = shutil.which("initdb")
    packaged = sorted(PACKAGED.glob("*/bin"), key=lambda folder: int(folder.parent.name))
    candidates = [*([Path(found).resolve().parent] if found else []), *reversed(packaged)]
    for folder in candidates:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    return None


@contextmanager
def running_postgres() -> Iterator[PostgresServer]:
    """Yield a server: the one that the environment names, or a private one that ends here."""
    given = os.environ.get(GIVEN_URL)
    if given:
        server = PostgresServer(make_url(given).set(drivername="postgresql+psycopg"))
        try:
            yield server
        finally:
            server.drop_databases()
        return
    folder_of_programs = programs()
    if folder_of_programs is None:
        raise FileNotFoundError("initdb and postgres are not installed")
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        yield PostgresServer(_start(stack, folder_of_programs, folder))


def _start(stack: ExitStack, binaries: Path, folder: Path) -> URL:
    account = _account()
    if account:
        shutil.chown(folder, account.pw_uid, account.pw_gid)
    password = secrets.token_hex(16)
    secret = folder / "password"
    secret.write_text(password)
    secret.chmod(0o600)
    if account:
        shutil.chown(secret, account.pw_uid, account.pw_gid)
    _initialise(binaries, folder, account)
    (port,) = free_ports(1)
    url = URL.create(
        "postgresql+psycopg", USER, password, host=HOST, port=port, database="postgres"
    )
    _serve(stack, binaries, folder, account, url)
    return url


def _account() -> pwd.struct_passwd | None:
    """Return whom to run as, or None to stay who we are."""
    if os.getuid() != 0:
        return None
    names = {entry.pw_name: entry for entry in pwd.getpwall()}
    return names.get("postgres") or names["nobody"]


def _initialise(binaries: Path, folder: Path, account: pwd.struct_passwd | None) -> None:
    subprocess.run(
        [
            binaries / "initdb",
            f"--pgdata={folder / 'cluster'}",
            f"--username={USER}",
            f"--pwfile={folder / 'password'}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
        ],
        check=True,
        cwd=folder,
        env=_environment(),
        stdout=subprocess.DEVNULL,
        **_identity(account),
    )


def _serve(
    stack: ExitStack, binaries: Path, folder: Path, account: pwd.struct_passwd | None, url: URL
) -> None:
    settings = {**SETTINGS, "port": str(url.port), "unix_socket_directories": str(folder)}
    log = folder / "postgres.log"
    child = subprocess.Popen(
        [
            binaries / "postgres",
            "-D",
            folder / "cluster",
            *(f"--{name}={value}" for name, value in settings.items()),
        ],
        cwd=folder,
        env=_environment(),
        stdin=subprocess.DEVNULL,
        stdout=stack.enter_context(log.open("wb")),
        stderr=subprocess.STDOUT,
        **_identity(account),
    )
    stack.callback(stop, child, signal.SIGINT)
    wait_until(lambda: _answers(url), child=child, log=log, seconds=START_SECONDS)


def _identity(account: pwd.struct_passwd | None) -> dict[str, object]:
    if account is None:
        return {}
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def _environment() -> dict[str, str]:
    """Return an environment in which no PG* variable of the caller can change the server."""
    return {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}


def _answers(url: URL) -> bool:
    address = url.set(drivername="postgresql").render_as_string(hide_password=False)
    try:
        psycopg.connect(address, connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True
