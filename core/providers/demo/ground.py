"""The ground in front: meadow, snow, sand, street, or water."""

from __future__ import annotations

from random import Random

from PIL import Image, ImageChops, ImageFilter, ImageOps

from core.providers.demo.canvas import Canvas
from core.providers.demo.geometry import Outline, ellipse, ribbon
from core.providers.demo.palette import Colour, dim, mix
from core.providers.demo.scene import Scene
from core.providers.demo.terrain import lit, profile, slope_fill
from core.providers.demo.texture import above, below, faded, fractal, gradient, ramp, relief
from core.providers.demo.water import paint_water


def paint_ground(canvas: Canvas, scene: Scene) -> None:
    painters = {"sea": paint_water, "meadow": _meadow, "snow": _snow, "desert": _sand, "road": _street}
    painters.get(scene.ground, _meadow)(canvas, scene)


def _meadow(canvas: Canvas, scene: Scene) -> None:
    dice = scene.dice("meadow")
    land = mix(scene.palette.land, (112, 152, 66), 0.35)
    for i in range(4):
        base = canvas.height * (scene.horizon + 0.015 + 0.11 * i)
        line = _slope(canvas, profile(dice, 0.28, 6), base, canvas.height * (0.02 + 0.03 * i))
        slope_fill(canvas, scene, line, dim(land, 1.0 - 0.1 * i), (0.3, 0.17, 0.08, 0.0)[i])
    _mottle(canvas, scene, dice, 0.2)
    _grass(canvas, scene, dice, land)


def _slope(canvas: Canvas, heights: list[float], base: float, tall: float) -> Outline:
    last = len(heights) - 1
    crest = [(canvas.width * i / last, base - tall * h) for i, h in enumerate(heights)]
    return [(-2.0, canvas.height + 2.0), (-2.0, crest[0][1]), *crest, (canvas.width + 2.0, crest[-1][1]),
            (canvas.width + 2.0, canvas.height + 2.0)]  # fmt: skip


def _mottle(canvas: Canvas, scene: Scene, rng: Random, strength: float) -> None:
    """Patches of light and dark, flattened by perspective, so that no plain is plain."""
    top = int(canvas.height * scene.horizon)
    size = (canvas.width, canvas.height - top)
    field = fractal(size, rng, canvas.unit * 0.16, stretch=3.2, octaves=6)
    place = (0, top, *canvas.size)
    canvas.shade(faded(field.point(below(0.5, 3)), strength * 2.2), dim(scene.palette.sky[0], 0.45), place)
    canvas.shade(faded(field.point(above(0.52, 3)), strength * 1.6), scene.palette.key, place)


def _grass(canvas: Canvas, scene: Scene, rng: Random, land: Colour) -> None:
    top = canvas.height * (scene.horizon + 0.1)
    depth = canvas.height - top
    blooms: list[Colour] = [(238, 92, 84), (250, 214, 92), (240, 240, 250), (170, 120, 220)]
    for layer in range(4):
        blades: list[Outline] = []
        for _ in range(240):
            t = (layer + rng.random()) / 4
            x, y = rng.random() * canvas.width, top + depth * (t**1.2) * 1.08
            tall = canvas.unit * (0.008 + 0.055 * t * t) * rng.uniform(0.5, 1.2)
            lean = rng.uniform(-0.5, 0.6) * tall
            half = canvas.unit * (0.0008 + 0.002 * t)
            blades.append(
                [(x - half, y), (x + lean * 0.35 - half * 0.6, y - tall * 0.6), (x + lean, y - tall), (x + half, y)]
            )
        shade = dim(land, (0.9, 0.76, 1.12, 0.5)[layer])
        canvas.fill(blades, lit(scene, shade, 0.12 - 0.03 * layer), 0.75)
        flower = blooms[rng.randrange(4)] if not scene.colours else scene.colours[layer % len(scene.colours)]
        heads = [ellipse(*blade[2], canvas.unit * (0.0015 + 0.0012 * layer)) for blade in blades if rng.random() < 0.14]
        if heads and scene.weather != "snow":
            canvas.fill(heads, mix(lit(scene, flower, 0.05), flower, 0.2), 0.9)


