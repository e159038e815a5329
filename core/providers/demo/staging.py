"""Sets the subjects into the scene: their place, size and light, their shadow and reflection."""

from __future__ import annotations

import math
from random import Random

from PIL import Image, ImageChops, ImageFilter, ImageOps

from core.providers.demo.canvas import Canvas
from core.providers.demo.geometry import Outline, ellipse
from core.providers.demo.palette import dim, mix
from core.providers.demo.pen import Pen
from core.providers.demo.scene import Figure, Scene
from core.providers.demo.sky import orb_at
from core.providers.demo.stock import STOCK, Stock
from core.providers.demo.subjects import DRAWINGS
from core.providers.demo.terrain import lit
from core.providers.demo.texture import faded
from core.providers.demo.water import paint_rock, rippled

Spot = tuple[float, float, float]  # x and y of the foot in pixels, height in pixels


def paint_figure(canvas: Canvas, scene: Scene, index: int) -> None:
    """Draws the scene's figure of that index, as often as it counts, the farthest first."""
    figure = scene.figures[index]
    stock = STOCK[figure.name]
    place = _where(stock, scene)
    dice = scene.dice(f"staging {index}")
    for i, (x, y, size) in enumerate(_spots(canvas, scene, stock, place, index, figure.count, dice)):
        _draw(canvas, scene, figure, place, (x, y, size), scene.dice(f"drawing {index} {i}"))


def _where(stock: Stock, scene: Scene) -> str:
    """The place of a subject, bent to a ground that it wasn't made for."""
    if scene.ground == "deep":
        return "deep"
    if scene.ground in {"space", "table"}:
        return {"air": "air", "rising": "air", "bust": "bust"}.get(
            stock.place, "land" if scene.ground == "space" else "table"
        )
    if stock.place in {"water", "span"} and scene.ground != "sea":
        return "land"
    if stock.place == "deep":
        return "air"
    return "land" if stock.place == "table" else stock.place


def _spots(canvas: Canvas, scene: Scene, stock: Stock, place: str, index: int, count: int, dice: Random) -> list[Spot]:
    many = max(1, min(count, 7))
    unit = canvas.unit * stock.size * (1.0, 0.74, 0.6)[index] * (1.0 if many == 1 else 1.15 / math.sqrt(many))
    if place == "air" and len(scene.figures) > 1:
        unit *= 0.74
    focus = (scene.focus, 1.04 - scene.focus, 0.5)[index]
    spots = []
    for i in range(many):
        shift = 0.0 if many == 1 else (i - (many - 1) / 2) * 0.84 / many
        x = (focus if many == 1 else 0.5) + shift + (dice.uniform(-0.03, 0.03) if many > 1 else 0.0)
        size = unit * (dice.uniform(0.72, 1.1) if many > 1 else dice.uniform(0.94, 1.08))
        half = min(0.5, stock.reach * size * 0.75 / canvas.width)
        x = min(max(x, half), 1 - half) if place != "span" else 0.5
        spots.append((x * canvas.width, _foot(canvas, scene, place, size, index, dice, many), size))
    return sorted(spots, key=lambda spot: spot[1])


def _foot(canvas: Canvas, scene: Scene, place: str, size: float, index: int, dice: Random, many: int) -> float:
    horizon, height = scene.horizon * canvas.height, float(canvas.height)
    below = height - horizon
    spread = dice.uniform(-0.5, 0.5) if many > 1 else 0.0
    if place == "bust":
        return height * 1.0
    if place == "air":
        middle = (0.3 if len(scene.figures) > 1 else 0.44) * height + size * 0.5 + spread * 0.3 * height
        return min(max(middle, size * 1.25), height * (0.8 if scene.has_sky else 0.9))
    if place == "rising":
        return max(horizon - size * 0.1, size * 1.14)
    if place == "deep":
        return height * 0.5 + size * 0.5 + spread * height * 0.5 - 0.12 * index * height
    if place == "span":
        return horizon + below * 0.16
    share = {"water": 0.34, "shore": 0.4, "table": 0.56}.get(place, 0.62 if scene.ground != "sea" else 0.4)
    if scene.ground == "space":
        return height * 0.9
    return horizon + below * (share - 0.24 * (index > 0) + spread * 0.4)


