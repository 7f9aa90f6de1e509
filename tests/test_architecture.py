"""The import rules cover every package, every room and every pure module.

The rules themselves stand in pyproject.toml and are checked by `make lint`. These tests see to
it that nothing can be added beside them: a new package, a room in a room, or a pure module that
nobody promised to keep pure.
"""

import ast
import tomllib
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
OUTSIDE = {"bench", "docs", "migrations", "tests"}
ANATOMY = {"forms", "jobs", "models", "queries", "rules", "services", "states", "views"}
WEB = {"flask", "flask_wtf", "werkzeug", "wtforms", "core.web", "core.forms"}
EDGES = WEB | {"sqlalchemy", "core.db", "core.storage_s3", "boto3", "botocore"}


def contract(name: str) -> dict[str, Any]:
    (found,) = [one for one in SETTINGS["contracts"] if one["name"] == name]
    return dict(found)


def packages() -> list[str]:
    """Return every importable folder of the product, as dotted names."""
    roots = [folder for folder in ROOT.iterdir() if (folder / "__init__.py").exists()]
    inits = [init for root in roots for init in root.rglob("__init__.py")]
    return sorted(".".join(init.parent.relative_to(ROOT).parts) for init in inits)


def modules() -> dict[str, Path]:
    paths = [
        path
        for package in packages()
        for path in (ROOT / package.replace(".", "/")).glob("*.py")
        if path.name != "__init__.py"
    ]
    return {".".join(path.relative_to(ROOT).with_suffix("").parts): path for path in paths}


def imported(path: Path) -> set[str]:
    """Return what this module imports itself, as whole names and as their first parts."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names |= {node.module or "", *(f"{node.module}.{each.name}" for each in node.names)}
    return names | {name.split(".")[0] for name in names}


def is_pure(name: str, path: Path) -> bool:
    """Say whether a module outside the app is neither one of the anatomy nor at an edge.

    What talks to the database through `core.db` says so by importing SQLAlchemy's Session.
    """
    is_special = name.startswith("app.") or name.rpartition(".")[2] in ANATOMY
    return not is_special and not imported(path) & EDGES


def test_every_package_is_under_the_import_rules() -> None:
    holding_code = {
        path.relative_to(ROOT).parts[0]
        for path in ROOT.glob("[a-z]*/**/*.py")
        if path.relative_to(ROOT).parts[0] not in OUTSIDE
    }

    assert holding_code == set(SETTINGS["root_packages"])
    assert set(contract("Packages import upstream, never back")["layers"]) == holding_code


def test_every_room_refuses_a_module_that_is_not_named() -> None:
    containers = [
        container
        for one in SETTINGS["contracts"]
        if one.get("exhaustive")
        for container in one["containers"]
    ]

    unguarded = [
        package
        for package in packages()
        if not any(fnmatchcase(package, container) for container in containers)
    ]

    assert unguarded == []


def test_every_pure_module_is_held_to_it() -> None:
    promised = set(contract("Pure modules know neither web nor database")["source_modules"])

    pure = {name for name, path in modules().items() if is_pure(name, path)}

    assert {name for name in pure if name not in promised} == set()
    assert promised - set(modules()) == set()
