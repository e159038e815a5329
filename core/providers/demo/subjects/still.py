"""Still life: fruit in a bowl, teapot, cup, vase, books, candle."""

from __future__ import annotations

import math

from core.providers.demo.geometry import Point, box, ellipse, ribbon, slab, smooth
from core.providers.demo.palette import Colour, dim, hexed, mix
from core.providers.demo.pen import Pen

# Outlines are tables of points, kept in rows.
# fmt: off

GLAZES = [hexed(code) for code in ("3f6a8c", "b8583e", "e8dcc4", "4a7a6a", "7a4a6a")]


def _shine(pen: Pen, x: float, y: float, wide: float, tall: float, tilt: float = 0.5) -> None:
    lx = -pen.light[0] if pen.mirror else pen.light[0]
    side = 1 if lx >= 0 else -1
    pen.flat(ellipse(x * side, y, wide, tall, -tilt * side), colour=(255, 252, 244), opacity=0.65, blur=wide * 0.3)


def fruit(pen: Pen) -> None:
    bowl = pen.local(pen.rng.choice(GLAZES))
    pen.form(ellipse(0.0, 0.47, 0.6, 0.1), colour=dim(bowl, 0.4))
    for x, y, r, skin in ((-0.34, 0.56, 0.18, "e08a2a"), (0.3, 0.57, 0.18, "c83a2e"), (-0.02, 0.6, 0.19, "8aa83a"),
                          (-0.19, 0.74, 0.17, "d04a34"), (0.16, 0.76, 0.16, "e8a23a")):
        _round_fruit(pen, x, y, r, hexed(skin))
    _pear(pen, 0.42, 0.64)
    _grapes(pen)
    pen.form(ribbon([(-0.54, 0.58), (-0.4, 0.82), (-0.14, 0.96), (0.08, 0.95)], 0.03, 0.13, 0.13, 0.03),
             colour=(240, 200, 70), depth=0.35)
    pen.flat(ribbon([(-0.52, 0.6), (-0.39, 0.8), (-0.14, 0.93)], 0.01, 0.012, 0.004), colour=(150, 110, 40),
             opacity=0.5)
    body = [(-0.62, 0.47), (-0.56, 0.26), (-0.36, 0.1), (-0.2, 0.05), (0.2, 0.05), (0.36, 0.1), (0.56, 0.26),
            (0.62, 0.47)]
    lip = [(0.62 * math.cos(math.pi * i / 16), 0.47 - 0.09 * math.sin(math.pi * i / 16)) for i in range(17)]
    pen.form([*smooth(body, closed=False), *lip], colour=bowl, depth=0.45, gloss=0.6)
    pen.form(slab(-0.22, 0.0, 0.22, 0.06, 0.03), colour=dim(bowl, 0.8))
    pen.flat(ribbon(lip, 0.014), colour=mix(bowl, (255, 250, 236), 0.6))
    _shine(pen, 0.36, 0.28, 0.028, 0.1)


def _round_fruit(pen: Pen, x: float, y: float, r: float, skin: Colour) -> None:
    pen.flat(ellipse(x, y - r * 0.16, r * 1.06), colour=(30, 18, 20), opacity=0.4, blur=r * 0.16)
    pen.form(ellipse(x, y, r, r * 0.95), colour=skin, depth=0.5, gloss=0.5)
    pen.flat(ellipse(x, y + r * 0.72, r * 0.2, r * 0.08), colour=dim(skin, 0.5), opacity=0.6, blur=r * 0.05)
    pen.form(ribbon([(x, y + r * 0.72), (x + r * 0.06, y + r * 0.95), (x + r * 0.16, y + r * 1.14)], r * 0.07,
                    r * 0.1), colour=(92, 64, 42))
    lx = -pen.light[0] if pen.mirror else pen.light[0]
    pen.flat(ellipse(x + lx * r * 0.42, y + r * 0.42, r * 0.17, r * 0.12), colour=(255, 252, 240), opacity=0.6,
             blur=r * 0.06)


def _pear(pen: Pen, x: float, y: float) -> None:
    skin: Colour = (198, 190, 76)
    outline: list[Point] = [(0.0, 0.3), (-0.06, 0.26), (-0.08, 0.14), (-0.15, 0.02), (-0.13, -0.12), (0.0, -0.17),
                            (0.13, -0.12), (0.15, 0.02), (0.08, 0.14), (0.06, 0.26)]
    pen.form(smooth([(x + px, y + py) for px, py in outline]), colour=skin, depth=0.45, gloss=0.5)
    pen.form(ribbon([(x, y + 0.28), (x + 0.03, y + 0.38)], 0.016, 0.022), colour=(92, 64, 42))


