"""Work about accounts that is done after the request, so that its answer tells nothing."""

from accounts import services, sessions, throttle
from core import jobs
from core.runtime import Runtime


@jobs.handler(services.RESET_REQUESTED)
def mail_reset(edge: Runtime, *, address: str) -> None:
    """Mail a link that sets a new password, if the address belongs to somebody."""
    with edge.database.transaction() as session:
        services.mail_reset(session, address, at=edge.clock())


@jobs.every(minutes=60, name="accounts_sweep")
def sweep(edge: Runtime) -> None:
    """Remove what ended by time: sign-ins, counted tries, and sign-ups nobody confirmed."""
    with edge.database.transaction() as session:
        sessions.sweep(session, at=edge.clock())
        throttle.sweep(session, at=edge.clock())
        services.forget_unconfirmed(session, at=edge.clock())
