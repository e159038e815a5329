"""Backgrounds under a roof: a room with its window or its books, a table before a wall, a studio."""

from __future__ import annotations

from random import Random

from PIL import ImageFilter, ImageOps

from core.providers.demo.canvas import Canvas
from core.providers.demo.geometry import Outline, box
from core.providers.demo.palette import Colour, dim, hexed, mix, turn
from core.providers.demo.scene import Scene
from core.providers.demo.texture import above, below, faded, fractal, gradient, halo, ramp

SPINES = [
    hexed(code)
    for code in ("8c3b2e", "2e5a6b", "c08a3e", "4a5a36", "6b3b5c", "d8c6a0", "34406a", "a8552e", "5c4632", "7a8a80")
]


def paint_wall(canvas: Canvas, scene: Scene) -> None:
    """The back of the room, warm under a lamp whatever the hour outside."""
    wall = wall_colour(scene)
    top, foot = mix(wall, (255, 236, 200), 0.1), dim(wall, 0.42)
    canvas.image.paste(gradient(canvas.size, [dim(wall, 0.5), top, wall, foot]))
    field = fractal(canvas.size, scene.dice("plaster"), canvas.unit * 0.5, octaves=6)
    canvas.shade(faded(field.point(below(0.52, 2.6)), 0.6), dim(wall, 0.4))
    canvas.shade(faded(field.point(above(0.5, 2.6)), 0.4), mix(wall, (255, 232, 190), 0.5))
    side = 0.2 if scene.focus > 0.5 else 0.8
    canvas.glow(canvas.width * side, canvas.height * 0.18, canvas.unit * 0.95, (255, 224, 170), 0.5, 1.8)
    if scene.ground == "table":
        _window_light(canvas, scene, 1 - side)


def _window_light(canvas: Canvas, scene: Scene, side: float) -> None:
    """The panes of a window that isn't in the picture, thrown aslant on the wall."""
    unit, x0, y0 = canvas.unit, canvas.width * side - canvas.unit * 0.16, canvas.height * 0.12
    lean = unit * (0.1 if side > 0.5 else -0.1)
    for row in range(3):
        for column in range(2):
            x, y = x0 + column * unit * 0.17 + lean * row * 0.5, y0 + row * unit * 0.15
            pane = [
                (x, y),
                (x + unit * 0.15, y + unit * 0.02),
                (x + unit * 0.15 + lean * 0.45, y + unit * 0.15),
                (x + lean * 0.45, y + unit * 0.13),
            ]
            canvas.shine(pane, scene.palette.key, 0.3 - 0.05 * row, unit * 0.008)


def wall_colour(scene: Scene) -> Colour:
    if scene.colours:
        return mix(dim(scene.colours[0], 0.62), (92, 80, 72), 0.25)
    base = scene.dice("wall").choice([hexed(c) for c in ("4e6a66", "6a5a4c", "3f5068", "74584c", "5b5a74", "6c6b4a")])
    return dim(base, 1.0 - 0.35 * scene.palette.darkness)


def paint_furniture(canvas: Canvas, scene: Scene) -> None:
    if scene.ground == "room":
        if scene.traits & {"library", "reading"}:
            _shelves(canvas, scene)
        else:
            _window(canvas, scene)
        _floor(canvas, scene)
    elif scene.ground == "table":
        _tabletop(canvas, scene)


