"""AZ2, AZ6, AZ7: another's ids inside a form or a nested address, extra fields, skipped steps.

Each is sent as the person whose page it is. It is refused, and no row of any table changes.
"""

from typing import Any

import pytest
from sqlalchemy import select

from app.tables import METADATA
from core.digest import sha256_hex
from core.ids import new_id
from review.decision.models import Decision
from tests.app.access_routes import FORMS, ask, methods_of, path_of, values_for
from tests.app.access_world import World
from tests.factories import Factory, sample_definition

# What a request notes of itself: tries against limits, and when somebody was last seen.
NOTED = {"accounts_throttle", "accounts_session"}
REFUSED = {403, 404, 409, 422}


@pytest.fixture
def theirs(world: World) -> dict[str, str]:
    """The ids of what belongs to a stranger: a portfolio, a piece in it, a hand-in, an award."""
    make = Factory(world.edge, None)
    person = make.person("Sol Somebody")
    edition = make.edition(sample_definition(slug="their-badge", title="Their Badge"))
    work = make.portfolio(person, edition)
    item = make.item(work, title="Their second page")
    handed_in = make.submission(portfolio=work)
    return {"portfolio": work.id, "item": item.id, "ref": f"{handed_in.id}/1", "person": person.id}


def rows(world: World) -> dict[str, str]:
    """Return a digest of each table."""
    found = {}
    with world.edge.database.transaction(read_only=True) as session:
        for table in METADATA.sorted_tables:
            if table.name not in NOTED:
                lines = sorted(str(tuple(row)) for row in session.execute(select(table)))
                found[table.name] = sha256_hex("\n".join(lines))
    return found


def changed(before: dict[str, str], after: dict[str, str]) -> list[str]:
    return sorted(table for table, digest in before.items() if after[table] != digest)


# Who sends it, where to, and what: braces name ids of the world, `their_` those of the stranger.
OTHERS = {
    "a piece of another portfolio is claimed": (
        "owner",
        "/portfolios/{portfolio_id}/claims/{their_item}",
        {"shows_C1": "y"},
    ),
    "a piece of one's own in a portfolio of another": (
        "owner",
        "/portfolios/{their_portfolio}/claims/{item_id}",
        {"shows_C1": "y"},
    ),
    "a request to an attester of another portfolio": (
        "owner",
        "/portfolios/{their_portfolio}/attestations/{attestation_id}/withdraw",
        {},
    ),
    "a file for another's portfolio": (
        "owner",
        "/portfolios/{their_portfolio}/evidence",
        {"requirement_key": "E1"},
    ),
    "a file for a requirement that is none": (
        "owner",
        "/portfolios/{portfolio_id}/evidence",
        {"requirement_key": "E9"},
    ),
    "a piece moved to a requirement that is none": (
        "owner",
        "/evidence/{item_id}",
        {"title": "Moved", "requirement_key": "E9"},
    ),
    "a statement that the edition does not make": (
        "owner",
        "/portfolios/{portfolio_id}/statements",
        {"statements": "own_everything"},
    ),
    "another's work shown on one's own badge": (
        "owner",
        "/awards/{offered}/accept",
        {"visibility": "public", "evidence": "{their_ref}", "agrees": "y"},
    ),
    "one's own consent through another award": (
        "owner",
        "/awards/{offered}/evidence/{consent_id}/withdraw",
        {},
    ),
    "a criterion that the rubric does not have": (
        "reviewer",
        "/reviews/{assignment_id}/save",
        {"version": "1", "C9-answer": "4"},
    ),
    "a level that the scale does not have": (
        "reviewer",
        "/reviews/{assignment_id}/save",
        {"version": "2", "C1-answer": "5"},
    ),
    "a role for somebody who does not exist": (
        "admin",
        "/roles/grant",
        {"person_id": "{nobody}", "role": "auditor"},
    ),
    "a role that does not exist": (
        "admin",
        "/roles/grant",
        {"person_id": "{their_person}", "role": "owner"},
    ),
    "somebody out of a pool they are not in": (
        "manager",
        "/pool/careful-host/{their_person}/end",
        {"to": "lapsed", "reason": "None."},
    ),
    "a badge that one does not hold": ("reviewer", "/reviewing/volunteer", {"badge": "far-badge"}),
    "a pool that one is not in": ("owner", "/reviewing/rest", {"badge": "careful-host"}),
    "a reason that intake does not know": (
        "moderator",
        "/intake/{at_intake}/return",
        {"reasons": "too_weak", "note": "It is weak."},
    ),
    "an outcome that a committee does not give": (
        "committee",
        "/committee/{request_id}",
        {"outcome": "granted", "reasons": "x" * 60},
    ),
}


