"""What the tests of calibration share."""

import pytest

from tests.review.calibration.scenes import Scene
from tests.review.stages import Stage


@pytest.fixture
def scene(stage: Stage) -> Scene:
    """A badge with a manager and a committee, and a work that led to it."""
    return Scene(stage)
