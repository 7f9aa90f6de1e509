"""What a holder sees and chooses, from the offer to the signed badge."""

import json

import pytest

from credentials.issuing.models import Award, Credential, EvidenceConsent
from review.decision.models import Decision
from tests.credentials.awards import drain, offered, sign


def choices(**more: object) -> dict[str, object]:
    return {"visibility": "unlisted", **more}


def test_an_offer_puts_every_choice_and_takes_none_of_them(as_person, make):
    award = offered(make, make.person("Rowan Ash"))

    page = as_person(award.learner_id).get(f"/awards/{award.id}").text

    assert "Rowan Ash" in page
    assert "Run sheet" in page
    assert page.count("checked") == 1, "only that it is unlisted"


def test_the_preview_shows_exactly_what_would_be_signed(as_person, make, edge):
    award = offered(make, make.person("Rowan Ash"))
    client = as_person(award.learner_id)
    query = f"visibility=public&shows_name=y&evidence={sample_ref(award, make)}"

    page = client.get(f"/awards/{award.id}/accept?{query}").text

    for words in (
        "I accept the badge “Careful Host” and ask Northlight Guild to sign it.",
        "Anybody may find its page",
        "It shows my name, Rowan Ash.",
        "It links to these work samples, which I may withdraw at any time: Run sheet.",
        "assigned-when-it-is-signed",
        "Proficient, level 3 of 4",
    ):
        assert words in page, words
    assert make.rows(EvidenceConsent) == []


def sample_ref(award: Award, make) -> str:
    """Return the reference of the first sealed work sample, as the form offers it."""
    (decision,) = make.rows(Decision, id=award.decision_ref)
    return f"{decision.submission_id}/1"


def test_what_was_previewed_is_what_gets_signed(as_person, make, edge):
    award = offered(make, make.person("Rowan Ash"))
    client = as_person(award.learner_id)
    sent = choices(shows_name="y", evidence=sample_ref(award, make), agrees="y")

    answer = client.post(f"/awards/{award.id}/accept", data=sent)
    waiting = client.get(f"/awards/{award.id}").text
    drain(edge)
    done = client.get(f"/awards/{award.id}").text

    (credential,) = make.rows(Credential)
    document = json.loads(credential.document)
    assert (answer.status_code, answer.location) == (303, f"/awards/{award.id}")
    assert "being signed" in waiting
    assert f"/credentials/{credential.id}" in done
    assert document["credentialSubject"]["identifier"][1]["identityHash"] == "Rowan Ash"
    assert [one["name"] for one in document["evidence"]] == ["Run sheet"]
    assert make.reload(award).consent_text.splitlines() == [
        "[badge consent 1]",
        "I accept the badge “Careful Host” and ask Northlight Guild to sign it.",
        "Only people who have its address find its page, and search engines are asked to leave"
        " it out.",
        "It shows my name, Rowan Ash.",
        "It links to these work samples, which I may withdraw at any time: Run sheet.",
        "It says the level I reached on each criterion and how the work was judged, never who"
        " judged it or what was said.",
        "Copies that others have kept stay theirs: I can hide the page and withdraw work samples,"
        " but not call back a copy.",
    ]


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        (choices(), "Tick this to have the badge signed."),
        (choices(agrees="y", visibility="everywhere"), "Not a valid choice"),
        (choices(agrees="y", evidence="somebody-elses/1"), "not a valid choice"),
    ],
)
def test_nothing_is_accepted_without_agreement_or_with_choices_that_were_not_offered(
    as_person, make, sent, said
):
    award = offered(make)

    answer = as_person(award.learner_id).post(f"/awards/{award.id}/accept", data=sent)

    assert answer.status_code == 422
    assert said in answer.text
    assert make.reload(award).state == "offered"


def test_an_award_of_somebody_else_is_not_found_by_any_of_its_addresses(as_person, make, edge):
    award = offered(make)
    sign(edge, award)
    other = as_person(make.person().id)

    answers = [
        other.get(f"/awards/{award.id}"),
        other.get(f"/awards/{award.id}/accept?visibility=public"),
        other.post(f"/awards/{award.id}/accept", data=choices(agrees="y")),
        other.post(f"/awards/{award.id}/decline"),
        other.post(f"/awards/{award.id}/reoffer"),
        other.post(f"/awards/{award.id}/visibility", data=choices()),
        other.post(f"/awards/{award.id}/evidence/x/withdraw"),
    ]

    assert [one.status_code for one in answers] == [404] * 7
    assert "Careful Host" not in other.get("/awards").text


def test_a_badge_that_is_held_cannot_be_accepted_again(as_person, make, edge):
    award = offered(make)
    sign(edge, award)

    answer = as_person(award.learner_id).post(
        f"/awards/{award.id}/accept", data=choices(agrees="y")
    )

    assert answer.status_code == 409
    assert "You hold this badge already." in answer.text


def test_declining_and_taking_up_again_goes_through_the_page(as_person, make):
    award = offered(make)
    client = as_person(award.learner_id)

    client.post(f"/awards/{award.id}/decline")
    declined = client.get(f"/awards/{award.id}").text
    client.post(f"/awards/{award.id}/reoffer")

    assert "The offer still stands." in declined
    assert make.reload(award).state == "offered"


def test_who_may_find_the_page_can_be_changed_later(as_person, client, make, edge):
    award = offered(make)
    credential = sign(edge, award)

    as_person(award.learner_id).post(
        f"/awards/{award.id}/visibility", data={"visibility": "public"}
    )

    assert "X-Robots-Tag" not in client.get(f"/credentials/{credential.id}").headers


def test_every_state_of_an_award_is_listed_with_what_comes_next(as_person, make, edge):
    rowan = make.person("Rowan Ash")
    award = offered(make, rowan)
    client = as_person(rowan.id)

    empty = as_person(make.person().id).get("/awards").text
    offer = client.get("/awards").text
    sign(edge, award)
    held = client.get("/awards").text

    assert "No badge yet" in empty
    assert "Waiting for your answer" in offer
    assert "Its page" in held
