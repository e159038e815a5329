"""Car, rocket, balloon, robot."""

from __future__ import annotations

import math

from core.providers.demo.geometry import Outline, box, ellipse, ribbon, slab, smooth
from core.providers.demo.palette import Colour, dim, hexed, mix, turn
from core.providers.demo.pen import Pen

# Outlines are tables of points, kept in rows.
# fmt: off

STEEL: Colour = (150, 160, 174)


def car(pen: Pen) -> None:
    """A coupé from the side; its height is one, its length more than two."""
    paint = pen.local(hexed(pen.rng.choice(["b8302a", "2a5a9a", "d8a030", "2f7a6a", "d8d4cc"])))
    pen.flat(ellipse(0.0, 0.02, 1.2, 0.06), colour=(10, 10, 16), opacity=0.5, blur=0.05)
    body = [(-1.2, 0.28), (-1.2, 0.52), (-1.08, 0.64), (-0.8, 0.7), (-0.52, 0.95), (-0.2, 1.02), (0.16, 1.0),
            (0.5, 0.72),
            (0.92, 0.64), (1.16, 0.52), (1.22, 0.36), (1.18, 0.2), (0.6, 0.14), (-0.6, 0.14), (-1.14, 0.2)]
    pen.form(smooth(body), colour=paint, depth=0.42, gloss=0.7)
    glass = smooth([(-0.66, 0.72), (-0.46, 0.91), (-0.18, 0.965), (0.12, 0.945), (0.4, 0.715), (0.0, 0.69)])
    pen.form(glass, colour=mix((58, 74, 96), pen.palette.sky[1], 0.4), depth=0.3, gloss=0.8)
    pen.flat([(-0.06, 0.69), (-0.08, 0.97), (-0.03, 0.97), (0.0, 0.69)], colour=paint)
    pen.flat(ribbon([(-1.15, 0.56), (-0.4, 0.62), (0.5, 0.62), (1.1, 0.52)], 0.014),
             colour=mix(paint, (255, 255, 255), 0.7), opacity=0.7)
    pen.flat(ribbon([(-0.02, 0.68), (0.0, 0.4), (-0.05, 0.2)], 0.008), ribbon([(0.52, 0.62), (0.46, 0.3)], 0.008),
             colour=dim(paint, 0.4), opacity=0.7)
    pen.flat(slab(0.06, 0.55, 0.2, 0.58, 0.01), colour=(220, 222, 226))
    for x in (-0.72, 0.72):
        pen.flat(ellipse(x, 0.22, 0.285), colour=(14, 12, 16))
        pen.form(ellipse(x, 0.2, 0.24), colour=(40, 40, 46))
        pen.form(ellipse(x, 0.2, 0.15), colour=STEEL, gloss=0.7)
        spokes = [ribbon([(x, 0.2), (x + 0.13 * math.cos(a), 0.2 + 0.13 * math.sin(a))], 0.035, 0.02)
                  for a in (0.3, 1.56, 2.81, 4.07, 5.33)]
        pen.flat(*spokes, colour=(60, 64, 72), opacity=0.8)
        pen.form(ellipse(x, 0.2, 0.035), colour=STEEL)
    pen.form(slab(1.05, 0.42, 1.19, 0.52, 0.04), colour=(250, 244, 220))
    pen.flat(slab(-1.2, 0.46, -1.12, 0.54, 0.03), colour=(230, 50, 40), lit=False)
    if pen.palette.darkness > 0.2:
        pen.lamp(1.16, 0.47, 0.04, (255, 240, 200))
        pen.beam(1.2, 0.46, 1.6, -0.24, 0.5, (255, 240, 200), 0.5)
        pen.glow(-1.16, 0.5, 0.25, (255, 50, 40), 0.6)


def rocket(pen: Pen) -> None:
    """A rocket rising on its flame, above a cloud of smoke."""
    accent = pen.local((206, 58, 46))
    _exhaust(pen)
    for side in (-1, 1):
        pen.form(smooth([(side * 0.1, 0.46), (side * 0.2, 0.36), (side * 0.25, 0.16), (side * 0.2, 0.2),
                         (side * 0.1, 0.26)]), colour=dim(accent, 0.85))
    pen.form([(-0.07, 0.22), (0.07, 0.22), (0.095, 0.15), (-0.095, 0.15)], colour=(70, 72, 82))
    hull = [(0.0, 1.04), (-0.08, 0.92), (-0.135, 0.72), (-0.14, 0.46), (-0.09, 0.22), (0.09, 0.22), (0.14, 0.46),
            (0.135, 0.72), (0.08, 0.92)]
    pen.form(smooth(hull), colour=(236, 236, 240), depth=0.45, gloss=0.6)
    nose = [(0.0, 1.04), (-0.08, 0.92), (-0.112, 0.83), (0.0, 0.81), (0.112, 0.83), (0.08, 0.92)]
    pen.form(smooth(nose), colour=accent, depth=0.45, gloss=0.6)
    pen.flat(ribbon([(-0.125, 0.36), (0.0, 0.345), (0.125, 0.36)], 0.025), colour=accent)
    pen.form(ellipse(0.0, 0.66, 0.07), colour=STEEL)
    pen.form(ellipse(0.0, 0.66, 0.052), colour=(64, 120, 170), gloss=0.8)
    pen.flat(ellipse(-0.018, 0.68, 0.016, 0.01, 0.7), colour=(255, 255, 255), opacity=0.8)
    pen.form(smooth([(0.0, 0.4), (-0.022, 0.28), (0.0, 0.12), (0.022, 0.28)]), colour=accent)


