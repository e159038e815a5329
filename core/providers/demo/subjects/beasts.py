"""Fox, wolf, cat, dog and rabbit, sitting."""

from __future__ import annotations

from core.providers.demo.geometry import Point, ellipse, ribbon, smooth
from core.providers.demo.palette import Colour, dim, mix
from core.providers.demo.pen import Pen

# Outlines are tables of points, kept in rows.
# fmt: off

DARK: Colour = (34, 26, 26)
WHITE: Colour = (248, 240, 228)


def _body(pen: Pen, coat: Colour, sock: Colour) -> None:
    """Rump, back, haunch and legs of an animal that sits facing right."""
    far = ribbon([(0.15, 0.45), (0.185, 0.25), (0.19, 0.03)], 0.12, 0.08, 0.065)
    pen.form(far, ellipse(0.22, 0.025, 0.055, 0.026), colour=dim(mix(coat, sock, 0.3), 0.7))
    back = [(-0.28, 0.01), (-0.37, 0.14), (-0.33, 0.34), (-0.21, 0.5), (-0.11, 0.63), (-0.03, 0.76), (0.14, 0.74),
            (0.21, 0.56), (0.2, 0.38), (0.14, 0.2), (0.06, 0.04), (-0.1, 0.0)]
    pen.form(smooth(back), colour=coat, depth=0.4)
    pen.form(ellipse(-0.18, 0.17, 0.165, 0.18, 0.3), colour=coat, depth=0.4, gloss=0.3)
    pen.form(smooth([(-0.2, 0.0), (-0.16, 0.06), (-0.02, 0.065), (0.05, 0.035), (0.03, 0.0)]),
             colour=mix(coat, sock, 0.25))
    near = ribbon([(0.07, 0.48), (0.1, 0.26), (0.1, 0.03)], 0.15, 0.1, 0.075)
    pen.form(near, colour=coat, depth=0.35)
    pen.form(ribbon([(0.1, 0.2), (0.1, 0.03)], 0.085, 0.075), ellipse(0.13, 0.026, 0.06, 0.028), colour=sock)


def _eye(pen: Pen, x: float, y: float, iris: Colour = (226, 160, 52), size: float = 1.0) -> None:
    pen.flat(ellipse(x, y, 0.026 * size, 0.022 * size, -0.3), colour=DARK)
    pen.flat(ellipse(x + 0.003, y, 0.017 * size), colour=mix(pen.seen(iris), iris, 0.5), lit=False)
    pen.flat(ellipse(x + 0.004, y, 0.008 * size, 0.014 * size), colour=(8, 6, 8))
    pen.flat(ellipse(x + 0.011, y + 0.009 * size, 0.005 * size), colour=(255, 255, 255), lit=False)


def _tail(pen: Pen, path: list[Point], widths: tuple[float, ...], coat: Colour, tip: Colour | None) -> None:
    pen.form(ribbon(path, *widths), colour=coat, depth=0.35)
    if tip is not None:
        pen.form(ribbon(path[-2:], widths[-2] * 0.96, widths[-1]), colour=tip, depth=0.35)


def _fur(pen: Pen, spots: list[tuple[Point, Point]], colour: Colour) -> None:
    """Short strokes along the coat, so that it isn't polished stone."""
    strokes = []
    for (x0, y0), (x1, y1) in spots:
        for _ in range(16):
            x, y = pen.rng.uniform(x0, x1), pen.rng.uniform(y0, y1)
            lean, fall = pen.rng.uniform(-0.02, 0.005), pen.rng.uniform(0.03, 0.06)
            strokes.append(ribbon([(x, y), (x + lean, y - fall)], 0.007, 0.001))
    pen.flat(*strokes, colour=colour, opacity=0.3)


