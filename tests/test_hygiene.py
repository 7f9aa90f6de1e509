"""What is true of every tracked file: no traces of a machine, no leftovers, no silent exceptions.

Each test collects every offence as `file:line: text` and expects none, so that a failure lists
all there is to mend. An exception is listed here by name with its reason, or does not exist.
"""

import ast
import re
import subprocess
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

# Files that others made and we ship as they are: libraries, fonts and their licences, standards.
BORROWED = re.compile(r"(^|/)(vendor|fonts|contexts|vectors)/")

INSTALLING = re.compile(r"\.lock$|^Makefile$|^\.ci/|^pyproject\.toml$|(^|/)\.npmrc$")

# Written in halves, so that this file names no registry either.
REGISTRIES = ("py" + "pi.org", "python" + "hosted.org", "npm" + "js.", "deb." + "debian.org")

ALLOWED_HOSTS = {
    "127.0.0.1": "loopback",
    "localhost": "loopback",
    "example.org": "reserved for examples",
    "example.com": "reserved for examples",
    "example.net": "reserved for examples",
    "w3.org": "names of standards",
    "w3id.org": "names of standards",
    "imsglobal.org": "names of standards: Open Badges",
    "openbadges.org": "names of standards: Open Badges 2",
    "schema.org": "names of standards",
    "json-schema.org": "names of standards",
    "ietf.org": "names of standards",
    "rfc-editor.org": "names of standards",
    "purl.org": "names of standards: Dublin Core in office files",
    "openxmlformats.org": "names of standards: office files",
    "schemas.microsoft.com": "names of standards: office files",
    "ns.adobe.com": "names of standards: picture metadata",
    "oasis-open.org": "names of standards: office files",
    "ogp.me": "names of standards: Open Graph",
    "doi.org": "papers that an algorithm follows",
    "linkedin.com": "where a learner may add a badge to a profile",
    "sil.org": "the Open Font License",
    "openfontlicense.org": "the Open Font License",
    "creativecommons.org": "licences",
}
RESERVED_ENDINGS = (".test", ".example", ".invalid", ".localhost")

BANNED_NAMES = {"util", "utils", "helper", "helpers", "manager", "process", "handle", "data"}
LEFTOVERS = re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X|HA" r"CK)\b")

CODE_LINES = 300
TEST_LINES = 450
LONG_FILES: dict[str, str] = {
    "migrations/versions/0001_the_first_tables.py": "written by Alembic: every table at once",
    "migrations/versions/0003_fits_moderation_benchmarks_and_credit.py": (
        "written by Alembic: the tables of four rooms that refer to one another"
    ),
}

Offence = Callable[[str], object]


@cache
def tracked() -> list[Path]:
    listing = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True
    )
    return [ROOT / name for name in listing.stdout.split("\0") if name and (ROOT / name).is_file()]


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def text_of(path: Path) -> str:
    content = path.read_bytes()
    return "" if b"\0" in content else content.decode("utf-8", "replace")


def ours(pattern: str = "") -> list[Path]:
    """Return the tracked files that we wrote and whose name matches."""
    names = re.compile(pattern)
    return [
        path
        for path in tracked()
        if names.search(name_of(path)) and not BORROWED.search(name_of(path))
    ]


def offences(paths: list[Path], offends: Offence) -> list[str]:
    return [
        f"{name_of(path)}:{number}: {line.strip()[:120]}"
        for path in paths
        for number, line in enumerate(text_of(path).splitlines(), start=1)
        if offends(line)
    ]


def foreign_hosts(line: str) -> list[str]:
    """Return the hosts in a line that are not on the list; a pattern's `\\.` is a dot."""
    plain = line.lower().replace("\\.", ".")
    hosts = re.findall(r"https?://(?:[^\s/@]+@)?([\w.-]+)", plain)
    return [host for host in hosts if not is_allowed(host)]


def is_allowed(host: str) -> bool:
    ends_well = any(host == known or host.endswith(f".{known}") for known in ALLOWED_HOSTS)
    return ends_well or host.endswith(RESERVED_ENDINGS)


def test_no_file_names_a_path_of_one_machine() -> None:
    machine_path = re.compile(r"(?<![\w.])/(work|root)/")

    assert offences(ours(), machine_path.search) == []


def test_no_file_names_a_package_registry() -> None:
    assert offences(tracked(), lambda line: any(host in line for host in REGISTRIES)) == []


