"""Granting and ending roles: for issuer administrators, found among many, never the last one."""

import pytest

from accounts.models import RoleGrant
from accounts.states import Role


@pytest.fixture
def admin(make):
    return make.person("Ines Admin", roles_held=(Role.ISSUER_ADMIN,))


@pytest.fixture
def roles(admin, as_person):
    return as_person(admin.id)


def grants(make, person):
    return {
        (row.role, row.scope) for row in make.rows(RoleGrant, person_id=person.id, ended_at=None)
    }


def test_a_role_is_granted_for_every_badge_or_for_one(roles, make):
    noor = make.person("Noor Amin")

    for scope in ("", "careful-host"):
        answer = roles.post(
            "/roles/grant",
            data={"person_id": noor.id, "role": "programme_manager", "scope": scope, "q": "noor"},
        )

    assert (answer.status_code, answer.location) == (303, "/roles?q=noor")
    assert grants(make, noor) == {("programme_manager", ""), ("programme_manager", "careful-host")}


def test_granting_a_role_twice_changes_nothing(roles, make):
    noor = make.person("Noor Amin")

    for _ in range(2):
        roles.post("/roles/grant", data={"person_id": noor.id, "role": "auditor", "scope": ""})

    assert len(make.rows(RoleGrant, person_id=noor.id)) == 1


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"role": "emperor"}, 422),
        ({"role": "issuer_admin", "scope": "careful-host"}, 422),
        ({"scope": "Careful Host"}, 422),
        ({"person_id": ""}, 422),
        ({"person_id": "aaaaaaaaaaaaaaaaaaaaaaaaaa"}, 404),
    ],
)
def test_a_grant_that_cannot_be_is_refused(changed, status, roles, make):
    noor = make.person("Noor Amin")
    wanted = {"person_id": noor.id, "role": "moderator", "scope": "", **changed}

    answer = roles.post("/roles/grant", data=wanted)

    assert answer.status_code == status
    assert grants(make, noor) == set()


def test_the_last_administrator_stays(roles, admin, make):
    (only,) = make.rows(RoleGrant)
    refused = roles.post(f"/roles/{only.id}/end")
    other = make.person("Noor Amin", roles_held=(Role.ISSUER_ADMIN,))
    ended = roles.post(f"/roles/{only.id}/end")

    assert refused.status_code == 409
    assert "last issuer administrator" in refused.text
    assert ended.status_code == 303
    assert (grants(make, admin), grants(make, other)) == (set(), {("issuer_admin", "")})


def test_people_are_found_by_name_or_address_and_wildcards_mean_themselves(roles, make):
    make.person("Noor Amin", address="n.amin@example.org")
    make.person("Otto 100%", address="otto@example.org")

    pages = {
        words: roles.get("/roles", query_string={"q": words}).text
        for words in ("noor", "N.AMIN", "100%", "_", "%")
    }

    found = {words: ("Noor Amin" in page, "Otto 100%" in page) for words, page in pages.items()}
    assert found == {
        "noor": (True, False),
        "N.AMIN": (True, False),
        "100%": (False, True),
        "_": (False, False),
        "%": (False, True),
    }


def test_people_come_in_pages(roles, make):
    for number in range(26):
        make.person(f"Colleague {number:02}")

    first, second = (roles.get(f"/roles?q=Colleague&page={page}").text for page in (1, 2))

    assert ("Colleague 24" in first, "Colleague 25" in first) == (True, False)
    assert ("Colleague 24" in second, "Colleague 25" in second) == (False, True)
    assert 'rel="next"' in first
    assert 'rel="next"' not in second


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ISSUER_ADMIN])
def test_other_roles_grant_nothing(role, make, as_person):
    person = make.person(roles_held=(role,))

    answer = as_person(person.id).post(
        "/roles/grant", data={"person_id": person.id, "role": "issuer_admin", "scope": ""}
    )

    assert answer.status_code == 403
    assert grants(make, person) == {(role.value, "")}
