"""Intake from the hand-in to a pass or a return: by itself where all is green, else by a person."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from accounts.models import Notice, Person
from accounts.roles import grant_role
from accounts.states import Role
from core import jobs
from core.errors import Conflict, Invalid, Refused
from core.runtime import Runtime
from portfolio.composing.models import Attestation, Portfolio
from portfolio.evidence.models import Blob
from portfolio.submission.models import Submission
from portfolio.submission.states import SubmissionState
from review.assignment.models import ReviewRound
from review.intake import services
from review.intake.models import IntakeCheck
from review.intake.states import IntakeOutcome, ReturnReason
from review.pool.parts import take_part
from review.pool.states import Part
from tests.factories import Factory
from tests.plugins.worlds import Clock

Drain = Callable[[], int]
As = Callable[[str], FlaskClient]
NAMED = b"Run sheet of Lea Arner.\nQuestions to anna@firm.example.\n"
MODERATOR = (Role.MODERATOR,)


@pytest.fixture
def waiting(edge: Runtime, make: Factory, drain: Drain) -> Submission:
    """A hand-in in which a name and an address can be read, after its automatic check."""
    portfolio = make.portfolio(make.person("Lea Arner"), make.edition())
    item = make.item(portfolio, content=NAMED, media_type="text/plain", file_name="notes.txt")
    preview(edge, item.sha256, "pending")
    with edge.database.transaction() as session:
        jobs.enqueue(session, "evidence_uploaded", sha256=item.sha256)
    drain()
    made = make.submission(portfolio=portfolio)
    drain()
    return made


def preview(edge: Runtime, sha256: str, state: str) -> None:
    with edge.database.transaction() as session:
        session.get_one(Blob, sha256).preview_state = state


def outcomes(make: Factory, made: Submission) -> list[str]:
    rows = make.rows(IntakeCheck, submission_id=made.id)
    return [row.outcome for row in sorted(rows, key=lambda row: row.checked_at)]


def state(make: Factory, made: Submission) -> str:
    return str(make.reload(made).state)


def test_all_green_passes_by_itself(make: Factory, drain: Drain) -> None:
    made = make.submission()
    drain()

    (check,) = make.rows(IntakeCheck, submission_id=made.id)
    assert (check.outcome, check.checked_by) == ("passed", "system:intake")
    assert {one["verdict"] for one in check.findings} == {"ok"}
    assert state(make, made) == SubmissionState.AWAITING_REVIEWERS.value
    assert len(make.rows(ReviewRound, submission_id=made.id)) == 1


def test_names_and_addresses_in_a_file_call_a_person(make: Factory, waiting: Submission) -> None:
    (check,) = make.rows(IntakeCheck, submission_id=waiting.id)

    assert check.outcome == IntakeOutcome.NEEDS_A_PERSON.value
    assert [one["words"] for one in check.findings if one["verdict"] == "look"] == [
        "The learner shows: “Lea Arner”.",
        "Addresses of others: “a…@firm.example”.",
    ]
    assert state(make, waiting) == SubmissionState.INTAKE.value
    assert make.rows(ReviewRound, submission_id=waiting.id) == []


def test_a_preview_that_is_being_made_is_waited_for_and_looked_at_again(
    edge: Runtime, make: Factory, drain: Drain
) -> None:
    made = make.submission()
    (blob,) = make.rows(Blob)
    preview(edge, blob.sha256, "pending")

    drain()
    before = (outcomes(make, made), state(make, made))
    jobs.sweep(edge, "look_again_at_intake")
    meanwhile = outcomes(make, made)
    preview(edge, blob.sha256, "none")
    jobs.sweep(edge, "look_again_at_intake")
    drain()

    assert before == ([], SubmissionState.INTAKE.value)
    assert (meanwhile, outcomes(make, made)) == ([], ["passed"])
    assert state(make, made) == SubmissionState.AWAITING_REVIEWERS.value


def test_a_preview_that_never_comes_calls_a_person(
    edge: Runtime, make: Factory, drain: Drain, clock: Clock
) -> None:
    made = make.submission()
    preview(edge, make.rows(Blob)[0].sha256, "pending")
    drain()

    clock.advance(hours=2)
    jobs.sweep(edge, "look_again_at_intake")

    assert outcomes(make, made) == ["needs_a_person"]


@pytest.mark.parametrize("harm", ["failed", "gone"])
def test_a_file_that_cannot_be_seen_or_read_calls_a_person(
    edge: Runtime, make: Factory, drain: Drain, harm: str
) -> None:
    made = make.submission()
    (blob,) = make.rows(Blob)
    if harm == "failed":
        preview(edge, blob.sha256, "failed")
    else:
        edge.storage.delete(blob.sha256)

    drain()

    assert outcomes(make, made) == ["needs_a_person"]


def test_a_lost_event_is_found_by_the_sweep(edge: Runtime, make: Factory, drain: Drain) -> None:
    made = make.submission()
    edge.jobs.waiting.clear()  # type: ignore[attr-defined]

    jobs.sweep(edge, "look_again_at_intake")

    assert outcomes(make, made) == ["passed"]


def test_a_check_that_runs_twice_is_one_check(
    edge: Runtime, make: Factory, waiting: Submission, drain: Drain
) -> None:
    for _ in range(2):
        with edge.database.transaction() as session:
            jobs.enqueue(session, "submission_sealed", submission_id=waiting.id)
    drain()

    assert outcomes(make, waiting) == ["needs_a_person"]


def test_the_moderators_of_the_badge_are_told_and_its_learner_is_not_one_of_them(
    make: Factory, drain: Drain
) -> None:
    edition = make.edition()
    all_badges = make.person(roles_held=MODERATOR)
    this_badge = make.person(roles_held=MODERATOR, badge="careful-host")
    make.person(roles_held=MODERATOR, badge="another")
    learner = make.person(roles_held=MODERATOR)
    made = make.submission(learner, edition)
    make.edge.storage.delete(make.rows(Blob)[0].sha256)

    drain()

    told = {one.person_id for one in make.rows(Notice, kind="intake_waiting")}
    assert outcomes(make, made) == ["needs_a_person"]
    assert told == {all_badges.id, this_badge.id}


def test_a_person_can_let_it_go_on(
    make: Factory, waiting: Submission, drain: Drain, as_person: As
) -> None:
    moderator = make.person(roles_held=MODERATOR)

    answer = as_person(moderator.id).post(
        f"/intake/{waiting.id}/pass", data={"pass-note": "The name is a venue's."}
    )
    drain()

    assert (answer.status_code, answer.location) == (303, "/intake")
    assert outcomes(make, waiting) == ["needs_a_person", "passed"]
    assert len(make.rows(ReviewRound, submission_id=waiting.id)) == 1


def test_inv_33_a_return_tells_the_learner_why_and_uses_no_attempt(
    make: Factory, waiting: Submission, as_person: As
) -> None:
    moderator = make.person(roles_held=MODERATOR)

    answer = as_person(moderator.id).post(
        f"/intake/{waiting.id}/return",
        data={"reasons": ["identity_visible", "third_party_visible"], "note": "First line of E1."},
    )
    page = as_person(waiting.learner_id).get(f"/submissions/{waiting.id}/returned")
    again = make.submission(portfolio=make.rows(Portfolio, id=waiting.portfolio_id)[0])

    assert (answer.status_code, answer.location) == (303, "/intake")
    assert state(make, waiting) == SubmissionState.RETURNED_INCOMPLETE.value
    assert page.status_code == 200
    assert "Your name, or your employer&#39;s, can be read" in page.text
    assert "Other people can be recognised" in page.text
    assert "First line of E1." in page.text
    (notice,) = make.rows(Notice, kind="returned_incomplete")
    assert (notice.person_id, notice.path) == (
        waiting.learner_id,
        f"/submissions/{waiting.id}/returned",
    )
    assert again.attempt == 2


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"note": "Kept words."}, "Choose at least one reason."),
        ({"reasons": ["other_formal"]}, "Say what it is, so that the learner knows"),
        ({"reasons": ["bad_work"], "note": "Kept words."}, "not a valid choice"),
    ],
)
def test_a_return_without_a_formal_reason_is_refused_with_what_was_typed(
    make: Factory, waiting: Submission, as_person: As, typed: dict[str, str], words: str
) -> None:
    moderator = make.person(roles_held=MODERATOR)

    answer = as_person(moderator.id).post(f"/intake/{waiting.id}/return", data=typed)

    assert answer.status_code == 422
    assert words in answer.text
    assert typed.get("note", "") in answer.text
    assert state(make, waiting) == SubmissionState.INTAKE.value


def test_only_one_answer_counts(edge: Runtime, make: Factory, waiting: Submission) -> None:
    one, other = (make.person(roles_held=MODERATOR) for _ in range(2))
    with edge.database.transaction() as session:
        services.pass_on(session, waiting.id, by=one.id, at=edge.clock())

    with (
        pytest.raises(Conflict, match="has dealt with this"),
        edge.database.transaction() as session,
    ):
        services.send_back(
            session,
            waiting.id,
            reasons=[ReturnReason.MISSING_PART],
            note="",
            by=other.id,
            at=edge.clock(),
        )


def test_a_return_needs_a_reason(edge: Runtime, make: Factory, waiting: Submission) -> None:
    moderator = make.person(roles_held=MODERATOR)

    with pytest.raises(Invalid), edge.database.transaction() as session:
        services.send_back(
            session, waiting.id, reasons=[], note="", by=moderator.id, at=edge.clock()
        )


@pytest.mark.parametrize(
    ("part", "words"),
    [
        ("learner", "This is your own work, so somebody else checks it."),
        ("attester", "You were asked to confirm this work, so somebody else checks it."),
        ("reviewer", "You took part in reviewing this work, so somebody else takes this part."),
        ("committee", "You decided on this work for the committee"),
    ],
)
def test_inv_05_and_07_a_moderator_too_close_to_the_work_is_refused_with_the_reason(
    edge: Runtime, make: Factory, waiting: Submission, as_person: As, part: str, words: str
) -> None:
    moderator = close(edge, make, waiting, part)
    client = as_person(moderator.id)

    pages = [
        client.get(f"/intake/{waiting.id}"),
        client.get(f"/intake/{waiting.id}/1/file"),
        client.post(f"/intake/{waiting.id}/pass"),
    ]
    with pytest.raises(Refused), edge.database.transaction() as session:
        services.pass_on(session, waiting.id, by=moderator.id, at=edge.clock())

    assert [page.status_code for page in pages] == [403, 403, 403]
    assert words in pages[0].text
    assert words in client.get("/intake").text
    assert state(make, waiting) == SubmissionState.INTAKE.value


def close(edge: Runtime, make: Factory, waiting: Submission, part: str) -> Person:
    """Return a moderator who has this part in the matter too."""
    if part == "learner":
        with edge.database.transaction() as session:
            grant_role(
                session, waiting.learner_id, Role.MODERATOR, by="system:test", at=edge.clock()
            )
            return session.get_one(Person, waiting.learner_id)
    made = make.person(address="mo@example.org", roles_held=MODERATOR)
    with edge.database.transaction() as session:
        if part == "attester":
            session.add(
                Attestation(
                    portfolio_id=waiting.portfolio_id,
                    name="Mo",
                    address="mo+work@example.org",
                    token_hash="x",
                    requested_at=edge.clock(),
                    expires_at=edge.clock() + timedelta(days=14),
                )
            )
        else:
            take_part(session, waiting.portfolio_id, made.id, Part(part), at=edge.clock())
    return made


def test_a_moderator_of_another_badge_sees_nothing(
    make: Factory, waiting: Submission, as_person: As
) -> None:
    client = as_person(make.person(roles_held=MODERATOR, badge="another").id)

    assert client.get("/intake").status_code == 200
    assert waiting.pseudonym not in client.get("/intake").text
    assert client.get(f"/intake/{waiting.id}").status_code == 404
    assert client.get(f"/intake/{waiting.id}/1/file").status_code == 404


def test_access_ends_with_the_answer(
    edge: Runtime, make: Factory, waiting: Submission, as_person: As
) -> None:
    moderator = make.person(roles_held=MODERATOR)
    client = as_person(moderator.id)
    before = client.get(f"/intake/{waiting.id}/1/file")
    with edge.database.transaction() as session:
        services.pass_on(session, waiting.id, by=moderator.id, at=edge.clock())

    after = [client.get(f"/intake/{waiting.id}"), client.get(f"/intake/{waiting.id}/1/file")]

    assert before.status_code == 200
    assert "notes" not in before.headers["Content-Disposition"]
    assert before.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert [page.status_code for page in after] == [404, 404]


def test_the_page_of_a_return_is_its_learners_alone(
    edge: Runtime, make: Factory, waiting: Submission, as_person: As, clock: Clock
) -> None:
    moderator = make.person(roles_held=MODERATOR)
    before = as_person(waiting.learner_id).get(f"/submissions/{waiting.id}/returned")
    clock.advance(minutes=1)
    with edge.database.transaction() as session:
        services.send_back(
            session,
            waiting.id,
            reasons=[ReturnReason.MISSING_CONSENT],
            note="",
            by=moderator.id,
            at=edge.clock(),
        )

    other = as_person(moderator.id).get(f"/submissions/{waiting.id}/returned")

    assert (before.status_code, other.status_code) == (404, 404)


def test_inv_38_what_waits_at_intake_has_one_actor_and_one_deadline(
    make: Factory, waiting: Submission, as_person: As
) -> None:
    moderator = make.person(roles_held=MODERATOR)

    queue, home = (as_person(moderator.id).get(path).text for path in ("/intake", "/home"))

    assert "by Wed 4 March 2026, 23:59" in queue
    assert f"/intake/{waiting.id}" in home
