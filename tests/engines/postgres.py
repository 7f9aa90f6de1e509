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
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy.engine import URL, make_url

from tests.engines.loopback import HOST, EngineFailed, free_ports, stop, wait_until

GIVEN_URL = "ASSAY_TEST_POSTGRES_URL"
PACKAGED = Path("/usr/lib/postgresql")
START_SECONDS = 60
LOG = "postgres.log"
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

    def drop_database(self, url: str) -> None:
        """Drop one database made here, whoever is still connected to it."""
        name = url.rsplit("/", 1)[1]
        self._made.remove(name)
        self._run(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def drop_databases(self) -> None:
        """Drop every database made here, whoever is still connected to it."""
        for name in tuple(self._made):
            self.drop_database(f"/{name}")

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
def running_postgres(settings: Mapping[str, str] = SETTINGS) -> Iterator[PostgresServer]:
    """Yield a server: the one that the environment names, or a private one that ends here.

    `settings` are set on the private one beside those of the tests, over which they win.
    """
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
        yield PostgresServer(_start(stack, folder_of_programs, folder, settings))


def _start(stack: ExitStack, binaries: Path, folder: Path, settings: Mapping[str, str]) -> URL:
    account = _account()
    password, secret = secrets.token_hex(16), folder / "password"
    secret.write_text(password)
    secret.chmod(0o600)
    for path in (folder, secret):
        shutil.chown(path, account.pw_uid, account.pw_gid)
    _initialise(binaries, folder, account)
    (port,) = free_ports(1)
    url = URL.create(
        "postgresql+psycopg", USER, password, host=HOST, port=port, database="postgres"
    )
    _serve(stack, binaries, folder, account, url, settings)
    return url


def _account() -> pwd.struct_passwd:
    """Return whom to run as: ourselves, unless we are root."""
    if os.getuid() != 0:
        return pwd.getpwuid(os.getuid())
    names = {entry.pw_name: entry for entry in pwd.getpwall()}
    return names.get("postgres") or names["nobody"]


def _initialise(binaries: Path, folder: Path, account: pwd.struct_passwd) -> None:
    options = {
        "pgdata": str(folder / "cluster"),
        "username": USER,
        "pwfile": str(folder / "password"),
        "auth": "scram-sha-256",
        "encoding": "UTF8",
        "locale": "C.UTF-8",
    }
    child = _spawn([str(binaries / "initdb"), "--no-sync", *_flags(options)], folder, account)
    if child.wait() != 0:
        raise EngineFailed((folder / LOG).read_text())


def _serve(
    stack: ExitStack,
    binaries: Path,
    folder: Path,
    account: pwd.struct_passwd,
    url: URL,
    settings: Mapping[str, str],
) -> None:
    places = {"port": str(url.port), "unix_socket_directories": str(folder)}
    flags = _flags({**SETTINGS, **settings, **places})
    command = [str(binaries / "postgres"), "-D", str(folder / "cluster"), *flags]
    child = _spawn(command, folder, account)
    stack.callback(stop, child, signal.SIGINT)
    wait_until(lambda: _answers(url), child=child, log=folder / LOG, seconds=START_SECONDS)


def _flags(options: dict[str, str]) -> list[str]:
    return [f"--{name}={value}" for name, value in options.items()]


def _spawn(command: list[str], folder: Path, account: pwd.struct_passwd) -> subprocess.Popen[bytes]:
    """Start a program as this account, with no PG* variable of ours to change what it does."""
    is_other = account.pw_uid != os.getuid()
    with (folder / LOG).open("ab") as log:
        return subprocess.Popen(
            command,
            cwd=folder,
            env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            user=account.pw_uid if is_other else None,
            group=account.pw_gid if is_other else None,
            extra_groups=[] if is_other else None,
        )


def _answers(url: URL) -> bool:
    address = url.set(drivername="postgresql").render_as_string(hide_password=False)
    try:
        psycopg.connect(address, connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True
