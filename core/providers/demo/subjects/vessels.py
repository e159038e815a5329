"""What floats and swims: boat, island, whale, fish."""

from __future__ import annotations

from core.providers.demo.geometry import Outline, ellipse, ribbon, smooth
from core.providers.demo.palette import Colour, dim, hexed, mix
from core.providers.demo.pen import Pen
from core.providers.demo.subjects.plants import palm

# Outlines are tables of points, kept in rows.
# fmt: off


def boat(pen: Pen) -> None:
    """A small sailing boat with main sail and jib."""
    hull = pen.rng.choice([(122, 60, 42), (38, 62, 96), (92, 58, 40)])
    sail = pen.local((244, 234, 214))
    pen.form(ribbon([(0.02, 0.12), (0.02, 1.0)], 0.022, 0.012), colour=(112, 78, 54))
    main = [(0.0, 0.2), (0.005, 0.97), (-0.12, 0.68), (-0.27, 0.42), (-0.42, 0.22), (-0.2, 0.19)]
    pen.form(main[:1] + smooth(main[1:], closed=False), colour=sail, depth=0.35)
    jib = [(0.04, 0.9), (0.19, 0.6), (0.3, 0.4), (0.45, 0.2), (0.24, 0.21), (0.05, 0.26)]
    pen.form(smooth(jib[:4], closed=False) + jib[4:], colour=mix(sail, (255, 255, 255), 0.15), depth=0.35)
    for t in (0.25, 0.5, 0.75):
        seam = ribbon([(-0.42 * (1 - t) + 0.0, 0.22 + 0.75 * t * 0.98 - 0.02), (0.0, 0.2 + 0.77 * t)], 0.004)
        pen.flat(seam, colour=dim(sail, 0.6), opacity=0.4)
    pen.form(ribbon([(0.01, 0.18), (-0.44, 0.2)], 0.018), colour=(112, 78, 54))
    side = [(-0.46, 0.15), (-0.2, 0.115), (0.15, 0.12), (0.52, 0.19), (0.43, 0.06), (0.36, -0.01), (-0.36, -0.01),
            (-0.42, 0.06)]
    pen.form(smooth(side[:4], closed=False) + smooth(side[4:], closed=False), colour=hull, depth=0.4)
    pen.flat(ribbon([(-0.455, 0.145), (-0.2, 0.11), (0.15, 0.115), (0.51, 0.183)], 0.02), colour=(232, 218, 186))
    pen.form([(0.02, 1.0), (0.02, 1.06), (-0.12, 1.03)], colour=(206, 60, 48))
    pen.flat(*[ellipse(x, -0.005, 0.16, 0.008) for x in (-0.3, 0.0, 0.3)], colour=(236, 244, 248), opacity=0.45,
             blur=0.006)
    if pen.palette.darkness > 0.4:
        pen.lamp(-0.36, 0.26, 0.014, (255, 206, 120))


def island(pen: Pen) -> None:
    """A low island of sand and green, with palms."""
    pen.form(smooth([(-1.0, 0.0), (-0.7, 0.1), (-0.2, 0.17), (0.3, 0.15), (0.75, 0.08), (1.0, 0.0), (0.0, -0.03)]),
             colour=(230, 198, 142))
    pen.form(smooth([(-0.72, 0.1), (-0.5, 0.26), (-0.2, 0.42), (0.1, 0.36), (0.4, 0.28), (0.62, 0.1), (0.0, 0.07)]),
             colour=(88, 130, 66), depth=0.4)
    for x, size in ((-0.42, 0.62), (0.3, 0.78), (-0.08, 0.95)):
        palm(pen.at(x, 0.16, size))
    pen.flat(*[ellipse(pen.rng.uniform(-1, 1), -0.012, 0.16, 0.008) for _ in range(7)], colour=(244, 250, 250),
             opacity=0.6, blur=0.006)


