"""What each page costs the server: queries, p50 and p99, beside an empty page of Flask.

Seeds a world with many submissions into a temporary folder, then asks for every page as the
person whom it is for, through the WSGI application in this process: no network, no web server.
A page that nobody lists here, with its reader or the reason why not, stops the run.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles
from typing import Any

from flask import Flask
from sqlalchemy import event, text
from werkzeug.test import EnvironBuilder

from accounts import sessions
from app.factory import create_app
from app.runtime import opened
from config import Settings, complete
from core.runtime import Runtime

ROUNDS = 100
SECONDS = 3.0
WARM = 3
# Who reads a page, and what the ids in its address are: one query each, of the seeded world.
PEOPLE = {
    "holder": "select learner_id from credentials_award where state = 'issued' limit 1",
    "composer": "select p.learner_id from portfolio_portfolio p where not exists"
    " (select 1 from portfolio_submission s where s.portfolio_id = p.id) limit 1",
    "learner": "select s.learner_id from portfolio_submission s join accounts_email e"
    " on e.person_id = s.learner_id where s.state = 'released'"
    " and e.address like '%scale.example.org' limit 1",
    "disputing": "select s.learner_id from review_reconsideration r"
    " join portfolio_submission s on s.id = r.submission_id limit 1",
    "offered": "select learner_id from credentials_award where state = 'offered' limit 1",
    "returned": "select s.learner_id from review_intake_check c join portfolio_submission s"
    " on s.id = c.submission_id where c.outcome = 'returned' limit 1",
    "reviewer": "select a.reviewer_id from review_assignment a join accounts_email e"
    " on e.person_id = a.reviewer_id where e.address like '%scale.example.org'"
    " and a.state = 'accepted' group by a.reviewer_id order by count(*) desc limit 1",
    "working": "select reviewer_id from review_assignment where state = 'in_progress' limit 1",
    "asked": "select reviewer_id from review_assignment where state = 'invited' limit 1",
    "done": "select reviewer_id from review_assignment where state = 'closed'"
    " and is_counted limit 1",
    "calibrated": "select person_id from review_calibration_result limit 1",
    "lending": "select s.learner_id from review_benchmark b"
    " join portfolio_submission s on s.id = b.submission_id limit 1",
    **{
        role: f"select person_id from accounts_role_grant where role = '{role}' limit 1"
        for role in ("moderator", "committee", "programme_manager", "issuer_admin", "auditor")
    },
}
IDS = {
    "slug": "select slug from credentials_badge order by slug limit 1",
    "version": "select e.version from credentials_edition e join credentials_badge b"
    " on b.id = e.badge_id order by b.slug limit 1",
    "kind": "select 'svg'",
    "filename": "select 'js/confirm.js'",
    "key": "select 'R1'",
    "panel": "select 'agreement'",
    "number": "select 1",
    "place": "select 1",
    "position": "select 1",
    "secret": "select '" + "0" * 52 + "'",
    "award_id": "select id from credentials_award where learner_id = :me limit 1",
    "credential_id": "select id from credentials_credential limit 1",
    "consent_id": "select c.id from credentials_evidence_consent c join credentials_credential d"
    " on d.award_id = c.award_id where c.withdrawn_at is null limit 1",
    "list_id": "select id from credentials_status_list limit 1",
    "portfolio_id": "select id from portfolio_portfolio where learner_id = :me"
    " order by created_at desc limit 1",
    "item_id": "select i.id from portfolio_evidence_item i join portfolio_portfolio p"
    " on p.id = i.portfolio_id where p.learner_id = :me and i.removed_at is null limit 1",
    "submission_id": "select id from portfolio_submission where learner_id = :me limit 1",
    "assignment_id": "select id from review_assignment where reviewer_id = :me"
    " and state = '{state}' limit 1",
    "request_id": "select id from review_reconsideration where state = 'lodged' limit 1",
    "person_id": "select person_id from review_qualification limit 1",
    "benchmark_id": "select b.id from review_benchmark b join portfolio_submission s"
    " on s.id = b.submission_id where s.learner_id = :me limit 1",
    "moderation_id": "select id from review_moderation where state = 'waiting' limit 1",
}
STATE = {
    "working": "in_progress",
    "asked": "invited",
    "done": "closed",
    "calibrated": "closed",
    "reviewer": "accepted",
}
AT_STAGE = {
    "flow.submission": "select id from portfolio_submission where state = 'awaiting_reviewers'"
    " limit 1",
    "flow.wish": "select submission_id from review_assignment where state = 'invited' limit 1",
    "intake.check": "select s.id from portfolio_submission s join review_intake_check c"
    " on c.submission_id = s.id where s.state = 'intake' limit 1",
    "submission.submission": "select id from portfolio_submission where learner_id = :me limit 1",
}
READERS = {
    "accounts.account": "reviewer", "accounts.notices": "reviewer",
    "accounts.roles": "issuer_admin", "accounts.sign_in": "", "accounts.sign_up": "",
    "accounts.forgot_password": "", "accounts.mail_sent": "", "accounts.reset_password": "",
    "accounts.verify_email": "", "assignment.desk": "reviewer", "assignment.invitation": "asked",
    "calibration.benchmarks": "programme_manager", "calibration.show": "calibrated",
    "calibration.result": "calibrated", "calibration.consent": "lending",
    "auditing.queue": "committee", "audit.trail": "auditor", "catalog.badge": "",
    "catalog.badges": "", "catalog.edition": "", "catalog.image": "",
    "composing.attestations": "composer", "composing.claims": "composer",
    "composing.context": "composer", "composing.criteria": "composer",
    "composing.disclosures": "composer", "composing.evidence": "composer",
    "composing.portfolio": "composer", "composing.portfolios": "composer",
    "composing.reflection": "composer", "composing.revisions": "composer",
    "composing.statements": "composer", "decision.co_reviews": "done",
    "decision.outcome": "learner", "design.page": "", "disputes.determine": "committee",
    "disputes.queue": "committee", "disputes.request": "disputing", "evidence.item": "composer",
    "flow.board": "programme_manager", "flow.submission": "programme_manager",
    "flow.run": "programme_manager", "flow.run_list": "programme_manager",
    "flow.wish": "programme_manager",
    "health.alive": "", "health.ready": "", "home.front": "", "home.show": "reviewer",
    "intake.check": "moderator", "intake.queue": "moderator", "intake.returned": "returned",
    "issuing.award": "offered", "issuing.awards": "holder", "issuing.credential": "",
    "issuing.credential_json": "", "issuing.did_document": "", "issuing.preview": "offered",
    "issuing.status_list": "", "issuing.badge_png": "", "issuing.card": "",
    "moderation.queue": "moderator", "moderation.read": "moderator",
    "panels.download": "programme_manager", "panels.quality": "programme_manager",
    "panels.standards": "programme_manager", "panels.study": "programme_manager",
    "pool.end": "programme_manager", "pool.pool": "programme_manager",
    "pool.outlook": "programme_manager", "pool.apply": "reviewer",
    "pool.answer_application": "programme_manager",
    "pool.reviewing": "reviewer", "recognition.rate": "learner",
    "recognition.credit": "reviewer", "recognition.quality": "reviewer",
    "recognition.ladder": "programme_manager", "recognition.credit_file": "reviewer",
    "scoring.recuse": "working", "scoring.workspace": "working",
    "submission.hand_in": "composer", "submission.manifest": "learner",
    "submission.submission": "learner", "submission.submissions": "learner",
    "submission.withdraw": "learner", "verification.verify": "", "mailbox.inbox": "",
    "home.leave": "",
}  # fmt: skip
QUERIES = {"home.leave": "to=https://example.org/", "issuing.preview": "visibility=unlisted"}
LEFT_OUT = {
    "calibration.levels": "reads what disputes.determine reads",
    "calibration.evidence_file": "a file of the store",
    "recognition.certificate": "one row by its code, made by hand",
    "recognition.certificate_pdf": "one row by its code, and a drawing",
    "recognition.end_step": "reads one row of what recognition.ladder reads",
    "flow.swap": "a form that reads what flow.wish reads, and a few offers",
    "static": "a file of the disk",
    "composing.attestation": "its secret is in a mail alone",
    "disputes.unsettled": "reads what disputes.determine reads",
    "disputes.evidence_file": "a file of the store",
    "evidence.original": "a file of the store",
    "evidence.rendition": "a file of the store",
    "intake.original": "a file of the store",
    "intake.rendition": "a file of the store",
    "issuing.evidence": "a file of the store",
    "scoring.evidence_file": "a file of the store",
    "scoring.seal": "reads what scoring.workspace reads",
    "mailbox.message": "a page of the demo alone",
    "panels.evidence_file": "a file of the store",
    "panels.rate": "no study of the demo is open; it reads what disputes.determine reads, and less",
    "panels.seat": "no study of the demo is open",
    "panels.study_file": "reads what panels.study reads",
}


@dataclass(frozen=True)
class Line:
    """What one page cost."""

    page: str
    status: int
    queries: int
    p50: float
    p99: float


def main() -> None:
    """Seed, measure every page, print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=int, default=20_000, help="how many submissions")
    parser.add_argument("--world", type=Path, help="a folder that was seeded before")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        var = wanted.world or Path(folder)
        if wanted.world is None:
            _seed(var, wanted.scale)
        with opened(complete(Settings(var=var, demo=True))) as edge:
            _print(_measure(edge))


