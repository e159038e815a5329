"""Outlines as lists of points: the few curves that every drawing here is made of."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

Point = tuple[float, float]
Outline = list[Point]


def ellipse(cx: float, cy: float, rx: float, ry: float | None = None, tilt: float = 0.0) -> Outline:
    """An ellipse turned by `tilt` radians; a circle when `ry` is left out."""
    ry = rx if ry is None else ry
    cos, sin = math.cos(tilt), math.sin(tilt)
    steps = [math.tau * i / 40 for i in range(40)]
    return [
        (
            cx + rx * math.cos(a) * cos - ry * math.sin(a) * sin,
            cy + rx * math.cos(a) * sin + ry * math.sin(a) * cos,
        )
        for a in steps
    ]


def box(x0: float, y0: float, x1: float, y1: float) -> Outline:
    return [(x0, y0), (x1, y0), (x1, y1), (x0, y1)]


def slab(x0: float, y0: float, x1: float, y1: float, radius: float) -> Outline:
    """A box with rounded corners."""
    x0, x1 = min(x0, x1), max(x0, x1)
    y0, y1 = min(y0, y1), max(y0, y1)
    r = min(radius, (x1 - x0) / 2, (y1 - y0) / 2)
    corners = ((x1 - r, y1 - r, 0), (x0 + r, y1 - r, 1), (x0 + r, y0 + r, 2), (x1 - r, y0 + r, 3))
    return [
        (
            cx + r * math.cos((quarter + i / 6) * math.pi / 2),
            cy + r * math.sin((quarter + i / 6) * math.pi / 2),
        )
        for cx, cy, quarter in corners
        for i in range(7)
    ]


def arch(cx: float, y0: float, width: float, height: float) -> Outline:
    """A window or a gate: straight sides under a round head."""
    r = width / 2
    head = [math.pi * i / 14 for i in range(15)]
    top = [(cx + r * math.cos(a), y0 + height - r + r * math.sin(a)) for a in head]
    return [(cx + r, y0), *top, (cx - r, y0)]


def smooth(points: Sequence[Point], closed: bool = True, steps: int = 8) -> Outline:
    """A Catmull-Rom curve through all points, so that few of them make an organic outline."""
    n = len(points)
    curve: Outline = []
    for i in range(n if closed else n - 1):
        p0 = points[i - 1] if closed or i else points[0]
        p1, p2 = points[i], points[(i + 1) % n]
        p3 = points[(i + 2) % n] if closed or i + 2 < n else points[-1]
        curve.extend(_between(p0, p1, p2, p3, step / steps) for step in range(steps))
    if not closed:
        curve.append(points[-1])
    return curve


def _between(p0: Point, p1: Point, p2: Point, p3: Point, t: float) -> Point:
    def axis(a: float, b: float, c: float, d: float) -> float:
        cubic = -a + 3 * b - 3 * c + d
        square = 2 * a - 5 * b + 4 * c - d
        return 0.5 * (2 * b + (c - a) * t + square * t * t + cubic * t**3)

    return axis(p0[0], p1[0], p2[0], p3[0]), axis(p0[1], p1[1], p2[1], p3[1])


def ribbon(path: Sequence[Point], *widths: float) -> Outline:
    """A band along a smooth path whose full width runs through `widths` from start to end."""
    line = smooth(path, closed=False)
    left: Outline = []
    right: Outline = []
    last = len(line) - 1
    for i, (x, y) in enumerate(line):
        (ax, ay), (bx, by) = line[max(i - 1, 0)], line[min(i + 1, last)]
        length = math.hypot(bx - ax, by - ay) or 1.0
        half = _along(widths, i / last) / 2
        nx, ny = -(by - ay) / length * half, (bx - ax) / length * half
        left.append((x + nx, y + ny))
        right.append((x - nx, y - ny))
    return left + right[::-1]


def _along(values: Sequence[float], t: float) -> float:
    if len(values) == 1:
        return values[0]
    place = t * (len(values) - 1)
    i = min(int(place), len(values) - 2)
    return values[i] + (values[i + 1] - values[i]) * (place - i)


def turned(points: Iterable[Point], angle: float, cx: float = 0.0, cy: float = 0.0) -> Outline:
    """The outline rotated by `angle` radians about a centre."""
    cos, sin = math.cos(angle), math.sin(angle)
    return [(cx + (x - cx) * cos - (y - cy) * sin, cy + (x - cx) * sin + (y - cy) * cos) for x, y in points]


def moved(points: Iterable[Point], dx: float, dy: float, scale: float = 1.0) -> Outline:
    return [(x * scale + dx, y * scale + dy) for x, y in points]
