"""A dragon on the wing."""

from __future__ import annotations

from core.providers.demo.geometry import Point, ellipse, ribbon, smooth
from core.providers.demo.palette import Colour, dim, hexed, mix
from core.providers.demo.pen import Pen
from core.providers.demo.subjects.wings import scalloped

# Outlines are tables of points, kept in rows.
# fmt: off

SPINE: list[Point] = [(-1.0, 0.34), (-0.86, 0.14), (-0.62, 0.12), (-0.4, 0.3), (-0.16, 0.42), (0.1, 0.42), (0.29, 0.52),
                      (0.36, 0.7), (0.48, 0.82)]


def dragon(pen: Pen) -> None:
    hide = pen.local(hexed(pen.rng.choice(["4a7a4e", "8c3430", "3d5a86", "5a4470"])))
    skin = mix(hide, (236, 150, 92), 0.42)
    _wing(pen, (0.12, 0.5), (0.3, 1.0), [(0.34, 1.14), (-0.16, 1.3), (-0.24, 1.02), (-0.14, 0.78), (0.0, 0.5)],
          dim(hide, 0.6), dim(skin, 0.62))
    _legs(pen, dim(hide, 0.7), 0.08)
    pen.form([(-0.98, 0.3), (-1.12, 0.4), (-1.06, 0.52), (-0.94, 0.5), (-0.92, 0.36)], colour=hide)
    pen.form(ribbon(SPINE, 0.015, 0.05, 0.09, 0.15, 0.25, 0.27, 0.19, 0.13, 0.1), colour=hide, depth=0.12)
    _belly(pen, mix(hide, (244, 220, 160), 0.65))
    _crest(pen, dim(hide, 0.5))
    _legs(pen, hide, 0.0)
    _head(pen, hide)
    _wing(pen, (0.08, 0.5), (-0.06, 1.0), [(-0.04, 1.12), (-0.82, 1.1), (-0.78, 0.74), (-0.56, 0.5), (-0.18, 0.4)],
          hide, skin)
    if "fire" in pen.traits or pen.rng.random() < 0.45:
        _fire(pen)


def _wing(pen: Pen, root: Point, wrist: Point, tips: list[Point], bone: Colour, skin: Colour) -> None:
    edge = scalloped(tips[1:], wrist, 0.26)
    pen.form([root, wrist, tips[0], *edge], colour=skin, depth=0.14, gloss=0.5)
    for tip in tips[1:-1]:
        middle = ((wrist[0] + tip[0]) / 2, (wrist[1] + tip[1]) / 2 + 0.05)
        pen.form(ribbon([wrist, middle, tip], 0.032, 0.02, 0.004), colour=bone)
    elbow = ((root[0] + wrist[0]) / 2 + 0.05, (root[1] + wrist[1]) / 2)
    pen.form(ribbon([root, elbow, wrist], 0.1, 0.07, 0.045), colour=bone, depth=0.3)
    pen.form(ribbon([wrist, tips[0]], 0.04, 0.003), colour=(226, 214, 190))


def _belly(pen: Pen, plate: Colour) -> None:
    under = [(x + 0.03, y - 0.055 - 0.02 * (i in (2, 3))) for i, (x, y) in enumerate(SPINE[3:7])]
    pen.form(ribbon(under, 0.03, 0.09, 0.1, 0.06), colour=plate, depth=0.3)
    for i in range(12):
        t = i / 11
        x, y = -0.3 + 0.6 * t, 0.255 + 0.12 * t + 0.08 * t * t
        pen.flat(ribbon([(x, y + 0.05), (x + 0.03, y - 0.02)], 0.006), colour=dim(plate, 0.5), opacity=0.6)


def _crest(pen: Pen, colour: Colour) -> None:
    curve = smooth(SPINE, closed=False)
    spikes = []
    for i in range(6, len(curve) - 5, 3):
        (ax, ay), (x, y), (bx, by) = curve[i - 1], curve[i], curve[i + 1]
        length = ((bx - ax) ** 2 + (by - ay) ** 2) ** 0.5 or 1.0
        nx, ny = -(by - ay) / length, (bx - ax) / length
        thick = 0.13 * min(1.0, 1.3 * i / len(curve))
        tip = (x + nx * (thick + 0.055) - 0.02, y + ny * (thick + 0.055))
        foot = thick * 0.75
        spikes.append([(x + nx * foot + 0.025, y + ny * foot), tip, (x + nx * foot - 0.025, y + ny * foot)])
    pen.form(*spikes, colour=colour)


def _legs(pen: Pen, hide: Colour, shift: float) -> None:
    for x, y in ((-0.3, 0.28), (0.14, 0.34)):
        path = [(x + shift, y + 0.03), (x + 0.07 + shift, y - 0.1), (x - 0.03 + shift, y - 0.18),
                (x + 0.04 + shift, y - 0.24)]
        pen.form(ribbon(path, 0.13, 0.085, 0.05, 0.035), colour=hide)
        for d in (-0.03, 0.01, 0.05):
            pen.form(ribbon([path[-1], (path[-1][0] + d + 0.02, path[-1][1] - 0.045)], 0.02, 0.002),
                     colour=(226, 214, 190))


def _head(pen: Pen, hide: Colour) -> None:
    bone: Colour = (228, 212, 180)
    for lift in (0.04, 0.0):
        pen.form(ribbon([(0.5, 0.89 + lift), (0.42, 0.97 + lift), (0.3, 1.0 + lift)], 0.045, 0.03, 0.003),
                 colour=dim(bone, 1 - lift * 6))
    pen.form(smooth([(0.52, 0.79), (0.62, 0.755), (0.74, 0.69), (0.72, 0.665), (0.6, 0.69), (0.5, 0.73)]),
             colour=dim(hide, 0.85))
    pen.form(smooth([(0.42, 0.8), (0.44, 0.89), (0.52, 0.925), (0.62, 0.89), (0.72, 0.86), (0.82, 0.83), (0.83, 0.785),
                     (0.72, 0.765), (0.58, 0.77), (0.48, 0.74)]), colour=hide, depth=0.3)
    teeth = [[(0.62 + 0.04 * i, 0.772), (0.632 + 0.04 * i, 0.74), (0.645 + 0.04 * i, 0.774)] for i in range(5)]
    pen.flat(*teeth, colour=(244, 238, 220))
    pen.flat(ellipse(0.6, 0.855, 0.02, 0.014, -0.4), colour=(255, 206, 70), lit=False)
    pen.flat(ellipse(0.603, 0.855, 0.005, 0.013), colour=(20, 8, 8), lit=False)
    pen.glow(0.6, 0.855, 0.07, (255, 190, 60), 0.5)
    pen.flat(ellipse(0.805, 0.82, 0.01, 0.007), colour=(20, 12, 12))


def _fire(pen: Pen) -> None:
    """A tongue of flame from the jaws, white at its root."""
    pen.glow(1.0, 0.62, 0.62, (255, 120, 30), 0.8)
    for reach, width, colour, opacity in ((0.66, 0.3, (255, 96, 24), 0.5), (0.52, 0.2, (255, 160, 40), 0.7),
                                          (0.36, 0.1, (255, 236, 170), 0.9)):
        for _ in range(3):
            bend = pen.rng.uniform(-0.05, 0.05)
            path = [(0.76, 0.735), (0.76 + reach * 0.5, 0.66 + bend), (0.76 + reach, 0.52 + bend * 3)]
            pen.flat(ribbon(path, 0.03, width * 0.6, width, 0.01), colour=colour, opacity=opacity, blur=0.016,
                     lit=False)
