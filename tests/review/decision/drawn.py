"""Rules and sealed reviews drawn by chance, for what must hold of all of them."""

from fractions import Fraction

from hypothesis import strategies as st

from review.decision.rule import CriterionRule, PassMode, PassRule

KEYS = ("C1", "C2", "C3", "C4")
GIVEN = st.integers(1, 4)
LEVELS = st.one_of(st.none(), GIVEN)
WEIGHTS = st.fractions(Fraction(1, 10), 5, max_denominator=10)


@st.composite
def rules(draw, modes=tuple(PassMode)):
    """Draw a pass rule of up to four criteria on a scale from 1 to 4."""
    mode = draw(st.sampled_from(modes))
    count = draw(st.integers(1, len(KEYS)))
    required = draw(st.lists(st.booleans(), min_size=count, max_size=count))
    if mode is PassMode.ALL_REQUIRED:
        required[0] = True
    criteria = tuple(
        CriterionRule(
            key,
            pass_level=draw(st.integers(2, 4)),
            is_required=is_required,
            weight=draw(WEIGHTS),
            is_must_pass=is_required and draw(st.booleans()),
        )
        for key, is_required in zip(KEYS, required, strict=False)
    )
    return PassRule(
        criteria,
        mode,
        electives_needed=draw(st.integers(1, 4)),
        mean_needed=draw(st.fractions(1, 4, max_denominator=10)),
    )


def review_sets(rule, levels=LEVELS, min_size=0, max_size=6):
    """Draw the sealed reviews of one submission under a rule."""
    review = st.fixed_dictionaries({one.key: levels for one in rule.criteria})
    return st.lists(review, min_size=min_size, max_size=max_size)


@st.composite
def matters(draw, levels=LEVELS, min_size=0, max_size=6, modes=tuple(PassMode)):
    """Draw a rule together with reviews under it."""
    rule = draw(rules(modes))
    return rule, draw(review_sets(rule, levels, min_size, max_size))
