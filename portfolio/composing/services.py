"""Working on a portfolio: every save keeps what it replaces, and no save overwrites another's.

Each saving service takes `base`, the fingerprint of the text its form started from. When the
stored text has moved on, Conflict is raised and the form keeps what was typed.
"""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core import audit, text
from core.clock import iso_seconds
from core.errors import Conflict, Invalid, NotFound
from credentials.catalog import queries as catalog
from credentials.catalog.models import BadgeEdition
from credentials.catalog.states import EditionState
from portfolio.composing.models import Claim, Portfolio, Reflection, Revision
from portfolio.composing.queries import portfolio_of
from portfolio.composing.rules import base_of, has_moved_on
from portfolio.evidence.models import EvidenceItem

DISCLOSURES = ("ai_use", "team_share", "earlier_use")


class MovedOn(Conflict):
    """Another tab or device saved first, and nothing was overwritten."""


def start(session: Session, edition_id: str, *, by: str, at: datetime) -> Portfolio:
    """Return the learner's portfolio for the edition's badge, made if there is none yet."""
    edition = session.get(BadgeEdition, edition_id)
    if edition is None:
        raise NotFound()
    existing = _portfolio_for(session, by, edition.badge_id)
    if existing is not None:
        return existing
    if edition.state != EditionState.PUBLISHED.value:
        raise Conflict("This edition of the badge is closed. Start from the badge's page.")
    made = Portfolio(
        learner_id=by,
        badge_id=edition.badge_id,
        edition_id=edition.id,
        created_at=at,
        saved_at=at,
        disclosures={},
        statements={},
    )
    try:
        with session.begin_nested():
            session.add(made)
    except IntegrityError:
        # The same button pressed twice: the other request made it a moment ago.
        found = _portfolio_for(session, by, edition.badge_id)
        if found is None:
            raise
        return found
    audit.record(
        session, "portfolio_started", subject_kind="portfolio", subject_id=made.id, by=by, at=at
    )
    return made


def save_context(
    session: Session,
    portfolio_id: str,
    *,
    role: str,
    sector: str,
    context: str,
    base: str,
    by: str,
    at: datetime,
) -> str:
    """Save role, sector and setting; return the fingerprint of what is stored now."""
    portfolio = _locked(session, portfolio_id, by)
    stored = base_of(portfolio.role, portfolio.sector, portfolio.context)
    new = base_of(role, sector, context)
    _refuse_if_moved_on(stored, base, new)
    if stored != new:
        _keep(session, portfolio, "context", portfolio.context, at=at)
        portfolio.role, portfolio.sector, portfolio.context = role, sector, context
        _touch(portfolio, at=at)
    return new


def save_reflection(
    session: Session,
    portfolio_id: str,
    *,
    prompt_key: str,
    words: str,
    base: str,
    by: str,
    at: datetime,
) -> str:
    """Save the answer to a prompt, Markdown as typed; return its fingerprint."""
    portfolio = _locked(session, portfolio_id, by)
    definition = catalog.definition_of(catalog.edition(session, portfolio.edition_id))
    if prompt_key not in {prompt.key for prompt in definition.reflections}:
        raise NotFound()
    reflection = session.scalar(
        select(Reflection).where(
            Reflection.portfolio_id == portfolio.id, Reflection.prompt_key == prompt_key
        )
    )
    if reflection is None:
        reflection = Reflection(portfolio_id=portfolio.id, prompt_key=prompt_key, text="")
        reflection.saved_at = at
        session.add(reflection)
    stored, new = base_of(reflection.text), base_of(words)
    part = f"reflection:{prompt_key}"
    _refuse_if_moved_on(stored, base, new)
    if stored != new:
        _keep(session, portfolio, part, reflection.text, at=at)
        rendered = text.render(words)
        reflection.text, reflection.html = words, rendered.html
        reflection.renderer, reflection.saved_at = rendered.version, at
        _touch(portfolio, at=at)
    return new


