"""A real S3-compatible server for tests: OpenStack Swift behind its own S3 front.

Swift refuses what a store must refuse (a wrong content type on a signed upload, an expired
address, a wrong checksum), which simulators let through. It lives in its own environment
under `.engines/swift`, made by `make engines`, and runs as four processes on free loopback
ports with a folder that goes away at the end.
"""

import os
import pwd
import secrets
import shutil
import signal
import subprocess
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

from tests.engines.loopback import HOST, free_ports, stop, wait_until

ROOT = Path(__file__).resolve().parents[2]
ENVIRONMENT = ROOT / ".engines" / "swift"
RINGS = Path(__file__).with_name("swift_rings.py")
BACKENDS = ("account", "container", "object")
START_SECONDS = 60
ROOMY_BYTES = 1 << 30
REGION = "us-east-1"
ACCESS_KEY = "assay:tests"

CLUSTER = """
[swift-hash]
swift_hash_path_prefix = assay
swift_hash_path_suffix = tests

[storage-policy:0]
name = one
default = yes
"""

BACKEND = """
[DEFAULT]
bind_ip = 127.0.0.1
bind_port = {port}
workers = 0
user = {user}
swift_dir = {folder}
devices = {folder}
mount_check = false
disable_fallocate = true

[pipeline:main]
pipeline = healthcheck {name}-server

[app:{name}-server]
use = egg:swift#{name}

[filter:healthcheck]
use = egg:swift#healthcheck
"""

FILTERS = (
    "catch_errors gatekeeper healthcheck listing_formats bulk s3api tempauth copy slo dlo"
    " versioned_writes symlink"
)

PROXY = """
[DEFAULT]
bind_ip = 127.0.0.1
bind_port = {port}
workers = 0
user = {user}
swift_dir = {folder}
cors_allow_origin = *
cors_expose_headers = etag

[pipeline:main]
pipeline = {filters} proxy-server

[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
allow_account_management = true
"""

FILTER_SETTINGS = {
    "s3api": "s3_acl = false\nlocation = us-east-1\ncors_preflight_allow_origin = *\n",
    "tempauth": "user_assay_tests = {secret} .admin\n",
}


@dataclass(frozen=True)
class S3Server:
    """Where the server listens and how to sign for it; addresses are path-style, s3v4."""

    endpoint: str
    secret_key: str
    bucket: str
    access_key: str = ACCESS_KEY
    region: str = REGION

    def client(self) -> Any:
        """Return a boto3 client that speaks to this server alone."""
        return boto3.client(
            "s3",
            endpoint_url=self.endpoint,
            aws_access_key_id=self.access_key,
            aws_secret_access_key=self.secret_key,
            region_name=self.region,
            config=Config(signature_version="s3v4", s3={"addressing_style": "path"}),
        )

    def new_bucket(self) -> str:
        """Create an empty bucket and return its name."""
        name = f"assay-{secrets.token_hex(6)}"
        self.client().create_bucket(Bucket=name)
        return name


def is_prepared() -> bool:
    """Say whether `make engines` has made the environment."""
    return (ENVIRONMENT / ".ok").exists()


@contextmanager
def running_swift() -> Iterator[S3Server]:
    """Run a fresh server and yield it with one empty bucket; stop it when the block ends."""
    secret = secrets.token_hex(16)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=_fast_folder())))
        ports = dict(zip((*BACKENDS, "proxy"), free_ports(4), strict=True))
        _write_settings(folder, ports, secret)
        _write_rings(folder, ports)
        children = {name: _start(stack, folder, name) for name in ports}
        for name, port in ports.items():
            wait_until(
                partial(_is_healthy, port),
                child=children[name],
                log=folder / f"{name}.log",
                seconds=START_SECONDS,
            )
        server = S3Server(f"http://{HOST}:{ports['proxy']}", secret, "assay-tests")
        server.client().create_bucket(Bucket=server.bucket)
        yield server


def _fast_folder() -> str | None:
    """Return a roomy folder in memory that holds file attributes, since Swift syncs a lot."""
    try:
        if shutil.disk_usage("/dev/shm").free < ROOMY_BYTES:
            return None
        with tempfile.NamedTemporaryFile(dir="/dev/shm") as probe:
            os.setxattr(probe.name, "user.assay", b"1")
    except OSError:
        return None
    return "/dev/shm"


def _write_settings(folder: Path, ports: dict[str, int], secret: str) -> None:
    me = pwd.getpwuid(os.getuid()).pw_name
    (folder / "disk").mkdir()
    (folder / "swift.conf").write_text(CLUSTER)
    for name in BACKENDS:
        text = BACKEND.format(port=ports[name], user=me, folder=folder, name=name)
        (folder / f"{name}.conf").write_text(text)
    proxy = PROXY.format(port=ports["proxy"], user=me, folder=folder, filters=FILTERS)
    for name in FILTERS.split():
        settings = FILTER_SETTINGS.get(name, "").format(secret=secret)
        proxy += f"\n[filter:{name}]\nuse = egg:swift#{name}\n{settings}"
    (folder / "proxy.conf").write_text(proxy)


def _write_rings(folder: Path, ports: dict[str, int]) -> None:
    services = [f"{name}={ports[name]}" for name in BACKENDS]
    # -P keeps this folder off the path: here, `swift` is a module of ours.
    command = [str(ENVIRONMENT / "bin" / "python"), "-P", str(RINGS), str(folder), *services]
    subprocess.run(command, check=True, env=_environment(folder), stdout=subprocess.DEVNULL)


def _start(stack: ExitStack, folder: Path, name: str) -> subprocess.Popen[bytes]:
    program = ENVIRONMENT / "bin" / f"swift-{name}-server"
    child = subprocess.Popen(
        [str(program), str(folder / f"{name}.conf"), "-v"],
        env=_environment(folder),
        stdin=subprocess.DEVNULL,
        stdout=stack.enter_context((folder / f"{name}.log").open("wb")),
        stderr=subprocess.STDOUT,
    )
    stack.callback(stop, child, signal.SIGTERM)
    return child


def _environment(folder: Path) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "SWIFT_CONF_FILE": str(folder / "swift.conf")}


def _is_healthy(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://{HOST}:{port}/healthcheck", timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False
