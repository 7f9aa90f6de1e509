"""Blind both ways: planted names reach nobody they should not (INV-12, 13, 14, 16; BR2-8, AZ3)."""

import re

import pytest

from accounts.models import Notice, Person
from core.models import Mail
from portfolio.composing import services as composing
from portfolio.composing.models import Attestation, Portfolio, Reflection
from portfolio.evidence.models import Blob, Rendition
from portfolio.evidence.states import PreviewState, RenditionKind
from portfolio.submission import services as submissions
from portfolio.submission.models import SealedItem
from review.assignment.models import Assignment
from review.assignment.states import AssignmentState

NAME = "Ottoline Brackenridge"
ADDRESS = "ottoline.b@example.org"
EMPLOYER = "Lanternworks Halifax"
ATTESTER = "Peregrine Vasquez"
ATTESTER_ADDRESS = "p.vasquez@example.org"
FILE_NAME = "Ottoline Brackenridge run sheet final FINAL.docx"
NEEDLES = (
    "ottoline",
    "brackenridge",
    ADDRESS,
    "lanternworks",
    "peregrine",
    "vasquez",
    "final final",
)
WORDS = f"{NAME} of {EMPLOYER} ({ADDRESS}), confirmed by {ATTESTER}, in {FILE_NAME}"
NONCES = re.compile(r'(name="csrf_token" value|name="csrf-token" content)="[^"]*"')


@pytest.fixture
def planted(stage, edge, make):
    """A submission under review whose every text and file names its learner."""
    edition = make.edition()
    stage.edition = edition
    stage.reviewers = [
        make.reviewer(
            edition, name=f"Reviewer Ashgrove{number}", address=f"ash{number}@example.org"
        )
        for number in range(2)
    ]
    stage.learner = make.person(NAME, address=ADDRESS, employer=EMPLOYER)
    portfolio = make.portfolio(stage.learner, edition)
    blob = make.blob(b"PK\x03\x04 " + WORDS.encode(), "application/msword")
    text = edge.storage.put(WORDS.encode())
    item = make.item(
        portfolio,
        content=b"PK\x03\x04 " + WORDS.encode(),
        media_type="application/msword",
        file_name=FILE_NAME,
        title=WORDS[:190],
    )
    place = {"by": stage.learner.id, "at": edge.clock()}
    with edge.database.transaction() as session:
        session.get_one(Blob, blob.sha256).preview_state = PreviewState.READY.value
        session.add(
            Rendition(
                source_sha256=blob.sha256,
                kind=RenditionKind.TEXT.value,
                title=WORDS[:190],
                sha256=text.sha256,
                size=text.size,
                media_type="text/plain",
            )
        )
        session.merge(item).own_contribution = WORDS
    with edge.database.transaction() as session:
        composing.set_claims(
            session, portfolio.id, item.id, claims={"C1": f"page 2, by {NAME}"}, **place
        )
        current = session.get_one(type(portfolio), portfolio.id)
        current.context, current.role, current.sector = WORDS, NAME, EMPLOYER
        current.disclosures = {"ai_use": WORDS}
    plant_texts(session_of=edge.database, portfolio=portfolio, place=place)
    stage.submission = make.submission(portfolio=portfolio)
    stage.past_intake().asked().accept_all()
    return stage


def plant_texts(*, session_of, portfolio, place):
    """Name the learner in the reflection, and have an outside person confirm the work."""

    with session_of.transaction() as session:
        for one in session.query(Reflection).filter_by(portfolio_id=portfolio.id):
            one.text, one.html = (
                WORDS,
                f"<p>{WORDS} <a href='https://example.org/{ADDRESS}'>me</a></p>",
            )
        session.add(
            Attestation(
                portfolio_id=portfolio.id,
                name=ATTESTER,
                address=ATTESTER_ADDRESS,
                relation=f"Line manager of {NAME}",
                token_hash="0" * 64,
                state="received",
                requested_at=place["at"],
                expires_at=place["at"],
                answered_at=place["at"],
            )
        )


def bytes_of(answer):
    """Return everything of an answer that a person can get at, folded to lower case."""
    head = "\n".join(f"{name}: {value}" for name, value in answer.headers)
    return head.casefold() + "\n" + answer.get_data().decode("utf-8", "replace").casefold()


def assert_hidden(text, needles):
    found = [needle for needle in needles if needle.casefold() in text]
    assert found == []


def test_inv_12_no_byte_that_a_reviewer_gets_names_the_learner(planted, as_person, make):
    mine = planted.working()[0]
    client = as_person(mine.reviewer_id)
    form = {"version": "1", "C1-answer": "3", "C2-answer": "3"}
    (text,) = make.rows(Rendition, kind=RenditionKind.TEXT.value)
    pages = [
        client.get(f"/reviews/{mine.id}"),
        client.post(f"/reviews/{mine.id}/save", data=form, headers={"X-Requested-With": "fetch"}),
        client.post(f"/reviews/{mine.id}/check", data={**form, "version": "2", "C2-answer": "1"}),
        client.post(f"/reviews/{mine.id}/check", data={**form, "version": "2"}),
        client.get(f"/reviews/{mine.id}/seal"),
        client.get(f"/reviews/{mine.id}/recuse"),
        client.get(f"/reviews/{mine.id}/evidence/2/{text.id}"),
        client.get("/reviews"),
    ]

    assert [page.status_code for page in pages] == [200, 200, 422, 303, 200, 200, 404, 200]
    assert "▮▮▮" in pages[0].text
    assert "evidence-2." in pages[0].text
    for page in pages:
        assert_hidden(bytes_of(page), NEEDLES)


