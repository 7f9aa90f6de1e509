"""What a blind audit of a sample says about all decisions."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Invalid
from review.decision.audits import audit_findings
from review.decision.figures import Figure, Lack

NAN = float("nan")
DECISIONS = st.lists(
    st.tuples(st.booleans(), st.sampled_from([0.0, 1.0, NAN]), st.sampled_from([0.02, 0.05, 0.5])),
    min_size=1,
    max_size=60,
)


def all_of(findings: Any) -> list[Figure]:
    return [
        findings.wrong_among_granted,
        findings.wrong_among_denied,
        findings.false_grants,
        findings.false_denials,
    ]


def test_a_sample_by_hand() -> None:
    """Forty granted, ten audited at one in four: one should not have been. Twenty denied by a
    committee, all looked at: two should not have been.

    One in ten of forty is 4 wrong grants; with 18 rightly denied, 4 / 22 of failing work was
    granted. Of passing work 36 were granted and 2 denied: 2 / 38.
    """
    granted = [1] * 40 + [0] * 20
    verdicts = [0] + [1] * 9 + [NAN] * 30 + [1] * 2 + [0] * 18
    chances = [0.25] * 40 + [1.0] * 20

    found = audit_findings(granted, verdicts, chances)

    values = [each.value for each in all_of(found)]
    assert values == pytest.approx([0.1, 0.1, 4 / 22, 2 / 38])
    assert found.wrong_among_granted.low == pytest.approx(0.00253, abs=1e-5)
    assert found.wrong_among_granted.high == pytest.approx(0.44502, abs=1e-5)
    assert (found.wrong_among_denied.low, found.wrong_among_denied.high) == (0.1, 0.1)
    assert [each.count for each in all_of(found)] == [10, 20, 30, 30]


def test_whoever_was_likelier_to_be_audited_counts_for_less() -> None:
    """Ten at one in ten, none wrong, and ten at one in two, all wrong: 20 of 120 and not half."""
    granted = [1] * 120
    verdicts = [1] * 10 + [NAN] * 90 + [0] * 10 + [NAN] * 10
    chances = [0.1] * 100 + [0.5] * 20

    found = audit_findings(granted, verdicts, chances)

    assert found.wrong_among_granted.value == pytest.approx(20 / 120)


def test_no_error_found_is_not_no_error() -> None:
    found = audit_findings([1] * 100, [1] * 20 + [NAN] * 80, [0.2] * 100).wrong_among_granted

    assert (found.value, found.low) == (0.0, 0.0)
    assert found.high == pytest.approx(1 - 0.025 ** (1 / 20))


@pytest.mark.parametrize(
    ("decisions", "lacks"),
    [
        ([], [Lack.NONE_GIVEN] * 4),
        ([(1, 1, 0.1)], [Lack.TOO_FEW, Lack.NONE_GIVEN, Lack.TOO_FEW, Lack.TOO_FEW]),
        ([(1, NAN, 0.1)] * 50, [Lack.TOO_FEW, Lack.NONE_GIVEN, Lack.TOO_FEW, Lack.TOO_FEW]),
        ([(1, 1, 0.1)] * 50, [None, Lack.NONE_GIVEN, Lack.NONE_GIVEN, None]),
        ([(0, 1, 1.0)], [Lack.NONE_GIVEN, None, Lack.NONE_GIVEN, None]),
    ],
)
def test_too_little_to_say_has_a_reason(decisions: Any, lacks: Any) -> None:
    granted, verdicts, chances = ([each[place] for each in decisions] for place in range(3))

    found = audit_findings(granted, verdicts, chances)

    assert [each.lack for each in all_of(found)] == lacks


@given(DECISIONS, st.randoms(use_true_random=False))
def test_order_does_not_matter_and_limits_enclose_the_value(decisions: Any, chance: Any) -> None:
    mixed = chance.sample(decisions, len(decisions))
    found, again = (
        all_of(audit_findings(*([each[place] for each in rows] for place in range(3))))
        for rows in (decisions, mixed)
    )

    for one, other in zip(found, again, strict=True):
        assert one.lack == other.lack
        assert one.value == pytest.approx(other.value)
        if one.lack is None:
            assert one.low is not None
            assert one.value is not None
            assert one.high is not None
            assert 0 <= one.low <= one.value <= one.high <= 1


def test_limits_cover_the_decisions_there_were() -> None:
    """Clear decisions are wrong one time in twelve and audited at 5 or 10 %; others by people."""
    chance, times, size = np.random.default_rng(4), 200, 1_000
    hits = np.zeros(4)
    for _ in range(times):
        passes, is_clear = chance.random(size) < 0.65, chance.random(size) < 0.75
        granted = np.where(is_clear, passes ^ (chance.random(size) < 0.08), passes)
        rate = np.where(is_clear, np.where(np.arange(size) < 500, 0.05, 0.1), 1.0)
        is_audited = chance.random(size) < rate

        found = audit_findings(granted, np.where(is_audited, passes, np.nan), rate)

        wrong = granted & ~passes, ~granted & passes
        truths = [
            wrong[0].sum() / granted.sum(),
            wrong[1].sum() / (~granted).sum(),
            wrong[0].sum() / (~passes).sum(),
            wrong[1].sum() / passes.sum(),
        ]
        hits += [
            figure.lack is None and figure.low <= truth <= figure.high
            for figure, truth in zip(all_of(found), truths, strict=True)
        ]

    assert (hits / times >= 0.95).all()


@pytest.mark.parametrize(
    ("granted", "verdicts", "chances", "field"),
    [
        ([2], [1], [0.5], "granted"),
        ([1], [0.5], [0.5], "verdicts"),
        ([1], [1], [0.0], "chances"),
        ([1], [1], [1.2], "chances"),
        ([1], [NAN], [1.0], "chances"),
        ([1, 1], [1], [0.5], "granted"),
    ],
)
def test_bad_input_is_named(granted: Any, verdicts: Any, chances: Any, field: str) -> None:
    with pytest.raises(Invalid) as raised:
        audit_findings(granted, verdicts, chances)

    assert raised.value.field == field
