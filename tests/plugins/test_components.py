"""A missing component is said aloud on a developer's machine and is a failure in CI."""

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

NEEDS_STRACE = """
import pytest

@pytest.mark.strace
def test_traced():
    assert True

def test_plain():
    assert True
"""


@pytest.fixture
def bare_machine(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """A small suite on a machine whose PATH holds no program at all."""
    pytester.makepyfile(NEEDS_STRACE)
    monkeypatch.setenv("PATH", str(pytester.path))
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.delenv("ASSAY_REQUIRE_ENGINES", raising=False)
    return pytester


def test_a_missing_component_skips_and_the_closing_lines_say_how_to_get_it(
    bare_machine: pytest.Pytester,
) -> None:
    result = bare_machine.runpytest_subprocess("-p", "tests.plugins.components", "-n", "1")

    result.assert_outcomes(passed=1, skipped=1)
    result.stdout.fnmatch_lines(
        [
            "*strace is not here: 1 tests skipped*",
            "To run them: apt-get install strace",
            "  *test_a_missing_component*::test_traced",
            "*1 passed, 1 skipped*",
        ]
    )


def test_the_switch_turns_a_missing_component_into_a_failure(
    bare_machine: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASSAY_REQUIRE_ENGINES", "1")

    result = bare_machine.runpytest_subprocess("-p", "tests.plugins.components")

    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["*strace is not on this machine: apt-get install strace*"])


def test_a_fixture_marks_its_tests_so_that_they_can_be_chosen(
    bare_machine: pytest.Pytester,
) -> None:
    bare_machine.makepyfile(
        test_marks="""
        def test_kept(s3_server): ...
        def test_plain(): ...
        """
    )

    result = bare_machine.runpytest_subprocess(
        "-p",
        "tests.plugins.servers",
        "-p",
        "tests.plugins.components",
        "test_marks.py",
        "-m",
        "not s3",
    )

    result.assert_outcomes(passed=1, deselected=1)