def _draw(canvas: Canvas, scene: Scene, figure: Figure, place: str, spot: Spot, dice: Random) -> None:
    x, y, size = spot
    pen = Pen(
        canvas,
        scene.palette,
        dice,
        x,
        y,
        size,
        _light_at(canvas, scene, x, y - size / 2),
        mirror=_mirrored(scene, x / canvas.width),
        haze=_haze(scene, place, y / canvas.height),
        colour=figure.colour,
        traits=scene.traits,
    )
    canvas.clear_coverage()
    grounded = place in {"land", "table"} and scene.ground not in {"sea", "space"}
    if grounded and not canvas.bare:
        _contact(canvas, scene, spot, STOCK[figure.name].reach)
    if place == "shore" or (place == "land" and scene.ground == "sea" and not canvas.bare):
        paint_rock(canvas, scene, x, y + size * 0.1, size * (0.25 + STOCK[figure.name].reach), size * 0.13)
    DRAWINGS[figure.name](pen)
    if not canvas.bare:
        _anchor(canvas, scene, figure, place, spot, pen, dice)
    canvas.keep_coverage()


def _anchor(canvas: Canvas, scene: Scene, figure: Figure, place: str, spot: Spot, pen: Pen, dice: Random) -> None:
    """Ties a drawn subject to its ground with a reflection, or a shadow and what grows before it."""
    _, y, size = spot
    if place in {"water", "shore", "span"} or (place == "land" and scene.ground == "sea"):
        foot = y + (size * 0.112 if place in {"shore", "land"} else 0)
        _reflect(canvas, scene, foot, dice)
    elif place in {"land", "table"} and scene.ground != "space":
        _cast(canvas, scene, spot, pen.light)
        if place == "land":
            outline = canvas.coverage
            _settle(canvas, scene, spot, STOCK[figure.name].reach, dice)
            canvas.coverage = outline


def _haze(scene: Scene, place: str, foot: float) -> float:
    """How much air lies before a subject whose foot is at that share of the height."""
    if not scene.has_sky:
        return 0.1 if scene.ground == "deep" else 0.0
    nearness = (foot - scene.horizon) / max(0.05, 1 - scene.horizon)
    by_place = {"span": 0.2, "air": 0.06}.get(place, min(0.3, max(0.03, 0.2 - 0.26 * nearness)))
    return by_place + {"fog": 0.16, "rain": 0.06, "storm": 0.05, "snow": 0.05}.get(scene.weather, 0.0)


def _mirrored(scene: Scene, x: float) -> bool:
    """Subjects look into the picture, towards its middle."""
    return x > 0.52 if abs(x - 0.5) > 0.06 else scene.mirror


def _light_at(canvas: Canvas, scene: Scene, x: float, y: float) -> tuple[float, float]:
    if scene.ground == "deep":
        return (-0.3 if scene.mirror else 0.3), -0.9
    if not scene.has_sky:
        return (-0.7 if scene.focus > 0.5 else 0.7), -0.6
    ox, oy = orb_at(canvas, scene)
    dx, dy = ox - x, min(oy - y, -0.25 * canvas.unit)
    length = math.hypot(dx, dy) or 1.0
    return dx / length, dy / length


def _contact(canvas: Canvas, scene: Scene, spot: Spot, reach: float) -> None:
    """The dark, soft patch where a thing touches the ground."""
    x, y, size = spot
    pen = Pen(canvas, scene.palette, Random(0), x, y, size, (0.0, -1.0))
    pen.flat(ellipse(0.0, 0.005, reach * 0.86, 0.045), colour=(14, 14, 30), opacity=0.4, blur=0.03, lit=False)
    canvas.clear_coverage()


