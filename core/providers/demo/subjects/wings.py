"""What flies or roosts: bird, owl, butterfly."""

from __future__ import annotations

from itertools import pairwise

from core.providers.demo.geometry import Outline, Point, ellipse, moved, ribbon, smooth, turned
from core.providers.demo.palette import Colour, dim, hexed, mix, turn
from core.providers.demo.pen import Pen

# Outlines are tables of points, kept in rows.
# fmt: off


def bird(pen: Pen) -> None:
    """A gull-like bird on spread wings, seen a little from the front."""
    coat = pen.local(pen.rng.choice([(240, 240, 244), (240, 240, 244), (58, 62, 78), (150, 110, 84)]))
    lift, bank = pen.rng.uniform(-0.04, 0.26), pen.rng.uniform(-0.22, 0.22)
    for side in (-1, 1):
        wing = [(side * 0.02, 0.5), (side * 0.24, 0.68 + lift * 0.6), (side * 0.46, 0.72 + lift),
                (side * 0.74, 0.64 + lift * 0.8),
                (side * 1.0, 0.5 + lift * 0.5), (side * 0.72, 0.57 + lift * 0.75), (side * 0.48, 0.58
                        + lift * 0.8), (side * 0.26, 0.5), (side * 0.08, 0.4)]
        pen.form(turned(smooth(wing), bank, 0.0, 0.5), colour=dim(coat, 0.94 if side > 0 else 0.82), depth=0.3)
        tip = [(side * 0.7, 0.63 + lift * 0.8), (side * 1.0, 0.5 + lift * 0.5), (side * 0.74, 0.575 + lift * 0.75)]
        pen.flat(turned(smooth(tip), bank, 0.0, 0.5), colour=dim(coat, 0.25), opacity=0.9)
    pen.form([(-0.1, 0.44), (-0.34, 0.46), (-0.36, 0.38), (-0.32, 0.33), (-0.08, 0.38)], colour=dim(coat, 0.7))
    pen.form(smooth([(-0.2, 0.42), (-0.06, 0.5), (0.1, 0.52), (0.24, 0.5), (0.2, 0.4), (0.04, 0.34), (-0.12, 0.36)]),
             colour=coat, depth=0.45)
    pen.form([(0.23, 0.5), (0.34, 0.455), (0.22, 0.44)], colour=(236, 170, 60))
    pen.flat(ellipse(0.18, 0.485, 0.016), colour=(16, 14, 18))


def owl(pen: Pen) -> None:
    """An owl on a branch, looking at you."""
    coat = pen.local((128, 92, 62))
    pale = mix(coat, (250, 236, 208), 0.6)
    bark: Colour = (84, 62, 50)
    pen.form(ribbon([(-0.75, 0.03), (-0.3, 0.09), (0.2, 0.06), (0.8, 0.14)], 0.1, 0.11, 0.09, 0.04), colour=bark)
    pen.form(ribbon([(0.3, 0.08), (0.46, 0.2), (0.6, 0.24)], 0.04, 0.03, 0.004), colour=bark)
    pen.form([(-0.12, 0.12), (0.12, 0.12), (0.08, -0.16), (-0.1, -0.14)], colour=dim(coat, 0.6))
    pen.form(smooth([(-0.3, 0.3), (-0.33, 0.6), (-0.3, 0.88), (-0.33, 1.0), (-0.2, 0.96), (0.0, 0.93), (0.2, 0.96),
                     (0.33, 1.0),
                     (0.3, 0.88), (0.33, 0.6), (0.3, 0.3), (0.16, 0.1), (-0.16, 0.1)]), colour=coat, depth=0.4)
    pen.form(smooth([(-0.18, 0.56), (0.18, 0.56), (0.2, 0.3), (0.0, 0.12), (-0.2, 0.3)]), colour=pale, depth=0.4)
    for row in range(6):
        for column in range(-2, 3):
            x, y = column * 0.075 + (0.037 if row % 2 else 0), 0.5 - row * 0.062
            if abs(x) < 0.17 - 0.012 * row:
                pen.flat(ribbon([(x - 0.02, y + 0.014), (x, y - 0.014), (x + 0.02, y + 0.014)], 0.008),
                         colour=dim(coat, 0.7), opacity=0.8)
    for side in (-1, 1):
        wing = [(side * 0.3, 0.6), (side * 0.36, 0.4), (side * 0.29, 0.14), (side * 0.17, 0.2), (side * 0.2, 0.44)]
        pen.form(smooth(wing), colour=dim(coat, 0.78), depth=0.3)
        pen.form(ellipse(side * 0.135, 0.76, 0.155, 0.16), colour=pale, depth=0.35)
        pen.flat(ellipse(side * 0.12, 0.77, 0.085), colour=dim(coat, 0.45), blur=0.006)
        pen.flat(ellipse(side * 0.12, 0.77, 0.074), colour=mix(pen.seen((246, 180, 40)), (246, 180, 40), 0.6),
                 lit=False)
        pen.flat(ellipse(side * 0.115, 0.77, 0.042), colour=(10, 8, 10), lit=False)
        pen.flat(ellipse(side * 0.12 + 0.022, 0.793, 0.014), colour=(255, 255, 255), lit=False)
        feet = [ellipse(side * 0.09 + d, 0.1, 0.022, 0.035) for d in (-0.035, 0.0, 0.035)]
        pen.form(*feet, colour=(214, 160, 70))
    pen.form([(-0.035, 0.73), (0.035, 0.73), (0.0, 0.63)], colour=(226, 176, 72))


