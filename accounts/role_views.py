"""Who holds which role, for issuer administrators."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts import queries, roles
from accounts.forms import GrantRoleForm
from accounts.permissions import ROLE_NAMES, Permission
from accounts.states import Role
from accounts.web import me, permits
from core.errors import Invalid
from core.forms import blame
from core.web import at, db

SEARCH = 100


@permits(Permission.GRANT_ROLES)
def role_list() -> ResponseReturnValue:
    """Find people and show what they hold."""
    return _page(GrantRoleForm(formdata=None)), 200


@permits(Permission.GRANT_ROLES)
def grant_role() -> ResponseReturnValue:
    """Give somebody a role."""
    form = GrantRoleForm()
    if form.validate():
        try:
            roles.grant_role(
                db(),
                form.person_id.data,
                Role(form.role.data),
                scope=form.scope.data or "",
                by=me(),
                at=at(),
            )
        except Invalid as error:
            blame(form, error)
        else:
            flash("The role is granted; it holds from the next page on.", "progress")
            return _back()
    return _page(form), 422


@permits(Permission.GRANT_ROLES)
def end_role(grant_id: str) -> ResponseReturnValue:
    """End a role; it is gone from the next request on."""
    roles.end_role(db(), grant_id, by=me(), at=at())
    flash("The role is ended.", "progress")
    return _back()


def _page(form: GrantRoleForm) -> str:
    words = request.values.get("q", "")[:SEARCH]
    page = request.values.get("page", 1, type=int)
    people, has_more = queries.people(db(), words=words, page=page)
    return render_template(
        "accounts/roles.html",
        people=people,
        has_more=has_more,
        words=words,
        page=max(page, 1),
        form=form,
        role_names={role.value: name for role, name in ROLE_NAMES.items()},
    )


def _back() -> ResponseReturnValue:
    words = request.form.get("q", "")[:SEARCH]
    page = request.form.get("page", 1, type=int)
    return redirect(
        url_for("accounts.roles", q=words or None, page=page if page > 1 else None), 303
    )
