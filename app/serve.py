"""The web server: waitress, with limits that keep it answering while others hold connections."""

import logging
import signal
import socket
from typing import NoReturn
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
    require_port(settings)
    server = create_server(
        create_app(runtime=edge),
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
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _leave)
    LOG.info("serving %s on %s:%d", settings.base_url, settings.host, settings.port)
    server.run()
    edge.database.close()


def require_port(settings: Settings) -> None:
    """Raise Conflict when the port is not to be had, with the way to choose another."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            other = settings.port + 1
            raise Conflict(
                f"Port {settings.port} on {settings.host} is taken. Choose another, for example"
                f" with --port {other}, or ASSAY_PORT={other} in the environment."
            ) from error


def _leave(_number: int, _frame: object) -> NoReturn:
    raise SystemExit(0)
