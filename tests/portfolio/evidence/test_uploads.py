"""Putting files into a portfolio: first the bytes, then the rows, and never past the quota."""

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial

import pytest
from sqlalchemy.orm import Session

from accounts.models import Person
from core.errors import Invalid, NotFound
from core.runtime import Runtime
from portfolio.composing import uploads, work_samples
from portfolio.composing.models import Claim, Portfolio
from portfolio.evidence.models import Blob, EvidenceItem, Rendition
from portfolio.submission.models import SealedItem
from tests.factories import Factory, sample_definition
from tests.portfolio.evidence import made_files as made
from tests.together import together

Upload = Callable[..., EvidenceItem]


@pytest.fixture
def upload(session: Session, edge: Runtime, portfolio: Portfolio, learner: Person) -> Upload:
    """Upload into the portfolio inside the test's transaction."""

    def send(
        content: bytes = made.CSV, name: str = "numbers.csv", key: str = "E2", **changes: str
    ) -> EvidenceItem:
        return uploads.upload(
            session,
            edge.storage,
            changes.pop("portfolio_id", portfolio.id),
            requirement_key=key,
            file_name=name,
            source=io.BytesIO(content),
            by=changes.pop("by", learner.id),
            at=edge.clock(),
            **changes,
        )

    return send


def test_an_upload_keeps_the_bytes_and_says_what_they_are(
    make: Factory, edge: Runtime, upload: Upload
) -> None:
    item = upload(made.CSV, "..\\cost_of  it.csv")

    assert edge.storage.read(item.sha256) == made.CSV
    assert (item.title, item.file_name) == ("cost of it", "cost_of it.csv")
    assert (item.media_type, item.size, item.position) == ("text/csv", len(made.CSV), 1)
    (blob,) = make.rows(Blob)
    assert (blob.media_type, blob.preview_state) == ("text/plain", "pending")


def test_each_upload_goes_behind_the_last_and_counts_a_change(
    make: Factory, upload: Upload, portfolio: Portfolio
) -> None:
    before = portfolio.version

    items = [
        upload(made.picture(), "a.png", "E1"),
        upload(made.CSV),
        upload(made.pdf(), "b.pdf", "E1"),
    ]

    assert [item.position for item in items] == [1, 2, 3]
    assert make.reload(portfolio).version == before + 3


def test_a_refused_file_leaves_neither_row_nor_bytes(
    make: Factory, edge: Runtime, upload: Upload
) -> None:
    with pytest.raises(Invalid):
        upload(b"", "a.png", "E1")
    with pytest.raises(Invalid, match="locked with a password"):
        upload(made.pdf(owner="o", password="p"), "a.pdf", "E1")

    assert list(edge.storage.listing()) == []
    assert make.rows(EvidenceItem) == []


def test_a_requirement_takes_no_more_files_than_it_says(upload: Upload) -> None:
    upload(made.CSV)

    with pytest.raises(Invalid) as caught:
        upload(made.xlsx(), "b.xlsx")

    assert caught.value.reason == (
        "“Numbers” takes one file at most, and there are that many."
        " Remove one first, or choose another requirement."
    )


def test_a_file_past_the_limit_of_the_installation_is_refused(
    session: Session, learner: Person, portfolio: Portfolio, edge: Runtime
) -> None:
    wanted = uploads.terms(session, portfolio.id, "E1", most_mb=1, by=learner.id)

    with pytest.raises(Invalid, match="larger than 1 MB"):
        uploads.receive(edge.storage, io.BytesIO(b"%PDF-" + b"x" * 1_100_000), "a.pdf", wanted)

    assert (wanted.limit_mb, list(edge.storage.listing())) == (1, [])


def test_nobody_uploads_into_another_persons_portfolio(make: Factory, upload: Upload) -> None:
    other = make.person()

    with pytest.raises(NotFound):
        upload(made.CSV, by=other.id)


def test_a_requirement_that_the_edition_does_not_have_is_not_found(upload: Upload) -> None:
    with pytest.raises(NotFound):
        upload(made.CSV, key="E9")


def test_the_same_bytes_by_two_learners_look_like_two_uploads(
    make: Factory, upload: Upload, portfolio: Portfolio
) -> None:
    other = make.person()
    theirs = make.portfolio(
        other, make.edition(sample_definition(evidence_requirements=made.WANTED)), is_complete=False
    )

    first = upload(made.CSV)
    second = upload(made.CSV, portfolio_id=theirs.id, by=other.id)

    assert (first.sha256, first.position) == (second.sha256, second.position)
    assert len(make.rows(Blob)) == 1
    assert len(make.rows(EvidenceItem)) == 2