def _exhaust(pen: Pen) -> None:
    for i in range(22):
        t = i / 21
        x, y = pen.rng.gauss(0, 0.03 + 0.16 * t), 0.06 - 0.5 * t
        pen.flat(ellipse(x, y, 0.05 + 0.11 * t), colour=mix((255, 206, 150), (214, 212, 220), min(1.0, t * 1.6)),
                 opacity=0.5, blur=0.02)
    pen.glow(0.0, 0.05, 0.55, (255, 150, 50), 0.75)
    for wide, long, colour in ((0.17, 0.42, (255, 120, 30)), (0.11, 0.32, (255, 190, 60)),
                               (0.06, 0.2, (255, 248, 214))):
        flame = smooth([(-wide / 2, 0.16), (-wide * 0.55, 0.06), (0.0, 0.16 - long), (wide * 0.55, 0.06),
                        (wide / 2, 0.16)])
        pen.flat(flame, colour=colour, blur=0.012, lit=False)


def balloon(pen: Pen) -> None:
    """A hot-air balloon with coloured gores, glowing from its burner when it is dark."""
    first = pen.local(hexed(pen.rng.choice(["d8483a", "e0902a", "3a78b8", "8a4aa0"])))
    second = mix(turn(first, 0.12), (255, 240, 214), 0.55)
    dark = pen.palette.darkness
    cy, radius = 0.66, 0.34
    for i in range(8, 0, -1):
        share = i / 8
        gore = first if i % 2 else second
        pen.form(_envelope(cy, radius * 1.0, share), colour=gore, depth=0.45 if i == 8 else 0.3, gloss=0.45)
    pen.form(ribbon([(-0.31, 0.6), (0.0, 0.545), (0.31, 0.6)], 0.05), colour=mix(first, (60, 40, 60), 0.4))
    pen.glow(0.0, 0.45, 0.5, (255, 190, 90), 0.25 + 0.5 * dark)
    pen.flat(*[ribbon([(x * 0.11, 0.3), (x * 0.065, 0.14)], 0.005) for x in (-1, -0.35, 0.35, 1)], colour=(70, 54, 44))
    pen.form(slab(-0.07, 0.02, 0.07, 0.14, 0.02), colour=(142, 96, 58))
    pen.flat(*[box(-0.068, 0.04 + 0.026 * i, 0.068, 0.048 + 0.026 * i) for i in range(4)], colour=(90, 58, 36),
             opacity=0.5)
    pen.form(slab(-0.078, 0.125, 0.078, 0.15, 0.012), colour=(110, 72, 44))


def _envelope(cy: float, radius: float, share: float) -> Outline:
    points = [(0.0, cy + radius), (0.7, cy + radius * 0.76), (1.0, cy + 0.02), (0.86, cy - radius * 0.5),
              (0.36, cy - radius * 1.06)]
    right = [(x * radius * share, y) for x, y in points]
    return smooth([*right, *[(-x, y) for x, y in right[:0:-1]]])


