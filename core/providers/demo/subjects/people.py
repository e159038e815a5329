"""A wanderer, an astronaut, a portrait."""

from __future__ import annotations

from core.providers.demo.geometry import Outline, ellipse, ribbon, slab, smooth
from core.providers.demo.palette import Colour, dim, hexed, mix
from core.providers.demo.pen import Pen

# Outlines are tables of points, kept in rows.
# fmt: off

SKINS = [hexed(code) for code in ("e8b894", "c68a62", "8a5a3e", "f0c8a8", "a87050")]
HAIRS = [hexed(code) for code in ("2e2220", "5a3624", "8c5a2c", "c89a58", "7a2e1e", "3a3440")]


def person(pen: Pen) -> None:
    """Somebody in a long cloak, seen from behind, looking into the picture."""
    cloth = pen.local(hexed(pen.rng.choice(["8c3a34", "34526e", "5a6a3c", "6a4a74", "8a6a3a"])))
    pen.form(ribbon([(0.26, -0.01), (0.25, 0.5), (0.23, 1.02)], 0.02, 0.018, 0.022), colour=(112, 80, 54))
    pen.form(slab(-0.1, -0.01, -0.02, 0.12, 0.02), slab(0.03, -0.01, 0.11, 0.12, 0.02), colour=(48, 38, 36))
    pen.form(ribbon([(0.1, 0.68), (0.2, 0.58), (0.245, 0.62)], 0.1, 0.08, 0.05), colour=dim(cloth, 0.9))
    sweep = pen.rng.uniform(0.02, 0.12)
    cloak = [(-0.07, 0.83), (-0.18, 0.74), (-0.2, 0.45), (-0.27 - sweep, 0.08), (-0.1, 0.055), (0.02, 0.07),
             (0.18, 0.06),
             (0.18, 0.4), (0.18, 0.74), (0.07, 0.83)]
    pen.form(smooth(cloak), colour=cloth, depth=0.35)
    folds = [ribbon([(x * 0.5, 0.74), (x * 0.8, 0.4), (x * 1.2 - sweep * 0.7, 0.08)], 0.006, 0.02, 0.03)
             for x in (-0.15, -0.06, 0.04, 0.12)]
    pen.flat(*folds, colour=dim(cloth, 0.45), opacity=0.45, blur=0.008)
    _head_from_behind(pen, pen.rng.choice(HAIRS))
    scarf = mix(cloth, (240, 210, 150), 0.5)
    pen.form(ribbon([(-0.06, 0.8), (-0.19, 0.76), (-0.3 - sweep, 0.79), (-0.4 - sweep, 0.72)], 0.05, 0.06, 0.05,
                    0.015), colour=scarf)
    pen.form(smooth([(-0.1, 0.83), (0.0, 0.865), (0.1, 0.83), (0.12, 0.78), (0.0, 0.76), (-0.12, 0.78)]), colour=scarf,
             depth=0.4)
    if not pen.traits & {"wizard", "samurai", "crown", "knight"}:
        _knapsack(pen)


def _head_from_behind(pen: Pen, hair: Colour) -> None:
    """Hair, or the headgear that goes with the title."""
    pen.form(ellipse(0.0, 0.905, 0.058, 0.07), colour=hair, depth=0.45)
    pen.form(smooth([(-0.058, 0.91), (-0.066, 0.85), (-0.03, 0.82), (0.03, 0.82), (0.066, 0.85), (0.058, 0.91),
                     (0.0, 0.95)]), colour=hair)
    if "wizard" in pen.traits:
        pen.form(smooth([(-0.19, 0.925), (0.0, 0.955), (0.19, 0.925), (0.0, 0.895)]), colour=(54, 50, 92))
        pen.form([(-0.09, 0.94), (-0.03, 1.1), (-0.06, 1.22), (0.03, 1.1), (0.09, 0.94)], colour=(62, 56, 104))
        pen.lamp(0.225, 1.05, 0.022, (150, 220, 255))
    elif "samurai" in pen.traits:
        pen.form([(-0.2, 0.9), (0.0, 1.03), (0.2, 0.9), (0.0, 0.885)], colour=(206, 176, 112), depth=0.3)
        pen.form(ribbon([(-0.2, 0.42), (0.02, 0.56), (0.2, 0.64)], 0.024, 0.02), colour=(38, 30, 36))
    elif "crown" in pen.traits:
        spikes = [[(x - 0.022, 0.95), (x, 1.02), (x + 0.022, 0.95)] for x in (-0.05, -0.017, 0.017, 0.05)]
        pen.form(slab(-0.066, 0.925, 0.066, 0.96, 0.01), *spikes, colour=(236, 190, 80), gloss=0.8)
    elif "knight" in pen.traits:
        pen.form(ellipse(0.0, 0.905, 0.075, 0.085), colour=(168, 176, 190), gloss=0.8)
        pen.form(ribbon([(0.0, 0.98), (-0.06, 1.06), (-0.16, 1.04)], 0.03, 0.05, 0.01), colour=(196, 54, 48))


