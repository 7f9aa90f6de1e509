"""What the journeys share: a demo whose mail is read on a page, and a badge that we ship."""

from dataclasses import replace
from importlib.resources import files

import pytest
from flask import Flask

from app.factory import create_app
from core.runtime import Runtime
from credentials.catalog import badge_file
from credentials.catalog.models import BadgeEdition
from tests.factories import Factory
from tests.review.stages import Stage


@pytest.fixture
def app(edge: Runtime) -> Flask:
    """The application as a demo: what it mails can be read at /demo/mail."""
    return create_app(runtime=replace(edge, settings=replace(edge.settings, demo=True)))


@pytest.fixture
def hybrid(make: Factory) -> BadgeEdition:
    """The edition of the badge Hybrid Session Producer, as shipped."""
    name = "badges/hybrid-session-producer.yaml"
    source = files("credentials.catalog").joinpath(name).read_bytes()
    return make.edition(badge_file.read(source).definition)


@pytest.fixture
def stage(edge: Runtime, make: Factory) -> Stage:
    """A badge with reviewers and a submission, to be brought to any stage of its review."""
    return Stage(edge, make)
