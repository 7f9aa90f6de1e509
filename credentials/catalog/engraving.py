"""The engraver's tools: outlines, rosettes, facets and cartouches as plain points.

Everything lives in a square of 240 units with the centre at (120, 120). A shape is a filled
area or a line; what it is made of is a role, which each renderer turns into its own colours.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from math import atan2, cos, pi, radians, sin

Point = tuple[float, float]
CENTRE = 120.0
LIGHT = radians(-125)  # from above, a little from the left
SHADES = 6


@dataclass(frozen=True)
class Shape:
    """An area (`width` 0) or a line of some width; `role` says what it is made of."""

    points: tuple[Point, ...]
    role: str
    width: float = 0
    is_closed: bool = True


def polar(radius: float, degrees: float) -> Point:
    """Return the point at a distance from the centre, clockwise from the right."""
    angle = radians(degrees)
    return CENTRE + radius * cos(angle), CENTRE + radius * sin(angle)


def circle(radius: float, *, steps: int = 72) -> tuple[Point, ...]:
    """Return a circle around the centre."""
    return tuple(polar(radius, 360 * step / steps) for step in range(steps))


def _reeded(radius: float, count: int) -> tuple[Point, ...]:
    teeth = 48 + 4 * count
    return tuple(
        polar(radius - (1.6 if step % 2 else 0), 180 * step / teeth) for step in range(2 * teeth)
    )


def _scalloped(radius: float, count: int) -> tuple[Point, ...]:
    lobes = 9 + count
    return tuple(
        polar(radius * (0.945 + 0.055 * abs(sin(radians(step * 1.5) * lobes / 2))), step * 1.5)
        for step in range(240)
    )


def _faceted(radius: float, count: int) -> tuple[Point, ...]:
    sides = 8 + 2 * (count % 3)
    return tuple(polar(radius, 360 * (side + 0.5) / sides + 90) for side in range(sides))


def _cushion(radius: float, count: int) -> tuple[Point, ...]:
    power = 2.6 + count / 12
    return tuple(polar(_superellipse(radius, power, 3 * step), 3 * step) for step in range(120))


def _superellipse(radius: float, power: float, degrees: float) -> float:
    angle = radians(degrees)
    side = abs(cos(angle)) ** power + abs(sin(angle)) ** power
    return float(0.965 * radius * side ** (-1 / power))


OUTLINES: tuple[Callable[[float, int], tuple[Point, ...]], ...] = (
    _reeded,
    _scalloped,
    _faceted,
    _cushion,
)


def rosette(
    radius: float, depth: float, lobes: int, *, turn: float, per_lobe: int
) -> tuple[Point, ...]:
    """Return one closed engine-turned line that waves `lobes` times around the centre."""
    steps = per_lobe * lobes
    return tuple(
        polar(radius + depth * cos(lobes * 2 * pi * step / steps + turn), 360 * step / steps)
        for step in range(steps)
    )


# One half of a ray from its root to its tip: share of the length, half width in units.
PROFILES: tuple[tuple[Point, ...], ...] = (
    ((0.0, 0), (0.36, 11), (1.0, 0)),
    ((0.1, 0), (0.3, 8), (0.55, 12), (0.8, 9), (0.93, 4), (1.0, 0)),
    ((0.0, 0), (0.62, 13), (1.0, 0)),
    ((0.12, 0), (0.2, 5), (0.7, 7), (0.74, 13), (1.0, 0)),
    ((0.0, 0), (0.24, 12), (0.52, 5), (0.72, 10), (1.0, 0)),
    ((0.05, 0), (0.5, 6), (0.82, 12), (0.94, 9), (0.9, 0)),
)


def rays(
    count: int, length: float, profile: int, *, turn: float = 0, breadth: float = 1
) -> Iterator[Shape]:
    """Yield each ray as a silhouette and its two facets, shaded as if lit from above."""
    for number in range(count):
        axis = -90 + turn + 360 * number / count
        left, right = (
            tuple(
                _on_ray(axis, length * far, side * breadth * wide)
                for far, wide in PROFILES[profile]
            )
            for side in (-1, 1)
        )
        yield Shape((*left, *reversed(right)), "ray")
        yield Shape(left, f"shade-{_shade(axis - 90)}")
        yield Shape(right, f"shade-{_shade(axis + 90)}")


def _on_ray(axis: float, along: float, across: float) -> Point:
    angle = radians(axis)
    return (
        CENTRE + along * cos(angle) - across * sin(angle),
        CENTRE + along * sin(angle) + across * cos(angle),
    )


def _shade(normal: float) -> int:
    """Return 0 for a facet in full light to 5 for one in shadow."""
    towards = (1 - cos(radians(normal) - LIGHT)) / 2
    return min(SHADES - 1, int(towards * SHADES))


# Cartouches in a box from -1 to 1; they turn to follow the rim.
CARTOUCHES: tuple[tuple[Point, ...], ...] = (
    ((-0.9, -1), (0.9, -1), (0.9, 0.25), (0.62, 0.72), (0, 1.08), (-0.62, 0.72), (-0.9, 0.25)),
    (
        *((-0.6, -1), (0.6, -1), (0.95, -0.62), (0.95, 0.62)),
        *((0.6, 1), (-0.6, 1), (-0.95, 0.62), (-0.95, -0.62)),
    ),
    tuple((0.95 * cos(pi * step / 12), 1.05 * sin(pi * step / 12)) for step in range(24)),
    ((-0.9, 1), (-0.9, -0.3), (-0.62, -0.78), (0, -1.08), (0.62, -0.78), (0.9, -0.3), (0.9, 1)),
    ((0, -1.12), (0.98, -0.5), (0.98, 0.5), (0, 1.12), (-0.98, 0.5), (-0.98, -0.5)),
)


def place(points: tuple[Point, ...], *, at: Point, size: float, turn: float) -> tuple[Point, ...]:
    """Return points of the box from -1 to 1 moved to `at`, scaled and turned."""
    angle = radians(turn)
    return tuple(
        (
            at[0] + size * (x * cos(angle) - y * sin(angle)),
            at[1] + size * (x * sin(angle) + y * cos(angle)),
        )
        for x, y in points
    )


def star(points: int) -> tuple[Point, ...]:
    """Return a star in the box from -1 to 1."""
    return tuple(
        (
            (0.85 if step % 2 == 0 else 0.36) * sin(pi * step / points),
            -(0.85 if step % 2 == 0 else 0.36) * cos(pi * step / points),
        )
        for step in range(2 * points)
    )


def lozenge(at: Point, size: float, role: str) -> Shape:
    """Return a small lozenge whose long axis points to the centre."""
    turn = atan2(at[1] - CENTRE, at[0] - CENTRE) * 180 / pi
    box = ((1.35, 0.0), (0.0, 1.0), (-1.35, 0.0), (0.0, -1.0))
    return Shape(place(box, at=at, size=size, turn=turn), role)


def moved(shape: Shape, by: float, role: str) -> Shape:
    """Return the shape shifted along the light, to be its edge of light or shadow."""
    dx, dy = by * cos(LIGHT), by * sin(LIGHT)
    return replace(shape, points=tuple((x + dx, y + dy) for x, y in shape.points), role=role)
