"""Lighthouse, house, castle, windmill, temple, bridge."""

from __future__ import annotations

import math

from core.providers.demo.geometry import Outline, arch, box, ellipse, ribbon, slab, smooth, turned
from core.providers.demo.palette import Colour, dim, hexed, mix
from core.providers.demo.pen import Pen

# Outlines are tables of points, kept in rows.
# fmt: off


def lighthouse(pen: Pen) -> None:
    """A banded tower with its lamp lit, and the keeper's cottage."""
    band = pen.local((196, 52, 44))
    _cottage(pen.at(-0.27, -0.01, 0.2))
    dark = pen.palette.darkness
    if dark > 0.2:
        for side, lift in ((1, 0.05), (-1, 0.09)):
            pen.beam(0.0, 0.915, side * 2.2, lift, 0.34, (255, 236, 180), 0.3 + 0.35 * dark)
    half = [0.13 - 0.065 * y / 0.82 for y in (0.0, 0.82)]
    pen.form([(-half[0], -0.02), (-half[1], 0.82), (half[1], 0.82), (half[0], -0.02)], colour=(240, 234, 224),
             depth=0.45)
    for low, high in ((0.14, 0.3), (0.46, 0.62)):
        a, b = 0.13 - 0.065 * low / 0.82, 0.13 - 0.065 * high / 0.82
        pen.form(_sagging(a, low, b, high), colour=band, depth=0.45)
    for y in (0.36, 0.7):
        pen.pane(arch(0.0, y, 0.028, 0.05))
    pen.pane(arch(0.02, 0.0, 0.06, 0.1), warm=(210, 150, 90))
    pen.form(slab(-0.105, 0.815, 0.105, 0.845, 0.01), colour=(52, 54, 64))
    rails = [box(x - 0.003, 0.845, x + 0.003, 0.89) for x in (-0.1, -0.067, -0.033, 0.033, 0.067, 0.1)]
    pen.flat(*rails, box(-0.102, 0.884, 0.102, 0.892), colour=(52, 54, 64))
    pen.flat(box(-0.05, 0.845, 0.05, 0.955), colour=mix((150, 190, 214), (255, 232, 160), 0.3 + 0.7 * dark),
             lit=dark < 0.2)
    pen.lamp(0.0, 0.905, 0.026, (255, 226, 150))
    pen.flat(*[box(x - 0.004, 0.845, x + 0.004, 0.955) for x in (-0.047, -0.018, 0.018, 0.047)], colour=(52, 54, 64))
    roof = [(-0.066, 0.955), (-0.05, 0.99), (-0.02, 1.02), (0.02, 1.02), (0.05, 0.99), (0.066, 0.955)]
    pen.form(roof, box(-0.004, 1.02, 0.004, 1.07), colour=band)


def _sagging(a: float, low: float, b: float, high: float) -> Outline:
    """A band round a tower, its edges curved as seen from below."""
    bottom = [(a * math.cos(math.pi * i / 12), low - 0.014 * math.sin(math.pi * i / 12)) for i in range(13)]
    top = [(b * math.cos(math.pi * i / 12), high - 0.014 * math.sin(math.pi * i / 12)) for i in range(13)]
    return bottom + top[::-1]


def _cottage(pen: Pen) -> None:
    pen.form(box(-0.6, 0.0, 0.6, 0.55), colour=(236, 228, 214), depth=0.2)
    pen.form([(-0.7, 0.52), (-0.5, 0.95), (0.5, 0.95), (0.7, 0.52)], colour=(134, 66, 54), depth=0.2)
    pen.form(box(0.28, 0.8, 0.42, 1.12), colour=(120, 84, 72))
    pen.pane(box(-0.42, 0.2, -0.22, 0.42), box(0.24, 0.2, 0.44, 0.42))
    pen.flat(box(-0.08, 0.0, 0.12, 0.4), colour=(74, 62, 66))


