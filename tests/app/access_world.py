"""One world with an object of every kind, and everybody who might ask for it.

Kim owns everything in it: a draft portfolio, hand-ins at each stage, badges offered, declined and
held. The world is built once; before each request that could change it, its file is put back.
"""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import select

from accounts.models import EmailAddress, Person
from accounts.roles import grant_role
from accounts.states import Role
from app.factory import create_app
from core import jobs
from core.jobs import MemoryQueue
from core.models import Mail
from core.runtime import Runtime
from credentials.catalog.definition import EvidenceRequirement
from credentials.catalog.models import Badge
from credentials.issuing import services as issuing
from credentials.issuing.models import Credential, EvidenceConsent
from credentials.issuing.states import Visibility
from portfolio.composing import attestations
from portfolio.composing.models import Portfolio
from portfolio.evidence.models import Rendition
from portfolio.evidence.states import RenditionKind
from portfolio.submission.models import Submission
from portfolio.submission.states import SubmissionState
from review.assignment import invitations
from review.assignment.models import Assignment
from review.assignment.states import DeclineReason
from review.disputes import services as disputes
from review.intake import services as intake
from review.intake.checks import Finding, Verdict
from review.intake.states import ReturnReason
from review.pool import services as pool
from review.pool import ties
from review.pool.models import Application, Holiday
from review.pool.states import ConflictKind, QualificationSource
from tests.app.access_calibration import calibrate
from tests.app.access_moderation import draw, moderate
from tests.app.access_recognition import recognise
from tests.app.access_standards import set_standards
from tests.app.access_steering import steer
from tests.app.growing import grow
from tests.credentials.awards import awarded, sample, sign
from tests.factories import OPERATOR, PASSWORD, Factory, sample_definition
from tests.plugins.clients import TokenClient, sign_in_secret
from tests.review.stages import Stage, answer

BADGES = (
    "draft-badge", "intake-badge", "returned-badge", "careful-host", "asked-badge",
    "disputed-badge", "unsettled-badge", "moderated-badge", "offered-badge", "declined-badge",
    "held-badge",
)  # fmt: skip
ELSEWHERE = "far-badge"
NAMES = {
    "owner": "Kim Oyelaran",
    "stranger": "Sasha Stranger",
    "reviewer": "Rae Reviewer",
    "second": "Second Seat",
    "unasked": "Uma Unasked",
    "declined": "Dee Declined",
    "lapsed": "Lou Lapsed",
    "moderator": "Mo Moderator",
    "committee": "Cy Committee",
    "manager": "Max Manager",
    "far_manager": "Fay Faraway",
    "admin": "Ada Admin",
    "auditor": "Au Auditor",
    "disabled": "Kit Disabled",
}
SHEETS = (EvidenceRequirement("E1", "Run sheet", "The sheet you used.", ("pdf",), max_count=50),)
ROLES = {
    "moderator": (Role.MODERATOR, ""),
    "committee": (Role.COMMITTEE, ""),
    "manager": (Role.PROGRAMME_MANAGER, ""),
    "far_manager": (Role.PROGRAMME_MANAGER, ELSEWHERE),
    "admin": (Role.ISSUER_ADMIN, ""),
    "auditor": (Role.AUDITOR, ""),
    "disabled": (Role.ISSUER_ADMIN, ""),
}
REQUEST = "Minute 4:10 of my third piece shows the fallback that was said to be missing."


