"""Oil paint: the picture laid again in strokes that follow its forms, thick enough to catch light."""

from __future__ import annotations

import math
from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageEnhance, ImageFilter

from core.providers.demo.canvas import Canvas
from core.providers.demo.palette import Colour
from core.providers.demo.scene import Scene
from core.providers.demo.texture import curve, relief

DIRECTIONS = 20
_LIFT = [96 + i * 100 // 255 for i in range(256)]  # how thick the paint lies under a mark


class _Guide:
    """A thumbnail of the picture that tells, for any place, the way of the forms and how busy it is."""

    def __init__(self, picture: Image.Image) -> None:
        self.width, self.height = 160, max(2, 160 * picture.height // picture.width)
        small = picture.convert("L").resize((self.width, self.height), Image.Resampling.BOX)
        self.levels = small.filter(ImageFilter.GaussianBlur(1.6)).tobytes()

    def at(self, u: float, v: float) -> tuple[float, float]:
        """The angle along the forms, and the strength of the edge there (0 to about 100)."""
        x = min(max(int(u * self.width), 1), self.width - 2)
        y = min(max(int(v * self.height), 1), max(1, self.height - 2))
        i = y * self.width + x
        below = min(i + self.width, len(self.levels) - 1)
        dx = self.levels[i + 1] - self.levels[i - 1]
        dy = self.levels[below] - self.levels[i - self.width]
        return math.atan2(dx, -dy), math.hypot(dx, dy)


def paint_oil(canvas: Canvas, scene: Scene) -> None:
    """Five passes from broad to fine; the fine ones only where the picture has detail."""
    dice = scene.dice("oil")
    source = ImageEnhance.Color(canvas.image).enhance(1.22)
    guide = _Guide(source)
    picture = source.filter(ImageFilter.GaussianBlur(canvas.unit / 60))
    ridges = Image.new("L", canvas.size, 128)
    for share, many, least in (
        (0.08, 900, 0.0),
        (0.045, 2000, 0.0),
        (0.026, 3600, 1.6),
        (0.014, 5000, 5.0),
        (0.009, 6000, 12.0),
    ):
        long = max(4, int(canvas.unit * share))
        sample = source.filter(ImageFilter.BoxBlur(long / 14))
        marks = [_brush(dice, long, max(2, long // 4), math.pi * k / DIRECTIONS) for k in range(DIRECTIONS)]
        brushes = [(mark, mark.point(_LIFT)) for mark in marks]
        _strokes(picture, ridges, sample, guide, brushes, dice, many, least)
    light = relief(ridges, max(1, canvas.unit // 700), max(1, canvas.unit // 700), 0.5)
    canvas.image = ImageChops.add(picture, Image.merge("RGB", [light] * 3), 1, -128)


def _strokes(
    picture: Image.Image, ridges: Image.Image, sample: Image.Image, guide: _Guide,
    brushes: list[tuple[Image.Image, Image.Image]], dice: Random, many: int, least: float,
) -> None:  # fmt: skip
    width, height = picture.size
    tones = sample.tobytes()
    for _ in range(many):
        u, v = dice.random(), dice.random()
        angle, edge = guide.at(u, v)
        if edge < least:
            continue
        # On even ground the strokes sway about the horizontal.
        angle = angle if edge > 1.5 else 0.35 * math.sin(u * 9 + v * 7) + dice.uniform(-0.3, 0.3)
        brush, lift = brushes[round(angle / math.pi * DIRECTIONS) % DIRECTIONS]
        x, y = int(u * width), int(v * height)
        at = 3 * (y * width + x)
        colour = _varied((tones[at], tones[at + 1], tones[at + 2]), dice)
        place = (x - brush.width // 2, y - brush.height // 2)
        picture.paste(colour, (*place, place[0] + brush.width, place[1] + brush.height), brush)
        ridges.paste(lift, place, brush)


def _varied(tone: Colour, dice: Random) -> Colour:
    shift = dice.randrange(-10, 11)
    r, g, b = (min(255, max(0, channel + shift)) for channel in tone)
    return r, g, b


def _brush(dice: Random, long: int, wide: int, angle: float) -> Image.Image:
    """The mark of a flat bristle brush, mode L, turned by the angle."""
    mark = Image.new("L", (long, wide), 0)
    draw = ImageDraw.Draw(mark)
    draw.rounded_rectangle((0, 0, long - 1, wide - 1), wide // 2, fill=255)
    bristles = Image.frombytes("L", (2, wide), dice.randbytes(2 * wide)).resize((long, wide), Image.Resampling.BILINEAR)
    mark = ImageChops.multiply(mark, bristles.point(curve(lambda v: 0.5 + 0.6 * v)))
    return mark.rotate(-math.degrees(angle), Image.Resampling.BILINEAR, expand=True)
