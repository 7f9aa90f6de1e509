"""Limits on tries, counted in the database so that every host counts the same (AU1, AU2)."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert as insert_postgres
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlalchemy.orm import Session

from accounts.models import Throttle
from core.digest import sha256_hex


@dataclass(frozen=True)
class Limit:
    """At most `most` tries in each window of `seconds`."""

    name: str
    most: int
    seconds: int


SIGN_IN_ACCOUNT = Limit("sign-in-account", 10, 300)
SIGN_IN_ADDRESS = Limit("sign-in-ip", 100, 300)
SIGN_IN_ALL = Limit("sign-in-all", 1_000, 300)
RESET_ACCOUNT = Limit("reset-account", 5, 86_400)
RESET_ADDRESS = Limit("reset-ip", 30, 3_600)
SIGN_UP_ACCOUNT = Limit("sign-up-account", 5, 86_400)
SIGN_UP_ADDRESS = Limit("sign-up-ip", 30, 3_600)


def count(session: Session, limit: Limit, subject: str, *, at: datetime) -> int:
    """Count one try and return the seconds to wait when it is one too many, else 0.

    Run it in a transaction of its own and before any costly check, so that refused tries count
    and cost nothing.
    """
    moment = int(at.timestamp())
    window = moment - moment % limit.seconds
    key = f"{limit.name}:{sha256_hex(subject)[:32]}"
    insert = insert_sqlite if session.get_bind().dialect.name == "sqlite" else insert_postgres
    attempts = session.scalar(
        insert(Throttle)
        .values(key=key, window=window, attempts=1)
        .on_conflict_do_update(
            index_elements=["key", "window"], set_={"attempts": Throttle.attempts + 1}
        )
        .returning(Throttle.attempts)
    )
    return window + limit.seconds - moment if (attempts or 0) > limit.most else 0


def sweep(session: Session, *, at: datetime) -> None:
    """Forget windows older than two days."""
    session.execute(delete(Throttle).where(Throttle.window < int(at.timestamp()) - 172_800))
