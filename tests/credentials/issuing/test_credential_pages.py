"""The public page of a badge, and what programs get at the same address."""

import json
from io import BytesIO

import pytest
from PIL import Image

from credentials.issuing import services
from credentials.issuing.models import EvidenceConsent
from credentials.issuing.states import Visibility
from tests.credentials.awards import drain, offered, sample, sign
from tests.factories import PDF, sample_definition

DOCUMENTS = ["application/vc", "application/vc+ld+json", "application/ld+json", "application/json"]


def suspend(edge, award):
    with edge.database.transaction() as session:
        services.suspend(session, award.id, by="system:test", at=edge.clock())
    drain(edge)


def test_a_stranger_reads_what_was_shown_by_whom_and_how_it_was_judged(client, make, edge):
    award = offered(make, make.person("Rowan Ash"))
    credential = sign(edge, award, shows_name=True, visibility=Visibility.PUBLIC)

    page = client.get(f"/credentials/{credential.id}").text

    for words in (
        "Rowan Ash",
        "Careful Host",
        "Hosts a session that everybody can follow.",
        "Northlight Guild",
        "Assessed by two qualified, independent peers who worked blind.",
        "Proficient</strong>, level 3 of 4",
        "Needs, step 3.",
        "Exemplary</strong>, level 4 of 4",
        "Plan, step 4.",
        "Mon 2 March 2026",
        "It stands today",
        f"/verify?id={credential.id}",
        "did:web:127.0.0.1%3A",
        credential.digest,
    ):
        assert words in page, words
    assert "noindex" not in page
    assert "Share it" not in page


def test_a_link_to_the_page_is_shown_with_a_picture_elsewhere(client, make, edge):
    credential = sign(edge, offered(make))
    base = edge.settings.base_url

    page = client.get(f"/credentials/{credential.id}").text
    card = client.get(f"/credentials/{credential.id}/card.png")
    mark = client.get(f"/credentials/{credential.id}/badge.png")

    assert f'property="og:url" content="{base}/credentials/{credential.id}"' in page
    assert f'property="og:image" content="{base}/credentials/{credential.id}/card.png"' in page
    assert Image.open(BytesIO(card.data)).size == (1200, 630)
    assert Image.open(BytesIO(mark.data)).format == "PNG"
    assert card.headers["Cross-Origin-Resource-Policy"] == "cross-origin"


def test_an_unlisted_page_asks_to_be_left_out_and_hides_the_name_that_was_not_chosen(
    client, make, edge
):
    credential = sign(edge, offered(make, make.person("Rowan Ash")))

    answer = client.get(f"/credentials/{credential.id}")

    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert '<meta name="robots" content="noindex">' in answer.text
    assert "Rowan" not in answer.text


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_a_program_gets_the_very_bytes_that_were_signed(client, make, edge, kind):
    credential = sign(edge, offered(make))

    answer = client.get(f"/credentials/{credential.id}", headers={"Accept": kind})

    assert answer.data == credential.document.encode()
    assert answer.mimetype == kind
    assert "Accept" in answer.headers["Vary"]
    assert answer.headers["Cache-Control"] == "public, max-age=86400"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("accept", ["text/html", "*/*", "text/html,application/json;q=0.9", ""])
def test_a_browser_gets_the_page_and_nobody_keeps_it(client, make, edge, accept):
    credential = sign(edge, offered(make))

    answer = client.get(f"/credentials/{credential.id}", headers={"Accept": accept})

    assert answer.mimetype == "text/html"
    assert answer.headers["Cache-Control"] == "no-store"
    assert {"Accept", "Cookie"} <= set(", ".join(answer.headers.getlist("Vary")).split(", "))


def test_the_file_is_the_same_bytes_under_a_name_of_its_own(client, make, edge):
    credential = sign(edge, offered(make))

    answer = client.get(f"/credentials/{credential.id}.json")

    assert answer.data == credential.document.encode()
    assert answer.headers["Content-Disposition"] == 'attachment; filename="careful-host.json"'


def test_what_is_not_signed_yet_looks_like_what_never_was(client, make, edge):
    award = offered(make)
    unknown = client.get("/credentials/" + "a" * 26)
    pending = client.get(f"/credentials/{award.id}")

    assert (unknown.status_code, pending.status_code) == (404, 404)
    assert unknown.text.replace("a" * 26, "") == pending.text.replace(award.id, "")
    for path in (".json", "/card.png", "/badge.png"):
        assert client.get(f"/credentials/{award.id}{path}").status_code == 404