def test_files_that_install_hold_no_address_of_another_host() -> None:
    installing = [path for path in tracked() if INSTALLING.search(name_of(path))]
    addresses = re.compile(r"(https?|git|ssh|file)://|--(extra-)?index-url|--find-links[ =]")

    assert {"Makefile", ".ci/run", "requirements.lock"} <= {name_of(path) for path in installing}
    assert offences(installing, addresses.search) == []


def test_every_locked_requirement_has_a_hash() -> None:
    locks = ours(r"\.lock$")

    unhashed = [
        f"{name_of(path)}: {pin}"
        for path in locks
        for pin in re.findall(r"^\S+==[^\n]*(?=\n(?! +--hash=))", text_of(path), re.MULTILINE)
    ]

    assert len(locks) == 4
    assert unhashed == []


def test_addresses_stay_within_the_allowed_hosts() -> None:
    assert offences([path for path in ours() if path.suffix != ".lock"], foreign_hosts) == []


@pytest.mark.parametrize(
    ("line", "hosts"),
    [
        ("see {}www.w3.org/ns/credentials/v2", []),
        ("{}127.0.0.1:8000 and {}{{HOST}}:1", []),
        ("{}assay.example.org/x {}evil.test", []),
        ("{}w3.org.evil.io/ns", ["w3.org.evil.io"]),
        (r"{}www\.w3\.org {}host\.io", ["host.io"]),
        ("{}name@host.io/ {}host.io", ["host.io", "host.io"]),
    ],
)
def test_a_foreign_host_is_recognised(line: str, hosts: list[str]) -> None:
    schemes = ["https" + "://", "http" + "://"]

    assert foreign_hosts(line.format(*schemes)) == hosts


def test_nothing_is_left_for_later() -> None:
    sources = ours(r"\.(py|html|txt|js|css|md|toml)$|^Makefile$|^\.ci/")

    assert offences(sources, LEFTOVERS.search) == []


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        name_of(path)
        for path in ours(r"\.py$")
        if not (ast.get_docstring(ast.parse(text_of(path))) or "").strip()
    ]

    assert silent == []


def test_no_module_has_a_name_that_means_nothing() -> None:
    parts = {(name_of(path), part) for path in ours(r"\.py$") for part in module_parts(path)}

    assert {name for name, part in parts if part in BANNED_NAMES} == set()


def module_parts(path: Path) -> Iterator[str]:
    yield from path.relative_to(ROOT).with_suffix("").parts


def test_tests_stay_out_of_the_way_of_the_packages_they_mirror() -> None:
    assert [name_of(path) for path in ours(r"^tests/(.*/)?__init__\.py$")] == []


def test_templates_hold_no_inline_style_or_script() -> None:
    inline = re.compile(
        r"""\sstyle\s*=|\son[a-z]+\s*=\s*["']|<style\b|javascript:|<script\b(?![^>]*\bsrc=)""",
        re.IGNORECASE,
    )

    assert offences(ours(r"/templates/.*\.(html|svg|xml)$"), inline.search) == []


def test_files_stay_short_enough_to_read() -> None:
    long = {
        name_of(path): lines
        for path in ours(r"\.(py|js)$")
        if (lines := len(text_of(path).splitlines())) > limit(path)
    }

    assert {name: lines for name, lines in long.items() if name not in LONG_FILES} == {}
    assert set(LONG_FILES) - set(long) == set(), "these are short again: take them off the list"


def limit(path: Path) -> int:
    return TEST_LINES if name_of(path).startswith(("tests/", "migrations/")) else CODE_LINES


def test_every_lint_exemption_names_its_rule_and_its_reason() -> None:
    comment = re.compile(r"#\s*(noqa|ruff:\s*noqa)\b")
    explained = re.compile(r"# noqa: [A-Z]+\d+(, ?[A-Z]+\d+)* - \w+")

    found = offences(ours(r"\.py$"), lambda line: comment.search(code_of(line)))

    assert [line for line in found if not explained.search(line)] == []


def code_of(line: str) -> str:
    """Return the line without its string literals, so that text about a comment is not one."""
    return re.sub(r"""r?"[^"]*"|'[^']*'""", '""', line)


def test_every_type_exemption_names_its_rule() -> None:
    bare = re.compile(r"#\s*type:\s*ignore(?!\[[\w, -]+\])")

    assert offences(ours(r"\.py$"), lambda line: bare.search(code_of(line))) == []


def test_only_a_missing_component_skips_a_test() -> None:
    skips = re.compile(r"pytest\.(skip|xfail|importorskip)\b|mark\.(skip|skipif|xfail)\b")
    elsewhere = [path for path in ours(r"^tests/") if path.name != "components.py"]

    assert offences(elsewhere, lambda line: skips.search(code_of(line))) == []
