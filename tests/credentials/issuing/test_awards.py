"""What becomes of an award, on both databases where a constraint has the last word."""

import json
from contextlib import suppress

import pytest
from sqlalchemy.exc import IntegrityError

from accounts.visitor import Visitor
from core.errors import Conflict, NotFound, Refused
from core.jobs import MemoryQueue
from core.models import AuditEvent
from core.waiting import Waiting
from credentials.issuing import queries, services, signing
from credentials.issuing.jobs import press_of
from credentials.issuing.models import Award, Credential, EvidenceConsent
from credentials.issuing.states import AwardState, Visibility
from credentials.issuing.status import is_set
from tests.credentials.awards import METHOD, accept, drain, offered, sample, sign

DIGEST = "ab" * 32


def bit_of(edge, credential):
    with edge.database.transaction(read_only=True) as session:
        listing = queries.status_list(session, credential.status_list_id)
        return is_set(listing.bits, credential.status_index)


def suspend(edge, award):
    with edge.database.transaction() as session:
        services.suspend(session, award.id, by="system:test", at=edge.clock())


def state_of(make, award):
    return make.reload(award).state


def test_inv_26_a_decision_gives_one_award_however_often_it_is_asked_for(make, edge):
    first = offered(make)

    with edge.database.transaction() as session:
        again = services.award(
            session,
            learner_id=first.learner_id,
            edition_id=first.edition_id,
            levels={"C1": 4, "C2": 4},
            has_distinction=True,
            method=METHOD,
            decision_ref=first.decision_ref,
            at=edge.clock(),
        )

    assert again.id == first.id
    assert again.levels == {"C1": 3, "C2": 4}


def test_inv_26_nothing_is_signed_before_its_holder_accepted(make, edge):
    award = offered(make)

    with edge.database.transaction() as session:
        signed = signing.issue(session, press_of(edge), award.id, at=edge.clock())

    assert signed is None
    assert make.rows(Credential) == []


def test_inv_26_nothing_is_signed_without_an_award(edge):
    with edge.database.transaction() as session:
        assert signing.issue(session, press_of(edge), "a" * 26, at=edge.clock()) is None


def test_inv_29_the_database_refuses_a_second_active_award(any_database, make, edge):
    award = offered(make)

    with pytest.raises(IntegrityError), edge.database.transaction() as session:
        session.add(
            Award(
                learner_id=award.learner_id,
                edition_id=award.edition_id,
                decision_ref="another",
                levels={},
                method=METHOD,
                granted_at=edge.clock(),
            )
        )


def test_inv_29_another_decision_for_the_same_edition_gives_the_award_that_is_there(make, edge):
    award = offered(make)

    with edge.database.transaction() as session:
        again = services.award(
            session,
            learner_id=award.learner_id,
            edition_id=award.edition_id,
            levels={"C1": 4, "C2": 4},
            has_distinction=False,
            method=METHOD,
            decision_ref="a later decision",
            at=edge.clock(),
        )

    assert again.id == award.id


def test_inv_30_there_is_no_revocation_without_a_determination(make, edge, clock):
    award = offered(make)
    sign(edge, award)
    notified = clock()
    clock.advance(days=60)

    with pytest.raises(Refused) as refusal, edge.database.transaction() as session:
        services.revoke(
            session,
            award.id,
            determination_ref=" ",
            notified_at=notified,
            by="system:test",
            at=clock(),
        )

    assert refusal.value.reason == "A badge is revoked only by a determination. Name it."
    assert state_of(make, award) == AwardState.ISSUED.value


@pytest.mark.parametrize(("days", "state"), [(14, "issued"), (15, "revoked")])
def test_inv_30_a_badge_is_revoked_only_when_the_ten_business_days_to_answer_are_over(
    make, edge, clock, days, state
):
    award = offered(make)
    credential = sign(edge, award)
    notified = clock()
    clock.advance(days=days)

    with suppress(Refused), edge.database.transaction() as session:
        services.revoke(
            session,
            award.id,
            determination_ref="matter 7",
            notified_at=notified,
            by="system:test",
            at=clock(),
        )

    assert state_of(make, award) == state
    assert bit_of(edge, credential) is (state == "revoked")


