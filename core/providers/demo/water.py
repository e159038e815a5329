"""Water: what it mirrors, its swell and glitter, and the rocks that stand in it."""

from __future__ import annotations

import math
from itertools import pairwise
from random import Random

from PIL import Image, ImageChops, ImageFilter, ImageOps

from core.providers.demo.canvas import Canvas
from core.providers.demo.geometry import Outline, ellipse
from core.providers.demo.palette import dim, mix
from core.providers.demo.scene import Scene
from core.providers.demo.sky import orb_at
from core.providers.demo.terrain import lit
from core.providers.demo.texture import above, below, curve, faded, fractal, gradient, halo, ramp, relief


def paint_water(canvas: Canvas, scene: Scene) -> None:
    dice = scene.dice("water")
    top = int(canvas.height * scene.horizon)
    depth = canvas.height - top
    palette = scene.palette
    rough = 3.0 if scene.weather == "storm" else 1.0
    mirror = ImageOps.flip(canvas.image.crop((0, max(0, top - depth), canvas.width, top)))
    mirror = mirror.resize((canvas.width, depth)).filter(ImageFilter.BoxBlur((canvas.unit / 160, canvas.unit / 300)))
    mirror = rippled(mirror, dice, canvas.unit / 160 * rough)
    deep = mix(palette.sky[0], (6, 34, 48), 0.5)
    body = gradient(
        (canvas.width, depth), [mix(palette.sky[2], palette.haze, 0.4), mix(palette.sky[1], deep, 0.3), deep]
    )
    share = {"storm": 0.72, "rain": 0.55, "fog": 0.4}.get(scene.weather, 0.4)
    canvas.image.paste(Image.blend(mirror, body, share), (0, top))
    _waves(canvas, scene, dice, top, rough)
    if scene.sky & {"sun", "moon"}:
        _glitter(canvas, scene, dice, top)


def rippled(picture: Image.Image, rng: Random, strength: float) -> Image.Image:
    """The picture with its rows pushed sideways, as water does to what it mirrors."""
    out = picture.copy()
    phase = rng.random() * math.tau
    y, row = 0, 1.0
    while y < picture.height:
        tall = max(1, int(row))
        near = y / picture.height
        push = strength * (0.25 + 2.2 * near) * (math.sin(y / (3 + 16 * near) + phase) + rng.uniform(-0.7, 0.7))
        strip = picture.crop((0, y, picture.width, y + tall))
        out.paste(strip, (round(push), y))
        y += tall
        row += 0.012
    return out


