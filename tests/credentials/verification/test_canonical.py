"""Canonical texts of strangers' documents, within limits on time and memory."""

import threading
import time

from credentials.verification.canonical import CHILDREN, in_child, in_process
from credentials.verification.checks import check
from credentials.verification.findings import Overall
from tests.credentials.samples import AT, signed, sources, unsigned


def tangled(twins, children):
    """Return a badge with results that all look alike, each with targets that look alike.

    Telling them apart means trying every order: ten targets have 3,628,800.
    """
    document = unsigned()
    target = {"type": ["Alignment"], "targetName": "x", "targetUrl": "https://example.org/x"}
    result = {"type": ["Result"], "alignment": [target] * children}
    document["credentialSubject"]["result"] = [result] * twins
    return document


def named_clique(size):
    """Return a badge in which unnamed nodes with names point at one another."""
    names = [f"_:n{number}" for number in range(size)]
    return {
        **unsigned(),
        "evidence": [
            {"id": name, "type": ["Profile"], "parentOrg": [{"id": other} for other in names]}
            for name in names
        ],
    }


def test_a_child_finds_the_same_as_this_process():
    documents = [unsigned(), {**unsigned(), "name": "Größe 漢字 🜚"}]

    found = in_child(documents)

    assert found == in_process(documents)
    assert len(found.texts) == 2


def test_a_child_brings_the_objection_back():
    document = {**unsigned(), "honours": "highest"}

    found = in_child([document])

    assert found == in_process([document])
    assert found.objection.startswith("The term 'honours'")


def test_a_check_goes_through_a_child_unless_told_otherwise():
    world = sources()
    world = type(world)(world.resolve_issuer, world.fetch_status)

    assert check(signed(), at=AT, sources=world).overall is Overall.VALID


def test_a_tangle_of_named_unnamed_nodes_is_refused_before_it_costs_anything():
    began = time.monotonic()

    found = in_process([named_clique(9)])

    assert "unnamed node" in found.objection
    assert time.monotonic() - began < 1


def test_a_tangle_that_is_small_is_still_told_apart():
    assert in_process([tangled(2, 3)]).objection is None


def test_a_child_that_takes_too_long_is_ended_and_the_badge_is_never_valid():
    bomb = {**tangled(2, 10), "proof": signed()["proof"]}
    began = time.monotonic()

    report = check(
        bomb,
        at=AT,
        sources=sources(canonicalise=lambda documents: in_child(documents, seconds=1.5)),
    )

    found = next(step for step in report.steps if step.name == "Signed in full")
    assert found.explanation == "It is so tangled that checking took over 1.5 seconds."
    assert report.overall is Overall.UNKNOWN
    assert time.monotonic() - began < 6


def test_who_finds_every_place_taken_is_told_so_instead_of_waiting_for_ever():
    bomb = [tangled(2, 10)]
    busy = [
        threading.Thread(target=in_child, args=(bomb,), kwargs={"seconds": 3})
        for _ in range(CHILDREN)
    ]
    for thread in busy:
        thread.start()
    time.sleep(0.3)

    found = in_child([unsigned()], patience=0.1)

    for thread in busy:
        thread.join()
    assert found.gave_up == "Too many badges are being checked just now. Try again."
    assert in_child([unsigned()]).gave_up is None


def test_a_child_does_not_get_our_environment(monkeypatch):
    monkeypatch.setenv("PYTHONHOME", "/nonexistent")

    found = in_child([unsigned()])

    assert len(found.texts) == 1
