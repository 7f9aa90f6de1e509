"""What is signed after a change, and what is looked after from time to time."""

from core.jobs import every, handler
from core.runtime import Runtime
from credentials.issuing import queries, signing
from credentials.issuing.signing import Press


def press_of(edge: Runtime) -> Press:
    """Return what signing needs from an installation."""
    settings = edge.settings
    return Press(settings.base_url, settings.keys, settings.key_passphrase or None)


@handler("award_accepted")
def sign_award(edge: Runtime, *, award_id: str) -> None:
    """Sign the badge of an accepted award."""
    with edge.database.transaction() as session:
        signing.issue(session, press_of(edge), award_id, at=edge.clock())


@handler("status_changed")
def sign_status_list(edge: Runtime, *, list_id: str) -> None:
    """Sign a status list in which a bit was set."""
    with edge.database.transaction() as session:
        signing.sign_list(session, press_of(edge), list_id, at=edge.clock())


@every(minutes=360, name="renew_lists")
def renew_status_lists(edge: Runtime) -> None:
    """Sign again every status list that is past half its validity."""
    with edge.database.transaction() as session:
        signing.renew_lists(session, press_of(edge), at=edge.clock())


@every(minutes=10, name="sign_waiting")
def sign_waiting_awards(edge: Runtime) -> None:
    """Sign what a lost job left behind, each badge in a transaction of its own."""
    with edge.database.transaction(read_only=True) as session:
        waiting = queries.unsigned_awards(session)
    for award_id in waiting:
        sign_award(edge, award_id=award_id)
