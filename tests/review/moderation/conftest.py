"""What the tests of moderation share."""

from collections.abc import Callable

import pytest

from core.runtime import Runtime
from tests.factories import Factory
from tests.review.moderation.scenes import Scene


@pytest.fixture
def scene(edge: Runtime, make: Factory) -> Scene:
    """A submission under review on a badge of which first reviews are moderated."""
    return Scene(edge, make)


@pytest.fixture
def scene_of(edge: Runtime, make: Factory) -> Callable[..., Scene]:
    """Make such a submission with another policy."""
    return lambda **policy: Scene(edge, make, **policy)
