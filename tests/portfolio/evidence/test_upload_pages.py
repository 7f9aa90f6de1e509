"""Uploading and reading one's own files over HTTP, as a browser with and without scripts does."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from accounts.models import Person
from core.runtime import Runtime
from portfolio.composing.models import Portfolio
from portfolio.evidence.models import EvidenceItem, Rendition
from tests.factories import Factory
from tests.portfolio.evidence import made_files as made

SCRIPT = {"X-Requested-With": "fetch", "Accept": "application/json"}


@pytest.fixture
def mine(as_person: Callable[[str], FlaskClient], learner: Person) -> FlaskClient:
    return as_person(learner.id)


@pytest.fixture
def send(mine: FlaskClient, portfolio: Portfolio) -> Callable[..., Any]:
    """Post files as a form does."""

    def post(*files: tuple[bytes, str], key: str = "E1", **more: Any) -> Any:
        sent = [(io.BytesIO(content), name) for content, name in files]
        return mine.post(
            f"/portfolios/{portfolio.id}/evidence",
            data={"requirement_key": key, "file": sent},
            content_type="multipart/form-data",
            **more,
        )

    return post


def test_without_scripts_an_upload_ends_on_the_page_it_came_from(
    make: Factory, mine: FlaskClient, send: Callable[..., Any], portfolio: Portfolio
) -> None:
    answer = send((made.pdf(), "Plan.pdf"), (made.picture(), "Photo.png"))

    assert answer.status_code == 303
    assert answer.location == f"/portfolios/{portfolio.id}/evidence#E1"
    assert sorted(item.file_name for item in make.rows(EvidenceItem)) == ["Photo.png", "Plan.pdf"]
    page = mine.get(answer.location).text
    assert "2 files are in your portfolio." in page
    assert "Plan.pdf" in page


def test_without_scripts_a_refusal_comes_back_at_the_form_and_nothing_is_kept(
    make: Factory, send: Callable[..., Any]
) -> None:
    answer = send((made.pdf(), "Plan.pdf"), (b"", "Empty.png"))

    assert answer.status_code == 422
    assert "“Empty.png” was not taken. It is empty (0 bytes)." in answer.text
    assert 'aria-describedby="upload-E1-hint upload-E1-error"' in answer.text
    assert make.rows(EvidenceItem) == []


def test_a_script_is_answered_in_json_with_the_same_sentence(send: Callable[..., Any]) -> None:
    taken = send((made.picture(), "a.png"), headers=SCRIPT)
    refused = send((b"GIF89a", "a.gif"), headers=SCRIPT)

    assert (taken.status_code, taken.json["message"]) == (200, "“a.png” is in your portfolio.")
    assert refused.status_code == 422
    assert refused.json["message"] == (
        "“a.gif” was not taken. PDF, DOCX, PNG or JPEG files are taken here."
    )


def test_no_file_at_all_is_said_kindly(send: Callable[..., Any]) -> None:
    answer = send(headers=SCRIPT)

    assert (answer.status_code, answer.json["message"]) == (
        422,
        "Choose a file first, then upload it.",
    )


def test_a_body_past_what_the_installation_takes_is_refused_whole(
    make: Factory, mine: FlaskClient, edge: Runtime, send: Callable[..., Any]
) -> None:
    mine.application.config["MAX_CONTENT_LENGTH"] = 1000

    answer = send((b"%PDF-" + b"x" * 2000, "a.pdf"), headers=SCRIPT)

    assert answer.status_code == 413
    assert answer.json["message"].startswith("A file may have 200 MB at most,")
    assert (make.rows(EvidenceItem), list(edge.storage.listing())) == ([], [])


# Werkzeug leaves its nameless temporary file to the collector here, which closes it.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_body_that_breaks_off_leaves_nothing(
    make: Factory, mine: FlaskClient, edge: Runtime, portfolio: Portfolio
) -> None:
    cut = b'--B\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n%PDF-1.4'

    answer = mine.post(
        f"/portfolios/{portfolio.id}/evidence",
        data=cut,
        content_type="multipart/form-data; boundary=B",
    )

    assert answer.status_code in (400, 404, 422)
    assert (make.rows(EvidenceItem), list(edge.storage.listing())) == ([], [])


@pytest.fixture
def item(
    make: Factory, send: Callable[..., Any], drain: Callable[[], int], clock: Any
) -> EvidenceItem:
    """A picture that was uploaded a while ago, its preview made."""
    send((made.picture(), "Zeldas photo.png"))
    drain()
    clock.advance(minutes=5)
    (found,) = make.rows(EvidenceItem)
    return found


def test_a_sample_has_a_page_with_its_preview_and_what_is_said_of_it(
    make: Factory, mine: FlaskClient, item: EvidenceItem
) -> None:
    (shown,) = make.rows(Rendition)

    page = mine.get(f"/evidence/{item.id}").text

    assert f'src="/evidence/{item.id}/renditions/{shown.id}" alt="The picture"' in page
    assert f'href="/evidence/{item.id}/file" download' in page


def test_a_new_file_shows_no_preview_at_once_whoever_uploaded_the_same_before(
    mine: FlaskClient, item: EvidenceItem, make: Factory, send: Callable[..., Any]
) -> None:
    send((made.picture(), "again.png"))
    (again,) = make.rows(EvidenceItem, file_name="again.png")

    page = mine.get(f"/evidence/{again.id}").text

    assert again.sha256 == item.sha256
    assert "The preview is being made; this takes a minute." in page
    assert "/renditions/" not in page


def test_what_is_said_of_a_sample_is_saved_or_comes_back_as_typed(
    make: Factory, mine: FlaskClient, item: EvidenceItem
) -> None:
    said = {"title": "A photo", "requirement_key": "E1", "own_contribution": "I took it."}

    wrong = mine.post(f"/evidence/{item.id}", data={**said, "title": " "})
    right = mine.post(f"/evidence/{item.id}", data={**said, "date_of_work": "2025-04-01"})

    assert wrong.status_code == 422
    assert "Give it a title." in wrong.text
    assert "I took it." in wrong.text
    assert right.status_code == 303
    assert make.reload(item).own_contribution == "I took it."


def test_a_sample_that_was_removed_is_gone_from_every_page(
    mine: FlaskClient, item: EvidenceItem, portfolio: Portfolio
) -> None:
    answer = mine.post(f"/evidence/{item.id}/remove")

    assert answer.status_code == 303
    told = mine.get(answer.location).text
    assert "“Zeldas photo” is no longer in your portfolio." in told
    assert "Zeldas photo" not in mine.get(answer.location).text
    assert mine.get(f"/evidence/{item.id}").status_code == 404


def test_nobody_else_sees_that_a_sample_exists(
    make: Factory, as_person: Callable[[str], FlaskClient], item: EvidenceItem, portfolio: Portfolio
) -> None:
    (shown,) = make.rows(Rendition)
    other = as_person(make.person().id)
    paths = ["", "/file", f"/renditions/{shown.id}"]

    read = [other.get(f"/evidence/{item.id}{path}").status_code for path in paths]
    written = [other.post(f"/evidence/{item.id}{path}").status_code for path in ("", "/remove")]
    sent = other.post(
        f"/portfolios/{portfolio.id}/evidence",
        data={"requirement_key": "E1", "file": (io.BytesIO(made.picture()), "a.png")},
    )

    assert (read, written, sent.status_code) == ([404] * 3, [404] * 2, 404)


def test_a_rendition_of_another_file_is_not_found_under_ones_own(
    make: Factory, mine: FlaskClient, item: EvidenceItem, send: Callable[..., Any], drain: Any
) -> None:
    send((made.picture("JPEG"), "b.jpg"))
    drain()
    other = next(one for one in make.rows(Rendition) if one.source_sha256 != item.sha256)

    assert mine.get(f"/evidence/{item.id}/renditions/{other.id}").status_code == 404
