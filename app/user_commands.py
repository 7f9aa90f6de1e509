"""The commands about people: create one, give one a role."""

import sys

import click
from sqlalchemy.orm import Session

from accounts import roles, services
from accounts.models import Person
from accounts.permissions import ROLE_NAMES
from accounts.queries import person_by_address
from accounts.states import Role
from app.runtime import opened
from core.errors import NotFound

RULE = "system:command_line"


@click.group()
def user() -> None:
    """Create people and give them roles."""


@user.command()
@click.argument("email")
@click.option("--name", required=True, help="The name as others read it.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
def create(email: str, name: str, *, password_stdin: bool) -> None:
    """Create a person with this e-mail address, which counts as confirmed.

    The password is asked for; with --password-stdin it is the first line of standard input.
    """
    if password_stdin:
        password = sys.stdin.readline().rstrip("\n")
    else:
        password = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    with opened() as edge, edge.database.transaction() as session:
        made = services.create_person(
            session, name=name, address=email, password=password, at=edge.clock()
        )
    click.echo(f"{made.name} can sign in as {email}.")


@user.command("grant-role")
@click.argument("email")
@click.argument("role", type=click.Choice([role.value for role in Role]))
@click.option("--badge", default="", help="The slug of the one badge that the role is for.")
def grant_role(email: str, role: str, badge: str) -> None:
    """Give the person with this e-mail address a role, for one badge or for all."""
    with opened() as edge, edge.database.transaction() as session:
        found = _person(session, email)
        roles.grant_role(session, found.id, Role(role), scope=badge, by=RULE, at=edge.clock())
    click.echo(f"{found.name} is now {ROLE_NAMES[Role(role)]} for {badge or 'every badge'}.")


def _person(session: Session, email: str) -> Person:
    found = person_by_address(session, email)
    if found is None:
        raise NotFound(f"Nobody has confirmed the address {email}.")
    return found
