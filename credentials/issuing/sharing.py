"""Links by which a holder shares a badge elsewhere; every value in them is percent-encoded."""

from datetime import datetime
from urllib.parse import quote, urlencode

LINKEDIN = "https://www.linkedin.com/profile/add"


def linkedin_url(
    *,
    name: str,
    organisation: str,
    issued_at: datetime,
    valid_until: datetime | None,
    url: str,
    credential_id: str,
) -> str:
    """Return the address of LinkedIn's form for adding a badge to a profile, filled in."""
    fields = {
        "startTask": "CERTIFICATION_NAME",
        "name": name,
        "organizationName": organisation,
        "issueYear": str(issued_at.year),
        "issueMonth": str(issued_at.month),
    }
    if valid_until is not None:
        fields["expirationYear"] = str(valid_until.year)
        fields["expirationMonth"] = str(valid_until.month)
    fields["certUrl"] = url
    fields["certId"] = credential_id
    return f"{LINKEDIN}?{urlencode(fields, quote_via=quote)}"


def mail_url(*, subject: str, url: str) -> str:
    """Return an address that opens a mail with the badge's link in it."""
    return f"mailto:?{urlencode({'subject': subject, 'body': url}, quote_via=quote)}"