def whale(pen: Pen) -> None:
    """A whale at the surface: back, flukes and spout."""
    hide = pen.local((58, 78, 104))
    fluke = [(-0.98, 0.3), (-1.2, 0.62), (-1.08, 0.64), (-0.92, 0.5), (-0.78, 0.66), (-0.66, 0.62), (-0.84, 0.3)]
    pen.form(ribbon([(-0.62, -0.02), (-0.84, 0.14), (-0.92, 0.4)], 0.22, 0.15, 0.08), smooth(fluke), colour=hide)
    back = [(-0.55, -0.02), (-0.3, 0.24), (0.0, 0.42), (0.4, 0.5), (0.76, 0.42), (0.98, 0.2), (1.02, -0.02)]
    pen.form(smooth(back, closed=False), colour=hide, depth=0.4)
    belly = [(0.3, -0.02), (0.5, 0.1), (0.78, 0.15), (1.0, 0.12), (1.02, -0.02)]
    pen.form(smooth(belly, closed=False), colour=(206, 214, 220))
    for i in range(5):
        pen.flat(ribbon([(0.42 + 0.1 * i, 0.0), (0.7 + 0.06 * i, 0.09)], 0.008), colour=dim(hide, 0.8), opacity=0.6)
    pen.flat(ellipse(0.66, 0.22, 0.022, 0.018), colour=(10, 12, 18))
    pen.flat(ellipse(0.668, 0.226, 0.006), colour=(255, 255, 255))
    for lean in (-0.16, -0.07, 0.05, 0.15):
        jet = [(0.5, 0.5), (0.5 + lean * 0.5, 0.85), (0.5 + lean * 1.5, 0.98), (0.5 + lean * 2.2, 0.86)]
        pen.flat(ribbon(jet, 0.03, 0.05, 0.06, 0.02), colour=(232, 242, 248), opacity=0.6, blur=0.014)
    foam = [ellipse(pen.rng.uniform(-0.8, 1.1), pen.rng.uniform(-0.03, 0.02), 0.12, 0.012) for _ in range(12)]
    pen.flat(*foam, colour=(238, 246, 250), opacity=0.7, blur=0.008)


def fish(pen: Pen) -> None:
    """A bright fish of the reef."""
    body = pen.local(hexed(pen.rng.choice(["f08030", "f0c030", "e0506a", "40a0d0", "e8703a"])))
    fin = mix(body, (255, 236, 160), 0.35)
    tail = [(-0.5, 0.5), (-0.9, 0.86), (-0.84, 0.62), (-0.8, 0.5), (-0.84, 0.36), (-0.9, 0.14)]
    pen.form(smooth(tail), colour=fin, depth=0.2)
    pen.form(smooth([(-0.34, 0.7), (-0.22, 0.98), (0.06, 1.02), (0.3, 0.82), (0.0, 0.74)]), colour=fin, depth=0.2)
    pen.form(smooth([(-0.3, 0.28), (-0.26, 0.04), (-0.08, 0.0), (0.08, 0.22)]), colour=fin, depth=0.2)
    shape = smooth([(-0.62, 0.5), (-0.4, 0.66), (-0.1, 0.8), (0.26, 0.8), (0.56, 0.66), (0.72, 0.48), (0.56, 0.34),
                    (0.26, 0.2), (-0.1, 0.2), (-0.4, 0.36)])
    pen.form(shape, colour=body, depth=0.4, gloss=0.6)
    _stripes(pen, mix((250, 248, 244), body, 0.1))
    for row in range(5):
        scales: list[Outline] = []
        for i in range(9):
            x, y = -0.4 + 0.085 * i, 0.36 + 0.07 * row + (0.03 if i % 2 else 0)
            scales.append(ribbon([(x, y + 0.03), (x - 0.022, y), (x, y - 0.03)], 0.006))
        pen.flat(*scales, colour=dim(body, 0.6), opacity=0.35)
    pen.form(smooth([(0.1, 0.46), (-0.14, 0.52), (-0.2, 0.38), (-0.1, 0.28), (0.1, 0.38)]), colour=fin, depth=0.3)
    pen.flat(ellipse(0.5, 0.56, 0.062), colour=(250, 248, 240))
    pen.flat(ellipse(0.515, 0.56, 0.038), colour=(12, 12, 18))
    pen.flat(ellipse(0.53, 0.577, 0.013), colour=(255, 255, 255), lit=False)
    pen.flat(ribbon([(0.7, 0.46), (0.64, 0.43), (0.58, 0.43)], 0.012, 0.004), colour=dim(body, 0.4))


def _stripes(pen: Pen, colour: Colour) -> None:
    for x, top, bottom, wide in ((0.26, 0.795, 0.205, 0.1), (-0.12, 0.785, 0.21, 0.1), (-0.46, 0.61, 0.39, 0.05)):
        middle = (x + 0.05, (top + bottom) / 2)
        pen.flat(ribbon([(x, top), middle, (x, bottom)], wide + 0.03), colour=(24, 22, 34), opacity=0.85)
        pen.form(ribbon([(x, top), middle, (x, bottom)], wide), colour=colour, gloss=0.5)
