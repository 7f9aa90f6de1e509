"""The style page: every component in every state, with the name by which templates call it."""

from datetime import timedelta

from flask import Blueprint, render_template, request

from accounts.permissions import Permission
from accounts.web import permits
from app import design_samples as samples
from core.web import at

blueprint = Blueprint("design", __name__, template_folder="templates")

LEVELS = {"C1": 3, "C2": 4, "C3": 3, "C4": 4, "C5": 3}
THEMES = ("auto", "light", "dark")


@blueprint.get("/design")
@permits(Permission.READ_PUBLIC_PAGES)
def page() -> str:
    """Show the components; `?theme=dark` shows them as another choice of theme would."""
    theme = request.args.get("theme", "")
    chosen = {"theme": theme} if theme in THEMES else {}
    return render_template(
        "design/page.html",
        badges=samples.badges(),
        levels=LEVELS,
        filled=samples.filled_form(),
        refused=samples.refused_form(),
        steps=samples.steps(),
        timeline=samples.timeline(at()),
        tabs=samples.tabs(),
        charts=samples.charts(),
        soon=at() + timedelta(days=3, hours=4),
        past=at() - timedelta(hours=5),
        **chosen,
    )
