"""Fixtures for every test; those that bring real components live in tests/plugins."""

pytest_plugins = [
    "pytester",
    "tests.plugins.components",
    "tests.plugins.servers",
    "tests.plugins.pages",
    "tests.plugins.worlds",
    "tests.plugins.seeded",
]
