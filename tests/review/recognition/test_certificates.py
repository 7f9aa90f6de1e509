"""Certificates: true to the credit, checked by whoever has the code, withdrawn by the holder."""

import re
from datetime import UTC, date, datetime, timedelta
from io import BytesIO

import pypdfium2
import pytest

from core.digest import digest_of
from core.errors import Invalid
from core.ids import new_id
from review.recognition.certificate import check_period, content_of, grouped, span_of, typed
from review.recognition.certificate_pdf import Printed, pdf_of
from review.recognition.credit import Entry
from review.recognition.mark import engrave_mark, rung_of
from review.recognition.models import Certificate, CreditEntry
from review.recognition.states import CreditKind

CODE = re.compile(r"[a-z2-7]{5}(-[a-z2-7]{5}){3}")
PERIOD = {"from_date": "2026-01-01", "until_date": "2026-03-02"}


@pytest.fixture
def reviewer(make, edge):
    """Somebody with five reviews and a calibration, and one review of the year before."""
    edition = make.edition()
    found = make.reviewer(edition, "Ravi Reviewer")
    days = [datetime(2026, 2, day, 12, tzinfo=UTC) for day in range(1, 6)]
    with edge.database.transaction() as session:
        for number, day in enumerate([*days, datetime(2025, 12, 31, 12, tzinfo=UTC)]):
            session.add(entry(found.id, edition.badge_id, f"review{number}", day))
        extra = entry(found.id, edition.badge_id, "known", days[0])
        extra.kind, extra.minutes = CreditKind.CALIBRATION.value, 15
        session.add(extra)
    return found


def entry(person, badge, subject, day):
    return CreditEntry(
        person_id=person,
        badge_id=badge,
        kind=CreditKind.REVIEW.value,
        subject_id=subject,
        minutes=50,
        earned_at=day,
    )


def made(make, as_person, reviewer, **fields):
    answer = as_person(reviewer.id).post(
        "/reviewing/credit/certificates", data={**PERIOD, **fields}
    )
    assert answer.status_code == 303
    (found,) = make.rows(Certificate, code=answer.location.rsplit("/", 1)[1])
    return found, answer.location


def text_of(pdf):
    document = pypdfium2.PdfDocument(BytesIO(pdf))
    try:
        return document[0].get_textpage().get_text_range()
    finally:
        document.close()


def test_it_says_what_was_credited_in_the_period_and_names_no_work(
    make, as_person, reviewer, client
):
    found, location = made(make, as_person, reviewer)

    page = client.get(location)

    assert found.content == {
        "name": "Ravi Reviewer",
        "issuer": "Northlight Guild",
        "from": "2026-01-01",
        "until": "2026-03-02",
        "badges": [{"title": "Careful Host", "reviews": 5, "minutes": 265, "mark": None}],
        "other": {"calibration": 1},
        "reviews": 5,
        "minutes": 265,
    }
    assert found.digest == digest_of(found.content)
    assert CODE.fullmatch(found.code)
    for words in ("Ravi Reviewer", "4 h 25 min", "5 reviews", "Northlight Guild", found.code):
        assert words in page.text
    assert "Withdraw" not in page.text
    assert 'name="robots" content="noindex"' in page.text


def test_anybody_checks_it_without_an_account_and_off_paper(make, as_person, reviewer, client):
    found, _ = made(make, as_person, reviewer)
    code = found.code

    for spelt in (code, code.upper(), code.replace("-", ""), code.replace("-", " ")):
        assert client.get(f"/certificates/{spelt}").status_code == 200


def test_the_pdf_says_the_same_and_is_the_same_each_time(make, as_person, reviewer, client):
    found, location = made(make, as_person, reviewer, shows_marks="y")
    first, second = (client.get(f"{location}/certificate.pdf") for _ in range(2))

    text = " ".join(text_of(first.data).split())

    assert first.mimetype == "application/pdf"
    assert first.data == second.data
    for words in ("Ravi Reviewer", "4 h 25 min", "5 reviews", found.code, f"/{found.code}"):
        assert words in text


def test_marks_are_on_it_by_the_holders_choice_alone(make, as_person, reviewer, client):
    _, without = made(make, as_person, reviewer)
    shown, with_marks = made(make, as_person, reviewer, shows_marks="y")

    assert "of 3 punches" not in client.get(without).text
    assert "1 of 3 punches" in client.get(with_marks).text
    assert shown.content["badges"][0]["mark"] == {"slug": "careful-host", "rung": 1}


def test_the_holder_withdraws_it_and_nothing_of_it_is_shown_any_more(
    make, as_person, reviewer, client
):
    found, location = made(make, as_person, reviewer)
    path = f"/reviewing/credit/certificates/{found.id}/withdraw"

    by_other = as_person(make.person().id).post(path)
    stands = client.get(location).status_code
    by_holder = as_person(reviewer.id).post(path)

    page = client.get(location)
    assert (by_other.status_code, stands, by_holder.status_code) == (404, 200, 303)
    assert page.status_code == 410
    assert "Ravi" not in page.text
    assert client.get(f"{location}/certificate.pdf").status_code == 404
    assert as_person(reviewer.id).post(path).status_code == 303


