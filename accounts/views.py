"""The addresses of everything about people."""

from flask import Blueprint

from accounts import account_views, joining_views, role_views, sign_in_views

blueprint = Blueprint("accounts", __name__, template_folder="templates")

GET, POST = ("GET",), ("POST",)
BOTH = (*GET, *POST)

ROUTES = (
    ("/sign-up", "sign_up", joining_views.sign_up, BOTH),
    ("/mail-sent", "mail_sent", joining_views.mail_sent, GET),
    ("/verify-email/<secret>", "verify_email", joining_views.verify_email, BOTH),
    ("/forgot-password", "forgot_password", joining_views.forgot_password, BOTH),
    ("/reset-password/<secret>", "reset_password", joining_views.reset_password, BOTH),
    ("/sign-in", "sign_in", sign_in_views.sign_in, BOTH),
    ("/sign-out", "sign_out", sign_in_views.sign_out, POST),
    ("/theme", "set_theme", sign_in_views.set_theme, POST),
    ("/account", "account", account_views.account, BOTH),
    ("/account/password", "change_password", account_views.change_password, POST),
    ("/account/addresses", "add_address", account_views.add_address, POST),
    ("/account/addresses/<email_id>/main", "make_main", account_views.make_main, POST),
    ("/account/addresses/<email_id>/remove", "remove_address", account_views.remove_address, POST),
    ("/account/sign-ins/end", "end_other_sign_ins", account_views.end_other_sign_ins, POST),
    ("/notices", "notices", account_views.notice_list, GET),
    ("/notices/read", "read_notices", account_views.read_notices, POST),
    ("/roles", "roles", role_views.role_list, GET),
    ("/roles/grant", "grant_role", role_views.grant_role, POST),
    ("/roles/<grant_id>/end", "end_role", role_views.end_role, POST),
)
for rule, endpoint, view, methods in ROUTES:
    blueprint.add_url_rule(rule, endpoint, view, methods=methods)
