"""The open door: anybody brings a badge and reads what each step found."""

import json
from io import BytesIO

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from credentials.issuing import services
from credentials.verification import views
from credentials.verification.baked import badge_in
from credentials.verification.reading import Unreadable
from tests.credentials.awards import drain, offered, sign

STEPS = [
    "Size",
    "JSON",
    "Vocabularies",
    "Required fields",
    "Signed in full",
    "Issuer and key",
    "Signature",
    "Dates",
    "Status",
    "Recipient",
    "Trust",
]
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>"


def picture(*badges: str, packed: bool = False) -> bytes:
    """Return a small PNG with these badges baked in."""
    info = PngInfo()
    for badge in badges:
        info.add_itxt("openbadgecredential", badge, zip=packed)
    out = BytesIO()
    Image.new("RGB", (8, 8)).save(out, "PNG", pnginfo=info)
    return out.getvalue()


def uploaded(content: bytes, name: str = "badge.json") -> dict[str, object]:
    return {"file": (BytesIO(content), name)}


def test_a_link_from_a_badge_checks_it_at_once(client, make, edge):
    credential = sign(edge, offered(make))

    page = client.get(f"/verify?id={credential.id}").text

    assert "This badge is valid" in page
    assert [name for name in STEPS if f">{name}</span>" not in page] == []
    assert f'value="{credential.id}"' in page


@pytest.mark.parametrize("way", ["number", "address", "file", "text", "picture"])
def test_each_way_of_bringing_a_badge_leads_to_the_same_answer(client, make, edge, way):
    credential = sign(edge, offered(make))
    base = edge.settings.base_url
    brought = {
        "number": {"address": credential.id},
        "address": {"address": f"{base}/credentials/{credential.id}"},
        "file": uploaded(credential.document.encode()),
        "text": {"text": json.dumps(json.loads(credential.document), indent=4)},
        "picture": uploaded(picture(credential.document), "badge.png"),
    }[way]

    answer = client.post("/verify", data=brought)

    assert answer.status_code == 200
    assert "<h1>This badge is valid</h1>" in answer.text
    assert "Careful Host" in answer.text


def test_a_changed_letter_is_found(client, make, edge):
    credential = sign(edge, offered(make))

    page = client.post(
        "/verify", data={"text": credential.document.replace("Careful Host", "Careful Most")}
    ).text

    assert "This is not a valid badge" in page
    assert "it was changed after signing" in page


@pytest.mark.parametrize(
    ("verb", "title"),
    [("suspend", "This badge is suspended"), ("reinstate", "This badge is valid")],
)
def test_the_answer_follows_the_status_of_today(client, make, edge, verb, title):
    award = offered(make)
    credential = sign(edge, award)
    with edge.database.transaction() as session:
        services.suspend(session, award.id, by="system:test", at=edge.clock())
        if verb == "reinstate":
            services.reinstate(session, award.id, by="system:test", at=edge.clock())
    drain(edge)

    assert title in client.get(f"/verify?id={credential.id}").text
    assert title in client.post("/verify", data={"text": credential.document}).text


def test_whose_it_is_can_be_asked_too(client, make, edge):
    learner = make.person("Rowan Ash", address="rowan@example.org")
    credential = sign(edge, offered(make, learner))
    brought = {"address": credential.id}

    right = client.post("/verify", data={**brought, "recipient": "Rowan@Example.org"}).text
    wrong = client.post("/verify", data={**brought, "recipient": "robin@example.org"}).text

    assert "This badge is valid" in right
    assert "This is not a valid badge" in wrong
    assert "It was awarded to somebody else." in wrong


@pytest.mark.parametrize(
    ("brought", "said"),
    [
        ({}, "Give an address, choose a file, or paste the badge."),
        ({"address": "http://127.0.0.1:22/"}, "Only addresses that begin with https://"),
        ({"address": "https://localhost/"}, "not on the public internet"),
        ({"address": "file:///etc/passwd"}, "Only addresses that begin with https://"),
        (uploaded(picture(), "empty.png"), "This picture carries no badge."),
        (uploaded(picture("{}", "{}"), "two.png"), "This picture carries several badges"),
        (uploaded(picture("{}", packed=True), "packed.png"), "which the standard does not allow"),
    ],
)
def test_what_leads_to_no_badge_is_refused_with_a_reason(client, brought, said):
    answer = client.post("/verify", data=brought)

    assert answer.status_code == 422
    assert said in answer.text


@pytest.mark.parametrize(
    "content",
    [
        b"not json",
        b"[]",
        b"{}",
        b"\xff\xfe\x00",
        b'{"a": 1, "a": 2}',
        b'{"a": NaN}',
        b"[" * 100_000,
        b'{"@context": 7}',
        b'{"@context": ["https://www.w3.org/ns/credentials/v2"], "issuer": {}}',
        b"\x89PNG\r\n\x1a\nbroken",
    ],
    ids=range(10),
)
def test_nothing_that_is_brought_breaks_the_page(client, content):
    answer = client.post("/verify", data=uploaded(content))

    assert answer.status_code in (200, 422)
    assert "This badge is valid" not in answer.text


def test_more_text_than_any_badge_has_is_said_to_be_too_long(client):
    page = client.post("/verify", data={"text": "x" * 1_100_000}).text

    assert "It is longer than 1024 KiB, which no badge needs." in page


def test_words_of_a_stranger_are_shown_and_never_run(client, make, edge):
    document = json.loads(sign(edge, offered(make)).document)
    document["name"] = HOSTILE
    document["issuer"] = {"id": HOSTILE, "name": HOSTILE, "type": ["Profile"]}
    document["credentialSubject"]["achievement"]["name"] = HOSTILE

    page = client.post("/verify", data={"text": json.dumps(document)}).text

    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert" not in page
    assert "<img src=x" not in page


def test_an_unknown_number_is_not_found(client):
    answer = client.get("/verify?id=" + "a" * 26)

    assert answer.status_code == 404
    assert "There is no badge with this number here." in answer.text


def test_the_form_is_there_without_anything(client):
    page = client.get("/verify")

    assert page.status_code == 200
    assert "Check a badge" in page.text


def test_checking_too_often_is_slowed_down(client):
    answers = [client.post("/verify", data={"text": "{}"}).status_code for _ in range(31)]

    assert answers[:30] == [200] * 30
    assert answers[30] == 429


def test_a_picture_cut_short_is_unreadable():
    whole = picture("{}")

    with pytest.raises(Unreadable):
        badge_in(whole[:60])


def test_a_check_that_finds_every_place_taken_is_asked_back_and_gives_its_own_back(
    client, monkeypatch
) -> None:
    monkeypatch.setattr(views, "PATIENCE_SECONDS", 0.01)
    for _ in range(3):
        views.PLACES.acquire()
    refused = client.post("/verify", data={"text": "{}"})
    for _ in range(3):
        views.PLACES.release()

    looked_at = [client.post("/verify", data={"text": "{}"}).status_code for _ in range(5)]

    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "10")
    assert "Several badges are being checked" in refused.text
    assert looked_at == [200] * 5
