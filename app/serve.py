"""The web server: waitress, with limits that keep it answering while others hold connections."""

import errno
import logging
import signal
from typing import Any, NoReturn
from urllib.parse import urlsplit

from waitress import create_server

from app.factory import FORM_MEMORY, create_app
from app.runtime import open_runtime
from app.worker import require_schema
from config import Settings
from core.errors import Conflict

LOG = logging.getLogger("assay.serve")

# Measured: with the defaults, a hundred half-open connections leave nobody answered.
CONNECTIONS = 1000
SILENCE_SECONDS = 15


def run(settings: Settings) -> None:
    """Serve until the process is asked to end by SIGTERM or Ctrl-C."""
    edge = open_runtime(settings)
    require_schema(edge)
    server = listen(create_app(runtime=edge), settings)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _leave)
    LOG.info("serving %s on %s:%d", settings.base_url, settings.host, settings.port)
    server.run()
    edge.database.close()


def listen(app: Any, settings: Settings) -> Any:
    """Return a server that has its port; raise Conflict when another has it."""
    try:
        return create_server(
            app,
            host=settings.host,
            port=settings.port,
            threads=settings.threads,
            connection_limit=CONNECTIONS,
            channel_timeout=SILENCE_SECONDS,
            cleanup_interval=5,
            max_request_body_size=settings.max_upload_bytes + FORM_MEMORY,
            url_scheme=urlsplit(settings.base_url).scheme,
            clear_untrusted_proxy_headers=False,
            ident=None,
        )
    except OSError as error:
        if error.errno not in (errno.EADDRINUSE, errno.EACCES):
            raise
        raise Conflict(port_taken(settings)) from error


def port_taken(settings: Settings) -> str:
    """Return what to do when the port is not to be had."""
    other = settings.port + 1
    return (
        f"Port {settings.port} on {settings.host} is taken. Choose another, for example:"
        f" ASSAY_PORT={other} ASSAY_BASE_URL=http://127.0.0.1:{other}"
    )


def _leave(_number: int, _frame: object) -> NoReturn:
    raise SystemExit(0)
