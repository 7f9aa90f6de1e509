"""Real components that tests need: skip with the reason when one is absent, or fail.

A test says what it needs with a marker (`@pytest.mark.postgres`) or by using a fixture that
brings the component. On a developer's machine a missing one skips the test, and the closing
lines name every test skipped and how to get the component. With ASSAY_REQUIRE_ENGINES=1 the
same test fails, so that nothing goes unproven in continuous integration.
"""

import os
import shutil
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.engines import browser, postgres, swift

SHARED_DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
SWITCH = "ASSAY_REQUIRE_ENGINES"
ABSENT = "not on this machine: "


@dataclass(frozen=True)
class Component:
    """Something real that a test may need, and how to get it."""

    name: str
    is_here: Callable[[], bool]
    how_to_get: str
    fixtures: tuple[str, ...]


COMPONENTS = {
    "postgres": Component(
        "PostgreSQL",
        lambda: bool(os.environ.get(postgres.GIVEN_URL) or postgres.programs()),
        f"apt-get install postgresql, or set {postgres.GIVEN_URL}",
        ("postgres_server", "postgres_url"),
    ),
    "s3": Component("S3-compatible server", swift.is_prepared, "make engines", ("s3_server",)),
    "browser": Component(
        "Chromium",
        lambda: browser.find_chromium() is not None,
        "apt-get install chromium fonts-liberation",
        ("chromium", "open_page", "page"),
    ),
    "strace": Component(
        "strace", lambda: shutil.which("strace") is not None, "apt-get install strace", ()
    ),
    "corpus": Component(
        "shared test data",
        SHARED_DATA.is_dir,
        "lay the folder shared/data beside the checkout",
        ("shared_data",),
    ),
}


def require(key: str) -> None:
    """Skip the running test, or fail it under the switch, if this component is absent."""
    component = COMPONENTS[key]
    if component.is_here():
        return
    if os.environ.get(SWITCH, "0") not in {"", "0"}:
        pytest.fail(f"{component.name} is {ABSENT}{component.how_to_get}", pytrace=False)
    pytest.skip(f"{ABSENT}{key}")


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of hostile inputs, rubrics and standards that lies beside the checkout."""
    require("corpus")
    return SHARED_DATA


def pytest_configure(config: pytest.Config) -> None:
    """Declare the markers, so that a misspelt one is an error."""
    for key, component in COMPONENTS.items():
        config.addinivalue_line("markers", f"{key}: needs {component.name}")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark each test with the components that its fixtures bring, so that -m can choose."""
    for item in items:
        used = set(getattr(item, "fixturenames", ()))
        for key, component in COMPONENTS.items():
            if used & set(component.fixtures):
                item.add_marker(key)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Ask for every component that the test is marked with, before any fixture runs."""
    for key in COMPONENTS:
        if item.get_closest_marker(key):
            require(key)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say which tests were skipped for which missing component, and how to get it."""
    skipped: dict[str, list[str]] = defaultdict(list)
    for report in terminalreporter.stats.get("skipped", []):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else ""
        _, found, key = reason.partition(ABSENT)
        if found:
            skipped[key].append(report.nodeid)
    for key, tests in sorted(skipped.items()):
        component = COMPONENTS[key]
        terminalreporter.section(f"{component.name} is not here: {len(tests)} tests skipped")
        terminalreporter.line(f"To run them: {component.how_to_get}")
        for nodeid in sorted(tests):
            terminalreporter.line(f"  {nodeid}")