def test_inv_32_suspending_shows_in_the_same_transaction_and_in_the_list_after_it(make, edge):
    award = offered(make)
    credential = sign(edge, award)

    suspend(edge, award)
    before = make.reload(award).state, bit_of(edge, credential)
    drain(edge)

    assert before == ("suspended", True)
    with edge.database.transaction(read_only=True) as session:
        signed = json.loads(queries.status_list(session, credential.status_list_id).signed)
        assert queries.is_suspended(session, credential.id)
    assert signed["proof"][0]["cryptosuite"] == "eddsa-rdfc-2022"


def test_inv_32_an_offer_that_is_suspended_is_offered_again_when_that_is_over(make, edge):
    award = offered(make)
    suspend(edge, award)

    with pytest.raises(Conflict):
        accept(edge, award)
    with edge.database.transaction() as session:
        services.reinstate(session, award.id, by="system:test", at=edge.clock())

    assert state_of(make, award) == AwardState.OFFERED.value


def test_lifting_a_suspension_clears_the_bit(make, edge):
    award = offered(make)
    credential = sign(edge, award)
    suspend(edge, award)

    with edge.database.transaction() as session:
        services.reinstate(session, award.id, by="system:test", at=edge.clock())

    assert state_of(make, award) == AwardState.ISSUED.value
    assert not bit_of(edge, credential)


def test_a_choice_is_kept_word_for_word_and_signed_after_it(make, edge):
    award = offered(make)

    with edge.database.transaction() as session:
        services.accept(
            session,
            award.id,
            visibility=Visibility.PUBLIC,
            shows_name=True,
            evidence=[sample("Run sheet", DIGEST)],
            consent_text="I accept, to the letter.",
            by=award.learner_id,
            at=edge.clock(),
        )

    assert isinstance(edge.jobs, MemoryQueue)
    assert ("award_accepted", (("award_id", award.id),)) in [
        (job.name, job.ids) for job in edge.jobs.waiting
    ]
    kept = make.reload(award)
    assert (kept.consent_text, kept.visibility, kept.shows_name) == (
        "I accept, to the letter.",
        "public",
        True,
    )
    assert [one.title for one in make.rows(EvidenceConsent)] == ["Run sheet"]


def test_an_award_is_accepted_once(make, edge):
    award = offered(make)
    accept(edge, award)

    with pytest.raises(Conflict):
        accept(edge, award)


def test_an_offer_that_was_declined_can_be_taken_up_again(make, edge):
    award = offered(make)
    with edge.database.transaction() as session:
        services.decline(session, award.id, by=award.learner_id, at=edge.clock())
        services.reoffer(session, award.id, by=award.learner_id, at=edge.clock())

    accept(edge, award)

    assert state_of(make, award) == AwardState.ACCEPTED.value


def test_nobody_answers_for_somebody_else(make, edge):
    award, other = offered(make), make.person()

    for verb in (services.decline, services.reoffer):
        with pytest.raises(NotFound), edge.database.transaction() as session:
            verb(session, award.id, by=other.id, at=edge.clock())

    assert state_of(make, award) == AwardState.OFFERED.value


def test_what_waits_is_said_to_its_holder_alone(make, edge):
    award = offered(make)
    me, other = Visitor(id=award.learner_id), Visitor(id=make.person().id)

    with edge.database.transaction(read_only=True) as session:
        mine = queries.waiting_for(session, me, at=edge.clock())
        theirs = queries.waiting_for(session, other, at=edge.clock())

    assert mine == [
        Waiting(
            title="The badge Careful Host is yours",
            body="Choose who may see it, and have it signed.",
            path=f"/awards/{award.id}",
            action="Accept the badge",
        )
    ]
    assert theirs == []


def test_every_step_is_in_the_audit_trail(make, edge):
    award = offered(make)
    sign(edge, award)
    suspend(edge, award)

    verbs = [one.verb for one in make.rows(AuditEvent, subject_id=award.id)]

    assert verbs == ["award_offered", "award_accepted", "award_suspended"]