def _grapes(pen: Pen) -> None:
    """A bunch hanging over the rim, the front grapes last."""
    skin: Colour = (104, 54, 112)
    for row, many in reversed(tuple(enumerate((3, 5, 5, 4, 3, 2, 1)))):
        for i in range(many):
            x = 0.2 + 0.068 * (i - (many - 1) / 2) + pen.rng.uniform(-0.012, 0.012)
            y = 0.6 - 0.058 * row + pen.rng.uniform(-0.01, 0.01)
            pen.form(ellipse(x, y, 0.044), colour=dim(skin, pen.rng.uniform(0.8, 1.25)), depth=0.5, gloss=0.6)


def teapot(pen: Pen) -> None:
    glaze = pen.local(pen.rng.choice(GLAZES))
    _steam(pen, 0.72, 0.72)
    pen.form(ribbon([(0.36, 0.3), (0.56, 0.38), (0.6, 0.58), (0.74, 0.68)], 0.22, 0.14, 0.09, 0.07), colour=glaze,
             depth=0.35)
    pen.form(ribbon([(-0.36, 0.62), (-0.62, 0.66), (-0.7, 0.44), (-0.56, 0.26), (-0.36, 0.24)], 0.05, 0.07, 0.07, 0.06,
                    0.05), colour=glaze, depth=0.3)
    belly = [(-0.3, 0.02), (-0.46, 0.2), (-0.47, 0.42), (-0.34, 0.64), (-0.18, 0.72), (0.18, 0.72), (0.34, 0.64),
             (0.47, 0.42), (0.46, 0.2), (0.3, 0.02), (0.0, -0.01)]
    pen.form(smooth(belly), colour=glaze, depth=0.5, gloss=0.6)
    pen.form(slab(-0.26, -0.01, 0.26, 0.05, 0.025), colour=dim(glaze, 0.75))
    pen.form(smooth([(-0.24, 0.71), (-0.16, 0.8), (0.0, 0.84), (0.16, 0.8), (0.24, 0.71), (0.0, 0.68)]), colour=glaze,
             gloss=0.6)
    pen.form(ellipse(0.0, 0.885, 0.055), colour=mix(glaze, (230, 190, 110), 0.6), gloss=0.7)
    pen.flat(ribbon([(-0.46, 0.3), (0.0, 0.24), (0.46, 0.3)], 0.03), colour=(240, 214, 150), opacity=0.85)
    for i in range(7):
        x = -0.33 + 0.11 * i
        pen.flat(*[ellipse(x + 0.022 * math.cos(a), 0.43 + 0.022 * math.sin(a) - 0.02 * math.cos(x * 3), 0.014)
                   for a in (0.3, 1.56, 2.8, 4.1, 5.3)], colour=(246, 232, 206), opacity=0.8)
    _shine(pen, 0.24, 0.54, 0.04, 0.11)
    cup(pen.at(-1.02 if pen.rng.random() < 0.5 else 1.05, -0.05, 0.42))


def _steam(pen: Pen, x: float, y: float) -> None:
    for i in range(3):
        sway = pen.rng.uniform(0.05, 0.1)
        path = [(x + 0.03 * i, y), (x + sway, y + 0.14), (x - sway * 0.6, y + 0.3), (x + sway, y + 0.5)]
        pen.flat(ribbon(path, 0.02, 0.05, 0.06, 0.01), colour=(250, 248, 244), opacity=0.16, blur=0.025)


def cup(pen: Pen) -> None:
    glaze = pen.local((236, 226, 208))
    pen.form(ellipse(0.0, 0.06, 0.66, 0.11), colour=glaze, depth=0.3)
    pen.form(ellipse(0.0, 0.075, 0.42, 0.06), colour=dim(glaze, 0.8))
    ear = ribbon([(0.4, 0.56), (0.62, 0.58), (0.64, 0.38), (0.5, 0.26), (0.32, 0.24)], 0.05, 0.065, 0.065, 0.06, 0.05)
    pen.form(ear, colour=glaze, depth=0.3)
    side = [(-0.44, 0.66), (-0.42, 0.4), (-0.3, 0.16), (-0.18, 0.08), (0.18, 0.08), (0.3, 0.16), (0.42, 0.4),
            (0.44, 0.66)]
    pen.form(smooth(side, closed=False), colour=glaze, depth=0.45, gloss=0.6)
    pen.form(ellipse(0.0, 0.66, 0.44, 0.09), colour=dim(glaze, 0.9))
    pen.form(ellipse(0.0, 0.645, 0.395, 0.07), colour=(92, 56, 34), gloss=0.5)
    pen.flat(ellipse(-0.1, 0.655, 0.12, 0.016, 0.1), colour=(206, 160, 110), opacity=0.6, blur=0.012)
    _shine(pen, 0.27, 0.42, 0.03, 0.1, 0.2)
    _steam(pen, -0.06, 0.72)


