"""Saving in a portfolio: nothing typed is lost, and no save overwrites another's unseen."""

import threading
from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from core.db import Database
from core.errors import Conflict, Invalid, NotFound
from core.runtime import Runtime
from portfolio.composing import queries, services
from portfolio.composing.models import Claim, Portfolio, Revision
from portfolio.composing.rules import base_of, base_of_claims, loses_words
from portfolio.composing.saving import MovedOn
from tests.factories import Factory, sample_definition
from tests.plugins.worlds import Clock

OTHERS = "Bo Stranger"


@pytest.mark.parametrize(
    ("old", "new", "answer"),
    [
        ("", "a first text", False),
        ("a text", "a text", False),
        ("a text", "a text that grows", False),
        ("a text", "before a text", False),
        ("a text", "a longer text", False),
        ("aab", "aaab", False),
        ("a text", "a tex", True),
        ("a text", "another", True),
        ("a text", "", True),
        ("one two", "two one", True),
    ],
)
def test_a_save_loses_words_unless_the_new_text_still_holds_all_of_the_old(
    old: str, new: str, answer: bool
) -> None:
    assert loses_words(old, new) is answer


def test_a_portfolio_is_started_once_however_often_the_button_is_pressed(
    session: Session, make: Factory, clock: Clock
) -> None:
    edition, ana = make.edition(), make.person()

    first = services.start(session, edition.id, by=ana.id, at=clock())
    second = services.start(session, edition.id, by=ana.id, at=clock.advance(minutes=1))

    assert (first.id, first.edition_id) == (second.id, edition.id)


def test_a_closed_edition_takes_no_new_portfolio(
    session: Session, make: Factory, clock: Clock
) -> None:
    draft = make.edition(is_published=False)
    ana = make.person()

    with pytest.raises(Conflict, match="closed"):
        services.start(session, draft.id, by=ana.id, at=clock())


def test_another_tab_cannot_overwrite_a_text_it_never_showed(
    session: Session, make: Factory, clock: Clock
) -> None:
    ana = make.person()
    portfolio = make.portfolio(ana, make.edition(), is_complete=False)
    empty = base_of("")
    save = {"prompt_key": "R1", "by": ana.id, "at": clock()}
    services.save_reflection(session, portfolio.id, words="From tab one.", base=empty, **save)

    with pytest.raises(MovedOn, match="another tab"):
        services.save_reflection(session, portfolio.id, words="From tab two.", base=empty, **save)

    stored = queries.reflection_of(session, portfolio.id, "R1")
    assert stored is not None
    assert stored.text == "From tab one."


def test_a_text_that_holds_every_stored_word_is_no_conflict(
    session: Session, make: Factory, clock: Clock
) -> None:
    ana = make.person()
    portfolio = make.portfolio(ana, make.edition(), is_complete=False)
    save = {"prompt_key": "R1", "base": base_of(""), "by": ana.id, "at": clock()}
    services.save_reflection(session, portfolio.id, words="While autosave", **save)

    services.save_reflection(session, portfolio.id, words="While autosave was on its way", **save)

    stored = queries.reflection_of(session, portfolio.id, "R1")
    assert stored is not None
    assert (stored.text, stored.html) == (
        "While autosave was on its way",
        "<p>While autosave was on its way</p>",
    )


def test_every_replaced_text_is_kept_with_its_time(
    session: Session, make: Factory, clock: Clock
) -> None:
    ana = make.person()
    portfolio = make.portfolio(ana, make.edition())
    later = clock.advance(hours=1)
    change = {"by": ana.id, "at": later}
    item = queries.items_of(session, portfolio.id)[0]

    services.save_context(
        session, portfolio.id, role="Lead", sector="Associations", context="", base="", **change
    )
    services.save_reflection(
        session, portfolio.id, prompt_key="R1", words="Anew.", base="", **change
    )
    services.save_disclosures(session, portfolio.id, disclosures={}, base="", **change)
    services.set_claims(session, portfolio.id, item.id, claims={"C1": "page 2"}, **change)
    session.flush()

    kept = {(one.part, one.text, one.saved_at) for one in _revisions(session, portfolio)}
    setting = "A yearly meeting of forty people."
    assert kept == {
        ("context", f"Role: Host\n\nSector: Associations\n\nSetting: {setting}", later),
        ("reflection:R1", "Next time the remote guests speak first, not last.", later),
        ("disclosures", "Use of AI: None.", later),
        (f"claims:{item.id}", "C1: page 1\nC2:", later),
    }


