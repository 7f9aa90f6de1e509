"""What people of the demo do, each act through the service that the page would call."""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from io import BytesIO

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import Person
from app.seed import content
from app.seed.content import SAMPLES, Sample
from app.seed.driver import World
from app.seed.people import HYBRID, LEARNERS
from credentials.catalog.queries import definition_of, edition, edition_by, issuer_of
from credentials.issuing import consent
from credentials.issuing import services as issuing
from credentials.issuing.models import Award
from credentials.issuing.states import Visibility
from portfolio.composing import attestations, uploads, work_samples
from portfolio.composing import services as composing
from portfolio.composing.models import Portfolio
from portfolio.evidence.models import EvidenceItem
from portfolio.submission import services as submission
from portfolio.submission.models import Submission
from portfolio.submission.queries import manifest_of
from review.assignment import invitations
from review.assignment.models import Assignment
from review.assignment.states import AssignmentState
from review.decision.models import Decision
from review.scoring import services as scoring
from review.scoring.rules import Answer

EVENTS = ("spring meeting", "autumn forum")


def alias(key: str) -> str:
    """Return what the work of a learner goes by in its own files: nothing that names them.

    There are two of them, so that the demo makes few previews and starts soon.
    """
    return EVENTS[[cast.key for cast in LEARNERS].index(key) % len(EVENTS)]


@lru_cache(maxsize=64)
def _bytes_of(make: Callable[[str], bytes], who: str) -> bytes:
    # Office files carry the second they were made in: made twice, they would be two files.
    return make(who)


def start(world: World, key: str, badge: str) -> str:
    """Start a portfolio and return its id."""
    _badge, found = world.ask(edition_by, badge)
    return world.do(composing.start, found.id, by=key).id


def describe(world: World, key: str, portfolio_id: str, badge: str, sector: str) -> None:
    """Say which role one had, in which sector and setting, and what is disclosed."""
    world.do(
        composing.save_context,
        portfolio_id,
        role=content.ROLE[badge],
        sector=sector,
        context=content.SETTING[badge],
        base="",
        by=key,
    )
    world.do(
        composing.save_disclosures,
        portfolio_id,
        disclosures={"ai_use": content.AI_USE, "team_share": content.TEAM},
        base="",
        by=key,
    )


def add_samples(
    world: World, key: str, portfolio_id: str, who: str, samples: Sequence[Sample]
) -> list[str]:
    """Upload work samples, say what one's share was, and claim them; return their ids."""
    made = []
    for sample in samples:
        item = world.do(
            uploads.upload,
            world.edge.storage,
            portfolio_id,
            requirement_key=sample.requirement,
            file_name=sample.file_name,
            source=BytesIO(_bytes_of(sample.content, who)),
            title=sample.title,
            by=key,
        )
        world.do(
            work_samples.update,
            item.id,
            title=sample.title,
            requirement_key=sample.requirement,
            date_of_work=(world.now.date().replace(day=1)),
            own_contribution=sample.own_share,
            by=key,
        )
        world.do(composing.set_claims, portfolio_id, item.id, claims=sample.claims, by=key)
        made.append(item.id)
    return made


def reflect(world: World, key: str, portfolio_id: str, badge: str, *, share: float = 1.0) -> None:
    """Write the reflection, or the first part of it."""
    words = content.reflection(badge)
    world.do(
        composing.save_reflection,
        portfolio_id,
        prompt_key="R1",
        words=words[: int(len(words) * share)],
        base="",
        by=key,
    )


def agree_and_ask(world: World, key: str, portfolio_id: str) -> None:
    """Agree to the statements, and ask a client to confirm one's part."""
    portfolio = world.look(lambda session: session.get_one(Portfolio, portfolio_id))
    definition = definition_of(world.ask(edition, portfolio.edition_id))
    statements = {statement.key for statement in definition.statements}
    world.do(composing.agree, portfolio_id, statements=statements, by=key)
    world.do(
        attestations.ask,
        portfolio_id,
        name="Client of the work",
        address=f"client-of-{key}@clients.example.com",
        relation="Client",
        by=key,
    )


def compose(
    world: World,
    key: str,
    badge: str = HYBRID,
    *,
    sector: str,
    parts: Sequence[Sample] | None = None,
) -> str:
    """Make a whole portfolio that lacks nothing, and return its id."""
    portfolio_id = start(world, key, badge)
    describe(world, key, portfolio_id, badge, sector)
    who = alias(key)
    add_samples(world, key, portfolio_id, who, SAMPLES[badge] if parts is None else parts)
    reflect(world, key, portfolio_id, badge)
    agree_and_ask(world, key, portfolio_id)
    return portfolio_id


