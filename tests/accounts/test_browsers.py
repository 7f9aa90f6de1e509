"""Sign-ins are told apart by names that people know."""

import pytest

from accounts.browsers import browser_name

KIT = "AppleWebKit/537.36 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("said", "name"),
    [
        (f"Mozilla/5.0 (X11; Linux x86_64) {KIT} Chrome/156.0 Safari/537.36", "Chrome on Linux"),
        (
            f"Mozilla/5.0 (Windows NT 10.0) {KIT} Chrome/156.0 Safari/537.36 Edg/156",
            "Edge on Windows",
        ),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 15_1) Version/26 Safari/605.1", "Safari on Mac"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 26_1 like Mac OS X) CriOS/156 Safari",
            "Chrome on iPhone",
        ),
        (f"Mozilla/5.0 (Linux; Android 16) {KIT} Chrome/156 Mobile Safari", "Chrome on Android"),
        (
            "Mozilla/5.0 (Windows NT 10.0; rv:146.0) Gecko/20100101 Firefox/146.0",
            "Firefox on Windows",
        ),
        ("curl/8.5 (Linux)", "A browser on Linux"),
        ("", "An unknown browser"),
        ("<script>", "An unknown browser"),
    ],
)
def test_a_browser_is_called_what_people_call_it(said: str, name: str) -> None:
    assert browser_name(said) == name