def test_growing_a_text_keeps_no_copy_of_what_it_still_holds(
    session: Session, make: Factory, clock: Clock
) -> None:
    ana = make.person()
    portfolio = make.portfolio(ana, make.edition(), is_complete=False)
    for words in ("One", "One two", "One two three"):
        services.save_reflection(
            session, portfolio.id, prompt_key="R1", words=words, base="", by=ana.id, at=clock()
        )

    assert _revisions(session, portfolio) == []


def test_a_claim_that_stays_keeps_its_age_and_takes_its_new_place(
    session: Session, make: Factory, clock: Clock
) -> None:
    ana = make.person()
    portfolio = make.portfolio(ana, make.edition())
    item = queries.items_of(session, portfolio.id)[0]
    began = clock()

    base = services.set_claims(
        session,
        portfolio.id,
        item.id,
        claims={"C1": "4:10"},
        base=base_of_claims({"C1": "page 1", "C2": ""}),
        by=ana.id,
        at=clock.advance(hours=2),
    )

    rows = [
        (row.criterion_key, row.locator, row.created_at)
        for row in queries.claims_on(session, item.id)
    ]
    assert rows == [("C1", "4:10", began)]
    assert base == base_of_claims({"C1": "4:10"})


def test_two_tabs_cannot_drop_one_anothers_claims(
    session: Session, make: Factory, clock: Clock
) -> None:
    ana = make.person()
    portfolio = make.portfolio(ana, make.edition())
    item = queries.items_of(session, portfolio.id)[0]

    with pytest.raises(MovedOn):
        services.set_claims(
            session,
            portfolio.id,
            item.id,
            claims={"C2": "page 9"},
            base=base_of_claims({}),
            by=ana.id,
            at=clock(),
        )

    assert [row.criterion_key for row in queries.claims_on(session, item.id)] == ["C1", "C2"]


def test_a_criterion_of_another_badge_cannot_be_claimed(
    session: Session, make: Factory, clock: Clock
) -> None:
    ana = make.person()
    portfolio = make.portfolio(ana, make.edition())
    item = queries.items_of(session, portfolio.id)[0]

    with pytest.raises(Invalid, match="no such criterion"):
        services.set_claims(
            session, portfolio.id, item.id, claims={"C9": ""}, by=ana.id, at=clock()
        )


def test_nobody_else_can_save_anything_in_a_portfolio(
    session: Session, make: Factory, clock: Clock
) -> None:
    ana, bo = make.person(), make.person(OTHERS)
    edition = make.edition()
    portfolio, other = make.portfolio(ana, edition), make.portfolio(bo, edition)
    mine, theirs = (queries.items_of(session, one.id)[0] for one in (portfolio, other))
    act = {"by": bo.id, "at": clock()}
    tries = [
        lambda: services.save_context(
            session, portfolio.id, role="x", sector="x", context="x", base="", **act
        ),
        lambda: services.save_reflection(
            session, portfolio.id, prompt_key="R1", words="x", base="", **act
        ),
        lambda: services.save_disclosures(session, portfolio.id, disclosures={}, base="", **act),
        lambda: services.agree(session, portfolio.id, statements=set(), **act),
        lambda: services.save_change_note(session, portfolio.id, note="x", **act),
        lambda: services.set_claims(session, portfolio.id, mine.id, claims={}, **act),
        lambda: services.set_claims(session, other.id, mine.id, claims={}, **act),
        lambda: services.move_to_open_edition(session, portfolio.id, **act),
    ]

    for attempt in tries:
        with pytest.raises(NotFound):
            attempt()

    assert mine.id != theirs.id
    assert session.get_one(Portfolio, portfolio.id).role == "Host"
    assert len(queries.claims_on(session, mine.id)) == 2


