"""E-mail addresses: checked, written one way, and folded so that one mailbox is one identity."""

import unicodedata

from email_validator import EmailNotValidError, validate_email

from core.errors import Invalid

# Mailboxes of these hosts ignore dots in the local part.
DOTLESS = frozenset({"gmail.com", "googlemail.com"})


def normalise(address: str) -> str:
    """Return the address as it is stored and written to; raise Invalid when it is none."""
    try:
        checked = validate_email(address.strip(), check_deliverability=False, test_environment=True)
    except EmailNotValidError as error:
        raise Invalid("This does not look like an e-mail address.", "address") from error
    return checked.normalized.casefold()


def mailbox(typed: str) -> str:
    """Return what tries are counted against: the mailbox, in whatever spelling it is typed."""
    try:
        return identity_key(typed)
    except Invalid:
        return typed.casefold()


def identity_key(address: str) -> str:
    """Return the key that is equal for every spelling of one mailbox (GM1)."""
    local, _, host = unicodedata.normalize("NFKC", normalise(address)).casefold().partition("@")
    local = local.split("+", 1)[0]
    if host in DOTLESS:
        local, host = local.replace(".", ""), "gmail.com"
    return f"{local}@{host}"
