"""Gold items: drawn for newcomers within their limits, and like any other invitation to them."""

import re
from datetime import timedelta

import pytest

from accounts.models import Notice
from core.models import Mail
from review.assignment import invitations
from review.assignment.models import Assignment, ReviewRound
from review.assignment.states import AssignmentState, DeclineReason, RoundKind
from review.calibration import golds, jobs
from review.calibration.models import CalibrationResult
from review.pool.models import ReviewerProfile

QUARTER = timedelta(minutes=15)


def drawn(scene, days=14):
    """Look every quarter of an hour for some days; return the gold items given."""
    made = []
    for _ in range(days * 96):
        scene.clock.advance(minutes=15)
        with scene.edge.database.transaction() as session:
            session.expire_on_commit = False
            made += golds.draw(session, at=scene.clock())
    return made


def given(scene, reader):
    """Give somebody a gold item now, whatever chance says."""
    with scene.edge.database.transaction() as session:
        (one,) = [
            found
            for found in golds.newcomers(session, scene.badge_id)
            if found.candidate.person_id == reader.id
        ]
        return golds.give(session, scene.badge_id, one, at=scene.clock())


@pytest.fixture
def calibrated(scene):
    """A badge with three benchmarks, and a newcomer who calibrated on one of them."""
    works = [scene.another_work("Lin Second"), scene.another_work("Tam Third")]
    for one in (scene.first, *works):
        scene.active(one)
    scene.nora = scene.make.reviewer(scene.edition, name="Nora Quill", address="nora@example.org")
    scene.read(scene.nora, (3, 2))
    return scene


def shape(text):
    """Return a page's words without what differs between any two works: names, ids and times."""
    text = re.sub(r"Nora Quill|Pat Quill", "READER", text)
    text = re.sub(r"[A-Z][a-z]+ \d{4}", "PSEUDONYM", text)
    text = re.sub(r"[0-9A-Za-z_.-]{20,}", "ID", text)
    text = re.sub(r"nonce=\S+|\d\d:\d\d|\d{1,2} PSEUDONYM|\d{4}-\d\d-\d\dT\S+", "", text)
    return " ".join(text.split())


def test_a_newcomer_gets_so_many_gold_items_and_never_two_at_once(calibrated):
    calibrated.clock.advance(hours=2)
    first = given(calibrated, calibrated.nora)
    with calibrated.edge.database.transaction() as session:
        (seen,) = [
            one
            for one in golds.newcomers(session, calibrated.badge_id)
            if one.candidate.person_id == calibrated.nora.id
        ]
    with calibrated.edge.database.transaction() as session:
        invitations.accept(session, first.id, by=calibrated.nora.id, at=calibrated.clock())
    calibrated.sealed(first, (3, 2))
    second = given(calibrated, calibrated.nora)

    assert (seen.golds, seen.has_pending) == (1, True)
    assert first.submission_id != second.submission_id
    assert given(calibrated, calibrated.nora) is None
    assert calibrated.make.rows(ReviewRound, id=first.round_id)[0].kind == RoundKind.GOLD.value


def test_chance_draws_within_days_and_at_no_fixed_time(calibrated):
    made = drawn(calibrated, days=4)
    hours = {
        golds.is_drawn(
            f"person{number}", "badge", at=calibrated.clock() + timedelta(minutes=15 * n)
        )
        for number in range(20)
        for n in range(40)
    }

    assert hours == {True, False}
    assert {one.state for one in made} <= {AssignmentState.INVITED.value}
    assert len({one.reviewer_id for one in made}) == len(made)


def test_the_job_of_the_draw_runs(calibrated):
    jobs.draw_gold_items(calibrated.edge)


@pytest.mark.parametrize("limit", [{"is_available": False}, {"max_open": 0}])
def test_a_gold_item_keeps_to_the_limits_of_its_reader(calibrated, limit):
    with calibrated.edge.database.transaction() as session:
        profile = session.get_one(ReviewerProfile, calibrated.nora.id)
        for name, value in limit.items():
            setattr(profile, name, value)

    assert given(calibrated, calibrated.nora) is None