def _settle(canvas: Canvas, scene: Scene, spot: Spot, reach: float, dice: Random) -> None:
    """Grass, snow or sand in front of the feet, so that a subject stands in its ground."""
    x, y, size = spot
    half = min(reach, 0.8) * size * 0.95
    tall = canvas.unit * 0.022 * (0.4 + size / canvas.unit)
    if scene.ground == "meadow":
        blades: list[Outline] = []
        for _ in range(90):
            px, py = x + dice.gauss(0, 0.5) * half, y + dice.uniform(0.0, 0.9) * tall
            lean, high = dice.uniform(-0.5, 0.5) * tall, tall * dice.uniform(0.5, 1.3)
            blades.append([(px - tall * 0.07, py), (px + lean, py - high), (px + tall * 0.07, py)])
        canvas.fill(blades, lit(scene, dim(mix(scene.palette.land, (112, 152, 66), 0.35), 0.72), 0.05), 0.85)
    elif scene.ground in {"snow", "desert"}:
        drift = [
            ellipse(x + dice.uniform(-0.7, 0.7) * half, y + tall * 0.5, tall * dice.uniform(1.0, 2.4), tall * 0.42)
            for _ in range(9)
        ]
        pale = (246, 249, 255) if scene.ground == "snow" else mix((226, 172, 104), scene.palette.land, 0.2)
        canvas.fill(drift, lit(scene, pale, 0.08), 0.85, blur=tall * 0.16)


def _cast(canvas: Canvas, scene: Scene, spot: Spot, light: tuple[float, float]) -> None:
    """A shadow on the ground: the outline laid flat, away from the light and soft."""
    box = canvas.coverage.getbbox()
    if box is None:
        return
    _, y, size = spot
    outline = canvas.coverage.crop(box)
    lean = max(-1.4, min(1.4, -light[0] * 1.5))
    flat_height = max(2, int(size * 0.26))
    k = 4 if size > 64 else 1
    small = ImageOps.flip(outline.resize((max(1, outline.width // k), max(1, flat_height // k))))
    wide = small.width + int(abs(lean) * small.height * 2) + 2
    shift = 0.0 if lean >= 0 else -lean * small.height * 2
    slanted = small.transform(
        (wide, small.height), Image.Transform.AFFINE, (1, -lean * 2, -shift, 0, 1, 0), Image.Resampling.BILINEAR
    )
    soft = slanted.resize((wide * k, small.height * k)).filter(ImageFilter.GaussianBlur(size * 0.014))
    sheet = Image.new("L", canvas.size, 0)
    sheet.paste(soft, (box[0] - int(shift * k), int(y - size * 0.012)))
    strength = (
        0.5 * (1 - 0.6 * scene.palette.darkness) * (0.5 if scene.weather in {"fog", "rain", "storm", "snow"} else 1.0)
    )
    canvas.shade(faded(ImageChops.subtract(sheet, canvas.coverage), strength), dim(scene.palette.sky[0], 0.25))


def _reflect(canvas: Canvas, scene: Scene, foot: float, dice: Random) -> None:
    """What stands in water, upside down below it, broken by the ripples and fading."""
    box = canvas.coverage.getbbox()
    if box is None:
        return
    top, line = box[1], min(canvas.height - 1, int(foot))
    tall = min(line - top, canvas.height - line)
    if tall < 2:
        return
    pad = canvas.unit // 24
    place = (max(0, box[0] - pad), line - tall, min(canvas.width, box[2] + pad), line)
    picture, mask = canvas.image.crop(place), canvas.coverage.crop(place)
    seed = dice.random()
    picture = rippled(ImageOps.flip(picture), Random(seed), canvas.unit / 200)
    mask = rippled(ImageOps.flip(mask), Random(seed), canvas.unit / 200).filter(ImageFilter.BoxBlur(canvas.unit / 400))
    fade = Image.linear_gradient("L").point([round((255 - i) * 0.62) for i in range(256)]).resize(mask.size)
    below = (place[0], line, place[2], line + tall)
    mask = ImageChops.subtract(ImageChops.multiply(mask, fade), canvas.coverage.crop(below))
    canvas.image.paste(dim_picture(picture), below[:2], mask)


def dim_picture(picture: Image.Image) -> Image.Image:
    return picture.point([round(i * 0.8) for i in range(256)] * 3)
