"""Reading the open seats of one badge, and everybody who might be asked, for the planner.

The number of queries is the same for one seat as for many. Every hard rule goes through
`eligibility`; of those who may not be asked the first reason is kept.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from credentials.catalog import queries as catalog
from credentials.catalog.definition import EditionDefinition
from credentials.catalog.models import BadgeEdition
from portfolio.submission.models import Submission
from review.assignment import matters
from review.assignment.affinity import Affinity, Fits, affinity
from review.assignment.conflicts import index_of
from review.assignment.eligibility import (
    Candidate,
    Code,
    Matter,
    Objection,
    objection,
    objection_but_for_ties,
    objection_to_staying,
)
from review.assignment.history import leaves_of, reviewed
from review.assignment.lacking import Lacking, lacking
from review.assignment.leave import NO_LEAVE, Leave, objection_to_asking
from review.assignment.models import Assignment, ReviewRound
from review.assignment.organisations import normal_organisation
from review.assignment.planning import Free, Mix, Routing, Seeker, plan
from review.assignment.relaxation import Tier
from review.assignment.states import AssignmentState, WishKind
from review.assignment.terms import commonly_known
from review.pool.models import Qualification
from review.pool.rules import LOOK_BACK

NOT_WANTED = Objection(
    Code.NOT_WANTED, "A programme manager does not want them asked for this work."
)


@dataclass(frozen=True)
class Opening:
    """One round that lacks somebody, as the planner and the manager see it.

    `live` is everybody on a seat; those in `movable` have not answered and may be moved.
    `against` says of everybody who may not be asked the first reason why.
    """

    current: ReviewRound
    submission: Submission
    about: Matter
    definition: EditionDefinition
    live: tuple[Assignment, ...]
    movable: tuple[Assignment, ...]
    seeker: Seeker
    against: Mapping[str, Objection]

    @property
    def is_complete(self) -> bool:
        """Whether every seat that is wanted was accepted."""
        accepted = [one for one in self.live if one.state != AssignmentState.INVITED.value]
        return len(accepted) >= self.current.seats

    def fit(self, candidate: Candidate) -> Affinity:
        """Return how well somebody fits."""
        return affinity(candidate, self.about)


@dataclass(frozen=True)
class Openings:
    """The open rounds of a badge, and everybody of its pool."""

    badge_id: str
    openings: tuple[Opening, ...]
    candidates: Mapping[str, Candidate]
    people: tuple[Free, ...]
    reviewed: frozenset[tuple[str, str]]
    rules: Mix

    def routed(self, *, seed: int | None = None) -> Routing:
        """Return whom to ask."""
        seekers = [one.seeker for one in self.openings]
        return plan(seekers, self.people, reviewed=self.reviewed, rules=self.rules, seed=seed)


def read(
    session: Session,
    badge_id: str,
    *,
    at: datetime,
    only: Collection[str] | None = None,
    among: Collection[str] | None = None,
    moves: bool = True,
    held: bool = False,
) -> Openings:
    """Return the rounds of a badge that lack somebody, or `only` some of them, and its pool.

    `among` narrows the pool to some people; without `moves` no offer is given up for a better one.
    Rounds that are held for a person are there only with `held`.
    """
    rows = lacking(session, badge_id, only=only, moves=moves, held=held, at=at)
    if only is None:
        # Hundreds may wait for answers; to weigh the pool for each of them would change nothing.
        rows = [one for one in rows if one.can_change]
    if not rows:
        return Openings(badge_id, (), {}, (), frozenset(), Mix())
    moving = {one.id: one for row in rows for one in row.movable}
    candidates = _pool(session, badge_id, rows, among, moving)
    about = matters.matters_of(
        session,
        [row.submission for row in rows],
        apart_from=set(moving),
        at=at,
        wide={row.submission.id for row in rows if row.tier >= Tier.WIDE},
    )
    common = commonly_known(matters.words_of_pool(session, badge_id))
    about = {one: replace(found, common=common) for one, found in about.items()}
    ids = list(candidates)
    leaves = leaves_of(session, ids, at=at)
    definitions = _definitions(session, rows)
    judged = _Judged(candidates, leaves, at)
    policies = [one.review_policy for one in definitions.values()]
    return Openings(
        badge_id=badge_id,
        openings=tuple(
            judged.opening(row, about[row.submission.id], definitions[row.submission.edition_id])
            for row in rows
        ),
        candidates=candidates,
        people=tuple(_free(one, at) for one in candidates.values()),
        reviewed=reviewed(session, ids, [row.submission.learner_id for row in rows], at=at),
        rules=Mix(
            per_organisation=min((one.per_organisation for one in policies), default=1),
            per_sector=min(
                (one.per_sector for one in policies if one.per_sector is not None), default=None
            ),
        ),
    )


class _Judged:
    """Judges people for one round after the other; what is the same for all is judged once."""

    def __init__(
        self, candidates: Mapping[str, Candidate], leaves: Mapping[str, Leave], at: datetime
    ) -> None:
        self.candidates = candidates
        self.leaves = leaves
        self.at = at
        self._conflicts = index_of(candidates.values())
        self._anyhow: dict[tuple[str, str], dict[str, Objection]] = {}
        self._left: dict[tuple[str, int, Tier], Objection | None] = {}
        self._fits = Fits()

    def opening(self, row: Lacking, about: Matter, definition: EditionDefinition) -> Opening:
        """Return a round with everybody's fit, or what stands against them."""
        offered = frozenset(one.reviewer_id for one in row.movable)
        tied = self._conflicts.against(about, at=self.at)
        fit = self._fits.of(about)
        against: dict[str, Objection] = {}
        fits: dict[str, float] = {}
        for person, candidate in self.candidates.items():
            if person in offered:
                found = objection_to_staying(candidate, about, at=self.at)
            else:
                found = self._asking(candidate, about, row.tier, definition, is_tied=person in tied)
            if row.wishes.get(person) is WishKind.FORBID:
                found = found or NOT_WANTED
            if found is None:
                fits[person] = fit(candidate)
            else:
                against[person] = found
        return Opening(
            current=row.current,
            submission=row.submission,
            about=about,
            definition=definition,
            live=row.live,
            movable=row.movable,
            seeker=_seeker(row, fits),
            against=against,
        )

    def _asking(
        self,
        candidate: Candidate,
        about: Matter,
        tier: Tier,
        definition: EditionDefinition,
        *,
        is_tied: bool,
    ) -> Objection | None:
        judge = objection if is_tied else objection_but_for_ties
        return (
            self._whatever_the_work(about).get(candidate.person_id)
            or self._left_in_peace(candidate.person_id, definition.review_policy.review_days, tier)
            or judge(candidate, about, at=self.at)
        )

    def _left_in_peace(self, person: str, review_days: int, tier: Tier) -> Objection | None:
        key = (person, review_days, tier)
        if key not in self._left:
            leave = self.leaves.get(person, NO_LEAVE)
            self._left[key] = objection_to_asking(
                leave, review_days=review_days, tier=tier, at=self.at
            )
        return self._left[key]

    def _whatever_the_work(self, about: Matter) -> dict[str, Objection]:
        """Return what stands against people for any work in this badge and language."""
        key = (about.badge_id, about.language)
        if key not in self._anyhow:
            nobodys = Matter(
                "",
                "",
                badge_id=about.badge_id,
                language=about.language,
                calibration_from=about.calibration_from,
            )
            found = {
                person: objection(candidate, nobodys, at=self.at)
                for person, candidate in self.candidates.items()
            }
            self._anyhow[key] = {person: no for person, no in found.items() if no is not None}
        return self._anyhow[key]


