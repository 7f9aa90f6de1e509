"""Calibrations that run out, reviewers who drift, and the hard filter on the sealing day."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from accounts.models import Notice
from core.errors import Refused
from review.assignment import choices, invitations
from review.assignment.exclusions import Rule, counted
from review.assignment.models import Assignment
from review.assignment.states import AssignmentState
from review.calibration import jobs, renewals
from review.pool.models import Qualification
from tests.review.stages import answer

START = datetime(2026, 1, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
NAMES = ("ash", "birch", "cedar", "dogwood", "elder", "fir", "gorse", "hazel")


def kinds(scene, person, *wanted):
    return [one.kind for one in scene.make.rows(Notice, person_id=person.id) if one.kind in wanted]


def test_a_calibration_that_runs_out_is_told_a_month_before_and_once(scene, clock):
    scene.active()
    nora = scene.reader()
    scene.read(nora, (3, 2))
    told = []

    for days in (330, 6, 1, 10):
        clock.advance(days=days)
        jobs.renew_calibrations(scene.edge)
        told.append(len(kinds(scene, nora, "calibration_due")))

    assert told == [0, 1, 1, 1]


def sheet(drifts, first=0, works=60):
    """Return rows of eight reviewers on every work; `drifts` has one harsher from half on."""
    dice = np.random.default_rng(5)
    rows = []
    for number in range(works):
        level = 2.5 + dice.normal(0, 0.4)
        at = START + timedelta(days=first + number * 3)
        for name in NAMES:
            shift = -0.8 if drifts and name == "ash" and number >= works // 2 else 0.0
            rows.append((f"w{first}-{number}", name, at, level + shift + dice.normal(0, 0.1)))
    return rows


def test_a_drift_is_found_and_none_where_nobody_drifts():
    everybody = dict.fromkeys(NAMES)

    assert renewals.drifted_among(sheet(drifts=True), everybody) == ["ash"]
    assert renewals.drifted_among(sheet(drifts=False), everybody) == []
    assert renewals.drifted_among([], everybody) == []


def test_the_same_reviews_never_ask_twice():
    rows = sheet(drifts=True)
    asked_at = max(row[2] for row in rows)
    since = {**dict.fromkeys(NAMES), "ash": asked_at}

    assert renewals.drifted_among(rows, since) == []
    later = sheet(drifts=False, first=200)
    assert renewals.drifted_among(rows + later, since) == []


def test_who_has_drifted_is_asked_kindly_to_calibrate_within_two_weeks_and_once(scene, clock):
    scene.active()
    people = {name: scene.reader(f"Reader {name}") for name in NAMES}
    for one in people.values():
        scene.read(one, (3, 2))
    ash, birch = people["ash"], people["birch"]
    clock.advance(days=200)
    rows = [
        (work, people[name].id, at + timedelta(days=70), level)
        for work, name, at, level in sheet(drifts=True, works=44)
    ]

    def ask():
        with scene.edge.database.transaction() as session:
            return renewals.ask_again(session, scene.badge_id, rows, at=clock())

    first, again = ask(), ask()

    assert (first, again) == ([ash.id], [])
    assert scene.right(ash).calibrated_until == clock() + timedelta(days=14)
    assert kinds(scene, ash, "recalibration_asked") == ["recalibration_asked"]
    assert kinds(scene, birch, "recalibration_asked") == []
    with scene.edge.database.transaction() as session:
        assert renewals.remind_due(session, at=clock()) == 0


def test_inv_25_who_is_not_calibrated_on_the_sealing_day_cannot_seal(scene, clock):
    stage = scene.stage
    scene.active()
    stage.learner = scene.make.person("Una Later")
    stage.submission = scene.make.submission(stage.learner, scene.edition)
    stage.past_intake().asked().accept_all()
    one, other = stage.working()
    saved = stage.draft(one, {"C1": answer(3), "C2": answer(3)})
    with scene.edge.database.transaction() as session:
        for right in session.query(Qualification).filter_by(person_id=one.reviewer_id):
            right.calibrated_until = clock() - DAY

    with pytest.raises(Refused, match="calibration for this badge does not stand"):
        stage.seal(one, (3, 3))
    stage.seal(other, (3, 3))

    assert scene.make.reload(saved).state == "draft"
    assert scene.make.reload(other).state == AssignmentState.SEALED.value


def test_inv_25_a_newcomer_is_neither_asked_nor_may_accept_before_they_calibrate(scene, clock):
    scene.active()
    nora = scene.reader()
    stage = scene.stage
    stage.learner = scene.make.person("Una Later")
    stage.submission = scene.make.submission(stage.learner, scene.edition)
    with scene.edge.database.transaction() as session:
        for right in session.query(Qualification).filter(Qualification.person_id != nora.id):
            right.state = "resting"
    stage.past_intake().asked()

    asked_before = len(stage.invited())
    with scene.edge.database.transaction() as session:
        found = choices.choices(session, stage.submission, at=clock())
    scene.read(nora, (3, 2))
    with scene.edge.database.transaction() as session:
        again = choices.choices(session, stage.submission, at=clock())

    assert asked_before == 0
    assert (Rule.NOT_CALIBRATED, 1) in counted(found.standings)
    assert [one.person_id for one in again.standings if not one.against] == [nora.id]


def test_who_reviewed_before_the_first_benchmark_goes_on_for_thirty_days(scene, clock):
    scene.active()
    stage = scene.stage
    stage.learner = scene.make.person("Una Later")
    stage.submission = scene.make.submission(stage.learner, scene.edition)
    stage.past_intake().asked()
    one, other = stage.invited()
    with scene.edge.database.transaction() as session:
        invitations.accept(session, one.id, by=one.reviewer_id, at=clock())
        for row in session.query(Assignment).filter_by(id=other.id):
            row.answer_by = clock() + timedelta(days=60)
    clock.advance(days=31)

    with pytest.raises(Refused, match="calibration"), scene.edge.database.transaction() as session:
        invitations.accept(session, other.id, by=other.reviewer_id, at=clock())

    assert scene.make.reload(one).state == AssignmentState.ACCEPTED.value


def test_a_badge_without_a_benchmark_in_use_asks_nobody(scene):
    scene.consented()
    nora = scene.reader()
    stage = scene.stage
    stage.learner = scene.make.person("Una Later")
    stage.submission = scene.make.submission(stage.learner, scene.edition)
    stage.past_intake()

    with scene.edge.database.transaction() as session:
        found = choices.choices(session, stage.submission, at=scene.clock())

    assert nora.id in [one.person_id for one in found.standings if not one.against]
