"""The few ways a request can end other than well; `app.errors` maps them to HTTP in one table."""


class AssayError(Exception):
    """Base of every error whose words may be shown to the person who caused it."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class NotFound(AssayError):
    """The thing does not exist, or must look as if it did not to this person."""

    def __init__(self, reason: str = "There is nothing at this address.") -> None:
        super().__init__(reason)


class Refused(AssayError):
    """The person may not do this; the reason says why."""


class Conflict(AssayError):
    """The thing has moved on since the person looked at it; nothing was changed."""


class Invalid(AssayError):
    """The input cannot be taken as it is; `field` names where, if one place is to blame."""

    def __init__(self, reason: str, field: str | None = None) -> None:
        super().__init__(reason)
        self.field = field


class TooMany(AssayError):
    """Asked too often; `retry_after` is in seconds."""

    def __init__(self, reason: str, *, retry_after: int) -> None:
        super().__init__(reason)
        self.retry_after = retry_after


class Unavailable(AssayError):
    """A part that we depend on does not answer now; nothing was lost and trying again may work."""
