"""The scoring model: reviews in, means with their doubt and chances to pass out.

`fit` for a badge family, `update` for a review between two fits, `variance_components` for the
panels. Pure: numpy and scipy, no database, no clock, no randomness.
"""

from review.decision.consensus.components import Components, variance_components
from review.decision.consensus.fitting import Consensus, fit, update
from review.decision.consensus.reviews import Reviews

__all__ = ["Components", "Consensus", "Reviews", "fit", "update", "variance_components"]
