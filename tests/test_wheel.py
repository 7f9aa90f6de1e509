"""The wheel holds everything the checkout does, and runs without the checkout."""

import os
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("accounts", "app", "core", "credentials", "migrations", "portfolio", "review")

BUILD = "from setuptools import build_meta; print(build_meta.build_wheel('out'))"

# Started without `site`, so that the environment's pointer to the checkout is not read.
RUN = """
import sys
wheel, packages = sys.argv.pop(1), sys.argv.pop(1)
sys.path[:0] = [wheel, packages]
import app.cli
assert app.__file__.startswith(wheel), app.__file__
sys.argv[0] = "assay"
sys.exit(app.cli.main())
"""


def tracked() -> list[str]:
    listing = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True
    )
    return [name for name in listing.stdout.split("\0") if name and (ROOT / name).is_file()]


def shipped() -> set[str]:
    return {name for name in tracked() if name.split("/")[0] in PACKAGES} | {"config.py"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel built from the tracked files alone, in a folder apart."""
    source = tmp_path_factory.mktemp("source")
    for name in shipped() | {"pyproject.toml", "README.md"}:
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, source / name)
    built = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", BUILD],
        cwd=source,
        check=True,
        capture_output=True,
        text=True,
    )
    return source / "out" / built.stdout.split()[-1]


def test_the_wheel_holds_every_file_of_the_packages_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        held = {name for name in archive.namelist() if ".dist-info/" not in name}

    assert {"app", "credentials"} <= {name.split("/")[0] for name in held}
    assert any("/templates/" in name for name in held)
    assert any("/static/" in name for name in held)
    assert any("/contexts/" in name for name in held)
    assert any("/badges/" in name for name in held)
    assert held == shipped()


def test_the_wheel_runs_the_command_line_without_the_checkout(wheel: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "unpacked")

    answer = subprocess.run(
        [
            sys.executable,
            "-S",
            "-c",
            RUN,
            str(tmp_path / "unpacked"),
            sysconfig.get_path("purelib"),
            "--help",
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"},
    )

    assert answer.stderr == ""
    assert answer.returncode == 0
    assert "serve" in answer.stdout