def _seed(var: Path, scale: int) -> None:
    command = [str(Path(sys.executable).with_name("assay")), "seed", "--scale", str(scale)]
    subprocess.run(command, check=True, env={**os.environ, "ASSAY_VAR": str(var)})


def _measure(edge: Runtime) -> tuple[float, list[Line]]:
    app = create_app(runtime=edge)
    lines = []
    floor = _times(_empty().wsgi_app, EnvironBuilder("/").get_environ(), SECONDS)
    for rule in sorted(app.url_map.iter_rules(), key=lambda one: one.endpoint):
        if "GET" not in (rule.methods or ()) or rule.endpoint in LEFT_OUT:
            continue
        if rule.endpoint not in READERS:
            raise SystemExit(f"Say in bench/pages.py who reads {rule.endpoint}, or why nobody.")
        lines.append(_page(edge, app, rule))
    return quantiles(floor, n=100)[49], lines


def _page(edge: Runtime, app: Flask, rule: Any) -> Line:
    who = READERS[rule.endpoint]
    with edge.database.transaction() as session:
        me = session.scalar(text(PEOPLE[who])) if who else None
        cookie = sessions.start(session, me, user_agent="bench", at=edge.clock()) if me else ""
        values = {}
        for name in rule.arguments:
            query = AT_STAGE.get(rule.endpoint, "") if name == "submission_id" else ""
            query = (query or IDS[name]).format(state=STATE.get(who, ""))
            values[name] = session.scalar(text(query), {"me": me} if ":me" in query else {})
    if None in values.values() or (who and me is None):
        return Line(rule.endpoint, 0, 0, 0, 0)
    path = app.url_map.bind("127.0.0.1:8000").build(rule.endpoint, values)
    environ = EnvironBuilder(
        path,
        base_url=edge.settings.base_url,
        query_string=QUERIES.get(rule.endpoint, ""),
        headers={"Cookie": f"assay={cookie}"} if cookie else {},
    ).get_environ()
    status, queries = _once(edge, app, environ)
    times = quantiles(_times(app.wsgi_app, environ, SECONDS), n=100)
    return Line(rule.endpoint, status, queries, times[49], times[98])


