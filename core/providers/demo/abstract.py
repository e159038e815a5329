"""Abstract compositions: planes, discs, arcs and lines in a few related colours."""

from __future__ import annotations

import math
from random import Random

from PIL import Image, ImageChops, ImageFilter

from core.providers.demo.canvas import Canvas
from core.providers.demo.geometry import Outline, ellipse, ribbon, turned
from core.providers.demo.palette import Colour, dim, hexed, mix, turn
from core.providers.demo.scene import Scene
from core.providers.demo.texture import above, faded, fractal, gradient, grain, relief

FAMILIES = ["1f3a5f d9a441 c8553d f2e8d5", "2a1e4a e0457b f6a04d fbe9c6", "0e3b43 357266 a3bbad f0c987",
            "30292f 5d737e c0fdfb f2545b", "22223b 9a8c98 f2e9e4 c9a227"]  # fmt: skip


def inks(scene: Scene) -> list[Colour]:
    """Four colours: those of the prompt with their kin, or a family chosen by its hash."""
    if scene.colours:
        first, last = scene.colours[0], scene.colours[-1]
        return [dim(first, 0.55), first, last, mix(last, (255, 250, 238), 0.72)]
    return [hexed(code) for code in scene.dice("inks").choice(FAMILIES).split()]


def paint_ground(canvas: Canvas, scene: Scene) -> None:
    deep, strong, warm, pale = inks(scene)
    dice = scene.dice("abstract ground")
    dark = dice.random() < 0.5 or scene.hour == "night"
    stops = (
        [dim(deep, 0.45), deep, mix(deep, strong, 0.5), dim(deep, 0.6)]
        if dark
        else [pale, mix(pale, warm, 0.14), mix(pale, strong, 0.2), pale]
    )
    canvas.image.paste(gradient(canvas.size, stops))
    for colour, cell in ((strong, 0.7), (warm, 0.45), (deep, 0.5)):
        field = fractal(canvas.size, dice, canvas.unit * cell, octaves=6)
        canvas.shade(faded(field.point(above(0.52, 4)), 0.5), colour)
    canvas.glow(canvas.width * scene.focus, canvas.height * 0.4, canvas.unit * 0.8, mix(warm, pale, 0.5), 0.4, 1.6)


def paint_planes(canvas: Canvas, scene: Scene) -> None:
    """Large translucent planes that cross about the point of focus, each with a lit edge."""
    dice, colours = scene.dice("planes"), inks(scene)
    cx, cy = canvas.width * scene.focus, canvas.height * dice.uniform(0.4, 0.6)
    for i in range(9):
        colour = colours[i % 4]
        angle, reach = dice.random() * math.tau, canvas.unit * dice.uniform(0.25, 0.75)
        wide = canvas.unit * dice.uniform(0.06, 0.26)
        ox, oy = cx + dice.gauss(0, 0.16) * canvas.width, cy + dice.gauss(0, 0.16) * canvas.height
        plane = [(ox - reach, oy - wide * dice.uniform(0.2, 1)), (ox + reach, oy - wide * dice.uniform(0.2, 1)),
                 (ox + reach, oy + wide * dice.uniform(0.2, 1)), (ox - reach, oy + wide)]  # fmt: skip
        plane = turned(plane, angle, ox, oy)
        canvas.fill(
            [[(x + canvas.unit * 0.012, y + canvas.unit * 0.016) for x, y in plane]],
            (10, 8, 20),
            0.28,
            canvas.unit * 0.012,
        )
        canvas.fill([plane], _streaked(canvas, dice, colour), dice.uniform(0.55, 0.92))
        canvas.fill([ribbon(plane[:2], canvas.unit * 0.003)], mix(colour, (255, 252, 240), 0.6), 0.8)


def _streaked(canvas: Canvas, dice: Random, colour: Colour) -> Image.Image:
    """A picture of dragged paint, to be cut out of."""
    shift = dice.uniform(-0.03, 0.03)
    sheet = gradient(canvas.size, [mix(colour, (255, 250, 240), 0.18), turn(colour, shift), dim(colour, 0.66)])
    return sheet.transpose(Image.Transpose.FLIP_TOP_BOTTOM) if dice.random() < 0.5 else sheet


