"""A panel of the committee sets the standard of a badge, and is asked once more."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from accounts.roles import grant_role
from accounts.states import Role
from app.seed.driver import Moment, Stage, Story, World
from app.seed.people import HYBRID
from credentials.catalog import queries as catalog
from review.panels import services, studies
from review.panels.cuts import ABOVE, BELOW, BORDERLINE

# Where each panellist sees the standard, in mean levels; a portfolio this near is borderline.
STANDARDS: Mapping[str, float] = {"chioma": 3.2, "dana": 3.3, "lars": 3.3, "elif": 3.4}
NEAR = 0.12


def setting_the_standard(world: World) -> Story:
    """(m) Four people read what was granted, and a manager closes the study; a second is open."""
    yield Moment(Stage.AWARDED, world.ago(11, 9))
    for guest in ("lars", "elif"):
        world.do(grant_role, world.people[guest], Role.COMMITTEE, scope=HYBRID, by="ada")
    yield Moment(Stage.AWARDED, world.ago(10, 9))
    world.do(_open, note="A first look at the whole, after single criteria alone.", by="petra")
    yield Moment(Stage.AWARDED, world.ago(8, 20))
    for panellist in STANDARDS:
        _rate_all(world, panellist, 1)
    yield Moment(Stage.AWARDED, world.ago(7, 9))
    badge, _edition = world.ask(catalog.latest_edition, HYBRID)
    world.do(services.close_study, badge.id, 1, by="petra")
    yield Moment(Stage.AWARDED, world.ago(1, 9))
    world.do(_open, note="Again, with what was granted since.", by="petra")
    _rate_all(world, "dana", 2, most=2)


def _open(session: Session, *, note: str, by: str, at: datetime) -> None:
    badge, edition = catalog.latest_edition(session, HYBRID)
    services.open_study(session, badge, edition, count=20, note=note, by=by, at=at)


def _rate_all(world: World, panellist: str, number: int, *, most: int = 60) -> None:
    """Have a panellist rate their portfolios as their standard has it, each a little apart."""
    badge, edition = world.ask(catalog.latest_edition, HYBRID)
    person = world.people[panellist]

    def seat(session: Session) -> list[tuple[int, float]]:
        study = studies.study_by(session, badge.id, number)
        definition = catalog.definition_of(edition)
        scores = studies.scores_of(session, badge.id, definition, at=world.now)
        places = studies.seat_of(session, study, person, at=world.now).places
        return [(place, scores[one]) for place, one in places.items()]

    for place, score in world.look(seat)[:most]:
        above = score - STANDARDS[panellist]
        category = BORDERLINE if abs(above) <= NEAR else ABOVE if above > 0 else BELOW
        world.do(services.rate, badge.id, number, place, category=category, by=panellist)
