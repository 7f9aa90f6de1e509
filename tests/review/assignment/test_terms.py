"""The fit: every term alone, bounded, never falling where it should rise, and with its words."""

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials.catalog.policy_defaults import FIT_WEIGHTS
from review.assignment import terms
from review.assignment.affinity import Fits, affinity, normal_weights, reasons
from review.assignment.eligibility import Candidate, Held, Matter, Objection, Tie, objection

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
DAY = timedelta(days=1)
FREE = Candidate("reviewer", qualifications=(Held("badge", "qualified", AT - DAY, None),))
WORK = Matter("submission", "learner", "badge", read_at=AT)


def test_the_terms_are_those_whose_weights_are_published() -> None:
    assert list(terms.LOOKS) == list(FIT_WEIGHTS)


@pytest.mark.parametrize(
    ("name", "worse", "better"),
    [
        (
            "qualification",
            (
                replace(FREE, qualifications=(Held("badge", "qualified", AT, None, "granted"),)),
                WORK,
            ),
            (
                replace(
                    FREE, qualifications=(Held("badge", "qualified", AT, None, "badge_holder"),)
                ),
                WORK,
            ),
        ),
        (
            "qualification",
            (
                replace(FREE, qualifications=(Held("badge", "qualified", AT, None, "granted"),)),
                WORK,
            ),
            (
                replace(
                    FREE,
                    qualifications=(Held("badge", "qualified", AT - 400 * DAY, None, "granted"),),
                ),
                WORK,
            ),
        ),
        (
            "competencies",
            (
                replace(FREE, competencies=(("other", frozenset({"Hosting"})),)),
                replace(WORK, competencies=frozenset({"Hosting", "Listening"})),
            ),
            (
                replace(FREE, competencies=(("other", frozenset({"hosting", "listening"})),)),
                replace(WORK, competencies=frozenset({"Hosting", "Listening"})),
            ),
        ),
        (
            "sector",
            (replace(FREE, sector="Sport"), replace(WORK, sector="Health")),
            (replace(FREE, sectors=("health",)), replace(WORK, sector="Health")),
        ),
        (
            "topics",
            (replace(FREE, topics=("budgets",)), replace(WORK, topics=frozenset({"events"}))),
            (replace(FREE, topics=("Events",)), replace(WORK, topics=frozenset({"events"}))),
        ),
        (
            "topics",
            (replace(FREE, topics=("art",)), replace(WORK, setting="A start in sport.")),
            (replace(FREE, topics=("Choirs",)), replace(WORK, setting="We led three choirs.")),
        ),
        (
            "language",
            (replace(FREE, first_language="de"), WORK),
            (replace(FREE, first_language="en"), WORK),
        ),
        (
            "level",
            (FREE, replace(WORK, workload_hours=60)),
            (replace(FREE, reviews_done=4), replace(WORK, workload_hours=60)),
        ),
        (
            "experience",
            (replace(FREE, reviews_by_badge=(("other", 9),)), WORK),
            (replace(FREE, reviews_by_badge=(("badge", 2), ("other", 0))), WORK),
        ),
        ("room", (replace(FREE, open_load=1), WORK), (FREE, WORK)),
        (
            "rest",
            (replace(FREE, last_review_at=AT - DAY), WORK),
            (replace(FREE, last_review_at=AT - 9 * DAY), WORK),
        ),
    ],
)
def test_a_term_rises_with_what_it_is_about(
    name: str, worse: tuple[Candidate, Matter], better: tuple[Candidate, Matter]
) -> None:
    low, high = terms.LOOKS[name](*worse), terms.LOOKS[name](*better)

    assert 0 <= low.value < high.value <= 1
    assert all(one.words.endswith(".") and one.note.endswith(".") for one in (low, high))
    assert affinity(*worse).total <= affinity(*better).total


def test_what_is_not_known_neither_helps_nor_hurts() -> None:
    for name in ("competencies", "sector", "topics", "language"):
        assert terms.LOOKS[name](FREE, WORK).value == terms.NEUTRAL


def test_the_badge_itself_says_nothing_about_other_competencies() -> None:
    own = replace(FREE, competencies=(("badge", frozenset({"Hosting"})),))

    found = terms.competencies(own, replace(WORK, competencies=frozenset({"Hosting"})))

    assert found.value == terms.NEUTRAL


@given(
    load=st.integers(0, 30),
    most=st.integers(1, 10),
    done=st.integers(0, 500),
    hours=st.integers(0, 2_000),
    days=st.integers(-5, 5_000),
    named=st.lists(st.text(max_size=12), max_size=6),
)
def test_every_term_stays_between_0_and_1_and_has_words(
    load: int, most: int, done: int, hours: int, days: int, named: list[str]
) -> None:
    candidate = replace(
        FREE,
        open_load=load,
        max_open=most,
        reviews_done=done,
        reviews_by_badge=(("badge", done),),
        topics=tuple(named),
        last_review_at=AT - days * DAY,
    )

    fit = affinity(candidate, replace(WORK, workload_hours=hours, setting="a b c"))

    assert all(0 <= one.value <= 1 and one.words and one.note for one in fit.terms)
    assert 0 <= fit.total <= 1


