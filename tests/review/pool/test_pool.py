"""Volunteering, limits, rights to review and ties, on the services and on the pages."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient

from accounts.models import Notice, Person
from accounts.states import Role
from core.errors import Conflict, Invalid, NotFound, Refused
from core.runtime import Runtime
from credentials.catalog.models import BadgeEdition
from credentials.issuing import services as issuing
from credentials.issuing.models import Award
from credentials.issuing.states import Visibility
from review.pool import services, ties
from review.pool.models import DeclaredConflict, Qualification, ReviewerProfile
from review.pool.states import ConflictKind, QualificationSource, QualificationState
from tests.factories import Factory
from tests.plugins.worlds import START, Clock

As = Callable[[str], FlaskClient]
S = QualificationState
MANAGER = (Role.PROGRAMME_MANAGER,)


@pytest.fixture
def edition(make: Factory) -> BadgeEdition:
    return make.edition()


def give_badge(edge: Runtime, person: Person, edition: BadgeEdition, *, accept: bool) -> Award:
    with edge.database.transaction() as session:
        made = issuing.award(
            session,
            learner_id=person.id,
            edition_id=edition.id,
            levels={"C1": 3, "C2": 3},
            has_distinction=False,
            method="Two reviewers.",
            decision_ref=f"decision of {person.id}",
            at=edge.clock(),
        )
        if accept:
            issuing.accept(
                session,
                made.id,
                visibility=Visibility.UNLISTED,
                shows_name=True,
                evidence=[],
                consent_text="Yes.",
                by=person.id,
                at=edge.clock(),
            )
        return made


def rights(make: Factory, person: Person) -> list[tuple[str, str]]:
    return [(row.source, row.state) for row in make.rows(Qualification, person_id=person.id)]


def end(edge: Runtime, person: Person, edition: BadgeEdition, to: S, reason: str = "") -> None:
    with edge.database.transaction() as session:
        services.end_qualification(
            session,
            person.id,
            edition.badge_id,
            to=to,
            reason=reason,
            by="system:test",
            at=edge.clock(),
        )


def test_whoever_holds_a_badge_is_qualified_by_volunteering(
    edge: Runtime, make: Factory, edition: BadgeEdition, as_person: As
) -> None:
    holder = make.person("Hol Der")
    give_badge(edge, holder, edition, accept=True)
    client = as_person(holder.id)

    offer = client.get("/reviewing").text
    answer = client.post("/reviewing/volunteer", data={"badge": "careful-host"})
    again = client.post("/reviewing/volunteer", data={"badge": "careful-host"})

    assert "Volunteer as a reviewer" in offer
    assert [answer.status_code, again.status_code] == [303, 303]
    (right,) = make.rows(Qualification, person_id=holder.id)
    assert (right.source, right.state) == ("badge_holder", "qualified")
    assert right.valid_until == edge.clock() + timedelta(days=365)
    assert len(make.rows(Notice, person_id=holder.id, kind="reviewer_qualified")) == 1


@pytest.mark.parametrize("has_offer", [False, True])
def test_nobody_volunteers_for_a_badge_they_do_not_hold_yet(
    edge: Runtime, make: Factory, edition: BadgeEdition, as_person: As, has_offer: bool
) -> None:
    person = make.person()
    if has_offer:
        give_badge(edge, person, edition, accept=False)
    client = as_person(person.id)

    answer = client.post("/reviewing/volunteer", data={"badge": "careful-host"})

    assert answer.status_code == 403
    assert "Whoever holds this badge may review it." in answer.text
    assert "Volunteer as a reviewer" not in client.get("/reviewing").text
    assert rights(make, person) == []


def test_a_suspended_right_is_not_taken_up_by_volunteering(
    edge: Runtime, make: Factory, edition: BadgeEdition
) -> None:
    holder = make.person()
    give_badge(edge, holder, edition, accept=True)
    with edge.database.transaction() as session:
        services.volunteer(session, edition.badge_id, by=holder.id, at=edge.clock())
    end(edge, holder, edition, S.SUSPENDED, "Severe drift.")

    with pytest.raises(Refused, match="suspended"), edge.database.transaction() as session:
        services.volunteer(session, edition.badge_id, by=holder.id, at=edge.clock())

    assert rights(make, holder) == [("badge_holder", "suspended")]
    (notice,) = make.rows(Notice, kind="qualification_ended")
    assert "Severe drift" not in notice.title + notice.body


@pytest.mark.parametrize("to", [S.RESTING, S.LAPSED])
def test_a_rested_or_ended_right_is_taken_up_again(
    edge: Runtime, make: Factory, edition: BadgeEdition, as_person: As, to: S
) -> None:
    holder = make.person()
    give_badge(edge, holder, edition, accept=True)
    client = as_person(holder.id)
    client.post("/reviewing/volunteer", data={"badge": "careful-host"})
    if to is S.RESTING:
        client.post("/reviewing/rest", data={"badge": "careful-host"})
    else:
        end(edge, holder, edition, to)
    before = rights(make, holder)

    client.post("/reviewing/volunteer", data={"badge": "careful-host"})

    assert before == [("badge_holder", to.value)]
    assert rights(make, holder) == [("badge_holder", "qualified")]


def test_a_right_is_renewed_for_a_year_and_the_end_is_announced_a_month_before(
    edge: Runtime, make: Factory, edition: BadgeEdition, as_person: As, clock: Clock
) -> None:
    holder = make.person()
    give_badge(edge, holder, edition, accept=True)
    with edge.database.transaction() as session:
        services.volunteer(session, edition.badge_id, by=holder.id, at=edge.clock())
    clock.advance(days=340)
    client = as_person(holder.id)
    announced = client.get("/home").text

    client.post("/reviewing/volunteer", data={"badge": "careful-host"})

    assert "Your right to review Careful Host runs out" in announced
    assert "runs out" not in client.get("/home").text
    (right,) = make.rows(Qualification)
    assert right.valid_until == clock() + timedelta(days=365)


def test_inv_40_limits_and_pauses_are_ones_own_and_kept_as_typed(
    make: Factory, edition: BadgeEdition, as_person: As
) -> None:
    person = make.reviewer(edition)
    client = as_person(person.id)

    answer = client.post(
        "/reviewing/limits",
        data={
            "max_open": "3",
            "paused_until": "2026-04-01",
            "languages": ["en", "de"],
            "sectors": "Health,  higher   education , Health,",
        },
    )

    assert answer.status_code == 303
    (found,) = make.rows(ReviewerProfile, person_id=person.id)
    assert (found.is_available, found.max_open) == (False, 3)
    assert found.paused_until == datetime(2026, 4, 1, tzinfo=UTC)
    assert (found.languages, found.sectors) == (["en", "de"], ["Health", "higher education"])
    page = client.get("/reviewing").text
    assert "You are paused until Wed 1 April 2026" in page
    assert "Health, higher education" in page


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"max_open": "0"}, "Choose between 1 and 10 reviews at once."),
        ({"max_open": "11"}, "Choose between 1 and 10 reviews at once."),
        ({"max_open": "2", "paused_until": "2026-03-01"}, "Choose a day that is still to come."),
        ({"max_open": "2", "languages": ["xx"]}, "not a valid choice"),
        ({"max_open": "2", "sectors": ",".join(map(str, range(21)))}, "Name 20 sectors at most."),
    ],
)
def test_limits_that_make_no_sense_are_refused_beside_their_field(
    make: Factory, edition: BadgeEdition, as_person: As, typed: dict[str, str], words: str
) -> None:
    person = make.reviewer(edition)

    answer = as_person(person.id).post("/reviewing/limits", data={"sectors": "Kept", **typed})

    assert answer.status_code == 422
    assert words in answer.text
    assert typed.get("sectors", "Kept") in answer.text
    assert make.rows(ReviewerProfile, person_id=person.id)[0].max_open == 2


def test_a_tie_is_declared_and_ended_and_an_address_says_nothing_about_accounts(
    make: Factory, as_person: As, clock: Clock
) -> None:
    person = make.person()
    known = make.person(address="known@example.org")
    client = as_person(person.id)

    answers = [
        client.post("/reviewing/ties", data={"kind": "family", "address": address})
        for address in ("Known+x@example.org", "nobody@example.org")
    ]
    pages = client.get("/reviewing").text
    rows = make.rows(DeclaredConflict, person_id=person.id)
    clock.advance(minutes=5)
    ended = client.post(f"/reviewing/ties/{rows[0].id}/end")

    assert [answer.status_code for answer in answers] == [303, 303]
    assert {row.other_key for row in rows} == {"known@example.org", "nobody@example.org"}
    assert {row.other_person_id for row in rows} == {None}
    assert known.name not in pages
    assert ended.status_code == 303
    assert make.reload(rows[0]).until_at == clock()


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"organisation": "Acme"}, "Choose what ties you."),
        ({"kind": "employer"}, "Name one person or one organisation"),
        ({"kind": "line", "organisation": "A", "address": "a@b.example"}, "Name one person or one"),
        ({"kind": "line", "address": "nonsense"}, "This does not look like an e-mail address."),
        ({"kind": "line", "organisation": "A", "until": "2026-03-01"}, "still to come"),
        ({"kind": "recognised", "organisation": "A"}, "Not a valid choice"),
    ],
)
def test_a_tie_that_says_too_little_is_refused(
    make: Factory, as_person: As, typed: dict[str, str], words: str
) -> None:
    answer = as_person(make.person().id).post("/reviewing/ties", data=typed)

    assert answer.status_code == 422
    assert words in answer.text
    assert make.rows(DeclaredConflict) == []


def test_a_derived_tie_or_one_of_somebody_else_cannot_be_ended(
    edge: Runtime, make: Factory
) -> None:
    mine, other = make.person(), make.person()
    with edge.database.transaction() as session:
        derived, theirs = (
            ties.declare_conflict(
                session,
                declarer.id,
                kind=ConflictKind.RECOGNISED,
                other_person_id=about.id,
                is_derived=is_derived,
                by=declarer.id,
                at=edge.clock(),
            )
            for declarer, about, is_derived in ((mine, other, True), (other, mine, False))
        )

    for tie in (derived, theirs):
        with pytest.raises(NotFound), edge.database.transaction() as session:
            ties.end_conflict(session, tie.id, by=mine.id, at=edge.clock())


def test_a_manager_qualifies_by_hand_with_a_reason_and_an_end(
    make: Factory, edition: BadgeEdition, as_person: As
) -> None:
    manager = make.person(roles_held=MANAGER, badge="careful-host")
    person = make.person("Ada Quill", address="ada@example.org")
    client = as_person(manager.id)

    answer = client.post(
        "/pool/careful-host/qualify",
        data={
            "address": "Ada+x@example.org",
            "reason": "Twelve years of hosting.",
            "valid_until": "2027-01-01",
        },
    )

    assert answer.status_code == 303
    (right,) = make.rows(Qualification, person_id=person.id)
    assert (right.source, right.granted_by, right.reason) == (
        QualificationSource.GRANTED.value,
        manager.id,
        "Twelve years of hosting.",
    )
    assert right.valid_until == datetime(2027, 1, 1, tzinfo=UTC)
    page = client.get("/pool/careful-host").text
    assert "Ada Quill" in page
    assert "0 of 2" in page


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"address": "ada@example.org"}, "Say what the qualification rests on."),
        ({"address": "x@example.org", "reason": "Kept."}, "Nobody with this address has an"),
        (
            {"address": "ada@example.org", "reason": "Kept.", "valid_until": "2026-03-01"},
            "Choose a day that is still to come",
        ),
    ],
)
def test_a_qualification_without_person_reason_or_future_is_refused(
    make: Factory, edition: BadgeEdition, as_person: As, typed: dict[str, str], words: str
) -> None:
    manager = make.person(roles_held=MANAGER)
    make.person(address="ada@example.org")

    answer = as_person(manager.id).post("/pool/careful-host/qualify", data=typed)

    assert answer.status_code == 422
    assert words in answer.text
    assert make.rows(Qualification) == []


def test_a_manager_suspends_with_a_reason_and_restores(
    make: Factory, edition: BadgeEdition, as_person: As
) -> None:
    manager = make.person(roles_held=MANAGER)
    ada = make.reviewer(edition, "Ada Quill", address="ada@example.org")
    client = as_person(manager.id)
    address = f"/pool/careful-host/{ada.id}/end"

    shown = client.get(address)
    bare = client.post(address, data={"to": "suspended"})
    done = client.post(address, data={"to": "suspended", "reason": "Drift."})
    suspended = rights(make, ada)
    client.post(
        "/pool/careful-host/qualify", data={"address": "ada@example.org", "reason": "Back."}
    )

    assert [shown.status_code, bare.status_code, done.status_code] == [200, 422, 303]
    assert "Say why, so that it can be answered." in bare.text
    assert suspended == [("granted", "suspended")]
    assert rights(make, ada) == [("granted", "qualified")]


def test_a_pool_is_hidden_from_managers_of_other_badges_and_from_everybody_else(
    make: Factory, edition: BadgeEdition, as_person: As
) -> None:
    ada = make.reviewer(edition, "Ada Quill")
    other = as_person(make.person(roles_held=MANAGER, badge="another").id)
    paths = ("/pool/careful-host", f"/pool/careful-host/{ada.id}/end", "/pool/nothing")

    assert [other.get(path).status_code for path in paths] == [404, 404, 404]
    assert as_person(ada.id).get("/pool/careful-host").status_code == 403


def test_states_move_by_the_table(edge: Runtime, make: Factory, edition: BadgeEdition) -> None:
    ada = make.reviewer(edition)
    end(edge, ada, edition, S.LAPSED)

    with pytest.raises(Conflict):
        end(edge, ada, edition, S.RESTING)
    with pytest.raises(Invalid), edge.database.transaction() as session:
        services.qualify(
            session,
            ada.id,
            edition.badge_id,
            source=QualificationSource.GRANTED,
            reason="Back.",
            valid_until=START,
            by="system:test",
            at=edge.clock(),
        )
