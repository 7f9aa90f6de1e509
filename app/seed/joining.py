"""Somebody asks to review, and a reviewer notes days off."""

from datetime import timedelta

from app.seed.driver import Moment, Stage, Story, World
from app.seed.ground import badge_id
from app.seed.people import HYBRID
from review.pool import applications, holidays

HOLDINGS = (
    "I taught event production for eight years, ran two hybrid conferences a term with my students,"
    " and sat on the jury of a national award for live formats."
)


def joining_the_pool(world: World) -> Story:
    """(k) Somebody asks to review, and a reviewer notes days off."""
    badge = world.ask(badge_id, HYBRID)
    yield Moment(Stage.COMPOSING, world.ago(2, 11))
    first = (world.today + timedelta(days=30)).date()
    world.do(
        holidays.add_holiday,
        from_date=first,
        until_date=first + timedelta(days=9),
        by="ravi",
    )
    world.do(applications.apply, badge, holdings=HOLDINGS, by="dana")
