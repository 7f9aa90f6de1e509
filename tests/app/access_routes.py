"""How each route is asked for: with which ids of the world, by whom, and with which form."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from io import BytesIO
from typing import Any

from werkzeug.routing import Rule

from accounts.states import Role
from core.ids import new_id
from core.web import SAFE_METHODS
from tests.app.access_recognition import CODE
from tests.app.access_world import World
from tests.factories import PDF

# Who asks, in the order of the table's columns: the person, and a role they have besides.
ACTORS: dict[str, tuple[str, Role | None]] = {
    "visitor": ("", None),
    "owner": ("owner", None),
    "stranger": ("stranger", None),
    "reviewer": ("reviewer", None),
    "unasked": ("unasked", None),
    "declined": ("declined", None),
    "lapsed": ("lapsed", None),
    "moderator": ("moderator", None),
    "own_moderator": ("owner", Role.MODERATOR),
    "committee": ("committee", None),
    "own_committee": ("owner", Role.COMMITTEE),
    "read_committee": ("reviewer", Role.COMMITTEE),
    "manager": ("manager", None),
    "own_manager": ("owner", Role.PROGRAMME_MANAGER),
    "far_manager": ("far_manager", None),
    "admin": ("admin", None),
    "auditor": ("auditor", None),
    "disabled": ("disabled", None),
}
ENDED = ("declined", "lapsed")

PLAIN = {
    "slug": "careful-host",
    "version": "1.0.0",
    "code": CODE,
    "kind": "svg",
    "key": "R1",
    "secret": "0" * 52,
    "position": 1,
    "filename": "js/confirm.js",
    "panel": "agreement",
    "number": 1,
    "place": 1,
}
# Ids that depend on the page: a submission at the stage that it is about, an open invitation.
SUBMISSION = {
    "submission": "under_review",
    "decision": "disputed",
    "disputes": "unsettled",
    "disputes.request": "disputed",
    "disputes.withdraw": "disputed",
    "flow": "under_review",
    "flow.swap": "asked",
    "flow.wish": "asked",
    "intake": "at_intake",
    "intake.returned": "returned",
    "recognition": "disputed",
}
ASSIGNMENT = {
    "assignment": "invitation",
    "calibration": "calibrated",
    "flow": "invitation",
    "decision": "finished",
    "scoring": "assignment_id",
}
AWARD = {
    "issuing": "offered",
    "issuing.reoffer": "declined_offer",
    "issuing.visibility": "award_id",
    "issuing.withdraw_evidence": "award_id",
}
OF_PAGE = {"submission_id": SUBMISSION, "assignment_id": ASSIGNMENT, "award_id": AWARD}
CLOSED_STUDY = {"panels.study_file": 2}
SECRET = {"composing.attestation": "attest"}
SLUG = {"calibration.retire": "disputed-badge", "composing.start": "far-badge"}

# What is sent, so that the write itself is reached and not only its form. Left out are the
# forms about one's own password, which take their time.
REASONS = "The reviewers did not open the third piece; new reviewers should look at all of it."
FORMS: dict[str, dict[str, Any]] = {
    "accounts.account": {"name": "Kim Again", "time_zone": "UTC"},
    "accounts.forgot_password": {"address": "owner@people.example"},
    "assignment.accept": {"no_conflict": "y"},
    "assignment.decline": {"reason": "no_time"},
    "calibration.consent": {"answer": "yes"},
    "composing.attestations": {
        "name": "Cass Client",
        "address": "cass@clients.example",
        "relation": "Client",
    },
    "composing.attestation": {"who": "y", "when": "y", "fair": "y"},
    "composing.statements": {"statements": "own_work"},
    "disputes.determine": {"outcome": "upheld", "reasons": REASONS},
    "disputes.unsettled": {"reasons": REASONS},
    "disputes.request": {"request": REASONS},
    "evidence.item": {"title": "Another title", "requirement_key": "E1"},
    "evidence.move": {"direction": "up"},
    "flow.wish": {"kind": "forbid", "reason": "Somebody else knows this field better."},
    "intake.send_back": {"reasons": "unreadable", "note": "Page two is upside down."},
    "issuing.accept": {"visibility": "unlisted", "agrees": "y"},
    "issuing.visibility": {"visibility": "unlisted"},
    "moderation.send_back": {
        "reasons": "tone",
        "note": "Please speak of the sheet, and not of whoever made it.",
    },
    "panels.open_study": {"count": "8"},
    "panels.rate": {"category": "2"},
    "pool.add_holiday": {"from_date": "2030-04-01", "until_date": "2030-04-02"},
    "pool.answer_application": {"answer": "decline", "reason": "Not this time."},
    "pool.apply": {"holdings": REASONS},
    "pool.declare_tie": {"kind": "employer", "organisation": "Lantern Works"},
    "pool.end": {"to": "resting", "reason": "By wish."},
    "pool.limits": {"is_available": "y", "max_open": "3", "languages": "en"},
    "pool.qualify": {"address": "stranger@people.example", "reason": "Has hosted sessions."},
    "pool.rest": {"badge": "careful-host"},
    "pool.volunteer": {"badge": "held-badge"},
    "recognition.end_step": {"note": REASONS, "next": "on"},
    "recognition.make_certificate": {"from_date": "2026-01-01", "until_date": "2026-02-01"},
    "scoring.recuse": {"reason": "no_time"},
    "scoring.save": {"version": "2", "feedback": "Clear work."},
    "scoring.seal": {"version": "2"},
}

QUERIES = {"home.leave": "to=https://example.org/", "issuing.preview": "visibility=unlisted"}


def methods_of(rule: Rule) -> list[str]:
    """Return the methods that a rule answers of itself."""
    return sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})


def values_for(world: World, rule: Rule, actor: str) -> dict[str, Any]:
    """Return the ids in the address, as this actor would ask for them."""
    return {name: _value(world, rule.endpoint, name, actor) for name in rule.arguments}


def _value(world: World, endpoint: str, name: str, actor: str) -> Any:
    if name == "assignment_id" and actor in ENDED:
        return world.ids[actor]
    if name in OF_PAGE:
        named = OF_PAGE[name]
        return world.ids[named.get(endpoint) or named[endpoint.split(".")[0]]]
    if name == "secret" and endpoint in SECRET:
        return world.ids[SECRET[endpoint]]
    if name == "number" and endpoint in CLOSED_STUDY:
        return CLOSED_STUDY[endpoint]
    if name == "slug" and endpoint in SLUG:
        return SLUG[endpoint]
    return PLAIN[name] if name in PLAIN else world.ids[name]


def missing(values: dict[str, Any]) -> dict[str, Any]:
    """Return the same address with ids of nothing at all."""
    return {name: new_id() if name.endswith("_id") else one for name, one in values.items()}


def form_for(world: World, endpoint: str) -> dict[str, Any]:
    """Return the form that a route is sent."""
    if endpoint == "evidence.upload":
        return {"requirement_key": "E1", "file": (BytesIO(PDF), "third.pdf")}
    if endpoint == "accounts.grant_role":
        return {"person_id": world.people["stranger"], "role": "auditor"}
    if endpoint == "composing.claims":
        return {"shows_C1": "y", "where_C1": "page 2"}
    if endpoint == "submission.hand_in":
        return {"seen": "0" * 64, "sure": "y"}
    return dict(FORMS.get(endpoint, {}))


def path_of(world: World, rule: Rule, values: dict[str, Any]) -> str:
    """Return the address of a rule with these values."""
    with world.app.test_request_context(base_url=world.edge.settings.base_url):
        adapter = world.app.url_map.bind("127.0.0.1:5000")
        path = adapter.build(rule.endpoint, values, method=methods_of(rule)[0])
        query = QUERIES.get(rule.endpoint)
        return f"{path}?{query}" if query else path


def ask(
    world: World,
    client: Any,
    method: str,
    path: str,
    endpoint: str,
    *,
    extra: dict[str, Any] | None = None,
    **more: Any,
) -> Any:
    """Send what a route is sent, with `extra` fields that its form does not have."""
    if method in SAFE_METHODS:
        return client.get(path, buffered=True, **more)
    return client.post(path, data={**(extra or {}), **form_for(world, endpoint)}, **more)


def as_actor(world: World, actor: str) -> AbstractContextManager[None]:
    """Have the actor's further role hold for a while."""
    who, role = ACTORS[actor]
    change: Callable[[Any], None] | None = world.also(who, role) if role else None
    return world.moved(change) if change else nullcontext()
