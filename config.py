"""Every setting, its default and its environment name; read by `app` and `migrations` only."""

import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MIB = 1024 * 1024


@dataclass(frozen=True)
class Settings:
    """What an installation can choose. Each field's environment name is ASSAY_ and its own."""

    base_url: str = ""
    var: Path = Path("var")
    database_url: str = ""
    store: str = ""
    s3_endpoint: str = ""
    s3_region: str = "us-east-1"
    s3_access_key: str = ""
    s3_secret_key: str = ""
    keys: Path = Path()
    key_passphrase: str = ""
    secret_key: str = ""
    smtp_url: str = ""
    mail_from: str = "Assay <assay@example.org>"
    host: str = "127.0.0.1"
    port: int = 8000
    threads: int = 8
    max_upload_mb: int = 200
    proxies: int = 0
    worker_id: str = "worker-1"
    log_level: str = "info"
    demo: bool = False

    @property
    def is_https(self) -> bool:
        """Whether visitors arrive over TLS, so that cookies may be bound to it."""
        return self.base_url.startswith("https://")

    @property
    def max_upload_bytes(self) -> int:
        """The largest file that is taken, in bytes."""
        return self.max_upload_mb * MIB


def from_environment(environment: Mapping[str, str] | None = None) -> Settings:
    """Return the settings that the environment asks for; unset ones get their defaults.

    What depends on the `var` folder (database file, store, keys, cookie secret) is placed
    inside it unless set.
    """
    env = os.environ if environment is None else environment
    read: dict[str, Any] = {
        name: _read(kind, env[f"ASSAY_{name.upper()}"])
        for name, kind in Settings.__annotations__.items()
        if env.get(f"ASSAY_{name.upper()}")
    }
    return complete(Settings(**read))


def complete(settings: Settings) -> Settings:
    """Fill what was left empty from the `var` folder, which is made when it is missing."""
    var = settings.var.absolute()
    var.mkdir(parents=True, exist_ok=True)
    values = dict(settings.__dict__)
    values["var"] = var
    values["base_url"] = settings.base_url.rstrip("/") or f"http://127.0.0.1:{settings.port}"
    values["database_url"] = settings.database_url or f"sqlite:///{var / 'assay.db'}"
    values["store"] = settings.store or str(var / "store")
    values["keys"] = var / "keys" if settings.keys == Path() else settings.keys.absolute()
    values["secret_key"] = settings.secret_key or _kept_secret(var / "cookie-secret")
    return Settings(**values)


def to_environment(settings: Settings) -> dict[str, str]:
    """Return the environment by which another process gets the same settings."""
    return {
        f"ASSAY_{name.upper()}": str(int(value)) if isinstance(value, bool) else str(value)
        for name, value in settings.__dict__.items()
    }


def _read(kind: type, raw: str) -> object:
    if kind is bool:
        return raw.strip().lower() in {"1", "true", "yes", "on"}
    try:
        return kind(raw)
    except ValueError as error:
        raise SystemExit(f"A setting wants {kind.__name__}, not {raw!r}.") from error


def _kept_secret(path: Path) -> str:
    """Return the secret kept in a file that only its owner can read, made at first use.

    It gets its name only when it is whole, and the first of two that are made at once stays.
    """
    if not path.exists():
        made = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
        descriptor = os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(48))
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(made, path)
        made.unlink()
    return path.read_text().strip()