def test_agreeing_keeps_the_time_of_the_first_agreement(
    session: Session, make: Factory, clock: Clock
) -> None:
    ana = make.person()
    portfolio = make.portfolio(ana, make.edition())

    services.agree(
        session,
        portfolio.id,
        statements={"own_work", "made_up"},
        by=ana.id,
        at=clock.advance(days=1),
    )

    assert portfolio.statements == {"own_work": "2026-03-02T09:30:00Z"}


def test_moving_to_a_newer_edition_keeps_the_work_and_asks_again_where_the_words_changed(
    session: Session, make: Factory, clock: Clock
) -> None:
    ana = make.person()
    portfolio = make.portfolio(ana, make.edition())
    first = sample_definition().statements[0]
    changed = type(first)(first.key, "This is my own work, and nobody else's.")
    newer = make.edition(sample_definition(version="2.0.0", statements=(changed,)))

    services.move_to_open_edition(session, portfolio.id, by=ana.id, at=clock())

    assert (portfolio.edition_id, portfolio.statements) == (newer.id, {})
    assert [row.criterion_key for row in queries.work_in(session, portfolio).claims] == ["C1", "C2"]
    with pytest.raises(Conflict, match="no newer edition"):
        services.move_to_open_edition(session, portfolio.id, by=ana.id, at=clock())


@pytest.mark.parametrize("part", ["reflection", "context"])
def test_of_two_tabs_that_save_at_the_same_moment_one_wins_and_the_other_is_told(
    any_database: Database, edge: Runtime, make: Factory, part: str
) -> None:
    edition = make.edition()
    for number in range(5):
        portfolio = make.portfolio(make.person(), edition)
        texts = [f"tab {tab} {number}" for tab in "ab"]

        answers = _save_at_once(edge, portfolio, part, texts)

        assert sorted(answers) == ["moved on", "saved"]


def _save_at_once(edge: Runtime, portfolio: Portfolio, part: str, texts: list[str]) -> list[str]:
    barrier, answers = threading.Barrier(len(texts)), []
    reads_before_lock = edge.database.engine.dialect.name == "postgresql"

    def save(words: str) -> None:
        if not reads_before_lock:
            barrier.wait()
        try:
            with edge.database.transaction() as session:
                # A page has read the portfolio before it saves, as a request does.
                held = queries.work_in(session, session.get_one(Portfolio, portfolio.id))
                if reads_before_lock:
                    barrier.wait()
                _save(session, portfolio, part, words, at=edge.clock())
                assert held.portfolio.id == portfolio.id
            answers.append("saved")
        except MovedOn:
            answers.append("moved on")

    threads = [threading.Thread(target=save, args=(text,)) for text in texts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def _base_of(part: str) -> str:
    """Return the fingerprint that the page of a part was given before either tab saved."""
    if part == "reflection":
        return base_of("Next time the remote guests speak first, not last.")
    return base_of("Host", "Associations", "A yearly meeting of forty people.")


def _save(session: Session, portfolio: Portfolio, part: str, words: str, *, at: datetime) -> None:
    act = {"base": _base_of(part), "by": portfolio.learner_id, "at": at}
    if part == "reflection":
        services.save_reflection(session, portfolio.id, prompt_key="R1", words=words, **act)
    else:
        services.save_context(
            session, portfolio.id, role="Host", sector="Associations", context=words, **act
        )


def _revisions(session: Session, portfolio: Portfolio) -> list[Revision]:
    return queries.revisions_of(session, portfolio.id)


def test_reading_a_portfolio_takes_as_many_queries_for_three_as_for_one(
    session: Session, make: Factory
) -> None:
    ana = make.person()
    editions = [make.edition(sample_definition(slug=f"badge-{n}")) for n in range(3)]
    mine = [make.portfolio(ana, edition) for edition in editions]

    works = queries.works_in(session, mine)

    assert {key: len(work.claims) for key, work in works.items()} == {one.id: 2 for one in mine}
    assert all(isinstance(claim, Claim) for work in works.values() for claim in work.claims)