def vase(pen: Pen) -> None:
    """A bouquet: leaves, then blossoms from the back to the front."""
    glaze = pen.rng.choice(GLAZES)
    petals = [pen.local(hexed(code)) for code in ("d84a5e", "f0a44a", "f2ece0", "a070c8", "e88aa8")]
    stems = [(pen.rng.gauss(0, 0.2), 0.68 + pen.rng.uniform(-0.14, 0.2)) for _ in range(13)]
    for x, y in stems:
        pen.flat(ribbon([(x * 0.2, 0.38), (x * 0.6, 0.52), (x, y)], 0.012), colour=(74, 112, 58))
        tip = (x * 1.5 + pen.rng.uniform(-0.08, 0.08), y - 0.06)
        pen.form(smooth([(x * 0.7, 0.5), ((x + tip[0]) / 2 - 0.03, tip[1] - 0.02), tip,
                         ((x + tip[0]) / 2 + 0.03, tip[1] - 0.08)]), colour=dim((88, 128, 66),
                                 pen.rng.uniform(0.6, 1.0)))
    for x, y in sorted(stems, key=lambda stem: -stem[1]):
        _blossom(pen, x, y, pen.rng.uniform(0.07, 0.11), pen.rng.choice(petals))
    body = [(-0.1, 0.42), (-0.08, 0.36), (-0.19, 0.24), (-0.2, 0.12), (-0.11, 0.0), (0.11, 0.0), (0.2, 0.12),
            (0.19, 0.24), (0.08, 0.36), (0.1, 0.42)]
    pen.form(smooth(body, closed=False), colour=glaze, depth=0.5, gloss=0.6)
    _shine(pen, 0.09, 0.2, 0.02, 0.06, 0.2)


def _blossom(pen: Pen, x: float, y: float, r: float, colour: Colour) -> None:
    pen.flat(ellipse(x, y - r * 0.3, r * 1.05), colour=(24, 26, 22), opacity=0.35, blur=r * 0.3)
    for ring, shade in ((1.0, 0.78), (0.66, 0.95), (0.36, 1.1)):
        start = pen.rng.random() * 2
        for i in range(7):
            a = start + math.tau * i / 7
            pen.form(ellipse(x + math.cos(a) * r * ring * 0.66, y + math.sin(a) * r * ring * 0.6, r * 0.42, r * 0.32,
                             a), colour=dim(colour, shade), depth=0.4)
    pen.flat(ellipse(x, y, r * 0.16), colour=(246, 208, 110))


def books(pen: Pen) -> None:
    y = 0.0
    for i in range(5):
        tall, half = pen.rng.uniform(0.13, 0.2), pen.rng.uniform(0.44, 0.6)
        x = pen.rng.uniform(-0.06, 0.06)
        cover = pen.local(hexed(pen.rng.choice(["8c3b2e", "2e5a6b", "c08a3e", "4a5a36", "6b3b5c"])))
        pen.form(slab(x - half, y, x + half, y + tall, 0.02), colour=dim(cover, 1.0 - 0.05 * i), depth=0.2)
        pen.form(box(x + half * 0.84, y + tall * 0.14, x + half * 1.0, y + tall * 0.86), colour=(240, 228, 200))
        pen.flat(box(x - half * 0.8, y + tall * 0.1, x - half * 0.74, y + tall * 0.9),
                 box(x - half * 0.6, y + tall * 0.35, x + half * 0.2, y + tall * 0.62), colour=(232, 196,
                         116), opacity=0.75)
        y += tall
    pen.form(ribbon([(-0.14, y), (-0.18, y - 0.2), (-0.12, y - 0.42)], 0.05), colour=(196, 48, 50))


def candle(pen: Pen) -> None:
    """A candle on a brass stand: the light of its picture."""
    wax = pen.local((240, 226, 196))
    pen.glow(0.0, 0.9, 1.5, (255, 170, 70), 0.6)
    pen.form(ellipse(0.0, 0.05, 0.26, 0.06), slab(-0.05, 0.05, 0.05, 0.2, 0.02), ellipse(0.0, 0.2, 0.13, 0.04),
             colour=(196, 146, 66), gloss=0.7)
    pen.form(slab(-0.075, 0.2, 0.075, 0.76, 0.02), colour=wax, depth=0.45)
    drips = [ribbon([(x, 0.76), (x, 0.76 - fall)], 0.03, 0.035) for x,
             fall in ((-0.06, 0.16), (0.05, 0.1), (0.0, 0.06))]
    pen.form(*drips, colour=mix(wax, (255, 250, 236), 0.4))
    pen.flat(ribbon([(0.0, 0.76), (0.004, 0.82)], 0.01), colour=(40, 30, 28))
    for wide, tall, colour in ((0.05, 0.2, (255, 150, 50)), (0.034, 0.15, (255, 206, 100)),
                               (0.018, 0.09, (255, 250, 226))):
        pen.flat(smooth([(0.0, 0.8), (-wide, 0.85), (-wide * 0.4, 0.8 + tall * 0.7), (0.005, 0.8 + tall),
                         (wide * 0.5, 0.8 + tall * 0.65), (wide, 0.85)]), colour=colour, blur=0.005, lit=False)
    pen.glow(0.0, 0.88, 0.34, (255, 220, 150), 0.9)
