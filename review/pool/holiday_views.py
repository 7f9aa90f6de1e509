"""A volunteer's days off: addresses of the page "Your reviewing"."""

from typing import Any

from flask import flash

from accounts.permissions import Permission
from accounts.web import me, permits
from core.errors import Invalid
from core.forms import blame
from core.web import at, db, see_other
from review.pool import holidays
from review.pool.application_views import blueprint
from review.pool.forms import HolidayForm
from review.pool.views import page_of

__all__ = ["blueprint"]


@blueprint.post("/reviewing/holidays")
@permits(Permission.VOLUNTEER)
def add_holiday() -> Any:
    """Note days off."""
    form = HolidayForm()
    if not form.validate():
        return page_of(holiday_form=form, status=422)
    try:
        holidays.add_holiday(
            db(),
            from_date=form.from_date.data,
            until_date=form.until_date.data,
            by=me(),
            at=at(),
        )
    except Invalid as error:
        blame(form, error)
        return page_of(holiday_form=form, status=422)
    flash("Noted. Nobody asks you on these days.", "success")
    return see_other("pool.reviewing")


@blueprint.post("/reviewing/holidays/<holiday_id>/remove")
@permits(Permission.VOLUNTEER)
def remove_holiday(holiday_id: str) -> Any:
    """Take days off back."""
    holidays.remove_holiday(db(), holiday_id, by=me(), at=at())
    flash("Removed.", "success")
    return see_other("pool.reviewing")
