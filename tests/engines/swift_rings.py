"""Write the three ring files that tell Swift where its one device is.

Run by the Swift environment's own Python, in one process, because its command-line ring
builder takes seconds for each step. Arguments: FOLDER account=PORT container=PORT object=PORT.
"""

import sys
from pathlib import Path

from swift.common.ring import RingBuilder  # type: ignore[import-not-found]


def main(folder: str, *services: str) -> None:
    """Write one ring with a single replica on a single device for each `name=port`."""
    for service in services:
        name, port = service.split("=")
        builder = RingBuilder(part_power=4, replicas=1, min_part_hours=1)
        builder.add_dev(
            {
                "id": 0,
                "region": 1,
                "zone": 1,
                "ip": "127.0.0.1",
                "port": int(port),
                "device": "disk",
                "weight": 1,
            }
        )
        builder.rebalance()
        builder.get_ring().save(str(Path(folder) / f"{name}.ring.gz"))


main(*sys.argv[1:])
