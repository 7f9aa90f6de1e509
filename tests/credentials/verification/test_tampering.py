"""Change a signed badge in every place: it must never be valid again."""

import copy
import json

import pytest

from credentials.verification.checks import check
from credentials.verification.findings import Overall
from credentials.verification.shape import VC
from tests.credentials.samples import AT, signed, sources

WORLD = sources()


def places(value, path=()):
    """Yield the path of every value, containers included."""
    yield path, value
    members = value.items() if isinstance(value, dict) else ()
    members = enumerate(value) if isinstance(value, list) else members
    for name, member in members:
        yield from places(member, (*path, name))


def with_value(document, path, new):
    changed = copy.deepcopy(document)
    place = changed
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = new
    return changed


def without(document, path):
    changed = copy.deepcopy(document)
    place = changed
    for step in path[:-1]:
        place = place[step]
    del place[path[-1]]
    return changed


def renamed(document, path, name):
    changed = copy.deepcopy(document)
    place = changed
    for step in path[:-1]:
        place = place[step]
    place[name] = place.pop(path[-1])
    return changed


def other(leaf):
    return not leaf if isinstance(leaf, bool) else f"{leaf}x"


def is_valid(document):
    return check(document, at=AT, sources=WORLD).overall is Overall.VALID


def leaves(document):
    return [path for path, value in places(document) if path and not isinstance(value, dict | list)]


def members(document):
    return [path for path, _ in places(document) if path and isinstance(path[-1], str)]


def test_the_unchanged_badge_is_valid_and_has_many_places_to_change():
    assert is_valid(signed())
    assert len(leaves(signed())) > 100


def test_ky4_no_leaf_can_be_changed():
    badge = signed()

    survivors = [
        path
        for path in leaves(badge)
        if is_valid(with_value(badge, path, other(dict(places(badge))[path])))
    ]

    assert survivors == []


def test_ky4_no_member_can_be_taken_away():
    badge = signed()

    survivors = [path for path in members(badge) if is_valid(without(badge, path))]

    assert survivors == []


def test_ky4_no_item_can_be_taken_from_a_list():
    badge = signed()
    items = [path for path, _ in places(badge) if path and isinstance(path[-1], int)]

    survivors = [path for path in items if is_valid(without(badge, path))]

    assert survivors == []


def test_ky4_no_member_can_be_hidden_under_another_name():
    badge = signed()

    survivors = [path for path in members(badge) if is_valid(renamed(badge, path, "honours"))]

    assert survivors == []


def test_ky4_no_text_can_be_hidden_in_a_wrapping():
    badge = signed()
    texts = {path: value for path, value in places(badge) if path and isinstance(value, str)}

    survivors = [
        path for path, text in texts.items() if is_valid(with_value(badge, path, {"@value": text}))
    ]

    assert survivors == []


def test_ky4_only_a_type_or_a_set_may_be_one_value_or_a_list_of_one():
    badge = signed()
    scalars = {
        path: value
        for path, value in places(badge)
        if path and isinstance(path[-1], str) and not isinstance(value, list)
    }

    survivors = {
        path[-1] for path, value in scalars.items() if is_valid(with_value(badge, path, [value]))
    }

    assert survivors == {"type", "credentialStatus"}


@pytest.mark.parametrize(
    "addition",
    [
        {"honours": "highest"},
        {"description": "A better badge"},
        {"@id": "urn:x"},
        {"@type": "Profile"},
        {"@graph": []},
        {"@included": [{"id": "urn:x", "name": "x"}]},
        {"@reverse": {"issuer": {"id": "urn:x"}}},
        {"@index": "x"},
        {"https://schema.org/name": "x"},
        {"schema:name": "x"},
        {"validFrom ": "2020-01-01T00:00:00Z"},
    ],
)
def test_ky4_nothing_can_be_added_to_any_object(addition):
    badge = signed()
    objects = [(path, value) for path, value in places(badge) if isinstance(value, dict)]

    survivors = [
        path
        for path, value in objects
        if not set(addition) & set(value)
        and is_valid(with_value(badge, path, {**value, **addition}) if path else badge | addition)
    ]

    assert survivors == []


def test_ky4_an_end_cannot_be_hidden_under_its_full_address():
    badge = signed()
    until = badge.pop("validUntil")
    badge["https://www.w3.org/2018/credentials#validUntil"] = {
        "@value": until,
        "@type": "http://www.w3.org/2001/XMLSchema#dateTime",
    }

    assert not is_valid(badge)


def test_ky4_a_name_given_twice_is_refused():
    text = json.dumps(signed())
    doubled = text.replace('"name": "Hybrid', '"name": "Better", "name": "Hybrid', 1)

    assert doubled != text
    assert not is_valid(doubled)


@pytest.mark.parametrize(
    "contexts",
    [[VC], [VC, VC], ["https://www.w3.org/ns/did/v1"], [VC, "https://example.org"], VC, None],
)
def test_ky4_the_vocabularies_cannot_be_exchanged(contexts):
    assert not is_valid({**signed(), "@context": contexts})


def test_the_order_of_lists_is_not_signed_so_levels_carry_their_order_themselves():
    badge = signed()
    achievement = badge["credentialSubject"]["achievement"]
    achievement["tag"].reverse()
    achievement["resultDescription"][0]["rubricCriterionLevel"].reverse()
    badge["credentialSubject"]["result"].reverse()

    levels = achievement["resultDescription"][0]["rubricCriterionLevel"]

    assert is_valid(badge)
    assert [level["level"] for level in levels] == ["4", "3", "2"]