def _shelves(canvas: Canvas, scene: Scene) -> None:
    """Bookcases from wall to wall, softly out of focus."""
    dice = scene.dice("shelves")
    floor = canvas.height * scene.horizon
    tall = canvas.unit * 0.15
    wood = (84, 56, 38)
    canvas.fill([box(0, 0, canvas.width, floor)], dim(wood, 0.4))
    y = floor - canvas.unit * 0.03
    while y > -tall:
        _row(canvas, dice, y, tall)
        y -= tall * 1.22
    for x in (0.02, 0.36, 0.69, 0.98):
        post = canvas.width * (x + dice.uniform(-0.02, 0.02))
        canvas.fill([box(post, 0, post + canvas.unit * 0.03, floor)], dim(wood, 0.9))
    side = 0.2 if scene.focus > 0.5 else 0.8
    place = (0, 0, canvas.width, int(floor))
    canvas.image.paste(canvas.image.crop(place).filter(ImageFilter.GaussianBlur(canvas.unit / 420)), place[:2])
    shadow = ImageOps.invert(halo((canvas.width * 2, int(floor) * 2), 1.0))
    left, up = int(canvas.width * (1 - side)), int(floor * 0.6)
    canvas.shade(faded(shadow.crop((left, up, left + canvas.width, up + int(floor))), 0.8), (18, 12, 16), place)
    canvas.glow(canvas.width * side, canvas.height * 0.2, canvas.unit * 0.6, (255, 196, 110), 0.75, 1.8)
    canvas.glow(canvas.width * side, canvas.height * 0.2, canvas.unit * 0.06, (255, 244, 214), 1.0, 1.2)


def _row(canvas: Canvas, rng: Random, foot: float, tall: float) -> None:
    wood, unit = (104, 70, 46), canvas.unit
    by_colour: dict[Colour, list[Outline]] = {}
    bands: list[Outline] = []
    x = 0.0
    while x < canvas.width:
        wide, height = unit * rng.uniform(0.012, 0.032), tall * rng.uniform(0.62, 0.92)
        lean = unit * 0.02 if rng.random() < 0.07 else 0.0
        spine = [(x + lean, foot - height), (x + wide + lean, foot - height), (x + wide, foot), (x, foot)]
        by_colour.setdefault(dim(rng.choice(SPINES), rng.choice([0.7, 0.9])), []).append(spine)
        if rng.random() < 0.5 and not lean:
            bands.append(box(x + wide * 0.12, foot - height * 0.84, x + wide * 0.88, foot - height * 0.79))
        x += wide * 1.06 + (unit * 0.03 if rng.random() < 0.06 else 0)
    for colour, spines in by_colour.items():
        canvas.fill(spines, colour)
    canvas.fill(bands, (226, 192, 120), 0.7)
    canvas.fill([box(0, foot, canvas.width, foot + unit * 0.02)], wood)
    canvas.fill([box(0, foot + unit * 0.02, canvas.width, foot + unit * 0.045)], (16, 10, 12), 0.6, blur=unit * 0.008)


def _window(canvas: Canvas, scene: Scene) -> None:
    """A tall window with the hour's sky in it and its light on the wall."""
    unit, palette = canvas.unit, scene.palette
    x = canvas.width * (1 - scene.focus) - unit * 0.2
    y0, y1, wide = canvas.height * 0.09, canvas.height * 0.5, unit * 0.4
    canvas.fill([box(x - unit * 0.024, y0 - unit * 0.024, x + wide + unit * 0.024, y1 + unit * 0.024)], (206, 192, 170))
    canvas.fill([box(x, y0, x + wide, y1)], palette.haze)
    size = (int(wide), int(y1 - y0))
    canvas.image.paste(gradient(size, palette.sky), (int(x), int(y0)))
    hills = [(x, y1), (x, y1 - unit * 0.1), (x + wide * 0.3, y1 - unit * 0.14), (x + wide * 0.6, y1 - unit * 0.08),
             (x + wide, y1 - unit * 0.12), (x + wide, y1)]  # fmt: skip
    canvas.fill([hills], mix(dim(palette.land, 0.8), palette.haze, 0.4), blur=unit * 0.002)
    bar = unit * 0.008
    bars = [
        box(x + wide / 2 - bar, y0, x + wide / 2 + bar, y1),
        box(x, (y0 + y1) / 2 - bar, x + wide, (y0 + y1) / 2 + bar),
    ]
    canvas.fill(bars, (206, 192, 170))
    canvas.glow(x + wide / 2, (y0 + y1) / 2, unit * 0.62, palette.key, 0.5 - 0.3 * palette.darkness, 1.7)
    for side in (-1, 1):
        cx = x + wide / 2 + side * wide * 0.66
        fold = [(cx - unit * 0.05, y0 - unit * 0.05), (cx + unit * 0.05, y0 - unit * 0.05),
                (cx + unit * (0.07 + 0.02 * side), y1 + unit * 0.14), (cx - unit * (0.07 - 0.02 * side), y1
                                                                       + unit * 0.14)]  # fmt: skip
        cloth = turn(wall_colour(scene), 0.5, 1.1)
        canvas.form([fold], (dim(cloth, 0.5), cloth, mix(cloth, palette.key, 0.35)), (-side * 0.8, 0.0), 0.4)