def test_removing_takes_the_claims_along_and_leaves_what_was_handed_in(
    make: Factory, session: Session, learner: Person, edge: Runtime
) -> None:
    complete = make.portfolio(learner, make.edition(), is_complete=True)
    (item,) = make.rows(EvidenceItem)
    make.submission(portfolio=complete)
    assert len(make.rows(Claim)) == 2

    work_samples.remove(session, item.id, by=learner.id, at=edge.clock())

    assert make.rows(Claim) == []
    assert make.reload(item).removed_at == edge.clock()
    assert [sealed.sha256 for sealed in make.rows(SealedItem)] == [item.sha256]
    with pytest.raises(NotFound):
        work_samples.own_item(session, item.id, by=learner.id)


def test_what_is_said_about_a_sample_can_be_changed(
    session: Session, upload: Upload, learner: Person, edge: Runtime
) -> None:
    item = upload(made.picture(), "a.png", "E1")

    work_samples.update(
        session,
        item.id,
        title="The sheet",
        requirement_key="E2",
        date_of_work=date(2025, 5, 1),
        own_contribution="All of it.",
        by=learner.id,
        at=edge.clock(),
    )

    assert (item.title, item.requirement_key) == ("The sheet", "E2")
    assert (item.date_of_work, item.own_contribution) == (date(2025, 5, 1), "All of it.")


def test_samples_move_among_those_of_their_requirement(
    session: Session, upload: Upload, learner: Person, edge: Runtime
) -> None:
    first = upload(made.picture(), "a.png", "E1")
    between = upload(made.CSV)
    last = upload(made.pdf(), "b.pdf", "E1")
    who = {"by": learner.id, "at": edge.clock()}

    work_samples.move(session, last.id, is_up=True, **who)
    work_samples.move(session, last.id, is_up=True, **who)

    assert [one.position for one in (last, between, first)] == [1, 2, 3]
    work_samples.reorder(session, first.portfolio_id, [between.id, first.id], **who)
    assert [one.position for one in (between, first, last)] == [1, 2, 3]


def test_a_preview_job_that_comes_twice_changes_nothing(
    make: Factory, edge: Runtime, learner: Person, drain: Callable[[], int]
) -> None:
    place = make.portfolio(
        learner,
        make.edition(sample_definition(evidence_requirements=made.WANTED)),
        is_complete=False,
    )
    for name in ("a.csv", "b.txt"):
        with edge.database.transaction() as session:
            keep(session, edge, place, learner, name)

    drain()

    (blob,) = make.rows(Blob)
    assert (blob.preview_state, blob.preview_note) == ("ready", "")
    assert [one.kind for one in make.rows(Rendition)] == ["table"]


def keep(session: Session, edge: Runtime, place: Portfolio, learner: Person, name: str) -> None:
    terms = uploads.terms(session, place.id, "E2", most_mb=5, by=learner.id)
    taken = replace(terms, taken=(*terms.taken, *uploads.kinds.KINDS))
    received = uploads.receive(edge.storage, io.BytesIO(made.CSV), name, taken)
    uploads.keeping.keep_blob(session, received.stored, media_type="text/plain", at=edge.clock())


def test_parallel_uploads_never_pass_the_quota(
    any_database: object,
    make: Factory,
    edge: Runtime,
    learner: Person,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(uploads, "MOST_BYTES", 1000)
    place = make.portfolio(
        learner,
        make.edition(
            sample_definition(
                evidence_requirements=(replace(made.WANTED[1], max_count=50, accepts=("text",)),)
            )
        ),
        is_complete=False,
    )

    def act(number: int) -> None:
        content = f"{number:02d}".encode() + b"x" * 248
        with edge.database.transaction() as session:
            uploads.upload(
                session,
                edge.storage,
                place.id,
                requirement_key="E2",
                file_name=f"{number}.txt",
                source=io.BytesIO(content),
                by=learner.id,
                at=edge.clock(),
            )

    told = together(*[partial(act, number) for number in range(8)])

    refused = [one.reason for one in told if isinstance(one, Invalid)]
    assert (told.count(None), len(refused)) == (4, 4)
    assert all("A portfolio holds" in reason for reason in refused)
    assert sorted(item.position for item in make.rows(EvidenceItem)) == [1, 2, 3, 4]
