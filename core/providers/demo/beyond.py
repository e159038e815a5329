"""Backgrounds without a horizon: open space and the deep sea."""

from __future__ import annotations

import math

from PIL import Image, ImageChops, ImageFilter, ImageOps

from core.providers.demo.canvas import Canvas
from core.providers.demo.geometry import Outline, ellipse, ribbon
from core.providers.demo.palette import Colour, dim, hexed, mix, turn
from core.providers.demo.scene import Scene
from core.providers.demo.sky import paint_stars
from core.providers.demo.texture import above, beside, faded, fractal, gradient, shifted


def paint_space(canvas: Canvas, scene: Scene) -> None:
    """Nebulae and stars."""
    dice = scene.dice("space")
    first = scene.colours[0] if scene.colours else hexed(dice.choice(["5a2a9c", "1f5f9c", "9c2a5a", "1f8a86"]))
    last = (
        scene.colours[-1]
        if len(scene.colours) > 1
        else turn(first, dice.choice([0.05, -0.05] if scene.colours else [0.12, -0.14, 0.4]))
    )
    canvas.image.paste(
        gradient(canvas.size, [(6, 6, 18), mix((8, 8, 24), first, 0.3 if scene.colours else 0.12), (4, 5, 14)])
    )
    place = (0, 0, *canvas.size)
    for colour, cell, gain in ((first, 0.7, 3.0), (last, 0.5, 2.6), (mix(last, (255, 240, 220), 0.6), 0.4, 1.2)):
        field = fractal(canvas.size, dice, canvas.unit * cell, octaves=6)
        lanes = fractal(canvas.size, dice, canvas.unit * 0.5, octaves=6)
        cloud = ImageChops.multiply(field.point(above(0.47, gain)), lanes)
        canvas.add_light(cloud, place, colour)
    paint_stars(canvas, scene, canvas.height, many=760)


def paint_planets(canvas: Canvas, scene: Scene) -> None:
    """A ringed giant across from the subject, a small moon, and the dusty ground of another."""
    dice = scene.dice("planets")
    unit = canvas.unit
    x, y = canvas.width * (1 - scene.focus), canvas.height * dice.uniform(0.24, 0.34)
    hue = hexed(dice.choice(["d8a060", "6fa8c8", "c86f5a", "9a86d0"]))
    if scene.colours:
        hue = mix(hue, scene.colours[-1], 0.75)
    tilt = dice.uniform(-0.5, 0.5)
    _ring(canvas, x, y, unit * 0.19, tilt, hue, front=False)
    _globe(canvas, scene, x, y, unit * 0.19, hue)
    _ring(canvas, x, y, unit * 0.19, tilt, hue, front=True)
    _globe(canvas, scene, canvas.width * dice.uniform(0.1, 0.9), canvas.height * 0.1, unit * 0.03, (190, 190, 200))
    _regolith(canvas, scene)


