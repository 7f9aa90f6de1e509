"""Benchmarks and readers of them, brought about through the services that people use."""

from collections.abc import Sequence

from accounts.models import Person
from accounts.states import Role
from accounts.visitor import Grant, Visitor
from portfolio.submission.models import Submission
from review.assignment.models import Assignment
from review.calibration import benchmarks, services
from review.calibration.models import CalibrationResult
from review.pool.models import Benchmark, Qualification
from review.scoring import services as scoring
from tests.plugins.worlds import Clock
from tests.review.stages import Stage, answer

LEVELS = {"C1": 3, "C2": 2}
REASONS = {
    "C1": "Both audiences are named with their needs.",
    "C2": "The plan has no fallback for the remote side.",
}


class Scene:
    """A badge with a manager and a committee, and works that led to it."""

    def __init__(self, stage: Stage) -> None:
        self.stage, self.make, self.edge = stage, stage.make, stage.edge
        assert isinstance(stage.edge.clock, Clock)
        self.clock = stage.edge.clock
        self.stage.under_review().decided([(3, 3), (3, 3)])
        self.first, self.edition = self.stage.submission, self.stage.edition
        self.author = self.stage.learner
        self.badge_id = self.edition.badge_id
        self.manager = self.make.person("Max Manager", roles_held=(Role.PROGRAMME_MANAGER,))
        self.member = self.make.person("Cy Committee", roles_held=(Role.COMMITTEE,))
        self.visitor = Visitor(self.member.id, grants=frozenset({Grant(Role.COMMITTEE)}))

    def another_work(self, name: str = "Lin Second") -> Submission:
        """Bring another portfolio to its badge, and return its work."""
        self.stage.learner = self.make.person(name)
        self.stage.submission = self.make.submission(self.stage.learner, self.edition)
        self.stage.past_intake().asked().decided([(3, 3), (3, 3)])
        return self.stage.submission

    def proposed(self, work: Submission | None = None) -> Benchmark:
        """Have the manager ask for the author's consent."""
        with self.edge.database.transaction() as session:
            return benchmarks.propose(
                session, (work or self.first).id, by=self.manager.id, at=self.edge.clock()
            )

    def consented(self, work: Submission | None = None) -> Benchmark:
        """Have the author agree."""
        found, submission = self.proposed(work), work or self.first
        with self.edge.database.transaction() as session:
            return benchmarks.consent(
                session, found.id, by=submission.learner_id, at=self.edge.clock()
            )

    def active(self, work: Submission | None = None) -> Benchmark:
        """Have the committee set the levels, some hours later, so that the benchmark is in use."""
        found = self.consented(work)
        self.clock.advance(hours=3)
        with self.edge.database.transaction() as session:
            return benchmarks.set_levels(
                session,
                found.id,
                levels=LEVELS,
                reasons=REASONS,
                has_no_names=True,
                visitor=self.visitor,
                at=self.edge.clock(),
            )

    def reader(self, name: str = "Nora Quill") -> Person:
        """Make somebody who may review the badge, and had nothing to do with any work of it."""
        return self.make.reviewer(self.edition, name=name)

    def begun(self, reader: Person) -> Assignment:
        """Have somebody begin to calibrate."""
        with self.edge.database.transaction() as session:
            return services.begin(session, self.badge_id, by=reader.id, at=self.edge.clock())

    def sealed(self, reading: Assignment, levels: Sequence[int]) -> CalibrationResult | None:
        """Have a reading sealed with these levels for the two criteria, and compared."""
        self.stage.seal(reading, levels)
        found = self.make.rows(CalibrationResult, assignment_id=reading.id)
        return found[0] if found else None

    def read(self, reader: Person, levels: Sequence[int]) -> CalibrationResult | None:
        """Have somebody read a benchmark from the beginning to the comparison."""
        return self.sealed(self.begun(reader), levels)

    def right(self, reader: Person) -> Qualification:
        """Return somebody's right to review the badge, as it is now."""
        (found,) = self.make.rows(Qualification, person_id=reader.id, badge_id=self.badge_id)
        return found


def draft_and_seal(scene: Scene, reading: Assignment, levels: Sequence[int]) -> None:
    """Seal a reading and leave its job waiting."""
    answers = {key: answer(level) for key, level in zip(("C1", "C2"), levels, strict=True)}
    saved = scene.stage.draft(reading, answers)
    with scene.edge.database.transaction() as session:
        scoring.seal(
            session,
            reading.id,
            version=saved.version,
            names_may_stay=True,
            by=reading.reviewer_id,
            at=scene.edge.clock(),
        )
