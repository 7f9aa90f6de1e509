"""Fixtures for every test; those that bring real components live in tests/plugins."""

from hypothesis import settings

pytest_plugins = [
    "pytester",
    "tests.plugins.components",
    "tests.plugins.kept",
    "tests.plugins.servers",
    "tests.plugins.pages",
    "tests.plugins.worlds",
    "tests.plugins.seeded",
]

# A slow moment of a busy machine is no fault of what is tested.
settings.register_profile("assay", deadline=None)
settings.load_profile("assay")