def house(pen: Pen) -> None:
    """A cottage seen from its corner, with smoke from the chimney."""
    wall = pen.local(pen.rng.choice([(236, 220, 192), (224, 200, 190), (206, 212, 216)]))
    roof = pen.rng.choice([(150, 70, 52), (98, 74, 66), (84, 92, 112)])
    _smoke(pen, 0.4, 1.02)
    pen.form(box(0.33, 0.7, 0.46, 1.02), box(0.315, 1.0, 0.475, 1.04), colour=(138, 92, 78))
    pen.form([(-0.2, 0.0), (0.66, 0.02), (0.66, 0.48), (-0.2, 0.5)], colour=wall, depth=0.12)
    pen.form([(-0.62, 0.02), (-0.2, 0.0), (-0.2, 0.5), (-0.41, 0.86), (-0.62, 0.48)], colour=dim(wall, 0.72), depth=0.1)
    pen.form([(-0.28, 0.44), (0.72, 0.42), (0.56, 0.86), (-0.41, 0.92)], colour=roof, depth=0.12)
    pen.form([(-0.41, 0.92), (-0.7, 0.44), (-0.66, 0.4), (-0.41, 0.82), (-0.2, 0.44), (-0.26, 0.42)],
             colour=dim(roof, 0.7))
    rows = []
    for i in range(1, 6):
        t = i / 6
        rows.append(ribbon([(-0.28 - 0.13 * t, 0.44 + 0.48 * t), (0.72 - 0.16 * t, 0.42 + 0.44 * t)], 0.008))
    pen.flat(*rows, colour=dim(roof, 0.5), opacity=0.45)
    for x in (0.12, 0.5):
        pen.flat(box(x - 0.085, 0.15, x + 0.085, 0.36), colour=(250, 244, 232))
        pen.pane(box(x - 0.07, 0.165, x + 0.07, 0.345))
        pen.flat(box(x - 0.006, 0.16, x + 0.006, 0.35), box(x - 0.07, 0.25, x + 0.07, 0.26), colour=(250, 244, 232))
        if pen.palette.darkness > 0.4:
            pen.glow(x, 0.25, 0.28, (255, 190, 96), 0.5)
    pen.pane(box(-0.47, 0.52, -0.36, 0.66))
    pen.form([(-0.5, 0.013), (-0.34, 0.006), (-0.34, 0.34), (-0.5, 0.335)], colour=(122, 76, 52))
    pen.flat(ellipse(-0.365, 0.17, 0.01), colour=(226, 190, 110))
    bushes = [ellipse(x, 0.03, 0.07, 0.06) for x in (-0.16, -0.06, 0.3, 0.62, 0.7)]
    pen.form(*bushes, colour=mix(pen.palette.land, (84, 124, 62), 0.6))


def _smoke(pen: Pen, x: float, y: float) -> None:
    for i in range(9):
        t = i / 8
        puff = ellipse(x + 0.1 * t + 0.09 * math.sin(t * 6) * t, y + 0.03 + 0.5 * t, 0.03 + 0.08 * t, 0.025 + 0.06 * t)
        pen.flat(puff, colour=(226, 226, 232), opacity=0.34 * (1 - t), blur=0.03)


