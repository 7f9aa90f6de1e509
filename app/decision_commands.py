"""The commands about decisions: compute one again, and learn from all reviews of a badge."""

import click
from sqlalchemy.orm import Session

from app.runtime import opened
from core.runtime import Runtime
from credentials.catalog import queries as catalog
from review.decision import families
from review.decision.jobs import learn
from review.decision.models import FamilyFit
from review.decision.recomputing import recompute as compute_again

BY = "system:operator"


@click.group()
def decision() -> None:
    """Compute a decision again from its record, or learn from all reviews of a badge."""


@decision.command()
@click.argument("decision_id")
def recompute(decision_id: str) -> int:
    """Compute the decision DECISION_ID again from the sealed reviews and the pinned edition.

    Prints the fingerprint as stored and as computed, and the versions of rule and model that it
    was made by. Ends with 1 when anything differs, and says what.
    """
    with opened() as edge, edge.database.transaction(read_only=True) as session:
        again = compute_again(session, decision_id)
    click.echo(f"stored    {again.stored}")
    click.echo(f"computed  {again.computed}")
    click.echo(f"by        {', '.join(again.versions)}")
    for one in again.differences:
        click.echo(one)
    click.echo("They are equal." if again.is_equal else "They differ.")
    return 0 if again.is_equal else 1


@decision.command("fit")
@click.argument("badge", required=False)
def fit_now(badge: str | None) -> int:
    """Learn from all reviews of BADGE, or of every badge, as is done each night.

    A fit is kept only where reviews or anchors changed. Ends with 1 when one did not settle;
    the one before it stays in use.
    """
    is_settled = True
    with opened() as edge:
        for badge_id, family, name in _families(edge, badge):
            found = learn(edge, badge_id, family, by=BY)
            click.echo(f"{name}: {_words(found)}")
            is_settled &= found is None or found.is_converged
    return 0 if is_settled else 1


def _families(edge: Runtime, slug: str | None) -> list[tuple[str, str, str]]:
    """Return badge, family and what to call it, for one badge or for all."""
    with edge.database.transaction(read_only=True) as session:
        badges = catalog.badges(session) if slug is None else [catalog.badge_by(session, slug)]
        return [
            (one.id, family, _name(session, one.slug, editions))
            for one in badges
            for family, editions in families.families(session, one.id).items()
        ]


def _name(session: Session, slug: str, editions: list[str]) -> str:
    versions = sorted(catalog.edition(session, one).version for one in editions)
    return f"{slug} {', '.join(versions)}"


def _words(found: FamilyFit | None) -> str:
    if found is None:
        return "nothing new since the last fit."
    read = f"{found.reviews} reviews of {found.submissions} works"
    if found.is_converged:
        return f"fitted to {read} in {found.iterations} rounds."
    return f"{read} did not settle in {found.iterations} rounds; the fit before stays in use."