def _waves(canvas: Canvas, scene: Scene, rng: Random, top: int, rough: float) -> None:
    """Swell drawn in perspective: a stretched field, squeezed towards the horizon, lit from the sky."""
    depth = canvas.height - top
    field = fractal((canvas.width, depth * 2), rng, canvas.unit * 0.09, stretch=4.5, octaves=4)
    # Equal steps on the water crowd together towards the horizon.
    bands = [(0.0, 0.12, 0.0, 0.5), (0.12, 0.34, 0.5, 0.78), (0.34, 1.0, 0.78, 1.0)]
    swell = Image.new("L", (canvas.width, depth), 128)
    for near, far, start, end in bands:
        part = field.crop(
            (0, int(start * depth * 2), canvas.width, max(int(start * depth * 2) + 1, int(end * depth * 2)))
        )
        height = max(1, int(far * depth) - int(near * depth) + 1)
        swell.paste(part.resize((canvas.width, height), Image.Resampling.BILINEAR), (0, int(near * depth)))
    slopes = relief(swell, 0, max(1, canvas.unit // 300), 2.4 * rough**0.5)
    near_more = ramp((canvas.width, depth), 90, 255)
    up = ImageChops.multiply(slopes.point(above(0.53, 3.2)), near_more)
    down = ImageChops.multiply(slopes.point(below(0.47, 2.6)), near_more)
    place = (0, top, canvas.width, canvas.height)
    canvas.shade(faded(down, 0.75), mix(dim(scene.palette.sky[0], 0.6), (4, 22, 34), 0.4), place)
    canvas.shade(faded(up, 0.6), mix(scene.palette.sky[3], scene.palette.key, 0.4), place)
    if scene.weather == "storm":
        foam = slopes.point(above(0.66, 9))
        canvas.shade(faded(ImageChops.multiply(foam, near_more), 0.75), lit(scene, (235, 242, 246), 0.1), place)


def _glitter(canvas: Canvas, scene: Scene, rng: Random, top: int) -> None:
    """The path of the sun or the moon on the water."""
    x, _ = orb_at(canvas, scene)
    depth = canvas.height - top
    unit = canvas.unit
    wide = int(unit * 0.7)
    veil = faded(halo((wide, depth * 2), 1.7), 0.3).crop((0, depth, wide, depth * 2))
    left = int(x - wide / 2)
    shown = veil.crop((max(0, -left), 0, min(wide, canvas.width - left), depth))
    canvas.add_light(shown, (max(0, left), top, max(0, left) + shown.width, canvas.height), scene.palette.key)
    dashes: list[Outline] = []
    for _ in range(260):
        t = rng.random() ** 1.6
        y = top + 2 + t * depth * 0.96
        spread = unit * (0.03 + 0.13 * t) * (1.4 if scene.weather == "storm" else 1.0)
        half = unit * (0.004 + 0.02 * t) * rng.uniform(0.4, 1.2)
        dashes.append(ellipse(x + rng.gauss(0, 0.55) * spread, y, half, max(0.5, unit * (0.0006 + 0.0026 * t))))
    canvas.fill(dashes, mix(scene.palette.key, (255, 255, 255), 0.35), 0.75, blur=unit * 0.0008)


def paint_rock(canvas: Canvas, scene: Scene, x: float, y: float, wide: float, tall: float) -> None:
    """A headland in the water for what stands on land: a rough block with foam at its foot."""
    dice = scene.dice("rock")
    crest = [
        (-1.0, 0.0),
        (-0.86, 0.32),
        (-0.6, 0.66),
        (-0.34, 0.92),
        (0.0, 1.0),
        (0.36, 0.9),
        (0.62, 0.58),
        (0.9, 0.26),
        (1.0, 0.0),
    ]
    rough: Outline = []
    for (ax, ay), (bx, by) in pairwise(crest):
        for i in range(5):
            t = i / 5
            jag = dice.uniform(-0.05, 0.05)
            rough.append((x + (ax + (bx - ax) * t + jag) * wide, y - (ay + (by - ay) * t + jag) * tall))
    rough += [(x + wide, y), (x + wide * 0.6, y + tall * 0.14), (x - wide * 0.6, y + tall * 0.14), (x - wide, y)]
    made = canvas.mask([rough])
    if made is None:
        return
    mask, place = made
    field = fractal(mask.size, dice, canvas.unit * 0.07, octaves=6)
    side = 1 if orb_at(canvas, scene)[0] > x else -1
    slopes = relief(field, side * max(2, canvas.unit // 180), max(1, canvas.unit // 200), 2.6)
    stone = mix((104, 94, 88), scene.palette.land, 0.3)
    face = ImageOps.colorize(slopes, lit(scene, dim(stone, 0.35), 0.0),
                             mix(lit(scene, stone, 0), scene.palette.key, 0.4),
                             lit(scene, stone, 0.0))  # fmt: skip
    foot = ramp(mask.size, 0, 170).point(curve(lambda v: v**1.5))
    face.paste(dim(lit(scene, stone, 0.0), 0.35), (0, 0), foot)
    canvas.stamp(mask, place, face)
    foam = [ellipse(x + dice.uniform(-1.02, 1.02) * wide, y + dice.uniform(0.02, 0.16) * tall,
                    canvas.unit * dice.uniform(0.01, 0.05), canvas.unit * dice.uniform(0.002,
                            0.006)) for _ in range(34)]  # fmt: skip
    canvas.fill(foam, lit(scene, (238, 244, 248), 0.12), 0.6, blur=canvas.unit * 0.002)