def test_a_code_that_nobody_has_looks_the_same_whatever_it_is(client, make, as_person, reviewer):
    found, _ = made(make, as_person, reviewer)
    near = found.code[:-1] + ("a" if found.code[-1] != "a" else "b")
    tries = [near, "x", "%27", "a" * 500, grouped(new_id()[:20]), found.id]

    answers = [client.get(f"/certificates/{one}") for one in tries]

    assert {one.status_code for one in answers} == {404}
    assert all("No certificate has this code" in one.text for one in answers)
    assert "Ravi" not in "".join(one.text for one in answers)


def test_codes_hold_a_hundred_random_bits():
    codes = {grouped(new_id()[:20]) for _ in range(2_000)}

    letters = [set(place) for place in zip(*(one.replace("-", "") for one in codes), strict=True)]
    assert len(codes) == 2_000
    assert {len(one) for one in letters} == {32}


def test_what_is_misread_off_paper_is_forgiven_and_other_letters_are_not():
    assert typed("Obcde 11111-88888 pqrs0") == "obcde-lllll-bbbbb-pqrso"
    assert [typed(one) for one in ("", "abc", "abcde-fghij-klmno-pqrs9", "ä" * 20)] == [""] * 4


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"until_date": "2026-01-27"}, "four weeks"),
        ({"until_date": "2025-01-01"}, "before the first"),
        ({"until_date": "2027-01-01"}, "still to come"),
        ({"from_date": "2024-01-01", "until_date": "2024-12-31"}, "Nothing is credited"),
        ({"from_date": "9999-12-31"}, "From"),
        ({"from_date": "soon"}, "From"),
        ({"until_date": ""}, "Choose the last day"),
    ],
)
def test_a_period_that_makes_no_sense_is_refused_with_what_was_typed(
    make, as_person, reviewer, fields, words
):
    client = as_person(reviewer.id)

    answer = client.post("/reviewing/credit/certificates", data={**PERIOD, **fields})

    assert answer.status_code == 422
    assert words in answer.text
    assert all(value in answer.text for value in fields.values())
    assert make.rows(Certificate) == []


def test_there_is_an_end_to_certificates_that_stand(make, as_person, reviewer, edge):
    with edge.database.transaction() as session:
        for _ in range(50):
            session.add(
                Certificate(
                    code=grouped(new_id()[:20]),
                    person_id=reviewer.id,
                    from_date=date(2026, 1, 1),
                    until_date=date(2026, 2, 1),
                    content={"minutes": 1},
                    digest="0" * 64,
                    made_at=edge.clock(),
                )
            )

    answer = as_person(reviewer.id).post("/reviewing/credit/certificates", data=PERIOD)

    assert answer.status_code == 422
    assert "Withdraw one" in answer.text


def test_today_is_the_holders_own_and_days_are_theirs():
    since, until = span_of(date(2026, 1, 1), date(2026, 1, 31), "Pacific/Auckland")

    assert since.astimezone(UTC) == datetime(2025, 12, 31, 11, tzinfo=UTC)
    assert until - since == timedelta(days=31)


def test_four_weeks_are_enough_and_a_day_less_is_not():
    first = date(2026, 1, 1)

    check_period(first, first + timedelta(days=27), today=date(2026, 3, 1))
    with pytest.raises(Invalid):
        check_period(first, first + timedelta(days=26), today=date(2026, 3, 1))


@pytest.mark.parametrize("name", ["Łukasz Żółć", "Наталья", "田中 さくら", "A" * 180, "R. <b>&"])
def test_any_name_makes_a_pdf(name):
    content = content_of(
        [Entry(date(2026, 1, 5), "Careful Host", CreditKind.REVIEW, 50)],
        name=name,
        issuer="Northlight Guild",
        from_date=date(2026, 1, 1),
        until_date=date(2026, 2, 1),
        marks={},
    )

    pdf = pdf_of(content, Printed("a", "https://example.org/a", datetime(2026, 3, 2, tzinfo=UTC)))

    assert pdf.startswith(b"%PDF")


def test_marks_are_struck_at_five_twenty_five_and_a_hundred():
    assert [rung_of(count) for count in (0, 4, 5, 24, 25, 99, 100, 9_999)] == [
        0,
        0,
        1,
        1,
        2,
        2,
        3,
        3,
    ]


def test_a_mark_belongs_to_its_badge_and_says_its_rung():
    drawn = {
        (slug, rung): tuple(engrave_mark(issuer="Guild", slug=slug, rung=rung))
        for slug in ("one", "other-badge")
        for rung in (1, 2, 3)
    }

    assert len(set(drawn.values())) == 6
    with pytest.raises(ValueError, match="one to three"):
        list(engrave_mark(issuer="Guild", slug="one", rung=4))
