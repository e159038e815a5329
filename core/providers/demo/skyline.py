"""The skyline of a city: towers in three depths, their windows lit when it is dark."""

from __future__ import annotations

import math
from random import Random

from PIL import Image

from core.providers.demo.canvas import Canvas
from core.providers.demo.geometry import Outline, box
from core.providers.demo.palette import Colour, mix
from core.providers.demo.pen import seen_in
from core.providers.demo.scene import Scene
from core.providers.demo.texture import gradient


def paint_skyline(canvas: Canvas, scene: Scene) -> None:
    """Towers in three depths; the nearer the more windows, lit when it is dark."""
    dice = scene.dice("skyline")
    base = canvas.height * (scene.horizon + 0.01)
    for depth, haze in enumerate((0.6, 0.3, 0.04)):
        x = -canvas.width * 0.04
        towers: list[Outline] = []
        panes: list[Outline] = []
        while x < canvas.width * 1.02:
            wide = canvas.unit * dice.uniform(0.035, 0.085) * (0.8 + 0.25 * depth)
            middle = 1 - abs((x + wide / 2) / canvas.width - 0.5) * 1.3
            tall = canvas.height * scene.horizon * dice.uniform(0.22, 0.62) * (0.45 + 0.6 * max(0.0, middle))
            tall *= (1.0, 0.8, 0.55)[depth]
            towers += _tower(dice, x, base, wide, tall)
            panes += _windows(dice, x, base, wide, tall, canvas.unit / 130) if depth else []
            x += wide * dice.uniform(0.86, 1.12)
        body = mix((58, 62, 92), scene.palette.sky[0], 0.45)
        canvas.fill(towers, _tower_fill(canvas, scene, body, haze))
        glass = mix(
            seen_in(scene.palette, (150, 170, 200), haze), (255, 206, 122), min(1.0, scene.palette.darkness * 2.4)
        )
        if panes:
            canvas.fill(panes, mix(glass, scene.palette.haze, haze * 0.6), 0.5 + 0.5 * scene.palette.darkness)


def _tower_fill(canvas: Canvas, scene: Scene, body: Colour, haze: float) -> Image.Image:
    top, foot = seen_in(scene.palette, body, haze), seen_in(scene.palette, body, min(1.0, haze + 0.24))
    full = Image.new("RGB", canvas.size, foot)
    depth = int(canvas.height * (scene.horizon + 0.02))
    full.paste(gradient((canvas.width, depth), [top, top, top, foot]), (0, 0))
    return full


def _tower(rng: Random, x: float, base: float, wide: float, tall: float) -> list[Outline]:
    top = base - tall
    parts = [box(x, top, x + wide, base + 4)]
    kind = rng.randrange(6)
    if kind == 0:
        parts.append([(x, top), (x + wide / 2, top - wide * 1.1), (x + wide, top)])
    elif kind == 1:
        parts.append(box(x + wide * 0.2, top - wide * 0.5, x + wide * 0.8, top))
        parts.append(box(x + wide * 0.47, top - wide * 1.7, x + wide * 0.53, top))
    elif kind == 2:
        parts.append([(x, top), (x, top - wide * 0.5), (x + wide, top)])
    elif kind == 3:
        parts.append([(x + wide * (0.5 + 0.5 * math.cos(a * math.pi / 12)),
                       top - wide * 0.4 * math.sin(a * math.pi / 12))
                      for a in range(13)])  # fmt: skip
    return parts


def _windows(rng: Random, x: float, base: float, wide: float, tall: float, cell: float) -> list[Outline]:
    panes = []
    columns = max(2, int(wide / (cell * 1.7)))
    step = wide / columns
    for row in range(int(tall / (cell * 1.9))):
        y = base - tall + cell * (1.0 + row * 1.9)
        panes += [
            box(x + step * (c + 0.25), y, x + step * (c + 0.72), y + cell)
            for c in range(columns)
            if rng.random() < 0.42
        ]
    return panes
