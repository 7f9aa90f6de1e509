"""Reading people for routing: their addresses, employers and ties, and how much they carry."""

from collections import Counter, defaultdict

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from accounts.models import EmailAddress, Employment
from core.among import among
from review.assignment.eligibility import Organisation, Tie
from review.assignment.models import Assignment
from review.assignment.states import DONE_STATES, PENDING_STATES
from review.pool.models import DeclaredConflict


class People:
    """Addresses, employers and ties of some people, by person; `keys` are the folded addresses."""

    def __init__(self) -> None:
        self.addresses: dict[str, tuple[str, ...]] = defaultdict(tuple)
        self.keys: dict[str, frozenset[str]] = defaultdict(frozenset)
        self.organisations: dict[str, tuple[Organisation, ...]] = defaultdict(tuple)
        self.ties: dict[str, tuple[Tie, ...]] = defaultdict(tuple)


def people_of(session: Session, ids: list[str]) -> People:
    """Return the verified addresses, employers and ties of some people."""
    found = People()
    addresses = select(
        EmailAddress.person_id, EmailAddress.identity_key, EmailAddress.address
    ).where(among(EmailAddress.person_id, ids), EmailAddress.verified_at.is_not(None))
    for person, key, address in session.execute(addresses):
        found.keys[person] |= {key}
        found.addresses[person] += (address,)
    jobs = select(
        Employment.person_id, Employment.organisation, Employment.from_date, Employment.until_date
    ).where(among(Employment.person_id, ids))
    for person, name, start, end in session.execute(jobs):
        found.organisations[person] += (Organisation(name, start, end),)
    ties = session.scalars(
        select(DeclaredConflict).where(
            among(DeclaredConflict.person_id, ids) | among(DeclaredConflict.other_person_id, ids)
        )
    )
    for tie in ties:
        for one, other in (
            (tie.person_id, tie.other_person_id),
            (tie.other_person_id, tie.person_id),
        ):
            if one is not None:
                found.ties[one] += (
                    Tie(other, tie.other_key, tie.organisation, tie.until_at, tie.from_at),
                )
    return found


def loads_of(session: Session, ids: list[str]) -> tuple[Counter[str], Counter[str]]:
    """Return how many seats each person holds now, and how many reviews each has given.

    A reading apart is work like any other, so it is load while it lasts; it is no review given.
    """
    rows = session.execute(
        select(Assignment.reviewer_id, Assignment.state, Assignment.is_counted, func.count())
        .where(among(Assignment.reviewer_id, ids))
        .group_by(Assignment.reviewer_id, Assignment.state, Assignment.is_counted)
    )
    load: Counter[str] = Counter()
    done: Counter[str] = Counter()
    for reviewer, state, is_counted, count in rows:
        if state in PENDING_STATES:
            load[reviewer] += count
        elif state in DONE_STATES and is_counted:
            done[reviewer] += count
    return load, done
