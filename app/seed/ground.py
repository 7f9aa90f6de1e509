"""The ground the stories stand on: three badges, forty people, roles, and the pool of reviewers."""

from dataclasses import replace
from datetime import datetime
from importlib.resources import files

from sqlalchemy.orm import Session

from accounts import passwords, roles
from accounts import services as accounts
from accounts.models import Person
from app.seed.driver import World
from app.seed.people import EVERYBODY, PASSWORD, Cast
from credentials.catalog import badge_file, services
from credentials.catalog.definition import Criterion
from credentials.catalog.models import BadgeEdition
from credentials.catalog.queries import badge_by, definition_of, edition_by, issuer_of
from review.pool import services as pool
from review.pool import ties
from review.pool.states import ConflictKind, QualificationSource

OPERATOR = "system:seed"
LONG_AGO = 70
TIME_ZONE = "Europe/Berlin"
CLEARER = "Opinions were gathered, but nobody was watched while using it"


def lay(world: World) -> None:
    """Publish the badges and bring in the people."""
    world.now = world.ago(LONG_AGO)
    for name in ("hybrid-session-producer", "scenario-based-learning-designer", "dpia-in-practice"):
        world.do(_publish_file, name)
    # One hash for all: the demo prints its password anyhow, and forty would cost seconds.
    hashed = passwords.make_hash(PASSWORD)
    for cast in EVERYBODY:
        world.people[cast.key] = world.do(_join, cast, hashed).id
    world.do(
        ties.declare_conflict,
        world.people["rhea"],
        kind=ConflictKind.COLLABORATOR,
        organisation="Harbour Events",
        note="We produced two meetings together.",
        by="rhea",
    )


def publish_next(session: Session, slug: str, *, by: str, at: datetime) -> BadgeEdition:
    """Publish version 1.1 of a badge, in which one descriptor is clearer."""
    badge, current = edition_by(session, slug)
    definition = definition_of(current)
    following = replace(
        definition,
        version="1.1",
        criteria=tuple(_clearer(criterion) for criterion in definition.criteria),
    )
    made = services.import_edition(
        session, following, issuer=issuer_of(session, badge.id), by=by, at=at
    )
    return services.publish(session, made.id, by=by, at=at)


def badge_id(session: Session, slug: str) -> str:
    """Return the id of a badge."""
    return badge_by(session, slug).id


def _clearer(criterion: Criterion) -> Criterion:
    if criterion.key != "C4":
        return criterion
    return replace(criterion, descriptors={**criterion.descriptors, 2: CLEARER})


def _publish_file(session: Session, name: str, *, at: datetime) -> None:
    source = files("credentials.catalog").joinpath(f"badges/{name}.yaml").read_bytes()
    found = badge_file.read(source)
    issuer = services.ensure_issuer(session, **vars(found.issuer), at=at)
    made = services.import_edition(session, found.definition, issuer=issuer, by=OPERATOR, at=at)
    services.publish(session, made.id, by=OPERATOR, at=at)


def _join(session: Session, cast: Cast, hashed: str, *, at: datetime) -> Person:
    person = accounts.create_person(
        session,
        name=cast.name,
        address=cast.address,
        password=None,
        time_zone=TIME_ZONE,
        sector=cast.sector,
        employer=cast.employer,
        at=at,
    )
    person.password_hash, person.password_changed_at = hashed, at
    for role in cast.roles:
        roles.grant_role(session, person.id, role, by=OPERATOR, at=at)
    for slug in cast.reviews:
        pool.qualify(
            session,
            person.id,
            badge_id(session, slug),
            source=QualificationSource.GRANTED,
            reason="Recognised practice of three years and more.",
            valid_until=None,
            by=OPERATOR,
            at=at,
        )
    if cast.reviews:
        pool.set_limits(
            session,
            is_available=True,
            max_open=cast.max_open,
            paused_until=None,
            languages=["en"],
            sectors=[cast.sector],
            topics=cast.topics,
            by=person.id,
            at=at,
        )
    return person
