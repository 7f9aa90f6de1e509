"""What was handed in stays whole, and what was promised is counted where the issuer is."""

from datetime import timedelta

from sqlalchemy import update

from app import store_check
from core import clock as real_clock
from core.runtime import Runtime
from credentials.catalog.models import Issuer
from portfolio.composing import work_samples
from portfolio.evidence.models import EvidenceItem
from tests.factories import PDF, Factory
from tests.plugins.worlds import Clock


def test_inv_02_a_work_sample_taken_out_of_a_portfolio_stays_with_what_was_handed_in(
    edge: Runtime, make: Factory, clock: Clock
) -> None:
    sealed = make.submission()
    (item,) = make.rows(EvidenceItem, portfolio_id=sealed.portfolio_id)
    with edge.database.transaction() as session:
        work_samples.remove(session, item.id, by=sealed.learner_id, at=clock())
    orphan = edge.storage.put(b"named by nothing").sha256
    clock.now = real_clock.now() + timedelta(days=30)

    swept = store_check.sweep(edge)

    assert make.reload(item).removed_at is not None
    assert swept == 1
    assert edge.storage.size(orphan) is None
    assert edge.storage.read(item.sha256) == PDF
    assert store_check.check(edge) == []


def test_inv_50_the_answer_is_promised_by_the_calendar_of_the_issuer(
    edge: Runtime, make: Factory
) -> None:
    edition = make.edition()
    with edge.database.transaction() as session:
        session.execute(update(Issuer).values(time_zone="Pacific/Auckland"))

    sealed = make.submission(edition=edition)

    assert sealed.promised_at.isoformat() == "2026-03-23T10:59:59+00:00"
