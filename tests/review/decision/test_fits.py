"""What a badge family teaches is learned at night, kept once, and only where something changed."""

import json

import pytest
from click.testing import CliRunner
from sqlalchemy import update

from app import decision_commands
from core import jobs
from core.models import AuditEvent
from review.assignment.models import Assignment
from review.assignment.rounds import open_apart
from review.assignment.states import AssignmentState, RoundKind
from review.decision import families, fits
from review.decision.jobs import fit_families
from review.decision.models import FamilyFit
from review.pool.models import Benchmark
from review.pool.states import BenchmarkState
from tests.factories import sample_definition


def night(stage):
    """Do what is done each night, and return the fits there are, the newest last."""
    fit_families(stage.edge)
    stage.drain()
    return sorted(stage.make.rows(FamilyFit), key=lambda one: (one.fitted_at, one.id))


def read(stage):
    """Return all that a fit of the stage's family would take in."""
    badge_id = stage.edition.badge_id
    with stage.edge.database.transaction(read_only=True) as session:
        ((_family, editions),) = families.families(session, badge_id).items()
        return families.read(session, badge_id, editions, ["C1", "C2"])


def read_apart(stage, kind, levels):
    """Have somebody new read the submission apart, and seal these levels."""
    person = stage.make.reviewer(stage.edition, name="Reader Apart")
    with stage.edge.database.transaction() as session:
        reading = open_apart(
            session,
            stage.submission.id,
            person.id,
            kind=kind,
            state=AssignmentState.ACCEPTED,
            answer_by=stage.edge.clock(),
            due_at=stage.edge.clock(),
            explanation={},
            by="system:test",
            at=stage.edge.clock(),
        )
    stage.seal(reading, levels, drain=False)
    stage.clear()
    return person


def benchmark(stage, state=BenchmarkState.ACTIVE, **levels):
    """Make the submission a benchmark of the badge."""
    at, by = stage.edge.clock(), stage.learner.id
    made = Benchmark(
        badge_id=stage.edition.badge_id,
        submission_id=stage.submission.id,
        state=state.value,
        asked_by=by,
        asked_at=at,
        consented_at=at,
        levels=levels,
        set_by=by,
        deidentified_by=by,
        activated_at=at,
    )
    with stage.edge.database.transaction() as session:
        session.add(made)


def test_a_night_learns_from_every_sealed_review_and_says_so(stage):
    stage.under_review(reviewers=3).decided([(3, 2), (4, 3)], [(3, 3)])

    (made,) = night(stage)

    people = {one.id for one in stage.reviewers}
    (event,) = stage.make.rows(AuditEvent, verb="family_fitted")
    assert (made.reviews, made.submissions, made.is_converged) == (3, 1, True)
    assert (made.model_version, set(made.reviewers)) == ("consensus/1", people)
    assert set(made.reviewers[stage.reviewers[0].id]) == {
        "chance",
        "leniency",
        "variance",
        "severity",
        "severity_sd",
        "noise",
        "p_informative",
    }
    assert event.detail == {
        "badge": stage.edition.badge_id,
        "reviews": 3,
        "submissions": 1,
        "converged": True,
    }
    assert not people & set(json.dumps(event.detail).split('"'))


def test_a_night_in_which_nothing_changed_leaves_nothing(stage, clock):
    stage.under_review().decided([(3, 3), (4, 3)])
    (made,) = night(stage)
    clock.advance(days=1)

    with stage.edge.database.transaction(read_only=True) as session:
        learned = fits.learn(session, stage.edition.badge_id, made.family)

    assert learned is None
    assert len(night(stage)) == 1


def test_a_new_review_is_learned_from_with_what_was_known_before(stage, clock):
    stage.under_review().decided([(3, 3), (4, 3)])
    (first,) = night(stage)
    clock.advance(days=1)
    stage.under_review(edition=stage.edition).decided([(2, 2), (2, 1)])

    fitted = night(stage)

    assert [one.reviews for one in fitted] == [2, 4]
    assert fitted[1].hyper["submission"] == pytest.approx(first.hyper["submission"])
    assert fitted[0].digest != fitted[1].digest


def test_inv_22_a_voided_review_teaches_nothing_and_an_unsealed_one_neither(stage, edge):
    stage.under_review(reviewers=3)
    one, two = stage.working()
    stage.seal(one, (3, 3))
    assert len(read(stage).reviews) == 1
    stage.seal(two, (4, 4))
    assert len(read(stage).reviews) == 2

    with edge.database.transaction() as session:
        session.execute(
            update(Assignment)
            .where(Assignment.id == two.id)
            .values(state=AssignmentState.VOIDED.value)
        )

    assert [one.levels for one in read(stage).reviews] == [(3, 3)]