@dataclass
class World:
    """The people by who they are, the ids by what they name, and the file to go back to."""

    edge: Runtime
    app: Flask
    kept: Path
    people: dict[str, str] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)
    secrets: dict[str, str] = field(default_factory=dict)

    def put_back(self) -> None:
        """Have the database be what it was when the world was built."""
        self.edge.database.close()
        file = Path(self.edge.database.url.removeprefix("sqlite:///"))
        for old in file.parent.glob(f"{file.name}-*"):
            old.unlink()
        shutil.copyfile(self.kept, file)
        queue = self.edge.jobs
        assert isinstance(queue, MemoryQueue)
        queue.waiting.clear()

    def keep(self) -> None:
        """Have this be what the database goes back to."""
        with self.edge.database.engine.connect() as connection:
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.exec_driver_sql("BEGIN")
        self.edge.database.close()
        shutil.copyfile(self.edge.database.url.removeprefix("sqlite:///"), self.kept)

    def client(self, who: str) -> TokenClient:
        """Return the client of somebody, or of a visitor for an empty name."""
        made = TokenClient.on(self.app)
        if who:
            made.set_cookie("assay", self.secrets[who], domain="127.0.0.1")
        return made

    @contextmanager
    def moved(self, change: Callable[[Any], None]) -> Iterator[None]:
        """Change the world for a while; `put_back` then goes back to the changed one."""
        before = self.kept
        self.kept = before.with_name("changed.db")
        try:
            with self.edge.database.transaction() as session:
                change(session)
            self.keep()
            yield
        finally:
            self.kept = before
            self.put_back()

    def also(self, who: str, role: Role) -> Callable[[Any], None]:
        """Return the change that gives somebody one more role."""
        return lambda session: (
            grant_role(session, self.people[who], role, by=OPERATOR, at=self.edge.clock()) and None
        )


def build(edge: Runtime, folder: Path, *, more: int = 0) -> World:
    """Build the world over an empty database, with so many more of everything that is listed."""
    app = create_app(runtime=edge)
    app.config["TESTING"] = False
    world = World(edge, app, folder / "kept.db")
    made = _Builder(world, Factory(edge, None), more)
    made.people()
    made.drafts()
    made.intake()
    made.reviews()
    made.disputes()
    made.awards()
    set_standards(made.editions["careful-host"], made.ids["disputed"], made.by["manager"], edge)
    made.rest()
    if more:
        grow(world, made.make, more)
    assert isinstance(edge.jobs, MemoryQueue)
    edge.jobs.drain(edge)
    world.secrets = {who: sign_in_secret(edge, one) for who, one in world.people.items()}
    made.disable()
    world.keep()
    return world