def _snow(canvas: Canvas, scene: Scene) -> None:
    dice = scene.dice("snow")
    for i in range(4):
        base = canvas.height * (scene.horizon + 0.015 + 0.11 * i)
        line = _slope(canvas, profile(dice, 0.26, 6), base, canvas.height * (0.02 + 0.025 * i))
        slope_fill(canvas, scene, line, mix((246, 249, 255), (196, 210, 236), 0.18 * i), (0.24, 0.12, 0.05, 0.0)[i])
    top = int(canvas.height * scene.horizon)
    size = (canvas.width, canvas.height - top)
    field = fractal(size, dice, canvas.unit * 0.2, stretch=3.0, octaves=4)
    slopes = relief(field, max(2, canvas.unit // 120), max(1, canvas.unit // 160), 2.0)
    place = (0, top, *canvas.size)
    canvas.shade(faded(slopes.point(below(0.5, 3)), 0.55), lit(scene, (120, 150, 206), 0.1), place)
    canvas.shade(
        faded(slopes.point(above(0.5, 3)), 0.5),
        mix(lit(scene, (255, 255, 255), 0), scene.palette.key, 0.5),
        place,
    )


def _sand(canvas: Canvas, scene: Scene) -> None:
    dice = scene.dice("sand")
    sand = mix((226, 172, 104), scene.palette.land, 0.2)
    beach = 0.12 if scene.backdrop == "ocean" else 0.015
    for i in range(4):
        base = canvas.height * (scene.horizon + beach + 0.11 * i)
        line = _slope(canvas, profile(dice, 0.24, 6), base, canvas.height * (0.03 + 0.04 * i))
        slope_fill(canvas, scene, line, dim(sand, 1.0 - 0.07 * i), (0.34, 0.18, 0.07, 0.0)[i])
    top = int(canvas.height * (scene.horizon + beach + 0.06))
    size = (canvas.width, canvas.height - top)
    field = fractal(size, dice, canvas.unit * 0.05, stretch=5.0, octaves=3)
    slopes = relief(field, 1, max(1, canvas.unit // 250), 1.6)
    near = ramp(size, 20, 255)
    place = (0, top, *canvas.size)
    for side, colour in ((-1, dim(sand, 0.5)), (1, mix(sand, scene.palette.key, 0.6))):
        veil = slopes.point(above(0.5, 2.4) if side > 0 else below(0.5, 2.4))
        canvas.shade(faded(ImageChops.multiply(veil, near), 0.5), lit(scene, colour, 0.0), place)


def _street(canvas: Canvas, scene: Scene) -> None:
    """A wet street that runs to the vanishing point and mirrors what is above it."""
    dice = scene.dice("street")
    top = int(canvas.height * scene.horizon)
    depth = canvas.height - top
    mirror = ImageOps.flip(canvas.image.crop((0, max(0, top - depth), canvas.width, top))).resize((canvas.width, depth))
    mirror = mirror.filter(ImageFilter.BoxBlur((canvas.unit / 200, canvas.unit / 40)))
    stone = gradient((canvas.width, depth), [lit(scene, (112, 112, 124), 0.3), lit(scene, (72, 72, 84), 0.0)])
    canvas.image.paste(Image.blend(stone, mirror, 0.42), (0, top))
    _mottle(canvas, scene, dice, 0.14)
    x = canvas.width * (1 - scene.focus)
    for edge in (-1.35, 1.35):
        path = [(x, top + 1), (x + edge * canvas.width * 0.75, canvas.height * 1.05)]
        canvas.fill([ribbon(path, canvas.unit * 0.001, canvas.unit * 0.022)], lit(scene, (210, 206, 190), 0.1), 0.5)
    _street_lamps(canvas, scene, x, top)
    for i in range(7):
        near, far = (i / 7) ** 2.2, ((i + 0.5) / 7) ** 2.2
        half = canvas.unit * 0.014
        line = [(x - half * near, top + depth * near), (x + half * near, top + depth * near),
                (x + half * far, top + depth * far), (x - half * far, top + depth * far)]  # fmt: skip
        canvas.fill([line], lit(scene, (236, 226, 190), 0.1), 0.7)


def _street_lamps(canvas: Canvas, scene: Scene, vanishing: float, top: int) -> None:
    """Lamps along both kerbs, shrinking towards the vanishing point; lit, and mirrored, in the dark."""
    warm: Colour = (255, 204, 120)
    dark = scene.palette.darkness
    for near in (0.06, 0.14, 0.3, 0.62):
        for side in (-1, 1):
            x, foot = vanishing + side * canvas.width * 0.95 * near, top + (canvas.height - top) * near
            tall, wide = canvas.unit * 0.62 * near, canvas.unit * 0.014 * near
            inward = side * tall * 0.2
            arm = [(x, foot - tall), (x - inward * 0.4, foot - tall * 1.06), (x - inward, foot - tall * 1.05)]
            post = [ribbon([(x, foot), (x, foot - tall)], wide * 1.6, wide), ribbon(arm, wide, wide)]
            canvas.fill(post, lit(scene, (44, 46, 56), 0.3 * (1 - near)))
            bulb = (x - inward, foot - tall * 1.03)
            glass = mix(lit(scene, (210, 210, 200), 0.1), warm, min(1.0, dark * 2))
            canvas.fill([ellipse(*bulb, wide * 2.4, wide * 1.4)], glass)
            canvas.glow(*bulb, tall * 0.75, warm, 0.75 * dark)
            canvas.glow(bulb[0], foot + tall * 0.25, tall * 0.3, warm, 0.4 * dark)