def _knapsack(pen: Pen) -> None:
    pen.form(slab(-0.1, 0.44, 0.1, 0.68, 0.04), colour=(126, 92, 60))
    pen.form(slab(-0.085, 0.6, 0.085, 0.69, 0.03), colour=(104, 74, 50))


def astronaut(pen: Pen) -> None:
    suit = pen.local((232, 232, 238))
    grey: Colour = (130, 136, 148)
    pen.form(slab(-0.23, 0.42, 0.23, 0.8, 0.06), colour=grey)
    for side in (-1, 1):
        leg = [(side * 0.08, 0.42), (side * 0.11, 0.24), (side * 0.12, 0.07)]
        pen.form(ribbon(leg, 0.17, 0.14, 0.13), colour=suit, depth=0.35)
        pen.form(smooth([(side * 0.05, 0.0), (side * 0.05, 0.08), (side * 0.18, 0.09), (side * 0.23, 0.03),
                         (side * 0.22, 0.0)]), colour=grey)
        pen.flat(ribbon([(side * 0.04, 0.23), (side * 0.18, 0.25)], 0.02), colour=(206, 80, 56))
    arms: list[Outline] = [ribbon([(-0.15, 0.7), (-0.28, 0.56), (-0.26, 0.42)], 0.14, 0.12, 0.1),
                           ribbon([(0.15, 0.7), (0.3, 0.76), (0.36, 0.92)], 0.14, 0.12, 0.1)]
    pen.form(*arms, colour=suit, depth=0.3)
    pen.form(ellipse(-0.26, 0.4, 0.06), ellipse(0.37, 0.94, 0.06), colour=grey)
    pen.form(smooth([(-0.18, 0.38), (-0.2, 0.6), (-0.16, 0.76), (0.16, 0.76), (0.2, 0.6), (0.18, 0.38), (0.0, 0.35)]),
             colour=suit, depth=0.35)
    pen.form(slab(-0.1, 0.5, 0.1, 0.62, 0.02), colour=grey)
    for i, colour in enumerate(((230, 80, 60), (90, 200, 130), (90, 150, 240))):
        pen.lamp(-0.055 + 0.055 * i, 0.585, 0.011, colour)
    pen.flat(slab(-0.16, 0.66, -0.08, 0.71, 0.008), colour=(60, 90, 170))
    pen.form(ellipse(0.0, 0.88, 0.165, 0.16), colour=suit, depth=0.45, gloss=0.6)
    pen.form(smooth([(-0.12, 0.89), (-0.09, 0.97), (0.02, 0.99), (0.12, 0.95), (0.135, 0.87), (0.09, 0.8),
                     (-0.04, 0.78), (-0.11, 0.82)]), colour=(206, 150, 60), depth=0.45, gloss=0.7)
    pen.flat(smooth([(-0.09, 0.88), (0.0, 0.85), (0.12, 0.87), (0.08, 0.81), (-0.03, 0.79)]), colour=(60, 36, 52),
             opacity=0.5, blur=0.012)
    pen.flat(ellipse(-0.045, 0.935, 0.035, 0.018, 0.6), colour=(255, 255, 255), opacity=0.85, blur=0.004)


def portrait(pen: Pen) -> None:
    """Head and shoulders, three quarters to the light."""
    skin, hair = pen.rng.choice(SKINS), pen.local(pen.rng.choice(HAIRS))
    cloth = hexed(pen.rng.choice(["34526e", "7c3038", "3f5e48", "6a4a74", "b08a3e"]))
    long_hair = "woman" in pen.traits or ("man" not in pen.traits and pen.rng.random() < 0.6)
    if long_hair:
        pen.form(smooth([(-0.25, 0.72), (-0.33, 0.5), (-0.36, 0.22), (-0.2, 0.14), (0.18, 0.14), (0.33, 0.22),
                         (0.29, 0.5), (0.24, 0.74), (0.0, 0.96)]), colour=dim(hair, 0.75), depth=0.35)
    pen.form(smooth([(-0.56, -0.1), (-0.5, 0.14), (-0.3, 0.24), (-0.12, 0.29), (0.12, 0.29), (0.3, 0.24), (0.5, 0.14),
                     (0.56, -0.1)], closed=False), colour=cloth, depth=0.35)
    pen.form(ribbon([(0.0, 0.46), (0.0, 0.32), (0.01, 0.22)], 0.19, 0.18, 0.26), colour=dim(skin, 0.85), depth=0.4)
    pen.flat(smooth([(-0.1, 0.42), (0.0, 0.36), (0.1, 0.42), (0.08, 0.33), (-0.06, 0.32)]), colour=dim(skin, 0.45),
             opacity=0.55, blur=0.02)
    pen.form(ribbon([(-0.17, 0.3), (-0.06, 0.2), (0.02, 0.16), (0.08, 0.2), (0.18, 0.3)], 0.05, 0.06, 0.05, 0.06,
                    0.05), colour=mix(cloth, (250, 240, 220), 0.5))
    face = [(-0.19, 0.66), (-0.185, 0.78), (-0.1, 0.88), (0.02, 0.9), (0.14, 0.86), (0.195, 0.76), (0.19, 0.64),
            (0.16, 0.5), (0.08, 0.41), (0.01, 0.39), (-0.07, 0.42), (-0.155, 0.53)]
    pen.form(ellipse(-0.195, 0.635, 0.03, 0.055), colour=dim(skin, 0.85))
    pen.form(smooth(face), colour=skin, depth=0.5, gloss=0.35)
    _features(pen, skin, hair)
    locks = [(-0.22, 0.6), (-0.235, 0.78), (-0.16, 0.93), (0.0, 0.99), (0.16, 0.94), (0.225, 0.8), (0.215, 0.64),
             (0.19, 0.72),
             (0.15, 0.82), (0.06, 0.855), (-0.06, 0.83), (-0.14, 0.77), (-0.185, 0.7)]
    pen.form(smooth(locks), colour=hair, depth=0.3)
    strands = []
    for i in range(13):
        t = i / 12 - 0.5
        strands.append(ribbon([(0.07 + t * 0.05, 0.965), (t * 0.28 + 0.03, 0.925), (t * 0.43, 0.885 - 0.2 * abs(t))],
                              0.003, 0.007, 0.002))
    pen.flat(*strands, colour=mix(hair, pen.palette.key, 0.4), opacity=0.35)
    if long_hair:
        for side in (-1, 1):
            pen.form(ribbon([(side * 0.2, 0.78), (side * 0.25, 0.58), (side * 0.23, 0.36), (side * 0.29, 0.16)], 0.07,
                            0.1, 0.11, 0.02), colour=hair, depth=0.35)


