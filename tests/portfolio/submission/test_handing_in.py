"""What is handed in is sealed once, for life, and only when the learner says so."""

import json
from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db import Database
from core.digest import canonical_json, sha256_hex
from core.errors import Conflict, NotFound, Refused
from core.runtime import Runtime
from credentials.catalog.definition import ReviewPolicy
from credentials.issuing import services as issuing
from portfolio.composing import attestations
from portfolio.composing import queries as composing
from portfolio.composing import services as work
from portfolio.composing.models import Portfolio
from portfolio.submission import queries, services
from portfolio.submission.final_check import final_check
from portfolio.submission.models import SealedItem, Submission
from portfolio.submission.states import OPEN, SubmissionState
from tests.factories import Factory, sample_definition
from tests.plugins.worlds import Clock
from tests.together import names, together

S = SubmissionState
ROUNDS = 20
TO_OUTCOME = (S.INTAKE, S.AWAITING_REVIEWERS, S.UNDER_REVIEW, S.DECIDED, S.RELEASED)


def test_inv_01_the_digest_recomputes_from_the_sealed_document_and_its_parts(
    session: Session, make: Factory
) -> None:
    sealed = make.submission()

    manifest = json.loads(sealed.manifest)
    item = composing.items_of(session, sealed.portfolio_id)[0]
    assert sha256_hex(sealed.manifest) == sealed.digest
    assert canonical_json(manifest) == sealed.manifest
    assert [one["sha256"] for one in manifest["items"]] == [item.sha256]
    assert [sha256_hex(one["text"]) for one in manifest["reflections"]] == [
        one["sha256"] for one in manifest["reflections"]
    ]


def test_inv_01_nothing_done_to_the_portfolio_later_changes_what_is_sealed(
    session: Session, make: Factory, clock: Clock
) -> None:
    sealed = make.submission()
    before = (sealed.manifest, sealed.digest, queries.sealed_html(session, sealed.id))
    change = {"by": sealed.learner_id, "at": clock.advance(hours=1)}
    item = composing.items_of(session, sealed.portfolio_id)[0]

    work.save_context(
        session, sealed.portfolio_id, role="New", sector="New", context="New", base="", **change
    )
    work.save_reflection(
        session, sealed.portfolio_id, prompt_key="R1", words="New words.", base="", **change
    )
    work.set_claims(session, sealed.portfolio_id, item.id, claims={}, **change)
    item.removed_at = clock()
    session.flush()

    after = make.reload(sealed)
    assert (after.manifest, after.digest, queries.sealed_html(session, sealed.id)) == before
    rows = session.scalars(select(SealedItem).where(SealedItem.submission_id == sealed.id))
    assert [row.sha256 for row in rows] == [item.sha256]


def test_inv_04_a_submission_stays_on_its_own_edition_when_a_newer_one_comes_out(
    session: Session, make: Factory, clock: Clock
) -> None:
    sealed = make.submission()
    first = json.loads(sealed.manifest)["edition"]

    newer = make.edition(sample_definition(version="2.0.0"))
    work.move_to_open_edition(session, sealed.portfolio_id, by=sealed.learner_id, at=clock())

    after = make.reload(sealed)
    portfolio = session.get_one(Portfolio, sealed.portfolio_id)
    assert portfolio.edition_id == newer.id
    assert after.edition_id != newer.id
    assert json.loads(after.manifest)["edition"] == first
    assert first["version"] == "1.0.0"


def test_inv_29_a_second_hand_in_waits_for_the_outcome_of_the_first(
    session: Session, make: Factory, clock: Clock
) -> None:
    sealed = make.submission()

    with pytest.raises(Conflict, match="still on its way"):
        services.hand_in(session, sealed.portfolio_id, by=sealed.learner_id, at=clock())

    assert queries.attempts(session, sealed.portfolio_id) == [sealed]


@pytest.mark.parametrize("state", sorted(OPEN - {S.SUBMITTED}))
def test_inv_29_every_open_station_blocks_a_second_hand_in(
    session: Session, make: Factory, clock: Clock, state: SubmissionState
) -> None:
    sealed = make.submission()
    sealed.state = state.value
    session.flush()

    with pytest.raises(Conflict):
        services.hand_in(session, sealed.portfolio_id, by=sealed.learner_id, at=clock())


def test_inv_33_what_intake_returns_and_what_is_taken_back_use_up_no_attempt(
    session: Session, make: Factory, clock: Clock
) -> None:
    once = sample_definition(review_policy=ReviewPolicy(attempts=1))
    ana = make.person()
    portfolio = make.portfolio(ana, make.edition(once))
    returned = make.submission(portfolio=portfolio)
    make.moved(returned, S.INTAKE, S.RETURNED_INCOMPLETE)
    taken_back = make.submission(portfolio=portfolio)
    services.withdraw(session, taken_back.id, by=ana.id, at=clock())

    third = make.submission(portfolio=portfolio)
    make.moved(third, *TO_OUTCOME)

    assert [one.attempt for one in queries.attempts(session, portfolio.id)] == [1, 2, 3]
    with pytest.raises(Refused, match="All 1 attempts are used"):
        services.hand_in(session, portfolio.id, by=ana.id, at=clock())