def _canine(pen: Pen, coat: Colour, sock: Colour, pale: Colour, iris: Colour) -> None:
    brush = [(-0.2, 0.07), (-0.4, 0.06), (-0.56, 0.15), (-0.6, 0.32), (-0.52, 0.45)]
    _tail(pen, brush, (0.08, 0.17, 0.24, 0.21, 0.02), coat, pale)
    _body(pen, coat, sock)
    ruff = [(0.02, 0.68), (0.14, 0.7), (0.22, 0.6), (0.215, 0.48), (0.16, 0.34), (0.1, 0.44), (0.04, 0.52)]
    pen.form(smooth(ruff), colour=pale, depth=0.4)
    _fur(pen, [((-0.3, 0.2), (-0.1, 0.5)), ((-0.05, 0.4), (0.05, 0.65))], dim(coat, 0.55))
    _fur(pen, [((0.08, 0.45), (0.19, 0.64))], dim(pale, 0.6))
    pen.form([(0.15, 0.9), (0.215, 1.08), (0.25, 0.88)], colour=dim(coat, 0.7))
    skull = [(-0.05, 0.8), (-0.01, 0.91), (0.1, 0.955), (0.2, 0.91), (0.28, 0.83), (0.41, 0.765), (0.415, 0.735),
             (0.3, 0.705), (0.17, 0.665), (0.03, 0.685)]
    pen.form(smooth(skull), colour=coat, depth=0.35)
    cheek = [(-0.035, 0.745), (0.06, 0.74), (0.17, 0.77), (0.28, 0.765), (0.405, 0.745), (0.3, 0.708), (0.17, 0.668),
             (0.04, 0.68)]
    pen.form(smooth(cheek), colour=pale, depth=0.25)
    pen.form([(-0.02, 0.88), (0.005, 1.12), (0.125, 0.93)], colour=coat, depth=0.3)
    pen.flat([(0.005, 0.91), (0.018, 1.06), (0.085, 0.93)], colour=mix(DARK, coat, 0.3), blur=0.004)
    pen.flat(ellipse(0.41, 0.755, 0.024, 0.02), colour=(20, 16, 18))
    pen.flat(ellipse(0.412, 0.763, 0.008, 0.004), colour=(230, 230, 240), opacity=0.7)
    pen.flat(ribbon([(0.4, 0.735), (0.34, 0.722), (0.28, 0.728)], 0.006, 0.003), colour=DARK, opacity=0.7)
    _eye(pen, 0.215, 0.835, iris)


def fox(pen: Pen) -> None:
    coat = mix(pen.local((222, 104, 38)), (226, 112, 40), 0.5 if pen.colour else 0.0)
    _canine(pen, coat, (52, 34, 32), WHITE, (232, 168, 48))


def wolf(pen: Pen) -> None:
    coat = pen.local((116, 120, 132))
    _canine(pen, coat, mix(coat, WHITE, 0.35), (222, 222, 226), (150, 200, 232))


def cat(pen: Pen) -> None:
    coat = pen.local(pen.rng.choice([(206, 138, 72), (96, 92, 100), (52, 48, 56), (232, 222, 206)]))
    curl = [(-0.26, 0.05), (-0.46, 0.04), (-0.56, 0.16), (-0.52, 0.34), (-0.44, 0.42), (-0.38, 0.38)]
    _tail(pen, curl, (0.08, 0.08, 0.085, 0.08, 0.075, 0.05), coat, None)
    _body(pen, coat, mix(coat, WHITE, 0.55))
    pen.form(smooth([(0.06, 0.66), (0.17, 0.66), (0.21, 0.5), (0.15, 0.36), (0.08, 0.5)]), colour=mix(coat, WHITE, 0.5))
    for i in range(5):
        y = 0.24 + 0.075 * i
        pen.flat(ribbon([(-0.33 + 0.06 * i, y), (-0.22 + 0.05 * i, y + 0.01), (-0.14 + 0.045 * i, y - 0.03)], 0.02,
                        0.022, 0.002),
                 colour=dim(coat, 0.5), opacity=0.55, blur=0.004)
    pen.form([(0.13, 0.9), (0.225, 1.04), (0.25, 0.86)], colour=dim(coat, 0.75))
    head = [(-0.04, 0.79), (-0.01, 0.9), (0.1, 0.95), (0.2, 0.915), (0.265, 0.83), (0.275, 0.755), (0.22, 0.7),
            (0.1, 0.67), (0.0, 0.7)]
    pen.form(smooth(head), colour=coat, depth=0.4)
    pen.form([(-0.02, 0.87), (0.0, 1.07), (0.12, 0.94)], colour=coat)
    pen.flat([(0.005, 0.9), (0.012, 1.02), (0.08, 0.935)], colour=(206, 138, 130), opacity=0.8, blur=0.004)
    pen.form(ellipse(0.225, 0.745, 0.062, 0.045), colour=mix(coat, WHITE, 0.6))
    pen.flat([(0.235, 0.785), (0.28, 0.785), (0.26, 0.763)], colour=(214, 120, 122))
    pen.flat(ribbon([(0.26, 0.763), (0.25, 0.735), (0.21, 0.73)], 0.005), colour=DARK, opacity=0.6)
    for end in ((0.4, 0.79), (0.41, 0.75), (0.39, 0.71)):
        pen.flat(ribbon([(0.24, 0.75), (0.32, end[1]), end], 0.004, 0.001), colour=WHITE, opacity=0.8)
    _eye(pen, 0.125, 0.825, (150, 206, 92), 1.35)
    _eye(pen, 0.232, 0.83, (150, 206, 92), 1.0)


