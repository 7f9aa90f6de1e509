"""What a reviewer chooses for a certificate."""

from wtforms import BooleanField, DateField
from wtforms.validators import InputRequired

from core.forms import AssayForm
from review.pool.forms import within_reach


class CertificateForm(AssayForm):
    """The days that a certificate is about, and whether it shows one's marks."""

    from_date = DateField("From", [InputRequired("Choose the first day."), within_reach])
    until_date = DateField("Until", [InputRequired("Choose the last day."), within_reach])
    shows_marks = BooleanField("Show my reviewer's marks on it")
