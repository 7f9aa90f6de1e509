"""Signing on real databases: one badge for each award, whoever signs it and however often."""

import json
from dataclasses import replace
from functools import partial

import pytest
from jsonschema import Draft201909Validator, FormatChecker

from core.errors import Refused
from core.jobs import sweep
from core.runtime import Runtime
from credentials.issuing import queries, signing
from credentials.issuing.jobs import press_of, sign_award
from credentials.issuing.models import Credential, SigningKey, StatusList
from credentials.issuing.status import SMALLEST_LIST
from credentials.verification.checks import check
from credentials.verification.findings import Overall
from credentials.verification.sources import sources_for
from tests.credentials.awards import accept, drain, offered, sample, sign
from tests.credentials.samples import SHARED
from tests.factories import sample_definition
from tests.together import together

DIGEST = "ab" * 32
ROUNDS = 20


def report_on(edge: Runtime, document: str):
    with edge.database.transaction(read_only=True) as session:
        sources = sources_for(session, edge.settings.base_url, is_own=True)
        return check(document, at=edge.clock(), sources=sources)


def test_a_signed_badge_passes_every_step_of_the_check(make, edge):
    credential = sign(edge, offered(make))

    report = report_on(edge, credential.document)

    assert report.overall is Overall.VALID
    assert [step.verdict.value for step in report.steps] == [
        *["passed"] * 9,
        "skipped",
        "passed",
    ]


def test_a_signed_badge_is_as_the_strict_schema_of_the_standard_wants_it(make, edge):
    schema = json.loads((SHARED / "ob3" / "achievementcredential.json").read_text("utf-8"))
    definition = sample_definition(tags=("hosting",), validity_months=12)
    award = offered(make, definition=definition)

    credential = sign(edge, award, shows_name=True, evidence=[sample("Run sheet", DIGEST)])

    validator = Draft201909Validator(schema, format_checker=FormatChecker())
    assert [error.message for error in validator.iter_errors(json.loads(credential.document))] == []


def test_inv_31_the_badge_says_level_and_method_and_nothing_about_who_judged(make, edge):
    credential = sign(edge, offered(make))

    document = json.loads(credential.document)

    assert document["credentialSubject"]["narrative"] == (
        "Assessed by two qualified, independent peers who worked blind."
    )
    assert [one["value"] for one in document["credentialSubject"]["result"]] == ["3", "4"]
    assert set(document) == {
        "@context",
        "id",
        "type",
        "name",
        "issuer",
        "awardedDate",
        "validFrom",
        "credentialSubject",
        "credentialStatus",
        "proof",
    }


def test_inv_31_shown_work_is_a_link_with_its_digest_and_never_the_work(make, edge):
    credential = sign(edge, offered(make), evidence=[sample("Run sheet", DIGEST)])

    (shown,) = json.loads(credential.document)["evidence"]

    assert set(shown) == {"id", "type", "name", "genre"}
    assert shown["id"].startswith(f"{edge.settings.base_url}/credentials/{credential.id}/evidence/")
    assert shown["id"].endswith(f"?sha256={DIGEST}")


def test_the_name_is_signed_only_when_its_holder_chose_that(make, edge):
    quiet = sign(edge, offered(make, make.person("Rowan Ash")))
    named = sign(edge, offered(make, make.person("Robin Elm")), shows_name=True)

    assert "Rowan" not in quiet.document
    assert "Robin Elm" in named.document


def test_delivering_a_job_twice_signs_once(make, edge):
    award = offered(make)
    credential = sign(edge, award)

    sign_award(edge, award_id=award.id)

    assert [one.id for one in make.rows(Credential)] == [credential.id]


def test_a_sweep_signs_what_a_lost_job_left_behind(make, edge):
    award = offered(make)
    accept(edge, award)
    edge.jobs.waiting.clear()

    sweep(edge, "sign_waiting")

    assert len(make.rows(Credential, award_id=award.id)) == 1


def test_a_list_is_signed_again_before_it_runs_out(make, edge, clock):
    credential = sign(edge, offered(make))
    clock.advance(days=40)
    stale = report_on(edge, credential.document).overall

    sweep(edge, "renew_lists")

    assert stale is Overall.UNKNOWN
    assert report_on(edge, credential.document).overall is Overall.VALID


def test_another_base_address_is_refused_once_something_was_signed(make, edge):
    sign(edge, offered(make))
    award = offered(make, make.person())
    accept(edge, award)
    moved = replace(press_of(edge), base_url="https://elsewhere.example.org")

    with pytest.raises(Refused) as refusal, edge.database.transaction() as session:
        signing.issue(session, moved, award.id, at=edge.clock())

    assert "did:web:elsewhere.example.org" in refusal.value.reason
    assert make.rows(Credential, award_id=award.id) == []


def test_places_in_the_list_are_spread_at_random(make, edge):
    edition = make.edition()
    assert edition
    places = [sign(edge, offered(make, make.person())).status_index for _ in range(8)]

    assert len(set(places)) == 8
    assert max(places) - min(places) > SMALLEST_LIST // 16


def test_rc3_two_workers_sign_an_award_once_and_give_it_one_place(any_database, make, edge):
    awards = [offered(make, make.person()) for _ in range(ROUNDS)]
    for award in awards:
        accept(edge, award)

    troubles = [
        trouble
        for award in awards
        for trouble in together(*[partial(sign_award, edge, award_id=award.id)] * 2)
        if trouble is not None
    ]

    signed = make.rows(Credential)
    assert troubles == []
    assert sorted(one.award_id for one in signed) == sorted(award.id for award in awards)
    assert len({(one.status_list_id, one.status_index) for one in signed}) == ROUNDS
    assert len(make.rows(SigningKey)) == 1
    assert len(make.rows(StatusList)) == 1


def test_rc3_two_awards_signed_at_once_share_one_key_and_one_list(any_database, make, edge):
    awards = [offered(make, make.person()) for _ in range(4)]
    for award in awards:
        accept(edge, award)

    results = together(*[partial(sign_award, edge, award_id=award.id) for award in awards])

    assert results == [None] * len(awards)
    assert len({one.status_index for one in make.rows(Credential)}) == len(awards)
    assert len(make.rows(SigningKey)) == 1
    assert len(make.rows(StatusList)) == 1


def test_the_signed_bytes_stay_as_they_are_when_everything_else_changes(make, edge, clock):
    award = offered(make)
    credential = sign(edge, award)
    clock.advance(days=3)
    make.edition(sample_definition(version="2.0.0", title="Another Host"))
    drain(edge)

    with edge.database.transaction(read_only=True) as session:
        again = queries.issued(session, credential.id).credential.document

    assert again == credential.document
