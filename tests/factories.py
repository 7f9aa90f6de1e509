"""Builds what tests are about, through the same services that people use.

Every method returns what it made. Nothing here skips a rule: a submission that is under review
was handed in, passed intake and was accepted by reviewers.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import count
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts import roles
from accounts import services as accounts
from accounts.models import Person
from accounts.states import Role
from core.runtime import Runtime
from credentials.catalog import services as catalog
from credentials.catalog.definition import (
    Criterion,
    EditionDefinition,
    EvidenceRequirement,
    Level,
    ReflectionPrompt,
    ReviewPolicy,
    Statement,
)
from credentials.catalog.models import BadgeEdition
from portfolio.composing import services as composing
from portfolio.composing.models import Portfolio
from portfolio.evidence.models import Blob, EvidenceItem
from portfolio.evidence.states import PreviewState
from portfolio.submission import services as submission
from portfolio.submission.models import Submission
from portfolio.submission.states import SubmissionState
from review.assignment import rounds
from review.assignment.states import RoundKind
from review.pool import services as pool
from review.pool.states import QualificationSource

LEVELS = (
    Level(1, "Not evident"),
    Level(2, "Developing"),
    Level(3, "Proficient"),
    Level(4, "Exemplary"),
)
PASSWORD = "seven brass lanterns"
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
OPERATOR = "system:operator"


def sample_definition(**changes: Any) -> EditionDefinition:
    """Return a small badge of two criteria that a portfolio can meet in a few lines."""
    return replace(
        EditionDefinition(
            slug="careful-host",
            version="1.0.0",
            title="Careful Host",
            claim="Hosts a session that everybody can follow.",
            summary="Shown with one run sheet and a short reflection.",
            workload_hours=4,
            levels=LEVELS,
            criteria=tuple(
                Criterion(key, name, {value: f"{name}, step {value}." for value in range(1, 5)})
                for key, name in (("C1", "Needs"), ("C2", "Plan"))
            ),
            evidence_requirements=(
                EvidenceRequirement(
                    "E1", "Run sheet", "The sheet you used.", ("pdf", "document", "image")
                ),
            ),
            reflections=(ReflectionPrompt("R1", "Looking back", "What would you change?", 5, 200),),
            statements=(Statement("own_work", "This is my own work."),),
            attestation="none",
            review_policy=ReviewPolicy(min_rationale_words=3),
        ),
        **changes,
    )


class Factory:
    """Builds inside one open session, or commits each call when there is none."""

    def __init__(self, edge: Runtime, session: Session | None) -> None:
        self.edge = edge
        self._open = session
        self._number = count(1)

    @contextmanager
    def _session(self) -> Iterator[Session]:
        if self._open is not None:
            yield self._open
            self._open.flush()
        else:
            with self.edge.database.transaction() as session:
                yield session

    def person(
        self,
        name: str = "",
        *,
        address: str = "",
        password: str | None = None,
        employer: str = "",
        sector: str = "",
        roles_held: tuple[Role, ...] = (),
        badge: str = "",
    ) -> Person:
        """Make somebody with a verified address, and with these roles for `badge` or for all."""
        number = next(self._number)
        at = self.edge.clock()
        with self._session() as session:
            made = accounts.create_person(
                session,
                name=name or f"Robin Number{number}",
                address=address or f"person{number}@example.org",
                password=password,
                employer=employer,
                sector=sector,
                at=at,
            )
            for role in roles_held:
                roles.grant_role(session, made.id, role, scope=badge, by=OPERATOR, at=at)
            return made

    def edition(
        self, definition: EditionDefinition | None = None, *, is_published: bool = True
    ) -> BadgeEdition:
        """Import a badge, and publish it unless told otherwise; the same one is made once."""
        at = self.edge.clock()
        with self._session() as session:
            issuer = catalog.ensure_issuer(
                session, slug="northlight", name="Northlight Guild", at=at
            )
            made = catalog.import_edition(
                session, definition or sample_definition(), issuer=issuer, by=OPERATOR, at=at
            )
            return catalog.publish(session, made.id, by=OPERATOR, at=at) if is_published else made

    def reviewer(self, edition: BadgeEdition, name: str = "", **details: Any) -> Person:
        """Make somebody who is qualified for a badge and available."""
        made = self.person(name, **details)
        with self._session() as session:
            pool.qualify(
                session,
                made.id,
                edition.badge_id,
                source=QualificationSource.GRANTED,
                reason="Has hosted many sessions.",
                valid_until=None,
                by=OPERATOR,
                at=self.edge.clock(),
            )
        return made

    def blob(self, content: bytes = PDF, media_type: str = "application/pdf") -> Blob:
        """Keep bytes in the store, with the row that names them; no preview can be made of them."""
        stored = self.edge.storage.put(content)
        with self._session() as session:
            found = session.get(Blob, stored.sha256)
            if found is None:
                found = Blob(
                    sha256=stored.sha256,
                    size=stored.size,
                    media_type=media_type,
                    created_at=self.edge.clock(),
                    preview_state=PreviewState.NONE.value,
                )
                session.add(found)
            return found

    def item(
        self,
        portfolio: Portfolio,
        *,
        content: bytes = PDF,
        media_type: str = "application/pdf",
        file_name: str = "run-sheet.pdf",
        title: str = "Run sheet",
        requirement: str = "E1",
    ) -> EvidenceItem:
        """Put a work sample into a portfolio."""
        blob = self.blob(content, media_type)
        with self._session() as session:
            made = EvidenceItem(
                portfolio_id=portfolio.id,
                requirement_key=requirement,
                title=title,
                file_name=file_name,
                sha256=blob.sha256,
                size=blob.size,
                media_type=media_type,
                uploaded_at=self.edge.clock(),
            )
            session.add(made)
            return made

    def portfolio(
        self, learner: Person, edition: BadgeEdition, *, is_complete: bool = True
    ) -> Portfolio:
        """Start a portfolio, with everything that the sample badge wants unless told otherwise."""
        at = self.edge.clock()
        with self._session() as session:
            made = composing.start(session, edition.id, by=learner.id, at=at)
        if is_complete:
            self._complete(made, learner)
        return made

    def _complete(self, portfolio: Portfolio, learner: Person) -> None:
        item = self.item(portfolio)
        place = {"by": learner.id, "at": self.edge.clock()}
        with self._session() as session:
            composing.save_context(
                session,
                portfolio.id,
                role="Host",
                sector="Associations",
                context="A yearly meeting of forty people.",
                base="",
                **place,
            )
            composing.save_reflection(
                session,
                portfolio.id,
                prompt_key="R1",
                words="Next time the remote guests speak first, not last.",
                base="",
                **place,
            )
            composing.save_disclosures(
                session, portfolio.id, disclosures={"ai_use": "None."}, base="", **place
            )
            composing.agree(session, portfolio.id, statements={"own_work"}, **place)
            composing.set_claims(
                session, portfolio.id, item.id, claims={"C1": "page 1", "C2": ""}, **place
            )

    def submission(
        self,
        learner: Person | None = None,
        edition: BadgeEdition | None = None,
        *,
        portfolio: Portfolio | None = None,
    ) -> Submission:
        """Hand in a complete portfolio; its jobs wait in the queue."""
        learner = learner or self.person()
        portfolio = portfolio or self.portfolio(learner, edition or self.edition())
        with self._session() as session:
            return submission.hand_in(
                session, portfolio.id, by=portfolio.learner_id, at=self.edge.clock()
            )

    def moved(self, handed_in: Submission, *states: SubmissionState) -> Submission:
        """Move a submission along these states."""
        with self._session() as session:
            found = session.get_one(Submission, handed_in.id)
            for state in states:
                submission.move_to(session, found, state, by=OPERATOR, at=self.edge.clock())
            return found

    def waiting_for_one(self, learner: Person, edition: BadgeEdition) -> Submission:
        """Bring a work as far as wanting one reviewer; the router's job waits in the queue."""
        found = self.submission(learner, edition)
        self.moved(found, SubmissionState.INTAKE, SubmissionState.AWAITING_REVIEWERS)
        with self._session() as session:
            rounds.open_round(
                session,
                found.id,
                kind=RoundKind.INITIAL,
                seats=1,
                by=OPERATOR,
                at=self.edge.clock(),
            )
        return found

    def reload(self, row: Any) -> Any:
        """Return a row as the database has it now."""
        with self._session() as session:
            return session.get_one(type(row), row.id, populate_existing=True)

    def rows(self, table: type[Any], /, **values: Any) -> list[Any]:
        """Return every row of a table whose columns have these values."""
        with self._session() as session:
            return list(session.scalars(select(table).filter_by(**values)))