def replace_sample(
    world: World, key: str, portfolio_id: str, requirement: str, sample: Sample
) -> None:
    """Take the samples of a requirement out, and put another in."""

    def held(session: Session) -> list[str]:
        query = select(EvidenceItem.id).where(
            EvidenceItem.portfolio_id == portfolio_id,
            EvidenceItem.requirement_key == requirement,
            EvidenceItem.removed_at.is_(None),
        )
        return list(session.scalars(query))

    for item_id in world.look(held):
        world.do(work_samples.remove, item_id, by=key)
    add_samples(world, key, portfolio_id, alias(key), [sample])


def hand_in(world: World, key: str, portfolio_id: str) -> str:
    """Hand in, with intake and the first invitations behind it; return the submission's id."""
    return world.do(submission.hand_in, portfolio_id, by=key).id


def assignments(world: World, submission_id: str, *states: AssignmentState) -> list[Assignment]:
    """Return the assignments of a submission in these states, in the order of asking."""

    def read(session: Session) -> list[Assignment]:
        query = (
            select(Assignment)
            .where(
                Assignment.submission_id == submission_id,
                Assignment.state.in_([state.value for state in states]),
            )
            .order_by(Assignment.invited_at, Assignment.seat)
        )
        return list(session.scalars(query))

    return world.look(read)


def invited(world: World, submission_id: str) -> list[Assignment]:
    """Return the invitations nobody has answered yet."""
    return assignments(world, submission_id, AssignmentState.INVITED)


def accept_all(world: World, submission_id: str) -> None:
    """Let everybody who is invited say yes."""
    for one in invited(world, submission_id):
        world.do(invitations.accept, one.id, by=one.reviewer_id)


def under_way(world: World, submission_id: str) -> list[Assignment]:
    """Return the reviews that were accepted and are not sealed."""
    return assignments(world, submission_id, AssignmentState.ACCEPTED, AssignmentState.IN_PROGRESS)


def write_review(
    world: World,
    one: Assignment,
    badge: str,
    levels: Mapping[str, int],
    *,
    voice: int = 0,
    is_sealed: bool = True,
) -> None:
    """Fill the form of a review with these levels and the words for them, and seal it."""
    review = world.do(scoring.open_review, one.id, by=one.reviewer_id)
    answers = {}
    for key, level in levels.items():
        words, locator = content.rationale(badge, key, level, voice=voice)
        answers[key] = Answer(level=level, rationale=words, locator=locator)
    saved = world.do(
        scoring.save_draft,
        one.id,
        version=review.version,
        answers=answers,
        feedback=content.FEEDBACK[voice] if is_sealed else "",
        private_note="",
        seconds=1_500,
        by=one.reviewer_id,
    )
    if is_sealed:
        world.do(scoring.seal, one.id, version=saved.version, by=one.reviewer_id)


def take_award(
    world: World,
    key: str,
    submission_id: str,
    *,
    visibility: Visibility = Visibility.PUBLIC,
    shows_name: bool = True,
    shown: Sequence[int] = (),
) -> None:
    """Accept the badge that came of a submission, showing these work samples; it gets signed."""

    def read(session: Session) -> tuple[Award, Submission, str]:
        query = (
            select(Award)
            .join(Decision, Decision.id == Award.decision_ref)
            .where(Decision.submission_id == submission_id)
        )
        name = session.get_one(Person, world.people[key]).name
        return session.scalars(query).one(), session.get_one(Submission, submission_id), name

    award, handed_in, name = world.look(read)
    samples = [
        issuing.ShownEvidence(
            f"{submission_id}/{item['position']}", item["title"], item["sha256"], item["media_type"]
        )
        for item in manifest_of(handed_in)["items"]
        if item["position"] in shown
    ]
    found = world.ask(edition, award.edition_id)
    sentences = consent.sentences(
        title=found.title,
        issuer=world.ask(issuer_of, found.badge_id).name,
        visibility=visibility,
        shown_name=name if shows_name else None,
        samples=[one.title for one in samples],
    )
    world.do(
        issuing.accept,
        award.id,
        visibility=visibility,
        shows_name=shows_name,
        evidence=samples,
        consent_text=consent.text_of(sentences),
        by=key,
    )
