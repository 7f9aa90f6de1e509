"""Every promise of the domain, INV-01 to INV-50, has a test named by its number, or waits.

A test's name carries the numbers it proves: `test_inv_05_and_08_nobody_determines_…`.
"""

import ast
import re
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
NUMBERS = re.compile(r"inv_(\d\d(?:_and_\d\d)*)(?=_)")

# What these promise is of features that are not built; whoever builds one takes it from the list.
NOT_YET = {
    3: "links as evidence, captured when a portfolio is handed in",
    15: "unblinding, by a role and with a reason",
    39: "panels that vote; today one member determines a request",
    42: "integrity cases, with notice, sight of the material and time to answer",
    44: "the export of everything that is kept about a person",
    45: "privacy holds on single work samples",
    46: "retention periods, legal holds and the deletion of what is past them",
    49: "adjustments for learners who need them",
}


def proven() -> dict[int, list[str]]:
    """Return the names of the tests of each invariant."""
    found: dict[int, list[str]] = {}
    for path in sorted(TESTS.rglob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                for numbers in NUMBERS.findall(node.name):
                    for number in numbers.split("_and_"):
                        found.setdefault(int(number), []).append(f"{path.name}: {node.name}")
    return found


def test_every_invariant_is_proven_by_a_test_or_waits_for_its_feature() -> None:
    known = proven()

    silent = [number for number in range(1, 51) if number not in {*known, *NOT_YET}]
    waiting_but_proven = {number: known[number] for number in NOT_YET if number in known}

    assert silent == []
    assert waiting_but_proven == {}
    assert set(known) <= set(range(1, 51))