def test_who_gave_six_reviews_is_new_no_more(calibrated):
    veteran = calibrated.stage.reviewers[0].id
    with calibrated.edge.database.transaction() as session:
        before = {one.candidate.person_id for one in golds.newcomers(session, calibrated.badge_id)}
    for name in ("Four", "Five", "Six"):
        calibrated.another_work(f"Lin {name}")

    with calibrated.edge.database.transaction() as session:
        after = {one.candidate.person_id for one in golds.newcomers(session, calibrated.badge_id)}

    done = calibrated.make.rows(Assignment, reviewer_id=veteran, is_counted=True)
    assert len(done) == 6
    assert (veteran in before, veteran in after) == (True, False)


def test_a_gold_item_looks_like_any_other_invitation_on_every_page_and_in_every_mail(
    calibrated, as_person
):
    # One newcomer gets a gold item, another one like them is asked for a real review.
    scene = calibrated
    other = scene.make.reviewer(scene.edition, name="Pat Quill", address="pat@example.org")
    scene.read(other, (3, 2))
    gold, live = given(scene, scene.nora), _asked_for_real(scene, other)
    clients = {one.id: as_person(one.reviewer_id) for one in (gold, live)}

    def pages(path):
        return [shape(clients[one.id].get(path.format(one.id)).text) for one in (gold, live)]

    told = [
        [
            (one.kind, one.title, shape(one.body), shape(one.path))
            for one in scene.make.rows(Notice, person_id=person.id, kind="invitation")
        ]
        for person in (scene.nora, other)
    ]
    mails = [
        [
            (one.subject, shape(one.text), shape(one.path))
            for one in scene.make.rows(Mail, kind="invitation", to_address=f"{name}@example.org")
        ]
        for name in ("nora", "pat")
    ]
    seen = [pages(path) for path in ("/home", "/reviews", "/reviews/{}/invitation")]
    for one in (gold, live):
        answered = clients[one.id].post(
            f"/reviews/{one.id}/invitation/accept", data={"no_conflict": "y"}
        )
        assert answered.headers["Location"] == f"/reviews/{one.id}"
    after = ("/home", "/reviews", "/reviews/{}", "/reviews/{}/recuse", "/reviews/{}/invitation")
    seen += [pages(path) for path in after]

    for one, another in seen:
        assert one == another
    assert len(told[0]) == len(mails[0]) == 1
    assert told[0] == told[1]
    assert mails[0] == mails[1]


def test_after_the_seal_the_reader_is_told_privately_what_it_was(calibrated, as_person):
    gold = given(calibrated, calibrated.nora)
    with calibrated.edge.database.transaction() as session:
        invitations.accept(session, gold.id, by=calibrated.nora.id, at=calibrated.clock())
    before = calibrated.right(calibrated.nora).calibrated_until

    kept = calibrated.sealed(gold, (1, 1))

    client = as_person(calibrated.nora.id)
    assert (kept.is_gold, kept.number, kept.is_passed) == (True, 2, False)
    assert "was a benchmark" in client.get("/notices").text
    shown = client.get(f"/reviewing/calibration/results/{gold.id}").text
    assert "This was a benchmark" in shown
    assert "Not passed" not in shown
    # A gold item teaches; it gives and takes no right.
    assert calibrated.right(calibrated.nora).calibrated_until == before


def test_inv_40_nothing_is_lost_by_declining_a_gold_item(calibrated):
    gold = given(calibrated, calibrated.nora)

    with calibrated.edge.database.transaction() as session:
        invitations.decline(
            session,
            gold.id,
            reason=DeclineReason.OUTSIDE_EXPERTISE,
            by=calibrated.nora.id,
            at=calibrated.clock(),
        )

    assert calibrated.make.rows(CalibrationResult, is_gold=True) == []
    assert calibrated.right(calibrated.nora).calibrated_until > calibrated.clock()


def _asked_for_real(scene, nora):
    """Have the router ask somebody for a real review, nobody else being free."""
    with scene.edge.database.transaction() as session:
        for one in session.query(ReviewerProfile).all():
            one.is_available = one.person_id == nora.id
    scene.stage.learner = scene.make.person("Una Live")
    scene.stage.submission = scene.make.submission(scene.stage.learner, scene.edition)
    scene.stage.past_intake().asked()
    (live,) = scene.stage.invited()
    assert live.reviewer_id == nora.id
    return live