class _Builder:
    def __init__(self, world: World, make: Factory, more: int) -> None:
        self.more = more
        self.world, self.edge, self.make = world, world.edge, make
        self.ids = world.ids
        self.by: dict[str, Person] = {}
        self.editions = {
            slug: make.edition(
                sample_definition(
                    slug=slug, title=slug.replace("-", " ").title(), evidence_requirements=SHEETS
                )
            )
            for slug in (*BADGES, ELSEWHERE)
        }

    def people(self) -> None:
        for who, name in NAMES.items():
            role, scope = ROLES.get(who, (None, ""))
            self.by[who] = self.make.person(
                name,
                address=f"{who}@people.example",
                password=PASSWORD if who == "owner" else None,
                employer=f"House of {name.split()[1]}",
                roles_held=(role,) if role else (),
                badge=scope,
            )
        self.world.people = {who: one.id for who, one in self.by.items()}

    def drafts(self) -> None:
        kim = self.by["owner"]
        draft = self.make.portfolio(kim, self.editions["draft-badge"])
        self.fill(draft)
        items = [self.make.item(draft, title=title) for title in ("First page", "Second page")]
        with self.edge.database.transaction() as session:
            asked = attestations.ask(
                session,
                draft.id,
                name="Cleo Client",
                address="cleo@clients.example",
                relation="Client",
                by=kim.id,
                at=self.edge.clock(),
            )
            path = session.scalar(
                select(Mail.path).where(Mail.to_address == "cleo@clients.example")
            )
            drawn = Rendition(
                source_sha256=items[0].sha256,
                kind=RenditionKind.PAGE.value,
                sha256=self.edge.storage.put(b"a page").sha256,
                size=6,
                media_type="image/webp",
            )
            session.add(drawn)
        assert path is not None
        self.ids |= {
            "portfolio_id": draft.id,
            "item_id": items[1].id,
            "attestation_id": asked.id,
            "attest": path.removeprefix("/attest/"),
            "rendition_id": drawn.id,
        }

    def fill(self, work: Portfolio) -> None:
        for number in range(self.more):
            self.make.item(work, title=f"Piece {number}")

    def submit(self, slug: str, *states: SubmissionState) -> Submission:
        work = self.make.portfolio(self.by["owner"], self.editions[slug])
        self.fill(work)
        made = self.make.submission(portfolio=work)
        return self.make.moved(made, *states) if states else made

    def intake(self) -> None:
        waiting = self.submit("intake-badge", SubmissionState.INTAKE)
        self.ids["at_intake"] = waiting.id
        found = Finding("identity", Verdict.LOOK, "E1, work sample 1", "A name.")
        with self.edge.database.transaction() as session:
            intake.conclude(session, waiting.id, findings=[found], at=self.edge.clock())
        returned = self.submit("returned-badge", SubmissionState.INTAKE)
        with self.edge.database.transaction() as session:
            intake.send_back(
                session,
                returned.id,
                reasons=[next(iter(ReturnReason))],
                note="The second page is upside down.",
                by=self.by["moderator"].id,
                at=self.edge.clock(),
            )
        self.ids["returned"] = returned.id

    def stage(self, slug: str, *who: str) -> Stage:
        made = Stage(self.edge, self.make)
        made.edition, made.learner = self.editions[slug], self.by["owner"]
        self.qualify(slug, *who)
        made.submission = self.submit(slug)
        return made.past_intake().asked()

    def qualify(self, slug: str, *who: str) -> None:
        with self.edge.database.transaction() as session:
            for one in who:
                pool.qualify(
                    session,
                    self.by[one].id,
                    self.editions[slug].badge_id,
                    source=QualificationSource.GRANTED,
                    reason="Has hosted many sessions.",
                    valid_until=None,
                    by=OPERATOR,
                    at=self.edge.clock(),
                )

    def reviews(self) -> None:
        seen = self.stage("careful-host", "declined", "lapsed")
        ended = {one.reviewer_id: one.id for one in seen.invited()}
        self.ids["declined"] = ended[self.by["declined"].id]
        self.ids["lapsed"] = ended[self.by["lapsed"].id]
        with self.edge.database.transaction() as session:
            invitations.decline(
                session,
                self.ids["declined"],
                reason=DeclineReason.OUTSIDE_EXPERTISE,
                by=self.by["declined"].id,
                at=self.edge.clock(),
            )
        self.edge.clock.advance(days=4)
        jobs.sweep(self.edge, "lapse_invitations")
        self.qualify("careful-host", "reviewer", "second")
        jobs.sweep(self.edge, "refill_rounds")
        seen.drain()
        mine, other = sorted(
            seen.accept_all(), key=lambda one: one.reviewer_id != self.by["reviewer"].id
        )
        seen.draft(mine, {"C1": answer(3), "C2": answer(3)})
        self.qualify("careful-host", "unasked")
        self.ids |= {"under_review": seen.submission.id, "assignment_id": mine.id}
        self.ids["not_opened"] = other.id
        asked = self.stage("asked-badge", "reviewer", "second")
        self.ids["invitation"] = next(
            one.id for one in asked.invited() if one.reviewer_id == self.by["reviewer"].id
        )
        self.qualify("asked-badge", "unasked")
        self.ids["asked"] = asked.submission.id
        manager, unwanted = self.by["manager"].id, self.by["unasked"].id
        self.ids |= steer(self.edge, asked, manager=manager, unwanted=unwanted)

    def disputes(self) -> None:
        for who in ("reviewer", "second"):
            with self.edge.database.transaction() as session:
                pool.ensure_profile(session, self.by[who].id, at=self.edge.clock()).max_open = 9
        told = self.stage("disputed-badge", "reviewer", "second").decided([(3, 2), (3, 2)])
        with self.edge.database.transaction() as session:
            lodged = disputes.lodge(
                session,
                told.submission.id,
                request=REQUEST,
                by=self.by["owner"].id,
                at=self.edge.clock(),
            )
        finished = next(
            one
            for one in self.make.rows(Assignment, submission_id=told.submission.id)
            if one.reviewer_id == self.by["reviewer"].id
        )
        self.ids |= {
            "disputed": told.submission.id,
            "request_id": lodged.id,
            "finished": finished.id,
        }
        open_ = self.stage("unsettled-badge", "reviewer", "second").decided([(3, 2), (3, 2)])
        self.force(open_.submission, SubmissionState.IN_COMMITTEE)
        self.ids["unsettled"] = open_.submission.id
        moderated = self.stage("moderated-badge", "reviewer", "second")
        self.ids |= moderate(self.edge, self.make, moderated)
        self.ids |= draw(self.edge, self.make, told.submission.id)

    def force(self, row: Submission, state: SubmissionState) -> None:
        with self.edge.database.transaction() as session:
            session.get_one(Submission, row.id).state = state.value

    def awards(self) -> None:
        levels = {"C1": 3, "C2": 4}
        offers = {
            slug: awarded(self.make, self.submit(f"{slug}-badge"), levels)
            for slug in ("offered", "declined", "held")
        }
        with self.edge.database.transaction() as session:
            issuing.decline(
                session, offers["declined"].id, by=self.by["owner"].id, at=self.edge.clock()
            )
        shown = sample("Run sheet", self.make.blob().sha256)
        credential = sign(self.edge, offers["held"], visibility=Visibility.PUBLIC, evidence=[shown])
        (consent,) = self.make.rows(EvidenceConsent)
        assert self.make.rows(Credential)
        self.ids |= {
            "offered": offers["offered"].id,
            "declined_offer": offers["declined"].id,
            "award_id": offers["held"].id,
            "credential_id": credential.id,
            "consent_id": consent.id,
            "list_id": credential.status_list_id,
        }

    def rest(self) -> None:
        with self.edge.database.transaction() as session:
            tie = ties.declare_conflict(
                session,
                self.by["owner"].id,
                kind=ConflictKind.EMPLOYER,
                organisation="Lantern Works",
                address="",
                until=None,
                by=self.by["owner"].id,
                at=self.edge.clock(),
            )
            spare = EmailAddress(
                person_id=self.by["owner"].id,
                address="kim.spare@people.example",
                identity_key="kim.spare@people.example",
                is_primary=False,
                created_at=self.edge.clock(),
            )
            session.add(spare)
            grant = grant_role(
                session,
                self.by["second"].id,
                Role.COMMITTEE,
                scope=ELSEWHERE,
                by=OPERATOR,
                at=self.edge.clock(),
            )
            mail = session.scalars(select(Mail.id).limit(1)).one()
            days = Holiday(
                person_id=self.by["owner"].id,
                from_date=self.edge.clock().date(),
                until_date=self.edge.clock().date(),
            )
            asked = Application(
                person_id=self.by["owner"].id,
                badge_id=session.scalars(select(Badge.id).filter_by(slug="careful-host")).one(),
                holdings="Six years of practice.",
                applied_at=self.edge.clock(),
                answer_by=self.edge.clock(),
            )
            session.add_all([days, asked])
            session.flush()
            reviewer = self.by["reviewer"].id
            self.ids |= recognise(session, reviewer, at=self.edge.clock())
            self.ids |= calibrate(
                session,
                self.ids["disputed"],
                reader=reviewer,
                manager=self.by["manager"].id,
                at=self.edge.clock(),
            )
            self.ids |= {
                "conflict_id": tie.id,
                "holiday_id": days.id,
                "application_id": asked.id,
                "email_id": spare.id,
                "grant_id": grant.id,
                "mail_id": mail,
                "person_id": self.by["second"].id,
            }

    def disable(self) -> None:
        with self.edge.database.transaction() as session:
            session.get_one(Person, self.by["disabled"].id).disabled_at = self.edge.clock()
