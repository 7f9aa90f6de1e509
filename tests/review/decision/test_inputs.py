"""What a decision is made from: sealed levels and the edition, and nothing a machine guessed."""

import ast
from pathlib import Path

ROOM = Path(__file__).resolve().parents[3] / "review" / "decision"
PURE = ("rule.py", "policy.py", "record.py")
MAY_READ = {
    "collections",
    "core",
    "credentials",
    "dataclasses",
    "enum",
    "fractions",
    "review",
    "typing",
}


def imported(path):
    """Return every module that a file imports."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            yield node.module or ""
        elif isinstance(node, ast.Import):
            yield from (one.name for one in node.names)


def test_inv_24_a_decision_takes_in_the_edition_and_sealed_levels_only(stage):
    stage.under_review().decided([(3, 3), (4, 3)])

    (decision,) = stage.decisions()

    assert set(decision.inputs) == {"edition", "reviews"}
    assert [set(one) for one in decision.inputs["reviews"]] == [{"digest", "levels"}] * 2
    assert sorted(one["levels"]["C1"] for one in decision.inputs["reviews"]) == [3, 4]


def test_inv_24_the_rule_knows_no_room_in_which_a_machine_looks_at_work():
    modules = {one for name in PURE for one in imported(ROOM / name)}

    assert {one.split(".")[0] for one in modules} <= MAY_READ
    assert {one for one in modules if one.startswith("review.")} <= {
        f"review.decision.{name}" for name in ("rule", "policy", "record", "states")
    }
