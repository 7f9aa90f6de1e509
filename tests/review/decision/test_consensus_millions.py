"""A family far larger than any badge: it takes seconds, and the answer is as good.

`make millions` fits five million reviews; `make test` a sample of them.
"""

import os
import resource
import time

import numpy as np

from review.decision.consensus import Reviews, fit
from tests.review.decision.simulated import is_sound

IS_FULL = os.environ.get("ASSAY_MILLIONS") == "full"
SUBMISSIONS = 1_666_667 if IS_FULL else 20_000
SECONDS = 120 if IS_FULL else 10
MEGABYTES = 2_500
EACH = 3
STEPS = (-1.5, -0.35, 0.95)


def test_millions_of_reviews_get_a_result() -> None:
    rng = np.random.default_rng(0)
    people, size = SUBMISSIONS * EACH // 10, SUBMISSIONS * EACH
    submission, reviewer = np.repeat(np.arange(SUBMISSIONS), EACH), rng.integers(0, people, size)
    quality, kindness = rng.normal(size=SUBMISSIONS), 0.6 * rng.normal(size=people)
    position = quality[submission] + kindness[reviewer] + 0.5 * rng.normal(size=size)
    levels = np.empty((size, 5))
    for criterion in range(5):
        levels[:, criterion] = np.searchsorted(STEPS, position + 0.9 * rng.normal(size=size))
    reviews = Reviews(submission, reviewer, levels, SUBMISSIONS, people)

    start = time.process_time()
    answer = fit(reviews, cut=1.5)
    seconds = time.process_time() - start

    assert is_sound(answer)
    assert answer.converged
    assert np.corrcoef(answer.mean, quality)[0, 1] > 0.9
    assert seconds < SECONDS
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024 < MEGABYTES
    print(f"{size:,} reviews: {seconds:.1f} s, {answer.iterations} sweeps")
