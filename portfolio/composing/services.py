"""Working on a portfolio: every save keeps what it replaces, and no save overwrites another's.

Each saving service takes `base`, the fingerprint of the text its form started from. When the
stored text has moved on, MovedOn is raised, nothing is changed, and the form keeps what was
typed.
"""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core import audit, text
from core.clock import iso_seconds
from core.errors import Conflict, Invalid, NotFound
from credentials.catalog import queries as catalog
from credentials.catalog.models import BadgeEdition
from credentials.catalog.states import EditionState
from portfolio.composing.models import Claim, Portfolio, Reflection
from portfolio.composing.queries import claims_on, item_in, open_edition, reflection_of
from portfolio.composing.rules import (
    DISCLOSURES,
    base_of,
    base_of_claims,
    wording_of_claims,
    wording_of_context,
    wording_of_disclosures,
)
from portfolio.composing.saving import keep, locked, refuse_if_moved_on, touch


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
    portfolio = locked(session, portfolio_id, by)
    stored = base_of(portfolio.role, portfolio.sector, portfolio.context)
    new = base_of(role, sector, context)
    old_text = wording_of_context(portfolio.role, portfolio.sector, portfolio.context)
    new_text = wording_of_context(role, sector, context)
    refuse_if_moved_on(old=old_text, new=new_text, base=base, stored=stored)
    if stored != new:
        keep(session, portfolio, "context", old_text, new_text, at=at)
        portfolio.role, portfolio.sector, portfolio.context = role, sector, context
        touch(portfolio, at=at)
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
    rendered: text.Rendered | None = None,
) -> str:
    """Save the answer to a prompt, Markdown as typed; return its fingerprint.

    Rendering may take seconds, in which SQLite lets nobody else write: who can does it first,
    with no transaction open, and brings what it made as `rendered`.
    """
    portfolio = locked(session, portfolio_id, by)
    definition = catalog.definition_of(catalog.edition(session, portfolio.edition_id))
    if prompt_key not in {prompt.key for prompt in definition.reflections}:
        raise NotFound()
    reflection = reflection_of(session, portfolio.id, prompt_key)
    if reflection is None:
        reflection = Reflection(portfolio_id=portfolio.id, prompt_key=prompt_key, text="")
        reflection.saved_at = at
        session.add(reflection)
    stored, new = base_of(reflection.text), base_of(words)
    part = f"reflection:{prompt_key}"
    refuse_if_moved_on(old=reflection.text, new=words, base=base, stored=stored)
    if stored != new:
        keep(session, portfolio, part, reflection.text, words, at=at)
        made = rendered or text.render(words)
        reflection.text, reflection.html = words, made.html
        reflection.renderer, reflection.saved_at = made.version, at
        touch(portfolio, at=at)
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
    portfolio = locked(session, portfolio_id, by)
    before = {key: portfolio.disclosures.get(key, "") for key in DISCLOSURES}
    after = {key: disclosures.get(key, "") for key in DISCLOSURES}
    stored, new = base_of(*before.values()), base_of(*after.values())
    old_text, new_text = wording_of_disclosures(before), wording_of_disclosures(after)
    refuse_if_moved_on(old=old_text, new=new_text, base=base, stored=stored)
    if stored != new:
        keep(session, portfolio, "disclosures", old_text, new_text, at=at)
        portfolio.disclosures = after
        touch(portfolio, at=at)
    return new


def agree(
    session: Session, portfolio_id: str, *, statements: set[str], by: str, at: datetime
) -> None:
    """Set which of the edition's statements are agreed to; each keeps its time of agreeing."""
    portfolio = locked(session, portfolio_id, by)
    definition = catalog.definition_of(catalog.edition(session, portfolio.edition_id))
    known = {statement.key for statement in definition.statements}
    portfolio.statements = {
        key: portfolio.statements.get(key, iso_seconds(at)) for key in sorted(statements & known)
    }
    touch(portfolio, at=at)


def save_change_note(
    session: Session, portfolio_id: str, *, note: str, by: str, at: datetime
) -> None:
    """Save what changed since the last attempt."""
    portfolio = locked(session, portfolio_id, by)
    if portfolio.change_note == note:
        return
    keep(session, portfolio, "change_note", portfolio.change_note, note, at=at)
    portfolio.change_note = note
    touch(portfolio, at=at)


def set_claims(
    session: Session,
    portfolio_id: str,
    item_id: str,
    *,
    claims: Mapping[str, str],
    by: str,
    at: datetime,
    base: str = "",
) -> str:
    """Set which criteria a work sample shows, criterion key to locator; return the fingerprint."""
    portfolio = locked(session, portfolio_id, by)
    item = item_in(session, portfolio.id, item_id)
    definition = catalog.definition_of(catalog.edition(session, portfolio.edition_id))
    unknown = set(claims) - {criterion.key for criterion in definition.criteria}
    if unknown:
        raise Invalid("This badge has no such criterion.", "claims")
    rows = {row.criterion_key: row for row in claims_on(session, item.id)}
    before = {key: row.locator for key, row in rows.items()}
    stored, new = base_of_claims(before), base_of_claims(claims)
    old_text, new_text = wording_of_claims(before), wording_of_claims(claims)
    refuse_if_moved_on(old=old_text, new=new_text, base=base, stored=stored)
    if stored == new:
        return new
    keep(session, portfolio, f"claims:{item.id}", old_text, new_text, at=at)
    for key, row in rows.items():
        if key not in claims:
            session.delete(row)
        else:
            row.locator = claims[key]
    session.add_all(
        Claim(
            portfolio_id=portfolio.id,
            item_id=item.id,
            criterion_key=key,
            locator=locator,
            created_at=at,
        )
        for key, locator in sorted(claims.items())
        if key not in rows
    )
    touch(portfolio, at=at)
    return new


def move_to_open_edition(session: Session, portfolio_id: str, *, by: str, at: datetime) -> None:
    """Move one's own portfolio to the badge's open edition; what is handed in stays on its own.

    Answers to prompts, claims and agreements that the new edition does not know are kept, and
    count again if the portfolio ever comes back to an edition that does (INV-04).
    """
    portfolio = locked(session, portfolio_id, by)
    target = open_edition(session, portfolio.badge_id)
    if target is None or target.id == portfolio.edition_id:
        raise Conflict("There is no newer edition to move to. Your portfolio is as it was.")
    before = portfolio.edition_id
    portfolio.edition_id = target.id
    definition = catalog.definition_of(target)
    texts = {statement.key: statement.text for statement in definition.statements}
    old = catalog.definition_of(catalog.edition(session, before))
    same = {one.key for one in old.statements if texts.get(one.key) == one.text}
    # A sentence that reads differently now was never agreed to.
    portfolio.statements = {
        key: agreed for key, agreed in portfolio.statements.items() if key in same
    }
    touch(portfolio, at=at)
    audit.record(
        session,
        "portfolio_moved_to_edition",
        subject_kind="portfolio",
        subject_id=portfolio.id,
        by=by,
        at=at,
        detail={"from": before, "to": target.id},
    )


def _portfolio_for(session: Session, learner_id: str, badge_id: str) -> Portfolio | None:
    return session.scalar(
        select(Portfolio).where(Portfolio.learner_id == learner_id, Portfolio.badge_id == badge_id)
    )
