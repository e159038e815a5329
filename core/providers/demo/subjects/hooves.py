"""Horse, unicorn and deer, standing."""

from __future__ import annotations

from core.providers.demo.geometry import Point, ellipse, ribbon, smooth
from core.providers.demo.palette import Colour, dim, mix
from core.providers.demo.pen import Pen

# Outlines are tables of points, kept in rows.
# fmt: off


def _legs(pen: Pen, coat: Colour, hoof: Colour, slim: float) -> None:
    far = dim(coat, 0.6)
    pen.form(_leg([(-0.3, 0.46), (-0.24, 0.32), (-0.31, 0.2), (-0.27, 0.02)], slim), colour=far)
    pen.form(_leg([(0.25, 0.46), (0.34, 0.32), (0.37, 0.22), (0.31, 0.11)], slim), colour=far)
    hooves = [(-0.43, -0.355), (0.17, 0.24), (-0.305, -0.24)]
    pen.form(*[[(a, 0.0), (a + 0.012, 0.04), (b - 0.012, 0.04), (b, 0.0)] for a, b in hooves], colour=hoof)


def _leg(path: list[Point], slim: float) -> list[Point]:
    return ribbon(path, 0.19 * slim, 0.1 * slim, 0.06 * slim, 0.055 * slim)


def _trunk(pen: Pen, coat: Colour, slim: float) -> None:
    barrel = [(-0.47, 0.54), (-0.45, 0.65), (-0.35, 0.7), (-0.18, 0.665), (0.02, 0.645), (0.17, 0.69), (0.29, 0.62),
              (0.31, 0.52), (0.22, 0.44), (0.04, 0.4), (-0.16, 0.43), (-0.36, 0.44)]
    neck = [(0.08, 0.66), (0.22, 0.82), (0.32, 0.96), (0.43, 0.95), (0.41, 0.8), (0.35, 0.62), (0.24, 0.46)]
    hind = ribbon([(-0.34, 0.58), (-0.35, 0.4), (-0.345, 0.3), (-0.42, 0.2), (-0.39, 0.03)], 0.24, 0.23 * slim,
                  0.12 * slim, 0.065 * slim, 0.055 * slim)
    fore = ribbon([(0.18, 0.54), (0.195, 0.36), (0.19, 0.2), (0.2, 0.03)], 0.22, 0.13 * slim, 0.065 * slim,
                  0.055 * slim)
    pen.form(smooth(barrel), smooth(neck), hind, fore, colour=coat, depth=0.13)
    head = [(0.32, 0.95), (0.37, 1.0), (0.44, 0.98), (0.53, 0.87), (0.61, 0.79), (0.615, 0.745), (0.575, 0.725),
            (0.5, 0.765), (0.41, 0.81), (0.35, 0.88)]
    pen.form(smooth(head), colour=coat, depth=0.3)
    pen.form([(0.345, 0.97), (0.355, 1.07), (0.4, 0.985)], colour=coat)
    pen.flat(ellipse(0.452, 0.905, 0.014, 0.012), colour=(16, 12, 14))
    pen.flat(ellipse(0.457, 0.909, 0.004), colour=(255, 255, 255), lit=False)
    pen.flat(ellipse(0.593, 0.762, 0.009, 0.013), colour=(24, 16, 18), opacity=0.8)
    pen.flat(ribbon([(0.6, 0.735), (0.56, 0.75)], 0.006, 0.003), colour=(24, 16, 18), opacity=0.7)


def _mane(pen: Pen, hair: Colour) -> None:
    for i in range(9):
        t = i / 8
        x, y = 0.34 - 0.22 * t, 0.98 - 0.28 * t
        sway = pen.rng.uniform(0.05, 0.13)
        lock = [(x + 0.02, y), (x - sway * 0.5, y - 0.02), (x - sway, y - 0.1), (x - sway * 1.2, y - 0.17)]
        pen.form(ribbon(lock, 0.05, 0.065, 0.045, 0.004), colour=dim(hair, pen.rng.uniform(0.8, 1.1)))
    pen.form(ribbon([(0.35, 1.0), (0.4, 0.97), (0.43, 0.91)], 0.03, 0.04, 0.004), colour=hair)


def _horse_tail(pen: Pen, hair: Colour) -> None:
    for sway in (0.0, 0.05, 0.09):
        path = [(-0.44, 0.63), (-0.54, 0.58), (-0.58 - sway, 0.4), (-0.52 - sway * 1.6, 0.16)]
        pen.form(ribbon(path, 0.04, 0.08, 0.09, 0.01), colour=dim(hair, 1.0 - sway * 2))


def horse(pen: Pen) -> None:
    coat = pen.local(pen.rng.choice([(126, 74, 42), (86, 54, 40), (196, 186, 178), (60, 50, 50)]))
    hair = mix(dim(coat, 0.35), (20, 16, 18), 0.4)
    _horse_tail(pen, hair)
    _legs(pen, coat, (40, 32, 30), 1.0)
    _trunk(pen, coat, 1.0)
    _mane(pen, hair)


def unicorn(pen: Pen) -> None:
    coat = pen.local((240, 236, 244))
    hair = pen.rng.choice([(206, 150, 220), (150, 180, 236), (240, 176, 200)])
    pen.glow(0.1, 0.6, 0.9, (255, 240, 255), 0.3)
    _horse_tail(pen, hair)
    _legs(pen, coat, (206, 172, 90), 0.95)
    _trunk(pen, coat, 0.95)
    _mane(pen, hair)
    pen.form(ribbon([(0.415, 0.985), (0.48, 1.08), (0.54, 1.19)], 0.035, 0.022, 0.002), colour=(240, 206, 120),
             gloss=0.8)
    pen.glow(0.53, 1.17, 0.16, (255, 240, 190), 0.7)


def deer(pen: Pen) -> None:
    coat = pen.local((158, 104, 62))
    pen.form(smooth([(-0.44, 0.6), (-0.5, 0.58), (-0.49, 0.49), (-0.44, 0.52)]), colour=(240, 230, 214))
    _legs(pen, coat, (38, 28, 26), 0.8)
    _trunk(pen, coat, 0.8)
    pen.form(smooth([(0.26, 0.72), (0.35, 0.72), (0.31, 0.54), (0.24, 0.48)]), colour=mix(coat, (240, 226, 204), 0.6))
    pen.form(smooth([(0.35, 0.96), (0.28, 1.0), (0.22, 0.99), (0.28, 0.94)]), colour=dim(coat, 0.85))
    pen.flat(ellipse(0.605, 0.77, 0.017, 0.016), colour=(20, 16, 18))
    for lean, shade in ((0.06, 0.62), (-0.03, 1.0)):
        _antler(pen, lean, dim((206, 178, 136), shade))
    spots = [ellipse(pen.rng.uniform(-0.38, 0.1), pen.rng.uniform(0.55, 0.64), 0.011) for _ in range(14)]
    pen.flat(*spots, colour=(240, 224, 196), opacity=0.6)


def _antler(pen: Pen, lean: float, bone: Colour) -> None:
    beam = [(0.39, 0.99), (0.33 + lean, 1.1), (0.34 + lean * 2, 1.24), (0.44 + lean * 3, 1.36)]
    tines = [ribbon([beam[1], (0.44 + lean, 1.15)], 0.02, 0.003),
             ribbon([beam[2], (0.26 + lean * 2, 1.33)], 0.02, 0.003),
             ribbon([(0.36 + lean * 2.4, 1.29), (0.5 + lean * 2, 1.27)], 0.018, 0.003)]
    pen.form(ribbon(beam, 0.03, 0.026, 0.022, 0.004), *tines, colour=bone)
