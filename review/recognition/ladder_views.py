"""The ladder for a badge's programme manager: who stands on a rung, why, and what was agreed."""

from typing import Any

from flask import Response, flash, render_template

from accounts.models import Person
from accounts.permissions import Permission
from accounts.web import me, permits, visitor
from core.errors import Conflict, Invalid, NotFound
from core.forms import blame
from core.web import at, db, see_other
from credentials.catalog import queries as catalog
from credentials.catalog.models import Badge
from review.pool import queries as pool
from review.pool.rules import is_in_charge
from review.recognition import standings, steps
from review.recognition.forms import TalkForm
from review.recognition.ladder import TALK_WITHIN
from review.recognition.ladder_wording import RUNG_NAMES, reason_words
from review.recognition.models import LadderStep
from review.recognition.states import Rung


@permits(Permission.QUALIFY_REVIEWERS)
def show(slug: str) -> Any:
    """Show who stands on a rung of the ladder, and why; never oneself, and no rank."""
    badge = _managed(slug)
    return render_template(
        "recognition/ladder.html",
        badge=badge,
        title=pool.badge_title(db(), badge.id),
        steps=[
            (step, person, _rung(step), [reason_words(one) for one in step.reasons])
            for step, person in standings.open_steps(db(), badge.id)
            if person.id != me()
        ],
        talk=Rung.TALK.value,
        talk_within=TALK_WITHIN,
    )


@permits(Permission.QUALIFY_REVIEWERS)
def end(slug: str, step_id: str) -> Any:
    """Note what was agreed with somebody, and end their step."""
    badge = _managed(slug)
    step, person = standings.step_of(db(), step_id, badge_id=badge.id)
    if person.id == me():
        raise NotFound()
    form = TalkForm()
    if not form.is_submitted() or not form.validate():
        return _page(badge, step, person, form)
    try:
        steps.end_talk(
            db(),
            step.id,
            note=form.note.data,
            goes_on=form.next.data == "on",
            by=me(),
            at=at(),
        )
    except Invalid as error:
        blame(form, error)
        return _page(badge, step, person, form)
    flash(f"Noted. {person.name} has been told that the step has ended.", "success")
    return see_other("recognition.ladder", slug=slug)


def _managed(slug: str) -> Badge:
    badge = catalog.badge_by(db(), slug)
    if not is_in_charge(visitor(), badge.slug):
        raise NotFound()
    return badge


def _page(badge: Badge, step: LadderStep, person: Person, form: TalkForm) -> Response:
    if step.ended_at is not None:
        raise Conflict("This step has ended already.")
    page = render_template(
        "recognition/talk.html",
        badge=badge,
        title=pool.badge_title(db(), badge.id),
        step=step,
        name=person.name,
        rung=_rung(step),
        reasons=[reason_words(one) for one in step.reasons],
        due_at=step.taken_at + TALK_WITHIN if step.rung == Rung.TALK.value else None,
        form=form,
    )
    return Response(page, 422 if form.errors else 200)


def _rung(step: LadderStep) -> str:
    return RUNG_NAMES[Rung(step.rung)]