def castle(pen: Pen) -> None:
    stone = pen.local((168, 158, 150))
    roof = pen.rng.choice([(70, 84, 132), (140, 60, 60), (62, 104, 104)])
    _keep(pen, -0.12, 0.16, 0.86, 0.1, dim(stone, 0.84), roof)
    _keep(pen, 0.17, 0.16, 0.72, 0.085, dim(stone, 0.84), roof)
    pen.form(*_battlements(-0.5, -0.01, 0.5, 0.36), colour=dim(stone, 0.92), depth=0.08)
    _keep(pen, 0.03, 0.2, 0.64, 0.15, stone, roof)
    for x, top in ((-0.52, 0.58), (0.52, 0.54)):
        _keep(pen, x, -0.01, top, 0.11, stone, roof)
    pen.form(*_battlements(-0.17, -0.01, 0.23, 0.32), colour=stone, depth=0.1)
    pen.flat(arch(0.03, -0.01, 0.15, 0.22), colour=(34, 28, 34))
    bars = [box(0.03 + d, 0.0, 0.036 + d, 0.19) for d in (-0.05, -0.02, 0.014, 0.044)]
    pen.flat(*bars, colour=(96, 84, 74))
    for x in (-0.34, -0.27, 0.32, 0.39):
        pen.pane(arch(x, 0.2, 0.025, 0.07))
    for x, y in ((-0.115, 0.2), (0.175, 0.2)):
        if pen.palette.darkness > 0.3:
            pen.lamp(x, y, 0.012, (255, 170, 80))
    blocks = [box(x, y, x + 0.045, y + 0.018) for x,
              y in ((pen.rng.uniform(-0.48, 0.44), pen.rng.uniform(0.08, 0.33)) for _ in range(36))]
    pen.flat(*blocks, colour=dim(stone, 0.55), opacity=0.25)


def _battlements(x0: float, y0: float, x1: float, y1: float) -> list[Outline]:
    step = 0.05
    teeth = [box(x0 + i * step, y1 - 0.005, x0 + i * step + step * 0.56, y1 + 0.035)
             for i in range(int((x1 - x0) / step))]
    return [box(x0, y0, x1, y1), *teeth]


def _keep(pen: Pen, x: float, low: float, top: float, half: float, stone: Colour, roof: Colour) -> None:
    """A round tower with a pointed roof and a pennant."""
    pen.form(box(x - half, low, x + half, top), colour=stone, depth=0.45)
    pen.form(slab(x - half * 1.2, top - 0.035, x + half * 1.2, top, 0.01), colour=dim(stone, 1.06))
    peak = top + half * 3.1
    pen.form([(x - half * 1.28, top), (x, peak), (x + half * 1.28, top), (x, top - 0.018)], colour=roof, depth=0.35)
    pen.flat(box(x - 0.004, peak - 0.01, x + 0.004, peak + 0.085), colour=(70, 60, 60))
    pen.form(smooth([(x, peak + 0.085), (x + 0.06, peak + 0.075), (x + 0.12, peak + 0.06), (x + 0.06, peak + 0.045),
                     (x, peak + 0.035)]), colour=(214, 70, 56))
    pen.pane(arch(x, top - 0.14, half * 0.42, 0.075))
    if top - low > 0.4:
        pen.pane(arch(x, top - 0.3, half * 0.34, 0.06))


def windmill(pen: Pen) -> None:
    wall = pen.local((230, 218, 200))
    pen.form([(-0.2, 0.0), (-0.12, 0.6), (0.12, 0.6), (0.2, 0.0)], colour=wall, depth=0.45)
    pen.form(smooth([(-0.145, 0.59), (-0.11, 0.7), (0.0, 0.77), (0.11, 0.7), (0.145, 0.59), (0.0, 0.575)]),
             colour=(124, 72, 56))
    pen.pane(arch(0.0, 0.4, 0.05, 0.08), arch(0.03, 0.2, 0.05, 0.08))
    pen.flat(arch(-0.02, 0.0, 0.09, 0.15), colour=(96, 64, 48))
    start = pen.rng.uniform(0.2, 1.2)
    for i in range(4):
        angle = start + i * math.pi / 2
        sail = box(0.06, 0.662, 0.44, 0.75)
        pen.flat(turned(sail, angle, 0.0, 0.66), colour=(246, 236, 214), opacity=0.82)
        lattice = [box(0.06 + 0.054 * k, 0.66, 0.066 + 0.054 * k, 0.75)
                   for k in range(8)] + [box(0.06, 0.702, 0.44, 0.708)]
        pen.flat(*[turned(bar, angle, 0.0, 0.66) for bar in lattice], colour=(112, 82, 60), opacity=0.8)
        pen.form(turned(box(0.0, 0.65, 0.46, 0.668), angle, 0.0, 0.66), colour=(96, 68, 50))
    pen.form(ellipse(0.0, 0.66, 0.026), colour=(70, 52, 44))