def test_inv_12_no_notice_or_mail_to_a_reviewer_names_the_learner(planted, make):
    planted.decided([(3, 2), (3, 2)])
    people = {one.reviewer_id for one in make.rows(Assignment)}

    told = [one for one in make.rows(Notice) if one.person_id in people]
    mails = [one for one in make.rows(Mail) if one.to_address.startswith("ash")]

    assert told
    assert mails
    for one in [*told, *mails]:
        assert_hidden(str(vars(one)).casefold(), NEEDLES)


def test_br_13_a_reviewers_own_name_is_covered_before_the_learner_reads_it(planted, as_person):
    words = "Reviewer Ashgrove0 and Reviewer Ashgrove1 (ash0@example.org, ash1@example.org) say so."
    for one in planted.working():
        planted.seal(one, (3, 2), rationale=words, feedback=words)

    page = as_person(planted.learner.id).get(f"/submissions/{planted.submission.id}/outcome")

    assert page.status_code == 200
    assert "▮▮▮" in page.text
    assert_hidden(bytes_of(page), ("ashgrove", "ash0@", "ash1@"))


def learner_bytes(stage, as_person):
    client = as_person(stage.learner.id)
    base = f"/submissions/{stage.submission.id}"
    pages = [
        client.get(path)
        for path in (base, f"{base}/outcome", f"{base}/reconsideration", "/home", "/notices")
    ]
    return [(page.status_code, page.get_data()) for page in pages]


def test_inv_12_no_byte_that_the_learner_gets_names_a_reviewer(planted, as_person, make):
    ids = [*(one.id for one in planted.reviewers), *(one.id for one in make.rows(Assignment))]
    planted.decided([(3, 2), (3, 2)])

    pages = learner_bytes(planted, as_person)
    kept = [one for one in make.rows(Notice) if one.person_id == planted.learner.id]
    mails = [one for one in make.rows(Mail) if one.to_address == ADDRESS]

    assert [status for status, _body in pages] == [200] * 5
    assert mails
    text = "".join(body.decode().casefold() for _status, body in pages)
    text += "".join(str(vars(one)).casefold() for one in [*kept, *mails])
    assert_hidden(text, ("ashgrove", "ash0@", "ash1@", *ids))


def test_br_15_only_the_reviewer_differs_and_every_byte_of_the_learner_is_equal(
    stage, edge, as_person, make
):
    stage.under_review(reviewers=2)
    one = stage.working()[0]
    seen = []
    for name in ("Reviewer Ashgrove0", "Somebody Altogether Different"):
        rename(edge, one.reviewer_id, name)
        if not seen:
            stage.decided([(3, 2), (3, 2)])
        seen.append([NONCES.sub("", body.decode()) for _s, body in learner_bytes(stage, as_person)])

    assert seen[0] == seen[1]


def rename(edge, person_id, name):

    with edge.database.transaction() as session:
        session.get_one(Person, person_id).name = name


def test_inv_14_a_reviewer_sees_nothing_of_the_other_before_the_learner_is_told(planted, as_person):
    one, two = planted.working()
    planted.seal(one, (3, 2), rationale="Only the first reviewer wrote these words.")

    page = as_person(two.reviewer_id).get(f"/reviews/{two.id}")
    others = as_person(one.reviewer_id).get(f"/reviews/{one.id}/outcome")

    assert "Only the first reviewer" not in page.text
    assert others.status_code == 404


def test_inv_16_a_reviewer_of_a_second_attempt_sees_no_trace_of_the_first(
    stage, edge, as_person, make
):
    stage.under_review(reviewers=6).decided([(3, 2), (3, 2)])
    first = stage.submission
    stage.submission = make.submission(portfolio=make.rows(Portfolio)[0])
    late = stage.past_intake().asked().accept_all()[0]

    page = as_person(late.reviewer_id).get(f"/reviews/{late.id}")

    assert page.status_code == 200
    assert stage.submission.pseudonym != first.pseudonym
    for trace in (first.pseudonym, first.id, "attempt", "earlier", "resubmi"):
        assert trace.casefold() not in page.text.casefold()


@pytest.mark.parametrize("how", ["stepped back", "closed", "withdrawn"])
def test_az_3_evidence_is_gone_the_moment_the_assignment_gives_no_access(
    planted, as_person, make, edge, clock, how
):
    mine = planted.working()[0]
    client = as_person(mine.reviewer_id)
    picture = page_rendition(edge, make, planted)
    path = f"/reviews/{mine.id}/evidence/1/{picture}"
    before = client.get(path)

    if how == "stepped back":
        planted.step_back(mine)
    elif how == "closed":
        planted.decided([(3, 3), (3, 3)])
        assert make.reload(mine).state == AssignmentState.CLOSED.value
    else:
        with edge.database.transaction() as session:
            submissions.withdraw(session, planted.submission.id, by=planted.learner.id, at=clock())

    assert before.status_code == 200
    assert client.get(path).status_code == 404


def page_rendition(edge, make, stage):
    """Give the first work sample a picture of a page, and return its id."""

    stored = edge.storage.put(b"RIFF not really a picture")
    (item,) = make.rows(SealedItem, submission_id=stage.submission.id, position=1)
    with edge.database.transaction() as session:
        made = Rendition(
            source_sha256=item.sha256,
            kind=RenditionKind.PAGE.value,
            sha256=stored.sha256,
            size=stored.size,
            media_type="image/webp",
            facts={"number": 1, "pages": 1, "width": 10, "height": 10},
        )
        session.add(made)
    return made.id
