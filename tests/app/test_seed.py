"""The demo's world holds together: what it tells really happened, as the record can show."""

import os
import subprocess
import sys
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from accounts.models import Person
from accounts.passwords import is_right
from accounts.queries import person_by_address
from app import seed, store_check
from app.seed import scale
from app.seed.driver import Moment, Stage, Story, World, run
from app.seed.guide import TRY
from app.seed.people import PASSWORD
from core.audit import verify_chain
from core.errors import Invalid
from core.runtime import Runtime
from credentials.catalog import queries as catalog
from credentials.issuing.models import Credential
from portfolio.submission.models import Submission
from review.decision.models import Decision
from review.decision.recomputing import recompute
from review.scoring.models import Review

ROOT = Path(__file__).resolve().parents[2]


def test_the_world_has_work_in_every_state_and_badges_that_were_signed(seeded: Runtime) -> None:
    with seeded.database.transaction(read_only=True) as session:
        states = Counter(session.scalars(select(Submission.state)))
        people = session.scalar(select(func.count()).select_from(Person))
        badges = [edition.title for _badge, edition in catalog.published(session)]
        signed = session.scalar(select(func.count()).select_from(Credential))

    assert people == 40
    assert badges == [
        "Data Protection Impact Assessment in Practice",
        "Hybrid Session Producer",
        "Scenario-Based Learning Designer",
    ]
    assert states == {
        "intake": 1,
        "returned_incomplete": 2,
        "awaiting_reviewers": 1,
        "under_review": 2,
        "in_adjudication": 1,
        "released": 12,
    }
    assert signed == 8
    assert len(seed.credential_addresses(seeded)) == 7


def test_every_decision_of_the_world_computes_again_to_what_is_stored(seeded: Runtime) -> None:
    with seeded.database.transaction(read_only=True) as session:
        decisions = session.scalars(select(Decision.id)).all()
        again = [recompute(session, decision_id) for decision_id in decisions]

    assert len(again) == 13
    assert [one.differences for one in again] == [()] * 13


def test_nothing_of_the_world_is_lost_and_its_record_holds(seeded: Runtime) -> None:
    findings = store_check.check(seeded)

    with seeded.database.transaction(read_only=True) as session:
        report = verify_chain(session)
    assert findings == []
    assert (report.first_broken_seq, report.count > 500) == (None, True)


def test_everybody_whom_the_guide_names_can_sign_in(seeded: Runtime) -> None:
    words = seed.guide(seeded.database)

    assert PASSWORD in words
    with seeded.database.transaction(read_only=True) as session:
        for key, what in TRY:
            person = person_by_address(session, f"{key}@example.org")
            assert person is not None
            assert is_right(person.password_hash, PASSWORD)
            assert f"{person.name}: {what}" in words
    assert "go on with a review" in words
    assert "answer an invitation" in words


def test_a_story_goes_as_far_as_its_stage_and_stories_take_turns_in_time(edge: Runtime) -> None:
    told: list[str] = []

    def story(world: World, name: str, days: tuple[int, int]) -> Story:
        yield Moment(Stage.COMPOSING, world.ago(days[0]))
        told.append(f"{name} composed on day {days[0]}")
        yield Moment(Stage.REVIEWING, world.ago(days[1]))
        told.append(f"{name} handed in on day {days[1]}")
        yield Moment(Stage.DECIDED, world.ago(0))
        told.append(f"{name} was told")

    world = World(edge)
    run(
        world,
        [story(world, "Ann", (9, 3)), story(world, "Bea", (7, 5))],
        until=Stage.REVIEWING,
    )
    world.close()

    assert told == [
        "Ann composed on day 9",
        "Bea composed on day 7",
        "Bea handed in on day 5",
        "Ann handed in on day 3",
    ]
    assert world.now == world.today


def test_a_story_never_happens_in_the_future(edge: Runtime) -> None:
    world = World(edge)
    world.close()

    assert world.ago(0, 23, 59) == world.today - timedelta(minutes=1)


def test_an_unknown_stage_is_refused_with_the_ones_there_are(edge: Runtime) -> None:
    with pytest.raises(Invalid, match="empty, composing, reviewing, decided, awarded"):
        seed.build(edge, stage="finished")


def test_many_submissions_can_be_added_to_measure_with(seeded: Runtime) -> None:
    steps: list[int] = []

    scale.add(seeded, 60, progress=steps.append)

    with seeded.database.transaction(read_only=True) as session:
        submissions = session.scalar(
            select(func.count()).where(Submission.pseudonym.regexp_match("^Slate [0-9]{1,2}$"))
        )
        reviews = session.scalar(select(func.count()).select_from(Review))
    assert (submissions, sum(steps)) == (60, 60)
    assert reviews is not None
    assert reviews > 100


def test_the_command_fills_an_empty_database_once(tmp_path: Path) -> None:
    first = _seed(tmp_path, "--stage", "empty")
    second = _seed(tmp_path, "--stage", "empty")

    assert first.returncode == 0
    assert "lena@example.org" in first.stdout
    assert (second.returncode, second.stderr.strip()) == (
        1,
        "There are people in this database already. Seed an empty one.",
    )


def _seed(var: Path, *options: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "app.cli", "seed", *options],
        cwd=ROOT,
        env={**os.environ, "ASSAY_VAR": str(var), "ASSAY_LOG_LEVEL": "error"},
        capture_output=True,
        text=True,
        check=False,
    )
