"""Who can sign in to the demo, and what to try as them."""

from sqlalchemy import select

from accounts.models import EmailAddress, Person
from app.seed.people import EVERYBODY, PASSWORD
from core.db import Database
from review.assignment.models import Assignment
from review.assignment.states import AssignmentState

TRY = (
    ("lena", "finish a portfolio: upload, claim, reflect, hand in"),
    ("pablo", "accept a badge that was granted, and share it"),
    ("clara", "read a “not yet” with its reasons, and the badge that followed"),
    ("mona", "intake and moderation: what a check was unsure of, and how a review is written"),
    ("chioma", "committee: answer a request for reconsideration"),
    ("petra", "see the flow of all work, and who could review it"),
    ("ada", "grant roles"),
    ("otto", "check that no recorded event was changed"),
)
REVIEWING = (
    (AssignmentState.IN_PROGRESS, "go on with a review, blind"),
    (AssignmentState.INVITED, "answer an invitation to review"),
)
NAMES = {cast.key: cast.name for cast in EVERYBODY}


def guide(database: Database) -> str:
    """Return a few lines that say who can sign in, and what to try."""
    people = [(f"{key}@example.org", NAMES[key], words) for key, words in TRY]
    for state, words in REVIEWING:
        found = _somebody(database, state)
        if found is not None:
            people.insert(3, (*found, words))
    width = max(len(address) for address, _name, _words in people)
    return "\n".join(
        [
            f"Sign in as anybody below; the password is always: {PASSWORD}",
            *(f"  {address:<{width}}  {name}: {words}" for address, name, words in people),
            "",
            "Start at /badges, check a badge at /verify, read everybody's mail at /demo/mail.",
        ]
    )


def _somebody(database: Database, state: AssignmentState) -> tuple[str, str] | None:
    """Return address and name of a reviewer with such an assignment."""
    with database.transaction(read_only=True) as session:
        row = session.execute(
            select(EmailAddress.address, Person.name)
            .join(Person, Person.id == EmailAddress.person_id)
            .join(Assignment, Assignment.reviewer_id == Person.id)
            .where(Assignment.state == state.value, EmailAddress.is_primary)
            .order_by(Assignment.invited_at.desc(), Person.name)
            .limit(1)
        ).first()
    return None if row is None else (row[0], row[1])
