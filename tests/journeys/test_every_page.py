"""Every page of the demo's world, in both themes, wide and narrow: no barrier, nothing cut off."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.serving import make_server

from accounts.models import EmailAddress, Person
from app.factory import create_app
from core.ids import new_token
from core.models import Mail
from core.runtime import Runtime
from credentials.issuing.models import Award, Credential
from portfolio.composing.models import Portfolio
from portfolio.evidence.models import EvidenceItem
from portfolio.submission.models import Submission
from review.assignment.models import Assignment
from review.calibration.models import CalibrationResult
from review.disputes.models import ReconsiderationRequest
from review.moderation.models import Moderation
from review.pool.models import Application, Benchmark
from review.recognition.models import Certificate
from tests.engines.barriers import barriers
from tests.engines.loopback import free_ports
from tests.plugins.clients import sign_in_secret
from tests.plugins.pages import OpenPage

pytestmark = pytest.mark.browser

NARROW = 320
# GET addresses that are not pages: files, documents for programs, and answers for machines.
NOT_PAGES = {
    "calibration.evidence_file",
    "catalog.image",
    "disputes.evidence_file",
    "evidence.original",
    "evidence.rendition",
    "health.alive",
    "health.ready",
    "intake.original",
    "intake.rendition",
    "issuing.badge_png",
    "issuing.card",
    "issuing.credential_json",
    "issuing.did_document",
    "issuing.evidence",
    "issuing.status_list",
    "panels.download",
    "panels.evidence_file",
    "panels.study_file",
    "recognition.certificate_pdf",
    "recognition.credit_file",
    "scoring.evidence_file",
    "static",
    "submission.manifest",
}
# Pages that no work of the demo leads to now; their own rooms look at them.
ELSEWHERE = {
    "calibration.levels",
    "disputes.unsettled",
    "issuing.preview",
    "recognition.end_step",
    "scoring.seal",
}
# The style page shows everything at once: tests/app/test_design.py looks at it in four ways.
LOOKED_AT_APART = {"design.page"}
Address = tuple[str, str]


def person_by(session: Session, address: str) -> str:
    found = session.scalar(select(EmailAddress.person_id).where(EmailAddress.address == address))
    assert found is not None
    return found


def first(session: Session, kind: type[Any], **values: Any) -> Any:
    return session.scalars(select(kind).filter_by(**values).limit(1)).one()


def addresses(edge: Runtime) -> dict[str, Address]:
    """Return for each page who looks at it, and at which address."""
    with edge.database.transaction(read_only=True) as session:
        key = {
            name: person_by(session, f"{name}@example.org")
            for name in (
                "lena",
                "clara",
                "pablo",
                "mona",
                "chioma",
                "petra",
                "ada",
                "otto",
                "nils",
                "dana",
            )
        }
        lena = first(session, Portfolio, learner_id=key["lena"])
        item = first(session, EvidenceItem, portfolio_id=lena.id)
        not_yet, again = session.scalars(
            select(Submission).filter_by(learner_id=key["clara"]).order_by(Submission.attempt)
        )
        at_intake = first(session, Submission, state="intake")
        returned = first(session, Submission, state="returned_incomplete")
        going = first(session, Submission, state="under_review")
        invited = first(session, Assignment, state="invited")
        working = first(session, Assignment, state="in_progress")
        closed = first(session, Assignment, state="closed", is_counted=True)
        compared = first(session, CalibrationResult, is_passed=False)
        benchmark = first(session, Benchmark)
        lent = session.get_one(Submission, benchmark.submission_id).learner_id
        waits = first(session, Moderation, state="waiting")
        offered = first(session, Award, learner_id=key["pablo"])
        asked = first(session, ReconsiderationRequest, state="lodged")
        application = first(session, Application, state="open")
        badge = first(session, Credential)
        certificate = first(session, Certificate)
        mail = first(session, Mail)
        someone = first(session, Person)
        session.expunge_all()
    slug, learner = "hybrid-session-producer", key["lena"]
    section = f"/portfolios/{lena.id}"
    return {
        "home.front": ("", "/"),
        "home.leave": ("", "/leave?to=https%3A%2F%2Fwww.example.org%2F"),
        "home.show": (key["clara"], "/home"),
        "accounts.sign_up": ("", "/sign-up"),
        "accounts.sign_in": ("", "/sign-in"),
        "accounts.mail_sent": ("", "/mail-sent"),
        "accounts.forgot_password": ("", "/forgot-password"),
        "accounts.reset_password": ("", f"/reset-password/{new_token()}"),
        "accounts.verify_email": ("", f"/verify-email/{new_token()}"),
        "accounts.account": (learner, "/account"),
        "accounts.notices": (key["clara"], "/notices"),
        "accounts.roles": (key["ada"], "/roles?words=petra"),
        "calibration.show": (compared.person_id, f"/reviewing/calibration/{slug}"),
        "calibration.result": (
            compared.person_id,
            f"/reviewing/calibration/results/{compared.assignment_id}",
        ),
        "calibration.benchmarks": (key["petra"], f"/pool/{slug}/benchmarks"),
        "calibration.consent": (lent, f"/benchmarks/{benchmark.id}/consent"),
        "catalog.badges": ("", "/badges"),
        "catalog.badge": ("", f"/badges/{slug}"),
        "catalog.edition": ("", "/badges/scenario-based-learning-designer/1.0"),
        "composing.portfolios": (learner, "/portfolios"),
        "composing.portfolio": (learner, section),
        "composing.context": (learner, f"{section}/context"),
        "composing.evidence": (learner, f"{section}/evidence"),
        "composing.criteria": (learner, f"{section}/criteria"),
        "composing.claims": (learner, f"{section}/claims/{item.id}"),
        "composing.reflection": (learner, f"{section}/reflections/R1"),
        "composing.disclosures": (learner, f"{section}/disclosures"),
        "composing.statements": (learner, f"{section}/statements"),
        "composing.attestations": (learner, f"{section}/attestations"),
        "composing.revisions": (learner, f"{section}/earlier"),
        "composing.attestation": ("", f"/attest/{new_token()}"),
        "evidence.item": (learner, f"/evidence/{item.id}"),
        "submission.hand_in": (learner, f"{section}/hand-in"),
        "submission.submissions": (key["clara"], "/submissions"),
        "submission.submission": (key["clara"], f"/submissions/{again.id}"),
        "submission.withdraw": (going.learner_id, f"/submissions/{going.id}/withdraw"),
        "decision.outcome": (key["clara"], f"/submissions/{not_yet.id}/outcome"),
        "decision.co_reviews": (closed.reviewer_id, f"/reviews/{closed.id}/outcome"),
        "intake.queue": (key["mona"], "/intake"),
        "intake.check": (key["mona"], f"/intake/{at_intake.id}"),
        "intake.returned": (returned.learner_id, f"/submissions/{returned.id}/returned"),
        "moderation.queue": (key["mona"], "/moderation"),
        "moderation.read": (key["mona"], f"/moderation/{waits.id}"),
        "auditing.queue": (key["chioma"], "/committee/audits"),
        "assignment.desk": (working.reviewer_id, "/reviews"),
        "assignment.invitation": (invited.reviewer_id, f"/reviews/{invited.id}/invitation"),
        "scoring.workspace": (working.reviewer_id, f"/reviews/{working.id}"),
        "scoring.recuse": (working.reviewer_id, f"/reviews/{working.id}/recuse"),
        "disputes.request": (key["nils"], f"/submissions/{asked.submission_id}/reconsideration"),
        "disputes.queue": (key["chioma"], "/committee"),
        "disputes.determine": (key["chioma"], f"/committee/{asked.id}"),
        "pool.reviewing": (working.reviewer_id, "/reviewing"),
        "pool.apply": (learner, f"/reviewing/apply/{slug}"),
        "pool.answer_application": (key["petra"], f"/pool/{slug}/applications/{application.id}"),
        "panels.quality": (key["petra"], f"/badges/{slug}/quality?period=all"),
        "panels.standards": (key["petra"], f"/badges/{slug}/standards"),
        "panels.study": (key["petra"], f"/badges/{slug}/standards/1"),
        "panels.seat": (key["dana"], f"/badges/{slug}/standards/2/rate"),
        "panels.rate": (key["dana"], f"/badges/{slug}/standards/2/rate/1"),
        "pool.outlook": (key["petra"], f"/pool/{slug}/outlook"),
        "pool.pool": (key["petra"], f"/pool/{slug}"),
        "pool.end": (key["petra"], f"/pool/{slug}/{working.reviewer_id}/end"),
        "recognition.certificate": ("", f"/certificates/{certificate.code}"),
        "recognition.credit": (certificate.person_id, "/reviewing/credit"),
        "recognition.ladder": (key["petra"], f"/pool/{slug}/ladder"),
        "recognition.quality": (certificate.person_id, "/reviewing/quality"),
        "recognition.rate": (key["clara"], f"/submissions/{again.id}/helpfulness"),
        "flow.board": (key["petra"], "/flow"),
        "flow.submission": (key["petra"], f"/flow/{going.id}"),
        "flow.run": (key["petra"], f"/flow/badges/{slug}/run"),
        "flow.run_list": (key["petra"], f"/flow/badges/{slug}/runs"),
        "flow.wish": (
            key["petra"],
            f"/flow/{invited.submission_id}/{invited.reviewer_id}/wish?kind=forbid",
        ),
        "flow.swap": (
            key["petra"],
            f"/flow/{invited.submission_id}/offers/{invited.id}/swap",
        ),
        "audit.trail": (key["otto"], "/audit"),
        "issuing.awards": (key["clara"], "/awards"),
        "issuing.award": (key["pablo"], f"/awards/{offered.id}"),
        "issuing.credential": ("", f"/credentials/{badge.id}"),
        "verification.verify": ("", f"/verify?id={badge.id}"),
        "mailbox.inbox": ("", "/demo/mail"),
        "mailbox.message": ("", f"/demo/mail/{mail.id}"),
        "design.page": (someone.id, "/design"),
    }


@pytest.fixture
def demo(seeded: Runtime) -> Iterator[tuple[Flask, Runtime]]:
    """The world on a port of its own."""
    (port,) = free_ports(1)
    settings = replace(seeded.settings, base_url=f"http://127.0.0.1:{port}", port=port)
    edge = replace(seeded, settings=settings)
    app = create_app(runtime=edge)
    server = make_server("127.0.0.1", port, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield app, edge
    server.shutdown()
    thread.join()
    server.server_close()


def test_every_page_is_looked_at(demo: tuple[Flask, Runtime]) -> None:
    app, edge = demo
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in rule.methods}

    assert endpoints - NOT_PAGES - ELSEWHERE == set(addresses(edge))


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
def test_no_page_puts_up_a_barrier_or_runs_off_the_side(
    demo: tuple[Flask, Runtime],
    open_page: OpenPage,
    complaints: list[str],
    scheme: str,
    width: int,
) -> None:
    _app, edge = demo
    page = open_page(color_scheme=scheme, viewport={"width": width, "height": 800})
    found: dict[str, object] = {}

    for endpoint, (who, path) in addresses(edge).items():
        sign_in(page, edge, who)
        page.goto(edge.settings.base_url + path)
        standing = [] if endpoint in LOOKED_AT_APART else barriers(page).found
        if standing:
            found[endpoint] = standing
        if width < 500 and runs_over(page):
            found[endpoint] = f"wider than {NARROW} pixels"

    assert found == {}
    assert [one for one in complaints if " 404 " not in one] == []
    complaints.clear()


def sign_in(page: Page, edge: Runtime, person_id: str) -> None:
    page.context.clear_cookies()
    if person_id:
        secret = sign_in_secret(edge, person_id)
        cookie = {"name": "assay", "value": secret, "url": edge.settings.base_url}
        page.context.add_cookies([cookie])


def runs_over(page: Page) -> bool:
    size = page.viewport_size
    assert size is not None
    page.set_viewport_size({"width": NARROW, "height": 640})
    is_wide = page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
    page.set_viewport_size(size)
    return bool(is_wide)