def save_disclosures(
    session: Session,
    portfolio_id: str,
    *,
    disclosures: Mapping[str, str],
    base: str,
    by: str,
    at: datetime,
) -> str:
    """Save what is disclosed on AI use, team share and earlier use; return the fingerprint."""
    portfolio = _locked(session, portfolio_id, by)
    before = [portfolio.disclosures.get(key, "") for key in DISCLOSURES]
    after = [disclosures.get(key, "") for key in DISCLOSURES]
    stored, new = base_of(*before), base_of(*after)
    _refuse_if_moved_on(stored, base, new)
    if stored != new:
        _keep(session, portfolio, "disclosures", "\n\n".join(before), at=at)
        portfolio.disclosures = dict(zip(DISCLOSURES, after, strict=True))
        _touch(portfolio, at=at)
    return new


def agree(
    session: Session, portfolio_id: str, *, statements: set[str], by: str, at: datetime
) -> None:
    """Set which of the edition's statements are agreed to; each keeps its time of agreeing."""
    portfolio = _locked(session, portfolio_id, by)
    definition = catalog.definition_of(catalog.edition(session, portfolio.edition_id))
    known = {statement.key for statement in definition.statements}
    portfolio.statements = {
        key: portfolio.statements.get(key, iso_seconds(at)) for key in sorted(statements & known)
    }
    _touch(portfolio, at=at)


def save_change_note(
    session: Session, portfolio_id: str, *, note: str, by: str, at: datetime
) -> None:
    """Save what changed since the last attempt."""
    portfolio = _locked(session, portfolio_id, by)
    portfolio.change_note = note
    _touch(portfolio, at=at)


def set_claims(
    session: Session,
    portfolio_id: str,
    item_id: str,
    *,
    claims: Mapping[str, str],
    by: str,
    at: datetime,
) -> None:
    """Set which criteria a work sample shows; `claims` maps criterion key to a locator."""
    portfolio = _locked(session, portfolio_id, by)
    item = session.get(EvidenceItem, item_id)
    if item is None or item.portfolio_id != portfolio.id or item.removed_at is not None:
        raise NotFound()
    definition = catalog.definition_of(catalog.edition(session, portfolio.edition_id))
    unknown = set(claims) - {criterion.key for criterion in definition.criteria}
    if unknown:
        raise Invalid("This badge has no such criterion.", "claims")
    session.execute(delete(Claim).where(Claim.item_id == item.id))
    session.add_all(
        Claim(
            portfolio_id=portfolio.id,
            item_id=item.id,
            criterion_key=key,
            locator=locator,
            created_at=at,
        )
        for key, locator in sorted(claims.items())
    )
    _touch(portfolio, at=at)


def _portfolio_for(session: Session, learner_id: str, badge_id: str) -> Portfolio | None:
    return session.scalar(
        select(Portfolio).where(Portfolio.learner_id == learner_id, Portfolio.badge_id == badge_id)
    )


def _locked(session: Session, portfolio_id: str, by: str) -> Portfolio:
    portfolio_of(session, portfolio_id, learner_id=by)
    return session.scalars(
        select(Portfolio).where(Portfolio.id == portfolio_id).with_for_update()
    ).one()


def _touch(portfolio: Portfolio, *, at: datetime) -> None:
    portfolio.version += 1
    portfolio.saved_at = at


def _keep(session: Session, portfolio: Portfolio, part: str, text: str, *, at: datetime) -> None:
    if text:
        session.add(Revision(portfolio_id=portfolio.id, part=part, text=text, saved_at=at))


def _refuse_if_moved_on(stored: str, base: str, new: str) -> None:
    if has_moved_on(stored=stored, base=base, new=new):
        raise MovedOn(
            "This text was changed in another tab or on another device meanwhile. What you typed"
            " is still in this form: copy it, reload the page, and put the two together."
        )