def test_inv_34_nothing_is_handed_in_that_the_learner_did_not_look_at(
    session: Session, make: Factory, clock: Clock
) -> None:
    ana = make.person()
    portfolio = make.portfolio(ana, make.edition())
    seen = final_check(session, portfolio, at=clock()).seen
    work.save_disclosures(
        session, portfolio.id, disclosures={"ai_use": "Some."}, base="", by=ana.id, at=clock()
    )

    with pytest.raises(Conflict, match="changed after this page was loaded"):
        services.hand_in(session, portfolio.id, seen=seen, by=ana.id, at=clock())

    assert queries.attempts(session, portfolio.id) == []
    assert final_check(session, portfolio, at=clock()).seen != seen


def test_inv_34_only_the_learner_can_hand_in(session: Session, make: Factory, clock: Clock) -> None:
    portfolio = make.portfolio(make.person(), make.edition())
    bo = make.person()

    with pytest.raises(NotFound):
        services.hand_in(session, portfolio.id, by=bo.id, at=clock())

    assert queries.attempts(session, portfolio.id) == []


def test_an_incomplete_portfolio_cannot_be_handed_in_and_is_told_how_much_is_missing(
    session: Session, make: Factory, clock: Clock
) -> None:
    ana = make.person()
    portfolio = make.portfolio(ana, make.edition(), is_complete=False)

    with pytest.raises(Refused, match="parts are still missing"):
        services.hand_in(session, portfolio.id, by=ana.id, at=clock())


def test_who_holds_the_badge_cannot_hand_in_for_it_again(
    session: Session, make: Factory, clock: Clock
) -> None:
    ana = make.person()
    sealed = make.submission(ana)
    make.moved(sealed, *TO_OUTCOME)
    issuing.award(
        session,
        learner_id=ana.id,
        edition_id=sealed.edition_id,
        levels={"C1": 3, "C2": 3},
        has_distinction=False,
        method="Two peers, blind.",
        decision_ref="decision",
        at=clock(),
    )

    with pytest.raises(Refused, match="You hold this badge"):
        services.hand_in(session, sealed.portfolio_id, by=ana.id, at=clock())


def test_the_receipt_is_sent_and_the_answer_promised_in_business_days(
    session: Session, make: Factory
) -> None:
    sealed = make.submission()

    assert sealed.promised_at.isoformat() == "2026-03-23T23:59:59+00:00"


def test_a_later_attempt_carries_its_note_and_the_earlier_one_it_supersedes(
    session: Session, make: Factory, clock: Clock
) -> None:
    first = make.submission()
    make.moved(first, *TO_OUTCOME)

    second = services.hand_in(
        session,
        first.portfolio_id,
        change_note="The plan now names a fallback.",
        by=first.learner_id,
        at=clock.advance(days=9),
    )

    assert (second.attempt, second.supersedes_id, second.change_note) == (
        2,
        first.id,
        "The plan now names a fallback.",
    )
    assert json.loads(second.manifest)["change_note"] == "The plan now names a fallback."
    assert second.pseudonym != first.pseudonym


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        (S.DECIDED, "outcome is being prepared"),
        (S.ON_HOLD, "outcome is being prepared"),
        (S.RELEASED, "ended already"),
        (S.WITHDRAWN, "ended already"),
    ],
)
def test_a_submission_is_taken_back_only_before_its_outcome(
    session: Session, make: Factory, clock: Clock, state: SubmissionState, reason: str
) -> None:
    sealed = make.submission()
    sealed.state, sealed.withdrawn_at = state.value, clock()
    session.flush()

    with pytest.raises(Conflict, match=reason):
        services.withdraw(session, sealed.id, by=sealed.learner_id, at=clock())

    assert make.reload(sealed).state == state.value


def test_the_sealed_attestation_names_the_relation_and_never_the_person(
    session: Session, make: Factory, clock: Clock
) -> None:
    wanting = replace(sample_definition(), attestation="requested")
    ana = make.person()
    portfolio = make.portfolio(ana, make.edition(wanting))
    attestations.ask(
        session,
        portfolio.id,
        name="Kim Client",
        address="kim@example.com",
        relation="client",
        by=ana.id,
        at=clock(),
    )

    sealed = services.hand_in(session, portfolio.id, by=ana.id, at=clock())

    assert json.loads(sealed.manifest)["attestations"] == [
        {
            "relation": "client",
            "state": "requested",
            "confirmed": {},
            "address_sha256": sha256_hex("kim@example.com"),
        }
    ]
    assert "Kim" not in sealed.manifest


def test_rc_1_a_hand_in_pressed_twice_at_the_same_moment_seals_once(
    any_database: Database, edge: Runtime, make: Factory
) -> None:
    edition = make.edition()
    for _round in range(ROUNDS):
        ana = make.person()
        portfolio = make.portfolio(ana, edition)

        answers = _hand_in_at_once(edge, portfolio.id, ana.id, hosts=2)

        assert answers == ["Conflict", "sealed"]
        (sealed,) = make.rows(Submission, portfolio_id=portfolio.id)
        assert (sealed.attempt, sha256_hex(sealed.manifest)) == (1, sealed.digest)


def _hand_in_at_once(edge: Runtime, portfolio_id: str, by: str, *, hosts: int) -> list[str]:
    def hand_in() -> str:
        with edge.database.transaction() as session:
            composing.portfolio_of(session, portfolio_id, learner_id=by)
            services.hand_in(session, portfolio_id, by=by, at=edge.clock())
        return "sealed"

    return names(together(*[hand_in] * hosts))
