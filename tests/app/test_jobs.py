"""Every room's jobs reach the worker, and every event has somebody who answers it."""

import ast
from pathlib import Path

from app import jobs as rooms
from core.jobs import handled, sweeps

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("accounts", "app", "core", "credentials", "portfolio", "review")


def sources() -> list[Path]:
    return [path for package in PACKAGES for path in (ROOT / package).rglob("*.py")]


def enqueued(path: Path) -> set[str]:
    """Return the names that a module enqueues as literals."""
    return {
        node.args[1].value
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        and ast.unparse(node.func).endswith("enqueue")
        and len(node.args) > 1
        and isinstance(node.args[1], ast.Constant)
    }


def test_every_room_with_jobs_is_known_to_the_worker() -> None:
    files = {str(Path(str(module.__file__)).relative_to(ROOT)) for module in rooms.MODULES}
    named = {str(path.relative_to(ROOT)) for path in sources() if path.stem.endswith("jobs")}

    assert files == named - {"app/jobs.py", "core/jobs.py"}


def test_every_event_has_a_handler() -> None:
    events = {name for path in sources() for name in enqueued(path)}

    assert {"mail_send", "submission_sealed", "decision_made"} <= events
    assert events - handled() == set()


def test_the_floor_is_swept() -> None:
    assert {"mail_resend", "store_sweep"} <= {sweep.name for sweep in sweeps()}
