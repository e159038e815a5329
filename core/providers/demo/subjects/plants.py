"""Trees, palms, flowers, mushrooms and cactuses."""

from __future__ import annotations

import math

from core.providers.demo.geometry import Outline, Point, ellipse, ribbon, slab, smooth, turned
from core.providers.demo.palette import Colour, dim, hexed, mix
from core.providers.demo.pen import Pen

# Outlines are tables of points, kept in rows.
# fmt: off

LEAF: Colour = (84, 132, 58)
BARK: Colour = (92, 66, 48)


def tree(pen: Pen) -> None:
    """A broad tree: branching trunk, and leaves in clouds from the shaded to the sunlit."""
    blossom = "blossom" in pen.traits
    leaf = pen.local((240, 170, 194) if blossom else pen.rng.choice([LEAF, (110, 142, 56), (206, 130, 50),
                                                                     (64, 116, 66)]))
    pen.form(ribbon([(-0.01, -0.01), (0.0, 0.2), (-0.03, 0.45)], 0.17, 0.09, 0.07), colour=BARK)
    pen.form(smooth([(-0.17, -0.02), (-0.07, 0.06), (0.0, 0.14), (0.08, 0.06), (0.18, -0.02), (0.0, 0.0)]), colour=BARK)
    boughs: list[list[Point]] = [[(-0.02, 0.36), (-0.16, 0.52), (-0.32, 0.6)], [(-0.01, 0.34), (0.14, 0.5), (0.3, 0.6)],
                                 [(-0.03, 0.42), (0.0, 0.62), (0.04, 0.8)]]
    pen.form(*[ribbon(path, 0.065, 0.04, 0.012) for path in boughs], colour=dim(BARK, 0.9))
    crown = [(pen.rng.gauss(0, 0.19), 0.68 + pen.rng.gauss(0, 0.11)) for _ in range(26)]
    _leaves(pen, crown, dim(leaf, 0.5), (0.0, -0.045), 0.12)
    _leaves(pen, crown, dim(leaf, 0.8), (0.0, 0.0), 0.1)
    lx = -pen.light[0] if pen.mirror else pen.light[0]
    _leaves(pen, crown[:20], leaf, (lx * 0.035, 0.04), 0.072)
    _leaves(pen, crown[:14], mix(leaf, (255, 240, 170), 0.35), (lx * 0.07, 0.075), 0.042)
    if blossom:
        petals = [ellipse(pen.rng.uniform(-0.5, 0.5), pen.rng.uniform(0.0, 0.5), 0.007, 0.005) for _ in range(40)]
        pen.flat(*petals, colour=(250, 206, 220), opacity=0.9)


def _leaves(pen: Pen, clouds: list[Point], colour: Colour, shift: Point, size: float) -> None:
    """Each cloud is a knot of small leaves, so that the outline is leafy and not bubbly."""
    leaves: list[Outline] = []
    for x, y in clouds:
        for _ in range(26):
            angle, reach = pen.rng.random() * math.tau, size * pen.rng.random() ** 0.5 * 1.15
            cx, cy = x + shift[0] + reach * math.cos(angle), y + shift[1] + reach * math.sin(angle) * 0.85
            r = 0.02 * pen.rng.uniform(0.6, 1.2)
            leaves.append(turned([(cx - r, cy), (cx, cy + r * 0.55), (cx + r, cy), (cx, cy - r * 0.55)],
                                 pen.rng.random() * math.pi, cx, cy))
        if size > 0.08:
            leaves.append(ellipse(x + shift[0], y + shift[1], size * 0.85, size * 0.7))
    pen.flat(*leaves, colour=colour)


def palm(pen: Pen) -> None:
    lean = pen.rng.uniform(0.06, 0.2)
    path = [(0.0, -0.01), (lean * 0.25, 0.3), (lean, 0.72)]
    pen.form(ribbon(path, 0.075, 0.05, 0.04), colour=(136, 104, 76))
    rings = []
    for i in range(12):
        t = i / 12
        x, y = lean * t * t, 0.72 * t
        rings.append(ribbon([(x - 0.03, y), (x + 0.03, y + 0.006)], 0.006))
    pen.flat(*rings, colour=(74, 52, 40), opacity=0.5)
    for i in range(11):
        angle = math.pi * (-0.22 + 1.44 * i / 10) + pen.rng.uniform(-0.1, 0.1)
        _frond(pen, lean, 0.72, angle, dim((76, 130, 62), 0.72 + 0.05 * (i % 6)))
    pen.form(ellipse(lean - 0.025, 0.7, 0.028), ellipse(lean + 0.025, 0.695, 0.028), colour=(104, 70, 44))


def _frond(pen: Pen, x: float, y: float, angle: float, colour: Colour) -> None:
    reach = pen.rng.uniform(0.32, 0.42)
    droop = 0.16 + 0.1 * abs(math.cos(angle))
    tip = (x + math.cos(angle) * reach, y + math.sin(angle) * reach * 0.7 - droop)
    middle = (x + math.cos(angle) * reach * 0.55, y + math.sin(angle) * reach * 0.62 + 0.02)
    spine = smooth([(x, y), middle, tip], closed=False, steps=7)
    blades = [ribbon([(x, y), middle, tip], 0.012, 0.016, 0.002)]
    for i, (px, py) in enumerate(spine[1:], 1):
        long = 0.11 * (1 - i / (len(spine) + 3))
        blades += [[(px - 0.012, py), (px + side * 0.03 + math.cos(angle) * 0.05, py - long), (px + 0.012, py)]
                   for side in (-1, 1)]
    pen.form(*blades, colour=colour, depth=0.06)