def temple(pen: Pen) -> None:
    """A pagoda of four storeys with swept roofs."""
    roof = pen.local(pen.rng.choice([(86, 62, 74), (58, 96, 92), (150, 56, 46)]))
    wood: Colour = (176, 66, 48)
    pen.form(box(-0.42, 0.0, 0.42, 0.05), box(-0.36, 0.05, 0.36, 0.08), colour=(170, 164, 158))
    y, half = 0.08, 0.25
    for _ in range(4):
        pen.form(box(-half, y, half, y + 0.12), colour=wood, depth=0.3)
        pen.pane(*[box(half * k - 0.028, y + 0.03, half * k + 0.028, y + 0.1) for k in (-0.6, 0.0, 0.6)])
        pen.flat(*[box(half * k - 0.008, y, half * k + 0.008, y + 0.12) for k in (-0.96, -0.3, 0.3, 0.96)],
                 colour=dim(wood, 0.6))
        reach = half * 1.72
        eave = [(-reach, y + 0.155), (-reach * 0.7, y + 0.12), (0.0, y + 0.11), (reach * 0.7, y + 0.12),
                (reach, y + 0.155),
                (half * 0.95, y + 0.165), (half * 0.68, y + 0.21), (-half * 0.68, y + 0.21), (-half * 0.95, y + 0.165)]
        pen.form(eave, colour=roof, depth=0.3)
        if pen.palette.darkness > 0.35:
            pen.lamp(-reach * 0.86, y + 0.115, 0.011, (255, 180, 90))
            pen.lamp(reach * 0.86, y + 0.115, 0.011, (255, 180, 90))
        y, half = y + 0.205, half * 0.84
    pen.form(ribbon([(0.0, y - 0.02), (0.0, y + 0.14)], 0.02, 0.004),
             *[ellipse(0.0, y + 0.02 + 0.03 * i, 0.024 - 0.004 * i, 0.007) for i in range(4)], colour=(214, 174, 92))


def bridge(pen: Pen) -> None:
    """A suspension bridge across the whole picture."""
    steel = pen.local((176, 66, 48))
    span = 2.4
    pen.form(box(-span, 0.2, span, 0.245), colour=dim(steel, 0.8))
    truss = [ribbon([(-span + 0.06 * i, 0.2), (-span + 0.06 * (i + 1), 0.245)], 0.006) for i in range(80)]
    pen.flat(*truss, colour=dim(steel, 0.45), opacity=0.5)
    wires: list[Outline] = []
    for middle in (-1.7, 0.0, 1.7):
        cable = [(middle + 0.85 * (i / 10 - 1), 0.3 + 0.62 * (i / 10 - 1) ** 2) for i in range(21)]
        pen.flat(ribbon(cable, 0.014), colour=steel)
        wires += [box(x - 0.0025, 0.24, x + 0.0025, y) for x, y in cable]
    pen.flat(*wires, colour=steel, opacity=0.7)
    for x in (-0.85, 0.85):
        legs = [box(x - 0.05, -0.02, x - 0.022, 0.95), box(x + 0.022, -0.02, x + 0.05, 0.95)]
        ties = [box(x - 0.05, y, x + 0.05, y + 0.035) for y in (0.14, 0.4, 0.62, 0.9)]
        pen.form(*legs, *ties, colour=steel, depth=0.2)
        pen.form(slab(x - 0.09, -0.05, x + 0.09, 0.03, 0.02), colour=hexed("8a8680"))
        if pen.palette.darkness > 0.4:
            pen.lamp(x, 0.97, 0.01, (255, 90, 70))
    if pen.palette.darkness > 0.4:
        for i in range(17):
            pen.lamp(-span + 0.3 * i, 0.262, 0.006, (255, 214, 140))
