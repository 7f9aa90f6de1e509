"""A reviewer's credit, their certificates, and the page where anybody checks one."""

from typing import Any

from flask import Response, flash, render_template, url_for

from accounts.permissions import Permission
from accounts.web import me, permits, visitor
from core.errors import Invalid, NotFound, Refused
from core.forms import blame
from core.web import at, db, runtime, see_other
from review.recognition import certificate_pdf, certificates, credit, credits
from review.recognition.certificate import typed
from review.recognition.forms import CertificateForm
from review.recognition.mark import STRUCK_FROM
from review.recognition.models import Certificate

LISTED = 200
GONE = 410


@permits(Permission.VOLUNTEER)
def own() -> Any:
    """Show one's own credit by year, and one's certificates."""
    today = at().date()
    form = CertificateForm(formdata=None, from_date=today.replace(month=1, day=1), until_date=today)
    return _page(form)


@permits(Permission.VOLUNTEER)
def as_file() -> Response:
    """Give one's own credit as a table to download."""
    entries = credits.entries_of(db(), me(), zone=visitor().time_zone)
    response = Response(credit.as_csv(entries), mimetype="text/csv")
    response.headers["Content-Disposition"] = 'attachment; filename="review-credit.csv"'
    return response


@permits(Permission.VOLUNTEER)
def make() -> Any:
    """Make a certificate of the days that were chosen."""
    form = CertificateForm()
    if not form.validate():
        return _page(form, status=422)
    try:
        made = certificates.make_certificate(
            db(),
            from_date=form.from_date.data,
            until_date=form.until_date.data,
            zone=visitor().time_zone,
            shows_marks=form.shows_marks.data,
            by=me(),
            at=at(),
        )
    except (Invalid, Refused) as error:
        blame(form, error if isinstance(error, Invalid) else Invalid(error.reason))
        return _page(form, status=422)
    flash("Here it is. Print it, or pass its address on; you can withdraw it any time.", "success")
    return see_other("recognition.certificate", code=made.code)


@permits(Permission.VOLUNTEER)
def withdraw(certificate_id: str) -> Response:
    """Withdraw one's own certificate."""
    certificates.withdraw_certificate(db(), certificate_id, by=me(), at=at())
    flash("Withdrawn. Whoever checks it reads that, and nothing else.", "success")
    return see_other("recognition.credit")


@permits(Permission.READ_PUBLIC_PAGES)
def show(code: str) -> Any:
    """Show a certificate to whoever has its code; of a withdrawn one, only that it is."""
    found = _by(code)
    if found.withdrawn_at is not None:
        page = render_template("recognition/withdrawn.html", withdrawn_at=found.withdrawn_at)
        return Response(page, GONE)
    return render_template(
        "recognition/certificate.html",
        found=found,
        content=found.content,
        period=certificate_pdf.period(found.content),
        time=credit.hours(found.content["minutes"]),
        counted=certificate_pdf.counted,
        other=certificate_pdf.other_work(found.content),
        address=_address(found),
        is_own=visitor().is_signed_in and found.person_id == me(),
    )


@permits(Permission.READ_PUBLIC_PAGES)
def as_pdf(code: str) -> Response:
    """Give a certificate that stands as a PDF."""
    found = _by(code)
    if found.withdrawn_at is not None:
        raise NotFound()
    printed = certificate_pdf.Printed(found.code, _address(found), found.made_at)
    response = Response(certificate_pdf.pdf_of(found.content, printed), mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="certificate-{found.code}.pdf"'
    return response


def _by(code: str) -> Certificate:
    """Return the certificate with a code as it was typed, or raise NotFound."""
    found = credits.certificate_by(db(), typed(code))
    if found is None:
        raise NotFound("No certificate has this code. Check it letter by letter.")
    return found


def _address(found: Certificate) -> str:
    return str(runtime().settings.base_url) + url_for("recognition.certificate", code=found.code)


def _page(form: CertificateForm, *, status: int = 200) -> Response:
    entries = credits.entries_of(db(), me(), zone=visitor().time_zone)
    page = render_template(
        "recognition/credit.html",
        years=credit.by_year(entries),
        listed={year.year: year.entries for year in credit.by_year(entries[:LISTED])},
        is_cut=len(entries) > LISTED,
        hours=credit.hours,
        total=sum(one.minutes for one in entries),
        marks=credits.marks_of(db(), me()),
        struck_from=STRUCK_FROM,
        certificates=credits.certificates_of(db(), me()),
        form=form,
    )
    return Response(page, status)