def test_a_suspended_badge_says_so_first_and_shows_no_work(client, make, edge):
    blob = make.blob()
    award = offered(make)
    credential = sign(edge, award, evidence=[sample("Run sheet", blob.sha256)])
    (consent,) = make.rows(EvidenceConsent)
    suspend(edge, award)

    page = client.get(f"/credentials/{credential.id}").text
    work = client.get(f"/credentials/{credential.id}/evidence/{consent.id}")

    assert "Its issuer has suspended this badge for now." in page
    assert "It stands today" not in page
    assert "Run sheet" not in page
    assert work.status_code == 410


def test_an_expired_badge_says_so(client, make, edge, clock):
    award = offered(make, definition=sample_definition(validity_months=12))
    credential = sign(edge, award)
    clock.advance(days=366)

    assert (
        "This badge was valid until the day below."
        in client.get(f"/credentials/{credential.id}").text
    )


def test_shown_work_is_a_file_to_save_until_it_is_withdrawn(client, make, edge):
    blob = make.blob()
    award = offered(make)
    credential = sign(edge, award, evidence=[sample("Run sheet", blob.sha256)])
    (consent,) = make.rows(EvidenceConsent)
    path = f"/credentials/{credential.id}/evidence/{consent.id}"

    shown = client.get(f"{path}?sha256={blob.sha256}", buffered=True)
    with edge.database.transaction() as session:
        services.withdraw_evidence(
            session, award.id, consent.id, by=award.learner_id, at=edge.clock()
        )
    gone = client.get(f"{path}?sha256={blob.sha256}")

    assert shown.data == PDF
    assert shown.headers["Content-Disposition"].startswith("attachment")
    assert "Run sheet.pdf" in shown.headers["Content-Disposition"].replace("%20", " ")
    assert shown.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert gone.status_code == 410
    assert "Run sheet" not in client.get(f"/credentials/{credential.id}").text


def test_work_of_one_badge_is_not_found_below_another(client, make, edge):
    blob = make.blob()
    sign(edge, offered(make, make.person()), evidence=[sample("Run sheet", blob.sha256)])
    other = sign(edge, offered(make, make.person()))
    (consent,) = make.rows(EvidenceConsent)

    assert client.get(f"/credentials/{other.id}/evidence/{consent.id}").status_code == 404


def test_its_holder_finds_how_to_share_it_with_every_value_encoded(as_person, make, edge):
    definition = sample_definition(title="Hosts & Guests + more", validity_months=12)
    award = offered(make, definition=definition)
    credential = sign(edge, award)

    page = as_person(award.learner_id).get(f"/credentials/{credential.id}").text

    assert (
        "https://www.linkedin.com/profile/add?startTask=CERTIFICATION_NAME"
        "&amp;name=Hosts%20%26%20Guests%20%2B%20more&amp;organizationName=Northlight%20Guild"
        "&amp;issueYear=2026&amp;issueMonth=3&amp;expirationYear=2027&amp;expirationMonth=3"
        "&amp;certUrl=http%3A%2F%2F127.0.0.1%3A"
    ) in page
    assert f"&amp;certId={credential.id}" in page


def test_the_issuers_document_names_its_keys_under_the_port_it_is_served_on(client, make, edge):
    credential = sign(edge, offered(make))
    did = f"did:web:127.0.0.1%3A{edge.settings.port}"

    answer = client.get("/.well-known/did.json")

    document = json.loads(answer.data)
    method = json.loads(credential.document)["proof"][0]["verificationMethod"]
    assert document["id"] == did
    assert [one["id"] for one in document["verificationMethod"]] == [method]
    assert document["assertionMethod"] == [method]
    assert answer.headers["Cache-Control"] == "public, max-age=3600"


def test_the_status_list_is_the_same_for_everybody_and_may_be_kept(client, as_person, make, edge):
    award = offered(make)
    credential = sign(edge, award)
    path = f"/status/{credential.status_list_id}"

    mine, theirs = as_person(award.learner_id).get(path), client.get(path)

    assert mine.data == theirs.data
    assert theirs.mimetype == "application/vc"
    assert theirs.headers["Cache-Control"] == "public, max-age=60"
    assert client.get("/status/nothing").status_code == 404


def test_headers_of_a_request_change_no_word_of_the_page(client, make, edge, shared_data):
    credential = sign(edge, offered(make))
    path = f"/credentials/{credential.id}.json"
    names = (shared_data / "badinput" / "headers" / "cache_param_headers.txt").read_text()
    wanted = client.get(path).data

    odd = [
        name
        for name in names.split()
        if name.lower() not in {"host", "cookie", "if-none-match", "range"}
        and client.get(path, headers={name: "canary.example"}).data != wanted
    ]

    assert len(names.split()) > 1_000
    assert odd == []