def _features(pen: Pen, skin: Colour, hair: Colour) -> None:
    shade = dim(skin, 0.5)
    iris = hexed(pen.rng.choice(["4a6a8a", "5a7a4a", "6a4428", "4a3426"]))
    pen.flat(ellipse(-0.09, 0.545, 0.05, 0.035), ellipse(0.115, 0.545, 0.045, 0.035), colour=(214, 96, 84),
             opacity=0.3, blur=0.03)
    for x, wide in ((-0.075, 0.044), (0.1, 0.04)):
        pen.flat(ellipse(x, 0.662, wide * 1.3, 0.034), colour=shade, opacity=0.35, blur=0.016)
        almond = smooth([(x - wide, 0.652), (x - wide * 0.3, 0.675), (x + wide * 0.5, 0.672), (x + wide, 0.652),
                         (x, 0.636)])
        pen.flat(almond, colour=(244, 238, 232))
        pen.flat(ellipse(x + 0.006, 0.656, 0.0195), colour=iris)
        pen.flat(ellipse(x + 0.006, 0.656, 0.0095), colour=(12, 10, 12))
        pen.flat(ellipse(x + 0.012, 0.663, 0.005), colour=(255, 255, 255), lit=False)
        lid = ribbon([(x - wide * 1.08, 0.65), (x - wide * 0.3, 0.678), (x + wide * 0.5, 0.675),
                      (x + wide * 1.08, 0.65)], 0.004, 0.012, 0.012, 0.004)
        pen.flat(lid, colour=dim(hair, 0.4))
        brow = ribbon([(x - wide * 1.25, 0.712), (x, 0.733), (x + wide * 1.3, 0.712)], 0.012, 0.02, 0.006)
        pen.flat(brow, colour=dim(hair, 0.75), opacity=0.85, blur=0.003)
    pen.flat(smooth([(0.02, 0.66), (0.045, 0.6), (0.058, 0.555), (0.02, 0.54), (0.0, 0.56)]), colour=shade,
             opacity=0.3, blur=0.014)
    pen.flat(ribbon([(-0.02, 0.548), (0.005, 0.538), (0.024, 0.543), (0.05, 0.55)], 0.006, 0.012, 0.012, 0.005),
             colour=shade, opacity=0.75, blur=0.003)
    pen.flat(ellipse(0.018, 0.575, 0.013, 0.018), colour=(255, 246, 236), opacity=0.35, blur=0.009)
    lip: Colour = mix(skin, (170, 52, 60), 0.55)
    pen.flat(smooth([(-0.055, 0.478), (-0.015, 0.492), (0.015, 0.487), (0.045, 0.492), (0.082, 0.478),
                     (0.015, 0.474)]), colour=dim(lip, 0.82))
    pen.flat(smooth([(-0.055, 0.477), (0.015, 0.472), (0.082, 0.477), (0.05, 0.455), (0.015, 0.448), (-0.02, 0.455)]),
             colour=lip)
    pen.flat(ribbon([(-0.06, 0.479), (0.015, 0.474), (0.088, 0.48)], 0.003, 0.007, 0.003), colour=dim(lip, 0.4))
    pen.flat(ellipse(0.02, 0.463, 0.02, 0.005), colour=(255, 236, 228), opacity=0.4, blur=0.004)
    pen.flat(ellipse(0.015, 0.437, 0.035, 0.01), colour=shade, opacity=0.35, blur=0.01)
