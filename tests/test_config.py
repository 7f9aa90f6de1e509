"""Settings: where what is not set is kept, and that it survives being made twice or cut short."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from config import Settings, complete, from_environment


def test_the_cookie_secret_is_made_once_and_read_by_its_owner_alone(tmp_path: Path) -> None:
    first = complete(Settings(var=tmp_path))
    second = complete(Settings(var=tmp_path))

    mode = stat.S_IMODE((tmp_path / "cookie-secret").stat().st_mode)
    assert first.secret_key == second.secret_key
    assert (len(first.secret_key) >= 64, oct(mode)) == (True, "0o600")
    assert [path.name for path in tmp_path.iterdir()] == ["cookie-secret"]


def test_two_processes_that_start_at_once_agree_on_the_secret(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: complete(Settings(var=tmp_path)).secret_key, range(16)))

    assert len(set(made)) == 1


def test_what_a_killed_start_left_behind_is_not_taken_for_the_secret(tmp_path: Path) -> None:
    (tmp_path / "cookie-secret.0f").write_text("")

    assert len(complete(Settings(var=tmp_path)).secret_key) >= 64


def test_a_setting_of_the_wrong_kind_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="int, not 'many'"):
        from_environment({"ASSAY_VAR": str(tmp_path), "ASSAY_THREADS": "many"})
