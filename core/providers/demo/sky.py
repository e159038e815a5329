"""The sky: its gradient, and what shines, drifts or flashes in it."""

from __future__ import annotations

import math

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from core.providers.demo.canvas import Canvas
from core.providers.demo.geometry import ellipse, ribbon
from core.providers.demo.palette import Colour, mix, tint
from core.providers.demo.scene import Scene
from core.providers.demo.texture import beside, curve, faded, fractal, gradient, halo, ramp, shifted


def orb_at(canvas: Canvas, scene: Scene) -> tuple[float, float]:
    """Where the sun or the moon stands: across from the main subject, low when the sun is."""
    heights = {"dawn": 0.74, "sunset": 0.8, "dusk": 0.86, "day": 0.3, "night": 0.36}
    dice = scene.dice("orb")
    x = (1 - scene.focus) + dice.uniform(-0.05, 0.05)
    return x * canvas.width, heights[scene.hour] * scene.horizon * canvas.height * dice.uniform(0.94, 1.04)


def paint_air(canvas: Canvas, scene: Scene) -> None:
    depth = max(2, round(canvas.height * (scene.horizon + 0.04)))
    # The land is laid in under its haze, so that a preview has no hole where the ground will be.
    under = mix(scene.palette.haze, tint(scene.palette.land, scene.palette.ambient), 0.45)
    canvas.image.paste(under, (0, 0, canvas.width, canvas.height))
    canvas.image.paste(gradient((canvas.width, depth), scene.palette.sky), (0, 0))


def paint_lights(canvas: Canvas, scene: Scene) -> None:
    """Stars, aurora, and the sun or the moon with the light around it."""
    if "stars" in scene.sky:
        paint_stars(canvas, scene, canvas.height * scene.horizon)
    if "aurora" in scene.sky:
        _aurora(canvas, scene)
    if "sun" in scene.sky and scene.hour != "night":
        _sun(canvas, scene)
    elif "moon" in scene.sky or "sun" in scene.sky:
        _moon(canvas, scene)
    if "rainbow" in scene.sky:
        _rainbow(canvas, scene)


def paint_stars(canvas: Canvas, scene: Scene, depth: float, many: int = 420) -> None:
    """Stars of a few sizes, thinning out towards `depth`, and a milky band across them."""
    dice = scene.dice("stars")
    size = (canvas.width, max(2, int(depth)))
    scale = 2
    sheet = Image.new("L", (size[0] * scale, size[1] * scale), 0)
    draw = ImageDraw.Draw(sheet)
    for _ in range(many):
        x, y = dice.random() * size[0] * scale, dice.random() ** 1.5 * size[1] * scale
        r = canvas.unit / 1000 * scale * (0.45 + 1.3 * dice.random() ** 5)
        draw.ellipse((x - r, y - r, x + r, y + r), fill=dice.randrange(90, 256))
    canvas.add_light(sheet.reduce(scale), (0, 0, *size), (255, 250, 240))
    band = fractal(size, dice, canvas.unit * 0.4, stretch=1.6).point(curve(lambda v: max(0.0, v - 0.5) * 1.3))
    canvas.add_light(band, (0, 0, *size), mix(scene.palette.sky[2], scene.palette.key, 0.3))
    for _ in range(9):
        x, y, r = dice.random() * size[0], dice.random() ** 1.4 * size[1], dice.uniform(0.006, 0.016)
        canvas.glow(x, y, canvas.unit * r, (235, 240, 255), 0.9, 3.0)


def _sun(canvas: Canvas, scene: Scene) -> None:
    x, y = orb_at(canvas, scene)
    key, unit = scene.palette.key, canvas.unit
    veiled = 0.55 if scene.weather in {"fog", "snow"} else 1.0
    low = scene.hour != "day"
    canvas.glow(x, y, unit * 1.1, key, 0.5 * veiled, 2.2)
    canvas.glow(x, y, unit * 0.45, key, 0.6 * veiled, 2.6)
    radius = unit * (0.062 if low else 0.046)
    canvas.fill([ellipse(x, y, radius)], mix(key, (255, 255, 255), 0.55), veiled, blur=unit * 0.002)
    canvas.glow(x, y, radius * 2.4, (255, 250, 235), 0.8 * veiled, 2.0)