NAMES = st.sampled_from(["Health", "Sport", "budgets", "Hosting", ""])


@given(
    people=st.lists(
        st.builds(
            Candidate,
            person_id=st.uuids().map(str),
            qualifications=st.just(FREE.qualifications),
            sector=NAMES,
            topics=st.lists(NAMES, max_size=2).map(tuple),
            competencies=st.just((("other", frozenset({"Hosting"})),)),
            reviews_done=st.integers(0, 9),
            open_load=st.integers(0, 3),
            first_language=st.sampled_from(["en", "de", ""]),
        ),
        max_size=4,
    ),
    works=st.lists(
        st.builds(
            Matter,
            submission_id=st.uuids().map(str),
            learner_id=st.just("learner"),
            badge_id=st.just("badge"),
            sector=NAMES,
            language=st.sampled_from(["en", "de"]),
            competencies=st.frozensets(NAMES, max_size=2),
            topics=st.frozensets(NAMES, max_size=2),
            setting=st.lists(NAMES, max_size=2).map(" ".join),
            hidden=st.sampled_from([(), ("Sport",)]),
            workload_hours=st.integers(0, 90),
            weights=st.sampled_from([FIT_WEIGHTS, {"topics": 2.0, "room": 1.0}]),
            read_at=st.sampled_from([AT, AT + DAY]),
        ),
        max_size=5,
    ),
)
def test_totals_read_together_are_those_read_one_by_one(
    people: list[Candidate], works: list[Matter]
) -> None:
    fits = Fits()

    together = [fits.of(work)(person) for work in works for person in people]

    alone = [affinity(person, work).total for work in works for person in people]
    assert together == pytest.approx(alone, abs=1e-12)


@given(st.dictionaries(st.sampled_from(sorted(FIT_WEIGHTS)), st.floats(0, 1), min_size=1))
def test_published_weights_are_brought_to_a_sum_of_1(published: dict[str, float]) -> None:
    weights = normal_weights(published)

    assert list(weights) == list(FIT_WEIGHTS)
    assert sum(weights.values()) == pytest.approx(1)


def test_an_edition_that_weighs_one_term_alone_is_obeyed() -> None:
    only = replace(WORK, weights={"room": 0.2})

    assert affinity(replace(FREE, open_load=1), only).total == pytest.approx(0.5)


def test_a_reviewer_hears_what_speaks_for_them_most_first() -> None:
    fit = affinity(
        replace(FREE, sector="Health", first_language="en"), replace(WORK, sector="health")
    )

    told = reasons([vars(one) for one in fit.terms])

    assert told[0] == "You know the sector this work comes from."
    assert not any("not known" in one or "not named" in one for one in told)


def test_nothing_a_fit_is_made_of_knows_of_a_no() -> None:
    known = {one.name for kind in (Candidate, Matter) for one in fields(kind)}

    assert not {one for one in known if "declin" in one or "laps" in one or "no_" in one}
    paused = replace(FREE, paused_until=AT + DAY, is_available=False)
    asked_before = replace(WORK, turned_away=frozenset({"reviewer"}))
    assert affinity(paused, asked_before) == affinity(FREE, WORK)


@pytest.mark.parametrize(("begins", "counts"), [(AT + DAY, False), (AT, True), (None, True)])
def test_a_tie_counts_from_its_beginning(begins: datetime | None, counts: bool) -> None:
    tied = replace(FREE, ties=(Tie(other_person_id="learner", from_at=begins),))

    assert isinstance(objection(tied, WORK, at=AT), Objection) is counts


@pytest.mark.parametrize("names", [1, 2, 5])
def test_a_word_that_learner_and_reviewer_agreed_on_chooses_nobody(names: int) -> None:
    words = tuple(f"xqz{number}" for number in range(4))
    friends = [replace(FREE, person_id=f"f{n}", sectors=words, topics=words) for n in range(names)]
    others = [
        replace(FREE, person_id=f"o{n}", sector="Health", topics=("budgets",)) for n in range(60)
    ]
    pool = [*friends, *others]
    common = terms.commonly_known([(one.sector, *one.sectors, *one.topics) for one in pool])
    work = replace(WORK, sector="xqz0", setting=" ".join(words), common=common)

    alone = {one.person_id: affinity(one, work).total for one in pool}

    assert common == {"health", "budgets"}
    assert max(alone[one.person_id] for one in friends) <= max(
        alone[one.person_id] for one in others
    )


def test_what_many_know_counts_as_before_and_a_small_pool_is_left_alone() -> None:
    knowing = [("Health",)] * 3 + [("Ships",)] * 7

    assert terms.commonly_known(knowing) == {"health", "ships"}
    assert terms.commonly_known(knowing[:9]) is None
    assert terms.commonly_known([("Health",)] * 3 + [("Ships",)] * 28) == {"ships"}