def flower(pen: Pen) -> None:
    """One large flower with leaves: a sunflower if the prompt says so, else petals in its colour."""
    sun = "sunflower" in pen.traits
    petal = pen.local((246, 190, 40) if sun else hexed(pen.rng.choice(["d84060", "e87aa0", "8a5ad0", "f0a030",
                                                                       "f4f0ea"])))
    bend = pen.rng.uniform(-0.08, 0.08)
    pen.form(ribbon([(0.0, -0.02), (bend, 0.35), (0.0, 0.72)], 0.036, 0.03, 0.026), colour=(86, 132, 60))
    for side, y in ((-1, 0.2), (1, 0.34)):
        leaf = [(0.0, y), (side * 0.12, y + 0.1), (side * 0.32, y + 0.1), (side * 0.2, y - 0.01)]
        pen.form(smooth(leaf), colour=(84, 136, 62), depth=0.3)
        pen.flat(ribbon([(0.0, y), (side * 0.16, y + 0.055), (side * 0.3, y + 0.095)], 0.008, 0.002),
                 colour=(150, 190, 110), opacity=0.7)
    rings = ((18, 0.3, 0.78), (16, 0.25, 1.0)) if sun else ((9, 0.3, 0.7), (8, 0.25, 0.9), (6, 0.17, 1.08))
    for many, reach, shade in rings:
        offset = pen.rng.random()
        for i in range(many):
            _petal(pen, math.tau * (i + offset) / many, reach, 3.2 if sun else 1.9, dim(petal, shade))
    heart: Colour = (92, 58, 34) if sun else (240, 200, 90)
    pen.form(ellipse(0.0, 0.76, 0.12 if sun else 0.06), colour=heart, depth=0.4)
    seeds = [ellipse(0.11 * math.sqrt(i / 90) * math.cos(i * 2.4), 0.76 + 0.11 * math.sqrt(i / 90) * math.sin(i * 2.4),
                     0.006) for i in range(90 if sun else 24)]
    pen.flat(*seeds, colour=dim(heart, 0.5) if not sun else (206, 150, 70), opacity=0.75)


def _petal(pen: Pen, angle: float, reach: float, slim: float, colour: Colour) -> None:
    wide = reach / slim
    shape = smooth([(0.02, 0.76), (reach * 0.45, 0.76 + wide * 0.42), (reach * 0.85, 0.76 + wide * 0.3), (reach, 0.76),
                    (reach * 0.85, 0.76 - wide * 0.3), (reach * 0.45, 0.76 - wide * 0.42)])
    pen.form(turned(shape, angle, 0.0, 0.76), colour=dim(colour, pen.rng.uniform(0.9, 1.05)), depth=0.3)


def mushroom(pen: Pen) -> None:
    cap = pen.local((200, 48, 38))
    for x, size in ((-0.42, 0.5), (0.4, 0.36), (0.0, 1.0)):
        _toadstool(pen.at(x, 0.0, size), cap)


def _toadstool(pen: Pen, cap: Colour) -> None:
    pen.form(smooth([(-0.12, 0.0), (-0.09, 0.2), (-0.075, 0.55), (0.075, 0.55), (0.09, 0.2), (0.12, 0.0),
                     (0.0, -0.03)]), colour=(240, 228, 204), depth=0.4)
    pen.form(smooth([(-0.13, 0.4), (-0.09, 0.47), (0.09, 0.47), (0.13, 0.4), (0.0, 0.36)]), colour=(228, 214, 188))
    pen.flat(ellipse(0.0, 0.56, 0.4, 0.07), colour=(176, 150, 122))
    top = [(-0.43, 0.55), (-0.38, 0.74), (-0.2, 0.94), (0.0, 1.0), (0.2, 0.94), (0.38, 0.74), (0.43, 0.55),
           (0.2, 0.59), (-0.2, 0.59)]
    pen.form(smooth(top), colour=cap, depth=0.45, gloss=0.6)
    for x, y, r in ((-0.2, 0.78, 0.055), (0.06, 0.87, 0.06), (0.22, 0.7, 0.05), (-0.04, 0.68, 0.045),
                    (-0.33, 0.63, 0.03), (0.34, 0.6, 0.026)):
        pen.form(ellipse(x, y, r, r * 0.75), colour=(250, 244, 232))


def cactus(pen: Pen) -> None:
    green = pen.local((82, 128, 82))
    arms: list[Outline] = [slab(-0.1, -0.02, 0.1, 1.0, 0.1),
                           ribbon([(0.05, 0.36), (0.24, 0.38), (0.28, 0.5), (0.28, 0.74)], 0.12, 0.13, 0.13, 0.1),
                           ribbon([(-0.05, 0.48), (-0.22, 0.5), (-0.26, 0.6), (-0.26, 0.84)], 0.12, 0.12, 0.12, 0.09)]
    pen.form(*arms[1:], ellipse(0.28, 0.74, 0.05), ellipse(-0.26, 0.84, 0.045), colour=dim(green, 0.92), depth=0.3)
    pen.form(arms[0], colour=green, depth=0.45)
    pen.flat(*[ribbon([(x, 0.0), (x, 0.95)], 0.008) for x in (-0.06, -0.02, 0.02, 0.06)], colour=dim(green, 0.5),
             opacity=0.5)
    pen.form(*[ellipse(x, 1.0, 0.03, 0.04) for x in (-0.04, 0.02, 0.06)], colour=(230, 96, 130))
