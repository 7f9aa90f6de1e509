"""The last look before a hand-in: everything that would be sealed now, and whether it may be."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from core.calendar import add_business_days
from core.digest import sha256_hex
from credentials.catalog import queries as catalog
from credentials.catalog.definition import EditionDefinition
from credentials.catalog.models import BadgeEdition
from portfolio.composing.coverage import Coverage, coverage
from portfolio.composing.models import Portfolio
from portfolio.composing.queries import LIVE, Work, contents_of, work_in
from portfolio.submission.manifest import ManifestClaim, ManifestItem, ManifestParts, build, digest
from portfolio.submission.models import Submission
from portfolio.submission.queries import attempts, holds_badge
from portfolio.submission.rules import USES_AN_ATTEMPT, Earlier, objection_to_handing_in, worries
from portfolio.submission.states import OPEN, SubmissionState


@dataclass(frozen=True)
class FinalCheck:
    """What a learner looks at before handing in; `seen` names exactly what would be sealed."""

    work: Work
    edition: BadgeEdition
    definition: EditionDefinition
    coverage: Coverage
    earlier: tuple[Submission, ...]
    objection: str | None
    seen: str
    promised_at: datetime
    worries: tuple[str, ...]

    @property
    def attempt(self) -> int:
        """The number that this hand-in would have."""
        return len(self.earlier) + 1

    @property
    def used(self) -> int:
        """How many attempts are used up (INV-33)."""
        return sum(SubmissionState(one.state) in USES_AN_ATTEMPT for one in self.earlier)

    @property
    def on_its_way(self) -> Submission | None:
        """The submission of this portfolio that has no outcome yet."""
        return next((one for one in self.earlier if SubmissionState(one.state) in OPEN), None)


def final_check(session: Session, portfolio: Portfolio, *, at: datetime) -> FinalCheck:
    """Return what would be sealed now, and whether it may be."""
    edition = catalog.edition(session, portfolio.edition_id)
    definition = catalog.definition_of(edition)
    work = work_in(session, portfolio)
    earlier = attempts(session, portfolio.id)
    covered = coverage(definition, contents_of(work))
    policy = definition.review_policy
    return FinalCheck(
        work=work,
        edition=edition,
        definition=definition,
        coverage=covered,
        earlier=tuple(earlier),
        objection=objection_to_handing_in(
            coverage=covered,
            edition_state=edition.state,
            earlier=[Earlier(SubmissionState(one.state)) for one in earlier],
            attempts_allowed=policy.attempts,
            holds_badge=holds_badge(session, portfolio.learner_id, portfolio.badge_id),
        ),
        seen=digest(build(parts_of(work, edition, definition, len(earlier) + 1, note=""))),
        promised_at=add_business_days(
            at,
            policy.promise_business_days,
            zone=catalog.issuer_of(session, portfolio.badge_id).time_zone,
        ),
        worries=_worries(work, definition, at=at),
    )


def parts_of(
    work: Work, edition: BadgeEdition, definition: EditionDefinition, attempt: int, *, note: str
) -> ManifestParts:
    """Return everything that a hand-in seals, as plain values."""
    portfolio = work.portfolio
    agreed = portfolio.statements
    return ManifestParts(
        edition={"slug": definition.slug, "version": edition.version, "digest": edition.digest},
        attempt=attempt,
        role=portfolio.role,
        sector=portfolio.sector,
        context=portfolio.context,
        items=[
            ManifestItem(
                item_id=item.id,
                requirement=item.requirement_key,
                title=item.title,
                file_name=item.file_name,
                sha256=item.sha256,
                size=item.size,
                media_type=item.media_type,
                date_of_work=item.date_of_work,
                own_contribution=item.own_contribution,
            )
            for item in work.items
        ],
        claims=[
            ManifestClaim(claim.item_id, claim.criterion_key, claim.locator)
            for claim in work.claims
        ],
        reflections={key: one.text for key, one in work.reflections.items()},
        disclosures=portfolio.disclosures,
        statements=[
            (statement.key, statement.text, agreed[statement.key])
            for statement in definition.statements
            if statement.key in agreed
        ],
        attestations=[
            {
                "relation": one.relation,
                "state": one.state,
                "confirmed": one.confirmed,
                "address_sha256": sha256_hex(one.address),
            }
            for one in work.attestations
            if one.state in LIVE
        ],
        change_note=note,
    )


def _worries(work: Work, definition: EditionDefinition, *, at: datetime) -> tuple[str, ...]:
    claimed = {claim.item_id for claim in work.claims}
    oldest = date(at.year - definition.currency_years, at.month, min(at.day, 28))
    return tuple(
        worry
        for item in work.items
        for worry in worries(
            title=item.title,
            date_of_work=item.date_of_work,
            own_contribution=item.own_contribution,
            is_claimed=item.id in claimed,
            oldest=oldest,
        )
    )
