"""The hard rules of routing as plain SQL, to look at a database without the engine that filled it.

Each query returns the rows that break a rule; an empty answer is a rule kept. They run on
PostgreSQL and SQLite alike. Times are handed in: `now`, and `since`, the start of the look-back.
Organisations are compared by their folded name without a legal form at its end, which is enough
for made worlds.
"""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import Date, bindparam, text
from sqlalchemy.orm import Session

from core.db import UtcDateTime

SEATED = "('invited', 'accepted', 'in_progress', 'sealed', 'closed')"
PENDING = "('invited', 'accepted', 'in_progress')"
LOOK_BACK = timedelta(days=3 * 365 + 1)
WINDOW = timedelta(days=365)


def _plain(column: str) -> str:
    """Return SQL for an organisation's name in small letters and without its legal form."""
    made = f"lower({column})"
    for form in (" ltd", " gmbh", " inc"):
        made = f"replace({made}, '{form}', '')"
    return made


_SEATS = f"""
    select a.id, a.round_id, a.seat, a.reviewer_id, a.invited_at, a.state, a.submission_id,
           s.learner_id, s.badge_id, s.portfolio_id
    from review_assignment a join portfolio_submission s on s.id = a.submission_id
    where a.state in {SEATED}
"""

RULES: Mapping[str, str] = {
    "a seat is held once": f"""
        select round_id, seat from review_assignment where state in {SEATED}
        group by round_id, seat having count(*) > 1""",
    "nobody sits twice on one submission": f"""
        select submission_id, reviewer_id from review_assignment where state in {SEATED}
        group by submission_id, reviewer_id having count(*) > 1""",
    "a round has no more seats than it wants": f"""
        select r.id from review_round r join review_assignment a on a.round_id = r.id
        where a.state in {SEATED} group by r.id, r.seats, r.extra_seats
        having count(*) > r.seats + r.extra_seats""",
    "nobody carries more than they wish (INV-41)": f"""
        select p.person_id from review_reviewer_profile p
        join review_assignment a on a.reviewer_id = p.person_id
        where a.state in {PENDING} group by p.person_id, p.max_open
        having count(*) > p.max_open""",
    "nobody reviews their own work (INV-05)": f"""
        select seats.id from ({_SEATS}) seats where reviewer_id = learner_id""",
    "nobody reviews a colleague (INV-06)": f"""
        select seats.id from ({_SEATS}) seats
        join accounts_employment mine on mine.person_id = seats.reviewer_id
        join accounts_employment theirs on theirs.person_id = seats.learner_id
        where {_plain("mine.organisation")} = {_plain("theirs.organisation")}
          and (mine.until_date is null or mine.until_date >= :since_day)
          and (theirs.until_date is null or theirs.until_date >= :since_day)""",
    "nobody reviews across a declared tie to a person (INV-06)": f"""
        select seats.id from ({_SEATS}) seats join review_conflict c
        on (c.person_id = seats.reviewer_id and c.other_person_id = seats.learner_id)
        or (c.person_id = seats.learner_id and c.other_person_id = seats.reviewer_id)
        where (c.until_at is null or c.until_at >= :since) and c.from_at <= seats.invited_at""",
    "nobody reviews across a declared tie to an address (INV-06)": f"""
        select seats.id from ({_SEATS}) seats join review_conflict c
        on c.person_id in (seats.reviewer_id, seats.learner_id)
        join accounts_email e on e.identity_key = c.other_key
        and e.person_id in (seats.reviewer_id, seats.learner_id) and e.person_id <> c.person_id
        where e.verified_at is not null
          and (c.until_at is null or c.until_at >= :since) and c.from_at <= seats.invited_at""",
    "nobody reviews across a declared tie to an organisation (INV-06)": f"""
        select seats.id from ({_SEATS}) seats join review_conflict c
        on c.person_id in (seats.reviewer_id, seats.learner_id)
        join accounts_employment e on {_plain("e.organisation")} = {_plain("c.organisation")}
        and e.person_id in (seats.reviewer_id, seats.learner_id) and e.person_id <> c.person_id
        where (c.until_at is null or c.until_at >= :since) and c.from_at <= seats.invited_at
          and (e.until_date is null or e.until_date >= :since_day)""",
    "nobody reviews whom they attested for (INV-07)": f"""
        select seats.id from ({_SEATS}) seats
        join portfolio_portfolio p on p.learner_id = seats.learner_id
        join portfolio_attestation t on t.portfolio_id = p.id
        join accounts_email e on e.person_id = seats.reviewer_id
        where e.identity_key = lower(t.address) and e.verified_at is not null""",
    "everybody asked was qualified then": f"""
        select seats.id from ({_SEATS}) seats where not exists (
            select 1 from review_qualification q where q.person_id = seats.reviewer_id
            and q.badge_id = seats.badge_id and q.valid_from <= seats.invited_at
            and (q.valid_until is null or q.valid_until > seats.invited_at))""",
    "nobody has two parts in one matter (INV-09, INV-10)": f"""
        select seats.id from ({_SEATS}) seats join review_part p
        on p.portfolio_id = seats.portfolio_id and p.person_id = seats.reviewer_id
        where p.part <> 'reviewer'""",
    "who said never is not asked again": f"""
        select seats.id from ({_SEATS}) seats join review_assignment b
        on b.submission_id = seats.submission_id and b.reviewer_id = seats.reviewer_id
        and b.invited_at < seats.invited_at
        where b.state in ('declined', 'recused', 'reassigned', 'voided')
          and b.ask_again_at is null""",
    "nobody reviews who lately reviewed them, or is asked to": f"""
        select one.id from ({_SEATS}) one join ({_SEATS}) other
        on one.reviewer_id = other.learner_id and one.learner_id = other.reviewer_id
        where one.invited_at >= :window and other.invited_at >= :window""",
    "no three review round in a ring": f"""
        select one.id from ({_SEATS}) one
        join ({_SEATS}) two on two.reviewer_id = one.learner_id
        join ({_SEATS}) three on three.reviewer_id = two.learner_id
         and three.learner_id = one.reviewer_id
        where one.invited_at >= :window and two.invited_at >= :window
          and three.invited_at >= :window and one.reviewer_id <> one.learner_id""",
    "two of one organisation do not share a submission": f"""
        select one.id from ({_SEATS}) one join ({_SEATS}) other
        on other.round_id = one.round_id and other.reviewer_id < one.reviewer_id
        join accounts_employment mine on mine.person_id = one.reviewer_id
        join accounts_employment theirs on theirs.person_id = other.reviewer_id
        join review_round r on r.id = one.round_id
        where {_plain("mine.organisation")} = {_plain("theirs.organisation")}
          and (mine.until_date is null or mine.until_date >= :since_day)
          and (theirs.until_date is null or theirs.until_date >= :since_day)
          and one.invited_at < :mix_holds""",
}


def broken(session: Session, *, at: datetime, mix_holds: datetime | None = None) -> dict[str, int]:
    """Return how many rows break each rule, for the rules that any row breaks.

    `mix_holds` is until when no seat had waited so long that organisations may mix; without it
    that rule is left out.
    """
    given = {
        "since": at - LOOK_BACK,
        "since_day": (at - LOOK_BACK).date(),
        "window": at - WINDOW,
        "mix_holds": mix_holds or datetime.fromtimestamp(0, tz=at.tzinfo),
    }
    found = {}
    for name, statement in RULES.items():
        wanted = sorted({one for one in given if re.search(rf":{one}\b", statement)})
        typed = [
            bindparam(one, type_=Date() if one == "since_day" else UtcDateTime()) for one in wanted
        ]
        rows = session.execute(text(statement).bindparams(*typed), {k: given[k] for k in wanted})
        count = len(rows.all())
        if count:
            found[name] = count
    return found
