"""Two web hosts and two workers over one database: what is done on either is done once."""

import os
import re
import signal
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from http.cookies import SimpleCookie

import pytest

from accounts.models import Notice
from app import schema
from config import Settings, to_environment
from core import clock as real_clock
from core.db import Database
from core.jobs import MemoryQueue
from core.jobs_dbos import DurableQueue
from core.models import Mail
from core.runtime import Runtime
from core.storage import open_store
from portfolio.submission.models import Submission
from review.assignment.models import Assignment, ReviewRound
from tests.engines.loopback import free_ports, stop
from tests.engines.postgres import PostgresServer
from tests.factories import Factory
from tests.plugins.clients import sign_in_secret
from tests.together import together

PATIENCE_SECONDS = 90
HIDDEN = re.compile(r'<input[^>]*type="hidden"[^>]*>')
ATTRIBUTE = re.compile(r'(name|value)="([^"]*)"')


@pytest.fixture
def hosts(postgres_server: PostgresServer, settings: Settings) -> Iterator[list[Settings]]:
    """The settings of two hosts, each with its web server and its worker running."""
    url = postgres_server.new_database()
    database = Database(url)
    schema.upgrade(database)
    database.close()
    made = [
        replace(
            settings,
            database_url=url,
            port=port,
            base_url=f"http://127.0.0.1:{port}",
            worker_id=f"host-{port}",
            threads=2,
        )
        for port in free_ports(2)
    ]
    with ExitStack() as stack:
        for one in made:
            for part in ("serve", "worker"):
                child = subprocess.Popen(
                    [sys.executable, "-m", "app.cli", part],
                    env={**os.environ, **to_environment(one)},
                )
                stack.callback(stop, child, signal.SIGTERM)
        for one in made:
            wait_for(partial(is_ready, one.base_url))
        yield made


def is_ready(base_url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{base_url}/readyz", timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < deadline, "it never came true"
        time.sleep(0.2)


class Visitor:
    """Somebody's browser at one of the hosts, as far as cookies and forms go."""

    def __init__(self, host: Settings, secret: str) -> None:
        self._host = host
        self._cookies = {"assay": secret}

    def send(self, path: str, fields: dict[str, str] | None = None) -> tuple[int, str]:
        """Get a page, or send a form to it; return the status and the page it ends on."""
        request = urllib.request.Request(
            self._host.base_url + path,
            data=None if fields is None else urllib.parse.urlencode(fields).encode(),
            headers={
                "Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items()),
                "Origin": self._host.base_url,
                "Sec-Fetch-Site": "same-origin",
            },
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            given = SimpleCookie(answer.headers.get("Set-Cookie", ""))
            self._cookies |= {name: one.value for name, one in given.items()}
            return answer.status, answer.read().decode()

    def form_at(self, path: str) -> dict[str, str]:
        """Load a page with a form; return the hidden fields that hold something."""
        page = self.send(path)[1]
        fields = [dict(ATTRIBUTE.findall(one)) for one in HIDDEN.findall(page)]
        return {one["name"]: one["value"] for one in fields if one.get("value")}


def test_rc1_a_hand_in_on_two_hosts_at_once_is_one_and_so_is_all_that_follows(
    hosts: list[Settings],
) -> None:
    first = hosts[0]
    database = Database(first.database_url)
    edge = Runtime(first, database, open_store(first.store), MemoryQueue(), real_clock.now)
    make = Factory(edge, None)
    edition = make.edition()
    reviewers = [make.reviewer(edition, name).id for name in ("Ada Quill", "Bo Rivet")]
    portfolio = make.portfolio(make.person("Kim Oyelaran"), edition)
    visitors = [Visitor(one, sign_in_secret(edge, portfolio.learner_id)) for one in hosts]
    path = f"/portfolios/{portfolio.id}/hand-in"
    forms = [visitor.form_at(path) | {"sure": "y"} for visitor in visitors]

    answers = together(
        *(partial(one.send, path, form) for one, form in zip(visitors, forms, strict=True))
    )
    queue = DurableQueue(database.engine)
    wait_for(lambda: len(make.rows(Assignment)) == 2 and queue.waiting_count() == 0)

    (sealed,) = make.rows(Submission)
    assert [status for status, _page in answers] == [200, 200]
    assert all(sealed.digest[:16] in page for _status, page in answers)
    assert len(make.rows(ReviewRound, submission_id=sealed.id)) == 1
    assert sorted(one.reviewer_id for one in make.rows(Assignment)) == sorted(reviewers)
    mails = Counter((one.to_address, one.kind) for one in make.rows(Mail))
    notices = Counter((one.person_id, one.kind) for one in make.rows(Notice))
    assert set(mails.values()) == set(notices.values()) == {1}
    assert [notices[one, "invitation"] for one in reviewers] == [1, 1]
    assert queue.failures() == []
    database.close()