def robot(pen: Pen) -> None:
    """A friendly machine; it holds a book if the prompt lets it read."""
    shell = pen.local(pen.rng.choice([(196, 204, 212), (214, 178, 110), (126, 168, 178), (206, 120, 90)]))
    joint = dim(mix(shell, STEEL, 0.6), 0.5)
    reading = "reading" in pen.traits
    for side in (-1, 1):
        pen.form(ribbon([(side * 0.1, 0.36), (side * 0.11, 0.2), (side * 0.115, 0.06)], 0.07, 0.06, 0.06), colour=joint)
        pen.form(slab(side * 0.11 - 0.055, 0.07, side * 0.11 + 0.055, 0.24, 0.03), colour=shell)
        pen.form(smooth([(side * 0.05, 0.0), (side * 0.06, 0.07), (side * 0.14, 0.085), (side * 0.2, 0.03),
                         (side * 0.2, 0.0)]), colour=dim(shell, 0.8))
    pen.form(slab(-0.15, 0.31, 0.15, 0.38, 0.04), colour=joint)
    pen.form(slab(-0.22, 0.36, 0.22, 0.68, 0.07), colour=shell, depth=0.4, gloss=0.6)
    pen.form(slab(-0.13, 0.44, 0.13, 0.6, 0.03), colour=dim(shell, 0.7))
    for i, colour in enumerate(((240, 90, 70), (250, 200, 80), (110, 220, 140))):
        pen.lamp(-0.07 + 0.07 * i, 0.56, 0.014, colour)
    pen.flat(*[box(-0.09, 0.465 + 0.02 * i, 0.09, 0.473 + 0.02 * i) for i in range(3)], colour=(40, 44, 52),
             opacity=0.8)
    pen.form(box(-0.05, 0.67, 0.05, 0.73), colour=joint)
    _robot_head(pen, shell, joint)
    _robot_arms(pen, shell, joint, reading)
    if reading:
        _open_book(pen, 0.0, 0.47)


def _robot_head(pen: Pen, shell: Colour, joint: Colour) -> None:
    pen.form(ribbon([(0.0, 0.96), (0.02, 1.05)], 0.016), colour=joint)
    pen.lamp(0.02, 1.065, 0.022, (255, 120, 90))
    pen.form(ellipse(-0.2, 0.84, 0.03, 0.055), ellipse(0.2, 0.84, 0.03, 0.055), colour=joint)
    pen.form(slab(-0.19, 0.715, 0.19, 0.965, 0.09), colour=shell, depth=0.4, gloss=0.6)
    pen.form(slab(-0.15, 0.775, 0.15, 0.91, 0.06), colour=(24, 30, 42), gloss=0.5)
    for x in (-0.07, 0.07):
        pen.flat(ellipse(x, 0.845, 0.032), colour=(120, 240, 250), lit=False)
        pen.flat(ellipse(x, 0.845, 0.015), colour=(240, 255, 255), lit=False)
        pen.glow(x, 0.845, 0.12, (90, 220, 250), 0.65)
    pen.flat(ribbon([(-0.04, 0.797), (0.0, 0.787), (0.04, 0.797)], 0.01), colour=(120, 240, 250), lit=False)


def _robot_arms(pen: Pen, shell: Colour, joint: Colour, reading: bool) -> None:
    for side in (-1, 1):
        hand = (side * 0.17, 0.42) if reading else (side * (0.34 + 0.04 * (side > 0)), 0.3 + 0.42 * (side > 0))
        elbow = (side * 0.36, 0.4) if reading else (side * 0.37, 0.48)
        pen.form(ribbon([(side * 0.25, 0.62), elbow], 0.055), ribbon([elbow, hand], 0.055, 0.05), colour=joint)
        pen.form(ellipse(side * 0.25, 0.62, 0.065), colour=shell, gloss=0.6)
        pen.form(ellipse(*elbow, 0.045), colour=shell, gloss=0.6)
        pen.form(ribbon([((elbow[0] + hand[0]) / 2, (elbow[1] + hand[1]) / 2), hand], 0.085, 0.075), colour=shell)
        if not reading:
            fingers = [ribbon([hand, (hand[0] + 0.06 * math.cos(a), hand[1] + 0.06 * math.sin(a))], 0.026, 0.02)
                       for a in (0.7, 1.57, 2.4)]
            pen.form(*fingers, colour=joint)


def _open_book(pen: Pen, x: float, y: float) -> None:
    cover = (150, 52, 46)
    pen.form([(x - 0.19, y - 0.075), (x, y - 0.105), (x + 0.19, y - 0.075), (x + 0.2, y + 0.1), (x, y + 0.07),
              (x - 0.2, y + 0.1)], colour=cover)
    for side in (-1, 1):
        page = [(x, y - 0.09), (x + side * 0.09, y - 0.068), (x + side * 0.18, y - 0.064),
                (x + side * 0.188, y + 0.106), (x + side * 0.09, y + 0.108), (x, y + 0.08)]
        pen.form(page, colour=(246, 238, 218), depth=0.25)
        lines = [ribbon([(x + side * 0.03, y + 0.055 - 0.025 * i), (x + side * 0.155, y + 0.075 - 0.025 * i)], 0.005)
                 for i in range(5)]
        pen.flat(*lines, colour=(110, 100, 96), opacity=0.6)
    for side in (-1, 1):
        pen.form(ellipse(x + side * 0.185, y - 0.02, 0.035, 0.045), colour=STEEL, gloss=0.6)
    pen.glow(x, y + 0.05, 0.3, (255, 236, 190), 0.25)