def butterfly(pen: Pen) -> None:
    """A butterfly with spread wings, a little turned."""
    colour = pen.local(hexed(pen.rng.choice(["e8842a", "3a7ad8", "8a4ac8", "e0b030", "d84a6a"])))
    tilt = pen.rng.uniform(-0.3, 0.3)

    def place(points: list[Point]) -> Outline:
        return turned(smooth(points), tilt, 0.0, 0.5)

    for side in (-1, 1):
        squeeze = 1.0 if side > 0 else 0.86
        low = [(side * x * squeeze, y) for x,
               y in ((0.03, 0.5), (0.3, 0.44), (0.46, 0.26), (0.34, 0.06), (0.16, 0.1), (0.05, 0.34))]
        high = [(side * x * squeeze, y) for x,
                y in ((0.03, 0.54), (0.14, 0.8), (0.44, 1.0), (0.66, 0.94), (0.6, 0.68), (0.36, 0.5), (0.1, 0.47))]
        for wing, hue in ((low, turn(colour, 0.03)), (high, colour)):
            cx, cy = sum(x for x, _ in wing) / len(wing), sum(y for _, y in wing) / len(wing)
            pen.form(place(wing), colour=(30, 24, 34), depth=0.15)
            inner = [(cx + (x - cx) * 0.82, cy + (y - cy) * 0.82) for x, y in wing]
            pen.form(place(inner), colour=hue, depth=0.4)
            core = [(cx + (x - cx) * 0.42, cy + (y - cy) * 0.42) for x, y in wing]
            pen.flat(place(core), colour=mix(hue, (255, 240, 200), 0.6), opacity=0.7, blur=0.03)
            veins = [turned(ribbon([(side * 0.03, 0.5), (x * 0.86, cy + (y - cy) * 0.86)], 0.008, 0.003), tilt, 0.0,
                            0.5) for x, y in wing[1:-1]]
            pen.flat(*veins, colour=(30, 24, 34), opacity=0.65)
            dots = [turned(ellipse(cx + (x - cx) * 0.91, cy + (y - cy) * 0.91, 0.013), tilt, 0.0, 0.5) for x,
                    y in wing[2:-1]]
            pen.flat(*dots, colour=(250, 244, 230), opacity=0.9)
        feeler = [(0.01 * side, 0.68), (0.08 * side, 0.84), (0.16 * side, 0.92)]
        pen.flat(turned(ribbon(feeler, 0.008, 0.005), tilt, 0.0, 0.5), colour=(30, 24, 34))
    pen.form(turned(ellipse(0, 0.48, 0.035, 0.2), tilt, 0.0, 0.5), colour=(44, 34, 40))
    pen.form(turned(moved(ellipse(0, 0, 0.04), 0.0, 0.69), tilt, 0.0, 0.5), colour=(44, 34, 40))


def scalloped(fingers: list[Point], towards: Point, sag: float) -> Outline:
    """A membrane's edge through the finger tips, hollow between them."""
    edge: Outline = []
    for (ax, ay), (bx, by) in pairwise(fingers):
        mx, my = (ax + bx) / 2, (ay + by) / 2
        hollow = (mx + (towards[0] - mx) * sag, my + (towards[1] - my) * sag)
        for i in range(10):
            t = i / 10
            edge.append((_bend(ax, hollow[0], bx, t), _bend(ay, hollow[1], by, t)))
    return [*edge, fingers[-1]]


def _bend(a: float, b: float, c: float, t: float) -> float:
    return a * (1 - t) ** 2 + 2 * b * t * (1 - t) + c * t * t
