"""What the tests of reviewing share."""

import pytest

from core.runtime import Runtime
from tests.factories import Factory
from tests.review.stages import Stage


@pytest.fixture
def stage(edge: Runtime, make: Factory) -> Stage:
    """A badge with reviewers and a submission, to be brought to any stage of its review."""
    return Stage(edge, make)