def _pool(
    session: Session,
    badge_id: str,
    rows: Sequence[Lacking],
    among: Collection[str] | None,
    moving: Mapping[str, Assignment],
) -> dict[str, Candidate]:
    """Return everybody of the pool or on a seat, the places of movable offers counted as free."""
    ids = session.scalars(
        select(Qualification.person_id)
        .where(Qualification.badge_id == badge_id)
        .order_by(Qualification.person_id)
    ).all()
    seated = {one.reviewer_id for row in rows for one in row.live}
    wanted = [one for one in ids if among is None or one in among or one in seated]
    movable = Counter(one.reviewer_id for one in moving.values())
    return {
        one.person_id: replace(one, open_load=one.open_load - movable[one.person_id])
        for one in matters.candidates(session, [*wanted, *sorted(seated - set(wanted))])
    }


def _free(candidate: Candidate, at: datetime) -> Free:
    return Free(
        id=candidate.person_id,
        places=max(candidate.max_open - candidate.open_load, 0),
        organisations=frozenset(
            normal_organisation(one.name)
            for one in candidate.organisations
            if one.until_date is None or one.until_date >= (at - LOOK_BACK).date()
        ),
        sector=candidate.sector,
    )


def _seeker(row: Lacking, fits: Mapping[str, float]) -> Seeker:
    """Return what the planner needs of a round.

    An extra seat is sought only while every other seat is taken.
    """
    movable = tuple(one.reviewer_id for one in row.movable)
    held = len(row.live) - len(movable)
    most = row.current.seats + row.current.extra_seats - held
    wanting = row.current.seats - held
    return Seeker(
        id=row.current.id,
        author=row.submission.learner_id,
        slots=max(0, min(most, max(wanting, len(movable)) if wanting > 0 else most)),
        fits=fits,
        waiting=row.waiting,
        offered=movable,
        seated=tuple(one.reviewer_id for one in row.live if one not in row.movable),
        pinned=frozenset(
            person for person, kind in row.wishes.items() if kind is WishKind.PIN and person in fits
        ),
        tier=row.tier,
        is_extra=wanting <= 0,
    )


def _definitions(session: Session, rows: Sequence[Lacking]) -> dict[str, EditionDefinition]:
    ids = {row.submission.edition_id for row in rows}
    editions = session.scalars(select(BadgeEdition).where(BadgeEdition.id.in_(ids)))
    return {one.id: catalog.definition_of(one) for one in editions}