def _floor(canvas: Canvas, scene: Scene) -> None:
    top = int(canvas.height * scene.horizon)
    size = (canvas.width, canvas.height - top)
    wood = mix((126, 82, 52), wall_colour(scene), 0.25)
    canvas.image.paste(gradient(size, [dim(wood, 0.62), wood, dim(wood, 0.7)]), (0, top))
    planks: list[Outline] = []
    centre = canvas.width / 2
    for i in range(-12, 13):
        x = centre + i * canvas.unit * 0.09
        far = centre + i * canvas.unit * 0.062
        planks.append(
            [
                (far, top),
                (far + 1, top),
                (x * 1.0 + (x - centre) * 0.9 + 2, canvas.height),
                (x + (x - centre) * 0.9, canvas.height),
            ]
        )
    canvas.fill(planks, dim(wood, 0.4), 0.6)
    _wood_grain(canvas, scene, top)
    skirting = canvas.unit * 0.022
    canvas.fill([box(0, top - skirting, canvas.width, top)], dim(wood, 0.5))
    canvas.glow(canvas.width * (1 - scene.focus), canvas.height * 1.0, canvas.unit * 0.6, scene.palette.key, 0.22, 1.6)


def _wood_grain(canvas: Canvas, scene: Scene, top: int) -> None:
    size = (canvas.width, canvas.height - top)
    field = fractal(size, scene.dice("wood"), canvas.unit * 0.03, stretch=14.0, octaves=3)
    place = (0, top, *canvas.size)
    canvas.shade(faded(field.point(below(0.5, 3)), 0.3), (30, 16, 10), place)
    canvas.shade(faded(field.point(above(0.5, 3)), 0.2), (255, 222, 170), place)


def _tabletop(canvas: Canvas, scene: Scene) -> None:
    """A wooden table with the light falling across it and a cloth hanging over its edge."""
    top = int(canvas.height * scene.horizon)
    size = (canvas.width, canvas.height - top)
    wood = mix((132, 84, 50), wall_colour(scene), 0.2)
    canvas.image.paste(gradient(size, [mix(wood, (255, 220, 170), 0.22), wood, dim(wood, 0.42)]), (0, top))
    _wood_grain(canvas, scene, top)
    edge = ramp((canvas.width, max(2, canvas.unit // 14)), 150, 0)
    canvas.shade(edge, dim(wood, 0.25), (0, top, canvas.width, top + edge.height))
    side = 0.25 if scene.focus > 0.5 else 0.75
    canvas.glow(canvas.width * side, top + size[1] * 0.4, canvas.unit * 0.6, (255, 224, 170), 0.3, 1.7)


def paint_studio(canvas: Canvas, scene: Scene) -> None:
    """A painter's backdrop: broad soft strokes of two colours, light behind the sitter."""
    base = mix(wall_colour(scene), scene.palette.sky[1], 0.35)
    canvas.image.paste(gradient(canvas.size, [dim(base, 0.55), base, dim(base, 0.8), dim(base, 0.4)]))
    dice = scene.dice("studio")
    for colour, cell in ((turn(base, 0.07), 0.5), (mix(base, scene.palette.key, 0.5), 0.3)):
        field = fractal(canvas.size, dice, canvas.unit * cell, octaves=5)
        canvas.shade(faded(field.point(above(0.5, 3.4)), 0.5), colour)
    canvas.glow(
        canvas.width * scene.focus, canvas.height * 0.36, canvas.unit * 0.7, mix(base, scene.palette.key, 0.7), 0.4, 1.6
    )