def _moon(canvas: Canvas, scene: Scene) -> None:
    x, y = orb_at(canvas, scene)
    unit, key = canvas.unit, scene.palette.key
    dice = scene.dice("moon")
    radius = unit * dice.uniform(0.055, 0.085)
    canvas.glow(x, y, unit * 0.75, key, 0.34, 2.4)
    canvas.glow(x, y, unit * 0.26, key, 0.4, 2.2)
    made = canvas.mask([ellipse(x, y, radius)])
    if made is None:
        return
    mask, box = made
    seas = fractal(mask.size, dice, radius * 0.9).point(curve(lambda v: 0.78 + 0.5 * (v - 0.45)))
    white = mix((250, 248, 240), key, 0.25)
    face = Image.merge("RGB", [faded(seas, c / 255) for c in white])
    if dice.random() < 0.35:
        step = round(radius * 0.55)
        mask = ImageChops.subtract(mask, shifted(mask, step, -step // 2))
    canvas.stamp(mask, box, face)
    canvas.glow(x, y, radius * 1.5, white, 0.22, 1.2)


def _aurora(canvas: Canvas, scene: Scene) -> None:
    """Curtains of light: a band of rays, bright at a wavering foot and fading upwards."""
    dice = scene.dice("aurora")
    size = (canvas.width, int(canvas.height * scene.horizon))
    colours: list[Colour] = [(60, 255, 150), (40, 220, 190), (150, 90, 255)]
    for i in range(4):
        rays = fractal((size[0], 2), dice, size[0] * 0.05, octaves=3).resize((size[0], 1)).tobytes()
        column = ramp((1, 256), 0, 255).point(curve(lambda v: v**2.2 * (1 - max(0.0, v - 0.93) * 14)))
        sheet = Image.new("L", (size[0] // 4, size[1] // 4), 0)
        phase, wave = dice.random() * math.tau, dice.uniform(1.5, 3.2)
        for x in range(sheet.width):
            t = x / sheet.width
            foot = 0.62 + 0.1 * i * dice.uniform(0.98, 1.02) - 0.2
            foot += 0.13 * math.sin(wave * math.tau * t * 0.6 + phase) + 0.05 * math.sin(wave * 11 * t + phase)
            height = max(4, int(sheet.height * (0.26 + 0.3 * rays[x * 4] / 255)))
            bright = (0.25 + 0.75 * rays[x * 4] / 255) * (0.6 + 0.4 * math.sin(t * 5 + phase))
            strip = faded(column.resize((1, height)), bright)
            sheet.paste(strip, (x, int(sheet.height * foot) - height))
        sheet = sheet.filter(ImageFilter.GaussianBlur(canvas.unit / 700)).resize(size, Image.Resampling.BICUBIC)
        colour = mix(colours[i % 3], colours[(i + 1) % 3], dice.random() * 0.5)
        canvas.add_light(faded(sheet, 0.85), (0, 0, *size), colour)
    band = faded(halo((size[0] * 2, size[1]), 1.3), 0.32).crop((size[0] // 2, 0, size[0] // 2 + size[0], size[1]))
    canvas.add_light(band, (0, 0, *size), (40, 200, 150))


def _rainbow(canvas: Canvas, scene: Scene) -> None:
    cx, cy, radius = canvas.width * scene.focus, canvas.height * scene.horizon * 1.1, canvas.unit * 0.62
    bands: list[Colour] = [
        (255, 70, 70), (255, 150, 50), (255, 235, 80), (90, 210, 90), (70, 140, 255), (140, 80, 220),
    ]  # fmt: skip
    for i, colour in enumerate(bands):
        r = radius - i * canvas.unit * 0.014
        arc = [(cx + r * math.cos(a / 20 * math.pi), cy - r * math.sin(a / 20 * math.pi)) for a in range(21)]
        canvas.fill([ribbon(arc, canvas.unit * 0.018)], colour, 0.3, blur=canvas.unit * 0.006)


def paint_clouds(canvas: Canvas, scene: Scene) -> None:
    """Banks of cloud, lit from the side of the sun, flatter and paler towards the horizon."""
    dice = scene.dice("clouds")
    size = (canvas.width, int(canvas.height * scene.horizon) + 2)
    heavy = {"storm": 0.34, "rain": 0.4, "cloudy": 0.4, "snow": 0.42}.get(scene.weather, 0.46)
    heavy += 0.05 if scene.sky & {"aurora", "stars"} else 0.0
    field = fractal(size, dice, canvas.unit * 0.5, stretch=2.2, octaves=6)
    field = ImageChops.subtract(field, ramp(size, 0, 34))
    mask = field.point(curve(lambda v: ((v - heavy) * 4.5) ** 0.8 if v > heavy else 0.0))
    lit = _cloud_light(field, canvas, scene)
    palette = scene.palette
    dark = (
        mix(palette.sky[1], palette.sky[0], 0.45)
        if scene.weather == "storm"
        else mix(palette.sky[1], palette.haze, 0.5)
    )
    bright = mix(mix(palette.sky[3], palette.key, 0.7), palette.sky[1], palette.darkness * 0.75)
    box = (0, 0, *size)
    canvas.shade(faded(mask, 0.85), dark, box)
    canvas.shade(faded(ImageChops.multiply(mask, lit), 0.95), bright, box)


def _cloud_light(field: Image.Image, canvas: Canvas, scene: Scene) -> Image.Image:
    side = 1 if orb_at(canvas, scene)[0] > canvas.width / 2 else -1
    step = max(2, canvas.unit // 60)
    thick = beside(field, -side * step, step if scene.hour == "day" else -step)
    light = ImageChops.subtract(field, thick, 0.4, 96)
    return light.filter(ImageFilter.BoxBlur(canvas.unit / 300))


def paint_lightning(canvas: Canvas, scene: Scene) -> None:
    """One forked bolt from the clouds to the horizon, and its glare."""
    dice = scene.dice("bolt")
    x, y = canvas.width * (1 - scene.focus + dice.uniform(-0.08, 0.08)), canvas.height * 0.06
    foot = canvas.height * scene.horizon
    canvas.glow(x, y + foot * 0.3, canvas.unit * 0.75, (170, 190, 235), 0.5, 2.0)
    path = [(x, y)]
    while path[-1][1] < foot:
        px, py = path[-1]
        path.append((px + dice.uniform(-1, 1) * canvas.unit * 0.035, py + canvas.unit * dice.uniform(0.02, 0.045)))
    forks = []
    for start in dice.sample(path[2:-3] or path, 3):
        drift, fork = dice.choice([-1, 1]), [start]
        for _ in range(dice.randrange(4, 8)):
            px, py = fork[-1]
            fork.append(
                (px + drift * dice.uniform(0.0, 0.04) * canvas.unit, py + canvas.unit * dice.uniform(0.01, 0.035))
            )
        forks.append(fork)
    unit = canvas.unit
    for blur, width, opacity in ((unit * 0.012, 0.016, 0.6), (unit * 0.0006, 0.0045, 1.0)):
        lines = [_jagged(path, unit * width)] + [_jagged(fork, unit * width * 0.45) for fork in forks]
        canvas.fill(lines, (235, 240, 255), opacity, blur)


def _jagged(path: list[tuple[float, float]], width: float) -> list[tuple[float, float]]:
    half = width / 2
    return [(x - half, y) for x, y in path] + [(x + half * 0.6, y) for x, y in reversed(path)]