@pytest.mark.parametrize("case", OTHERS)
def test_az2_ids_of_others_inside_a_form_or_an_address_change_nothing(
    world: World, theirs: dict[str, str], case: str
) -> None:
    who, path, form = OTHERS[case]
    ids = {**world.ids, **{f"their_{key}": one for key, one in theirs.items()}, "nobody": new_id()}
    before = rows(world)

    sent = {key: value.format(**ids) for key, value in form.items()}
    answer = world.client(who).post(path.format(**ids), data=sent)

    assert answer.status_code in REFUSED
    assert changed(before, rows(world)) == []


FORM_OF: dict[str, Any] = {"submission.hand_in": {"seen": "0" * 64, "sure": "y"}}
STEPS = {
    "a declined badge is accepted": ("owner", "/awards/{declined_offer}/accept", "issuing.accept"),
    "an issued badge is declined": ("owner", "/awards/{award_id}/decline", ""),
    "an issued badge is offered again": ("owner", "/awards/{award_id}/reoffer", ""),
    "an offer is made visible": ("owner", "/awards/{offered}/visibility", "issuing.visibility"),
    "work is sealed that nobody looked at": (
        "owner",
        "/portfolios/{portfolio_id}/hand-in",
        "submission.hand_in",
    ),
    "a decided hand-in is taken back": ("owner", "/submissions/{disputed}/withdraw", ""),
    "a dispute before there is an outcome": (
        "owner",
        "/submissions/{under_review}/reconsideration",
        "disputes.request",
    ),
    "a second dispute": (
        "owner",
        "/submissions/{disputed}/reconsideration",
        "disputes.request",
    ),
    "intake answers what is under review": ("moderator", "/intake/{under_review}/pass", ""),
    "an invitation is accepted that ended": (
        "lapsed",
        "/reviews/{lapsed}/invitation/accept",
        "assignment.accept",
    ),
    "a review goes on that was declined": ("declined", "/reviews/{declined}/save", "scoring.save"),
    "a review is changed after the outcome": (
        "reviewer",
        "/reviews/{finished}/save",
        "scoring.save",
    ),
    "stepping back after the outcome": (
        "reviewer",
        "/reviews/{finished}/recuse",
        "scoring.recuse",
    ),
    "scoring before saying yes": ("reviewer", "/reviews/{invitation}/save", "scoring.save"),
}


@pytest.mark.parametrize("case", STEPS)
def test_az7_a_step_cannot_be_skipped_nor_taken_twice(world: World, case: str) -> None:
    who, path, form = STEPS[case]
    before = rows(world)

    sent = FORM_OF.get(form) or FORMS.get(form, {})
    answer = world.client(who).post(path.format(**world.ids), data=sent)

    assert answer.status_code in REFUSED
    assert changed(before, rows(world)) == []


@pytest.mark.parametrize("who", ["owner", "reviewer"])
def test_az6_fields_that_are_not_in_a_form_are_not_taken(world: World, who: str) -> None:
    stranger = world.people["stranger"]
    extra = {
        **dict.fromkeys(("id", "person_id", "owner_id", "learner_id", "reviewer_id"), stranger),
        **{"roles": "issuer_admin", "role": "issuer_admin", "state": "released", "level": "4"},
        **{"decided_at": "2020-01-01", "sealed_at": "2020-01-01", "is_primary": "y", "score": "4"},
    }

    taken = []
    for rule in world.app.url_map.iter_rules():
        if "POST" not in methods_of(rule):
            continue
        before = mentions(world, stranger)
        path = path_of(world, rule, values_for(world, rule, who))
        ask(world, world.client(who), "POST", path, rule.endpoint, extra=extra)
        if mentions(world, stranger) != before:
            taken.append(rule.endpoint)
        world.put_back()

    assert taken == []


def mentions(world: World, person_id: str) -> tuple[int, int, int]:
    """Return how many rows name a person, and how many roles and decisions there are."""
    with world.edge.database.transaction(read_only=True) as session:
        count = sum(
            person_id in str(tuple(row))
            for table in METADATA.sorted_tables
            if table.name not in NOTED
            for row in session.execute(select(table))
        )
        grants = METADATA.tables["accounts_role_grant"]
        return (
            count,
            len(session.execute(select(grants)).all()),
            len(session.scalars(select(Decision.id)).all()),
        )
