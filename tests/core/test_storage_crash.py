"""A process killed at any moment of an upload leaves the whole blob or none."""

import hashlib
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from core.storage_folder import FolderStore

ROOT = Path(__file__).resolve().parents[2]
CONTENT = bytes(range(256)) * 10_000
SHA = hashlib.sha256(CONTENT).hexdigest()
UPLOAD = (
    "import sys; from pathlib import Path; from core.storage_folder import FolderStore;"
    "FolderStore(Path(sys.argv[1])).put(bytes(range(256)) * 10_000)"
)
KILLED = 137
MOST = 20


def upload_killed_at(call: str, number: int, folder: Path) -> int:
    """Run an upload that dies at the given occurrence of a system call; return its exit code."""
    inject = f"inject={call}:signal=KILL:when={number}"
    strace = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", f"trace={call}", "-e", inject]
    done = subprocess.run(
        [*strace, sys.executable, "-c", UPLOAD, str(folder)],
        cwd=ROOT,
        check=False,
        capture_output=True,
    )
    return 128 - done.returncode if done.returncode < 0 else done.returncode


@pytest.mark.strace
@pytest.mark.parametrize("call", ["write", "fsync", "rename", "mkdir"])
def test_a_kill_at_every_step_of_an_upload_leaves_the_whole_file_or_none(
    call: str, tmp_path: Path
) -> None:
    outcomes = []
    for number in range(1, MOST):
        folder = tmp_path / str(number)
        code = upload_killed_at(call, number, folder)
        store = FolderStore(folder)
        left = [(entry.sha256, entry.size) for entry in store.listing()]
        assert left in ([], [(SHA, len(CONTENT))])
        assert not left or store.read(SHA) == CONTENT
        outcomes.append(code)
        if code == 0:
            break
        store.discard_unfinished(datetime.now(UTC) + timedelta(days=2))
        assert store.put(CONTENT).sha256 == SHA
        assert [path.name for path in folder.rglob("*") if path.is_file()] == [SHA]

    assert outcomes[-1] == 0, "the upload was never left to finish"
    assert set(outcomes[:-1]) == {KILLED}