def paint_discs(canvas: Canvas, scene: Scene) -> None:
    """Spheres, rings and arcs; the largest at the point of focus."""
    dice, colours = scene.dice("discs"), inks(scene)
    light = (-0.55, -0.7)
    for i in range(8):
        colour = colours[(i + 1) % 4]
        r = canvas.unit * (dice.uniform(0.15, 0.21) if i == 0 else dice.uniform(0.018, 0.085))
        x = canvas.width * (scene.focus if i == 0 else dice.uniform(0.08, 0.92))
        y = canvas.height * (dice.uniform(0.36, 0.52) if i == 0 else dice.uniform(0.08, 0.92))
        canvas.fill([ellipse(x + r * 0.14, y + r * 0.2, r)], (8, 6, 18), 0.4, r * 0.16)
        tones = (dim(colour, 0.35), colour, mix(colour, (255, 252, 240), 0.65))
        canvas.form([ellipse(x, y, r)], tones, light, 0.5, 0.5)
        if i % 3 == 0:
            for k in (1.3, 1.52):
                start, sweep = dice.random() * math.tau, dice.uniform(2.0, 4.6)
                arc = [
                    (x + r * k * math.cos(start + sweep * t / 24), y + r * k * math.sin(start + sweep * t / 24))
                    for t in range(25)
                ]
                canvas.fill(
                    [ribbon(arc, canvas.unit * 0.003, canvas.unit * 0.012, canvas.unit * 0.003)],
                    colours[(i + 2) % 4],
                    0.95,
                )


def paint_lines(canvas: Canvas, scene: Scene) -> None:
    """Taut lines, a swing of the brush, and spatter."""
    dice, colours = scene.dice("lines"), inks(scene)
    w, h, unit = canvas.width, canvas.height, canvas.unit
    for _ in range(7):
        a, b = (dice.uniform(-0.1, 1.1) * w, -0.05 * h), (dice.uniform(-0.1, 1.1) * w, 1.05 * h)
        canvas.fill([ribbon([a, b], unit * dice.uniform(0.0012, 0.004))], dice.choice(colours), 0.85)
    swing = [(w * dice.uniform(-0.1, 0.1), h * dice.uniform(0.5, 0.9)), (w * 0.3, h * dice.uniform(0.2, 0.6)),
             (w * 0.65, h * dice.uniform(0.5, 0.9)), (w * 1.05, h * dice.uniform(0.1, 0.5))]  # fmt: skip
    for k in range(9):
        hair = [(x, y + unit * (k - 4) * 0.006 + dice.uniform(-1, 1) * unit * 0.003) for x, y in swing]
        canvas.fill(
            [ribbon(hair, unit * 0.001, unit * 0.008, unit * 0.006, unit * 0.001)],
            mix(colours[2], colours[3], k / 9),
            0.8,
        )
    spots: list[Outline] = []
    for _ in range(110):
        t = dice.random()
        x, y = w * t + dice.gauss(0, 0.06) * w, swing[1][1] * (1 - t) + swing[2][1] * t + dice.gauss(0, 0.09) * h
        spots.append(ellipse(x, y, unit * 0.0012 + unit * 0.008 * dice.random() ** 4))
    canvas.fill(spots, colours[2], 0.9)


def paint_surface(canvas: Canvas, scene: Scene) -> None:
    """Canvas weave, dragged pigment, and a darker margin."""
    dice = scene.dice("surface")
    drag = fractal(canvas.size, dice, canvas.unit * 0.03, stretch=9.0, octaves=3)
    light = relief(drag, 0, max(1, canvas.unit // 400), 1.2)
    canvas.image = ImageChops.add(canvas.image, Image.merge("RGB", [light] * 3), 1, -128)
    weave = relief(grain(canvas.size, dice, 26.0).filter(ImageFilter.BoxBlur(1)), 1, 1, 1.0)
    canvas.image = ImageChops.add(canvas.image, Image.merge("RGB", [weave] * 3), 1, -128)
