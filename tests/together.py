"""Several acts at the same moment, for the tests of what must happen once."""

import threading
from collections.abc import Callable

PATIENCE_SECONDS = 60


def together(*acts: Callable[[], object]) -> list[object]:
    """Do these from one barrier, each in a thread; return what each gave, or what it raised."""
    barrier = threading.Barrier(len(acts))
    results: list[object] = ["it never ended"] * len(acts)

    def run(place: int) -> None:
        barrier.wait(PATIENCE_SECONDS)
        try:
            results[place] = acts[place]()
        except BaseException as error:
            results[place] = error

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE_SECONDS)
    return results


def names(results: list[object]) -> list[str]:
    """Return what came of each act in words, sorted: an error by the name of its class."""
    return sorted(
        type(one).__name__ if isinstance(one, BaseException) else str(one) for one in results
    )