def _globe(canvas: Canvas, scene: Scene, x: float, y: float, radius: float, hue: Colour) -> None:
    canvas.glow(x, y, radius * 1.7, hue, 0.35, 2.0)
    made = canvas.mask([ellipse(x, y, radius)], pad=int(radius * 1.2))
    if made is None:
        return
    mask, place = made
    bands = fractal(mask.size, scene.dice(f"bands {radius:.1f}"), radius * 0.24, stretch=9.0)
    face = ImageOps.colorize(bands, dim(hue, 0.55), mix(hue, (255, 250, 235), 0.6), hue)
    step = round(radius * 0.5)
    soft = mask.filter(ImageFilter.GaussianBlur(radius * 0.3))
    night = ImageChops.subtract(mask, shifted(soft, -step, -step // 2))
    face.paste((5, 6, 16), (0, 0), faded(night, 0.95))
    canvas.stamp(mask, place, face)


def _ring(canvas: Canvas, x: float, y: float, radius: float, tilt: float, hue: Colour, front: bool) -> None:
    sweep = [math.pi * i / 24 for i in range(25)]
    for reach, width, opacity in ((1.95, 0.12, 0.55), (1.7, 0.2, 0.75), (1.45, 0.07, 0.4)):
        arc: Outline = []
        for a in sweep:
            turned = a if front else a + math.pi
            px, py = radius * reach * math.cos(turned), radius * reach * 0.26 * math.sin(turned)
            arc.append((x + px * math.cos(tilt) - py * math.sin(tilt), y + px * math.sin(tilt) + py * math.cos(tilt)))
        canvas.fill(
            [ribbon(arc, radius * width * 0.6, radius * width, radius * width * 0.6)],
            mix(hue, (255, 240, 220), 0.4),
            opacity,
        )


def _regolith(canvas: Canvas, scene: Scene) -> None:
    dice = scene.dice("regolith")
    top = canvas.height * 0.8
    arc = [
        (
            canvas.width * i / 20,
            top + canvas.height * 0.09 * ((i / 10 - 1) ** 2) + dice.uniform(-1, 1) * canvas.unit * 0.004,
        )
        for i in range(21)
    ]
    made = canvas.mask([[(-2.0, canvas.height + 2.0), *arc, (canvas.width + 2.0, canvas.height + 2.0)]])
    if made is None:
        return
    mask, place = made
    field = fractal(mask.size, dice, canvas.unit * 0.12, stretch=2.6, octaves=6)
    slopes = ImageChops.subtract(field, beside(field, max(2, canvas.unit // 160), 2), 0.45, 128)
    canvas.stamp(mask, place, ImageOps.colorize(slopes, (26, 26, 38), (214, 210, 216), (104, 102, 116)))


def paint_deep(canvas: Canvas, scene: Scene) -> None:
    """Water from within: light above, blue below, shafts of sun coming down."""
    water = scene.colours[0] if scene.colours else hexed(scene.dice("deep").choice(["1c7fa6", "178a94", "2468ac"]))
    level = 1.0 - 0.55 * scene.palette.darkness
    stops = [mix(water, (214, 250, 246), 0.7), mix(water, (120, 220, 226), 0.25), dim(water, 0.72), dim(water, 0.3)]
    canvas.image.paste(gradient(canvas.size, [dim(c, level) for c in stops]))
    _shafts(canvas, scene)


def _shafts(canvas: Canvas, scene: Scene) -> None:
    dice = scene.dice("shafts")
    x = canvas.width * (1 - scene.focus)
    sheet = Image.new("L", canvas.size, 0)
    for _ in range(9):
        lean = dice.uniform(-0.7, 0.7)
        wide = dice.uniform(0.02, 0.07)
        beam = [(x + lean * canvas.width * 0.16, -canvas.height * 0.1),
                (x + lean * canvas.width * 0.8, canvas.height * dice.uniform(0.7, 1.1))]  # fmt: skip
        made = canvas.mask([ribbon(beam, canvas.width * wide * 0.4, canvas.width * wide * 2)])
        if made is not None:
            sheet.paste(dice.randrange(60, 130), made[1], made[0])
    fade = ImageOps.invert(_down(canvas))
    light = ImageChops.multiply(sheet.filter(ImageFilter.BoxBlur(canvas.unit / 50)), fade)
    canvas.add_light(light, (0, 0, *canvas.size), (210, 250, 240))


def _down(canvas: Canvas) -> Image.Image:
    return Image.linear_gradient("L").resize(canvas.size)


def paint_reef(canvas: Canvas, scene: Scene) -> None:
    """The sea floor with rocks, corals and weeds, and bubbles rising."""
    dice = scene.dice("reef")
    unit = canvas.unit
    left, top = canvas.width // 2, canvas.height * 3 // 4
    red, green, blue = canvas.image.crop((left, top, left + 1, top + 1)).tobytes()
    tone: Colour = (red, green, blue)
    for layer, haze in enumerate((0.72, 0.45, 0.15)):
        base = canvas.height * (0.86 + 0.06 * layer)
        floor = [(canvas.width * i / 12, base + dice.uniform(-0.03, 0.03) * canvas.height) for i in range(13)]
        colour = mix((178, 160, 122), tone, 0.35 + haze * 0.65)
        canvas.fill([[(-2.0, canvas.height + 2.0), *floor, (canvas.width + 2.0, canvas.height + 2.0)]], colour)
        for _ in range(7 + 2 * layer):
            x = dice.random() * canvas.width
            if abs(x / canvas.width - scene.focus) > 0.14 or layer < 2:
                _growth(canvas, scene, x, base + unit * 0.03, tone, haze)
    bubbles = [
        (dice.random() * canvas.width, dice.random() * canvas.height * 0.85, unit * dice.uniform(0.002, 0.009))
        for _ in range(46)
    ]
    for x, y, r in bubbles:
        canvas.fill([ellipse(x, y, r)], mix(tone, (255, 255, 255), 0.6), 0.4)
        canvas.fill([ellipse(x - r * 0.3, y - r * 0.3, r * 0.3)], (255, 255, 255), 0.8)


def _growth(canvas: Canvas, scene: Scene, x: float, y: float, tone: Colour, haze: float) -> None:
    dice = scene.dice(f"growth {x:.3f}")
    unit = canvas.unit
    colour = mix(hexed(dice.choice(["e0586a", "f0945a", "d070b0", "5aa86a", "8a6ad0", "e8c25a"])), tone, haze)
    if dice.random() < 0.5:
        for _ in range(5):
            lean, tall = dice.uniform(-0.05, 0.05) * unit, dice.uniform(0.08, 0.24) * unit
            path = [
                (x + lean * 0.2, y),
                (x + lean, y - tall * 0.4),
                (x - lean * 0.5, y - tall * 0.75),
                (x + lean * 1.6, y - tall),
            ]
            canvas.fill([ribbon(path, unit * 0.012, unit * 0.016, unit * 0.002)], mix(colour, (70, 140, 90), 0.6), 0.9)
        return
    arms = []
    for i in range(7):
        angle = math.pi * (0.12 + 0.76 * i / 6) + dice.uniform(-0.1, 0.1)
        reach = unit * dice.uniform(0.06, 0.13)
        bend = angle + dice.uniform(-0.4, 0.4)
        middle = (x + math.cos(angle) * reach * 0.55, y - math.sin(angle) * reach * 0.55)
        tip = (middle[0] + math.cos(bend) * reach * 0.5, middle[1] - math.sin(bend) * reach * 0.5)
        arms.append(ribbon([(x, y), middle, tip], unit * 0.022, unit * 0.016, unit * 0.012))
        arms.append(ellipse(*tip, unit * 0.009))
    canvas.form(arms, (dim(colour, 0.5), colour, mix(colour, (255, 250, 240), 0.5)), (-0.4, -0.8), 0.12)