def test_a_review_without_a_level_teaches_nothing(stage):
    stage.under_review().decided([(3, 3), (None, None)])

    assert [one.levels for one in read(stage).reviews] == [(3, 3)]


@pytest.mark.parametrize("kind", [RoundKind.CALIBRATION, RoundKind.GOLD])
def test_a_reading_for_calibration_is_a_review_of_the_work_it_read(stage, kind):
    stage.under_review().decided([(3, 3), (4, 3)])

    reader = read_apart(stage, kind, (2, 1))

    (found,) = [one for one in read(stage).reviews if one.reviewer_id == reader.id]
    assert (found.levels, found.submission_id) == ((2, 1), stage.submission.id)
    assert night(stage)[0].reviews == 3


def test_what_an_audit_found_is_an_anchor_and_no_review_beside_it(stage, clock):
    stage.under_review().decided([(4, 4), (4, 4)])
    before = night(stage)[0].hyper["reading"]["shift"]
    clock.advance(days=1)

    reader = read_apart(stage, RoundKind.AUDIT, (2, 1))
    read_apart(stage, RoundKind.AUDIT, (None, 4))

    found = read(stage)
    assert found.anchors == {stage.submission.id: (2.0, 1.0)}
    assert reader.id not in {one.reviewer_id for one in found.reviews}
    assert before == 0
    assert night(stage)[-1].hyper["reading"]["shift"] > 0


def test_an_active_benchmark_is_an_anchor_and_comes_before_an_audit(stage):
    stage.under_review().decided([(4, 4), (4, 4)])
    read_apart(stage, RoundKind.AUDIT, (2, 1))

    benchmark(stage, C1=3, C2=3)

    assert read(stage).anchors == {stage.submission.id: (3.0, 3.0)}
    assert read(stage).digest != fits.MODEL_VERSION


@pytest.mark.parametrize("state", [BenchmarkState.CONSENTED, BenchmarkState.RETIRED])
def test_a_benchmark_that_measures_nothing_now_anchors_nothing(stage, state):
    stage.under_review().decided([(4, 4), (4, 4)])

    benchmark(stage, state, C1=3, C2=3)

    assert read(stage).anchors == {}


def test_editions_with_the_same_rubric_are_learned_from_together_and_others_apart(stage, make):
    stage.under_review().decided([(3, 3), (4, 3)])
    first = stage.edition
    second = make.edition(sample_definition(version="2.0.0"))
    stage.under_review(edition=second).decided([(3, 3), (4, 3)])
    turned = tuple(reversed(sample_definition().criteria))
    other = make.edition(sample_definition(version="3.0.0", criteria=turned))
    stage.edition = other

    with stage.edge.database.transaction(read_only=True) as session:
        found = families.families(session, first.badge_id)

    together = sorted((set(one) for one in found.values()), key=len)
    assert together == [{other.id}, {first.id, second.id}]
    assert [one.reviews for one in night(stage)] == [4]


def test_a_fit_that_another_host_kept_meanwhile_is_kept_once(stage):
    stage.under_review().decided([(3, 3), (4, 3)])
    badge_id = stage.edition.badge_id
    with stage.edge.database.transaction(read_only=True) as session:
        (family,) = families.families(session, badge_id)
        learned = fits.learn(session, badge_id, family)
    assert learned is not None

    kept = []
    for _host in range(2):
        with stage.edge.database.transaction() as session:
            kept.append(fits.keep(session, learned, by=fits.FITTER, at=stage.edge.clock()))

    assert kept[0] is not None
    assert kept[1] is None
    assert len(stage.make.rows(FamilyFit)) == 1


def test_the_night_has_a_heavy_job_for_each_family(stage):
    stage.under_review()

    fit_families(stage.edge)

    assert [job.name for job in stage.queue.waiting] == ["fit_family"]
    assert jobs.is_heavy("fit_family")
    assert {one.name: one.minutes for one in jobs.sweeps()}["fit_families"] == 24 * 60


def test_an_operator_learns_now_for_one_badge_or_all(stage, edge, monkeypatch):
    stage.under_review().decided([(3, 3), (4, 3)])
    monkeypatch.setenv("ASSAY_DATABASE_URL", edge.settings.database_url)
    monkeypatch.setenv("ASSAY_VAR", str(edge.settings.var))
    slug = sample_definition().slug

    def ran(*arguments):
        return CliRunner().invoke(decision_commands.fit_now, arguments, standalone_mode=False)

    first, second, unknown = ran(slug), ran(), ran("no-such-badge")

    assert first.output.startswith(f"{slug} 1.0.0: fitted to 2 reviews of 1 works in ")
    assert second.output == f"{slug} 1.0.0: nothing new since the last fit.\n"
    assert (first.return_value, second.return_value) == (0, 0)
    assert unknown.exception is not None
