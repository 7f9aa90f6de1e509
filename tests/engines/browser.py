"""Where Chromium is, and how it is started so that it speaks to this machine alone."""

import shutil

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

LAUNCH_ARGS = [
    "--no-sandbox",  # as root, in a container, Chromium has no sandbox of its own to use
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]


def find_chromium() -> str | None:
    """Return the path of the first Chromium in PATH, or None."""
    return next(filter(None, map(shutil.which, NAMES)), None)