def _once(edge: Runtime, app: Flask, environ: dict[str, Any]) -> tuple[int, int]:
    told: list[str] = []
    said: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        told.append(statement)

    event.listen(edge.database.engine, "before_cursor_execute", note)
    _call(app.wsgi_app, environ, lambda status, *_rest: said.append(status))
    event.remove(edge.database.engine, "before_cursor_execute", note)
    return int(said[0].split()[0]), sum(one.lstrip().startswith("SELECT") for one in told)


def _times(wsgi: Any, environ: dict[str, Any], seconds: float) -> list[float]:
    """Return the milliseconds of each round, so many rounds as fit in the time."""
    for _ in range(WARM):
        _call(wsgi, environ, lambda *_: None)
    found: list[float] = []
    end = time.perf_counter() + seconds
    while len(found) < ROUNDS and (time.perf_counter() < end or len(found) < 2):
        begun = time.perf_counter()
        _call(wsgi, environ, lambda *_: None)
        found.append((time.perf_counter() - begun) * 1000)
    return found


def _call(wsgi: Any, environ: dict[str, Any], start: Callable[..., Any]) -> None:
    body = wsgi(dict(environ), start)
    try:
        for _part in body:
            pass
    finally:
        getattr(body, "close", lambda: None)()


def _empty() -> Flask:
    app = Flask("empty")
    app.add_url_rule("/", "empty", lambda: "")
    return app


def _print(measured: tuple[float, list[Line]]) -> None:
    floor, lines = measured
    print(f"An empty page of Flask: p50 {floor:.2f} ms")
    print(f"{'page':28} {'status':>6} {'queries':>7} {'p50 ms':>8} {'p99 ms':>8} {'x floor':>8}")
    for one in sorted(lines, key=lambda line: -line.p50):
        if not one.status:
            print(f"{one.page:28} nothing of the kind in this world")
            continue
        print(
            f"{one.page:28} {one.status:6} {one.queries:7} {one.p50:8.1f} {one.p99:8.1f}"
            f" {one.p50 / floor:8.0f}"
        )


if __name__ == "__main__":
    main()