def dog(pen: Pen) -> None:
    coat = pen.local(pen.rng.choice([(196, 142, 84), (122, 82, 56), (226, 204, 170), (70, 62, 62)]))
    _tail(pen, [(-0.28, 0.08), (-0.44, 0.12), (-0.52, 0.28), (-0.46, 0.4)], (0.09, 0.09, 0.08, 0.02), coat,
          mix(coat, WHITE, 0.5))
    _body(pen, coat, mix(coat, WHITE, 0.45))
    pen.form(smooth([(0.04, 0.68), (0.16, 0.68), (0.22, 0.52), (0.16, 0.34), (0.09, 0.46)]),
             colour=mix(coat, WHITE, 0.55))
    head = [(-0.05, 0.79), (-0.01, 0.91), (0.1, 0.96), (0.2, 0.92), (0.25, 0.84), (0.38, 0.82), (0.42, 0.76),
            (0.38, 0.69), (0.22, 0.665), (0.05, 0.68)]
    pen.form(smooth(head), colour=coat, depth=0.35)
    pen.form(smooth([(0.24, 0.82), (0.38, 0.81), (0.415, 0.75), (0.37, 0.69), (0.22, 0.672), (0.18, 0.73)]),
             colour=mix(coat, WHITE, 0.4))
    pen.flat(smooth([(0.3, 0.69), (0.37, 0.69), (0.365, 0.625), (0.32, 0.61), (0.295, 0.64)]), colour=(214, 106, 112))
    pen.flat(ribbon([(0.4, 0.72), (0.32, 0.695), (0.22, 0.71)], 0.009, 0.004), colour=DARK)
    pen.form(ellipse(0.405, 0.795, 0.032, 0.027), colour=(28, 22, 24), gloss=0.8)
    flap = [(-0.02, 0.93), (0.06, 0.93), (0.085, 0.82), (0.05, 0.68), (-0.03, 0.63), (-0.09, 0.7), (-0.08, 0.84)]
    pen.form(smooth(flap), colour=dim(coat, 0.68), depth=0.4)
    _eye(pen, 0.2, 0.845, (112, 70, 36), 1.15)
    pen.flat(ribbon([(0.02, 0.63), (0.12, 0.615), (0.2, 0.66)], 0.035), colour=(196, 52, 48))


def rabbit(pen: Pen) -> None:
    coat = pen.local(pen.rng.choice([(168, 138, 110), (214, 206, 200), (120, 104, 96)]))
    pen.form(ellipse(-0.4, 0.12, 0.09), colour=WHITE)
    pen.form(smooth([(-0.38, 0.02), (-0.42, 0.2), (-0.32, 0.4), (-0.1, 0.5), (0.1, 0.52), (0.22, 0.4), (0.22, 0.18),
                     (0.16, 0.01)]), colour=coat, depth=0.45)
    pen.form(ellipse(-0.2, 0.18, 0.19, 0.18), colour=coat, depth=0.4, gloss=0.3)
    pen.form(ellipse(-0.1, 0.03, 0.16, 0.04), ellipse(0.2, 0.03, 0.09, 0.035), colour=mix(coat, WHITE, 0.35))
    pen.form(ribbon([(0.02, 0.68), (-0.04, 0.86), (-0.06, 1.02)], 0.06, 0.1, 0.03), colour=dim(coat, 0.75))
    pen.form(smooth([(-0.02, 0.52), (0.02, 0.66), (0.14, 0.72), (0.27, 0.65), (0.34, 0.54), (0.3, 0.46), (0.16, 0.42),
                     (0.03, 0.44)]), colour=coat, depth=0.4)
    pen.form(ribbon([(0.08, 0.68), (0.07, 0.88), (0.1, 1.05)], 0.07, 0.12, 0.03), colour=coat)
    pen.flat(ribbon([(0.08, 0.72), (0.075, 0.88), (0.095, 1.0)], 0.02, 0.055, 0.01), colour=(222, 152, 146),
             opacity=0.75, blur=0.005)
    pen.form(ellipse(0.28, 0.49, 0.06, 0.045), colour=mix(coat, WHITE, 0.6))
    pen.flat(ellipse(0.33, 0.53, 0.018, 0.013), colour=(206, 112, 116))
    for end in ((0.46, 0.56), (0.47, 0.51), (0.45, 0.46)):
        pen.flat(ribbon([(0.3, 0.5), (0.38, end[1]), end], 0.004, 0.001), colour=WHITE, opacity=0.7)
    _eye(pen, 0.19, 0.6, (70, 44, 30), 1.4)
    _fur(pen, [((-0.35, 0.15), (0.1, 0.46)), ((0.03, 0.5), (0.2, 0.66))], dim(coat, 0.6))
