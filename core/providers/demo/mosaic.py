"""Pictures made of cells: pixel art, and a mosaic of isometric cubes."""

from __future__ import annotations

from PIL import Image, ImageDraw, ImageEnhance, ImageFilter

from core.providers.demo.canvas import Canvas
from core.providers.demo.palette import Colour, dim, mix
from core.providers.demo.scene import Scene


def pixel_art(canvas: Canvas, scene: Scene) -> None:
    """Large square pixels in few colours."""
    cell = max(1, round(canvas.unit / 144))
    grid = (max(1, round(canvas.width / cell)), max(1, round(canvas.height / cell)))
    small = canvas.image.resize(grid, Image.Resampling.BOX)
    small = ImageEnhance.Color(small).enhance(1.35).filter(ImageFilter.UnsharpMask(1, 90, 0))
    small = small.quantize(56, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).convert("RGB")
    canvas.image = small.resize(canvas.size, Image.Resampling.NEAREST)
    cut = canvas.cutout.resize(grid, Image.Resampling.BOX).point([255 if i > 110 else 0 for i in range(256)])
    canvas.cutout = cut.resize(canvas.size, Image.Resampling.NEAREST)


def isometric(canvas: Canvas, scene: Scene) -> None:
    """The picture as a wall of small cubes, each lit on top and shaded on its right."""
    scale = 2
    side = max(3.0, canvas.unit / 128) * scale
    half, rise = side, side * 0.5
    width, height = canvas.width * scale, canvas.height * scale
    sheet = Image.new("RGB", (width, height))
    draw = ImageDraw.Draw(sheet)
    columns, rows = int(width / (half * 2)) + 2, int(height / (rise * 3)) + 2
    vivid = ImageEnhance.Color(canvas.image).enhance(1.2).resize((columns * 2, rows), Image.Resampling.BOX)
    tones = vivid.tobytes()
    for row in range(rows):
        shift = half if row % 2 else 0.0
        for column in range(columns):
            x, y = column * half * 2 + shift - half, row * rise * 3 - rise
            at = 3 * (row * columns * 2 + column * 2 + row % 2)
            _cube(draw, x, y, half, rise, (tones[at], tones[at + 1], tones[at + 2]))
    canvas.image = sheet.reduce(scale)


def _cube(draw: ImageDraw.ImageDraw, x: float, y: float, half: float, rise: float, tone: Colour) -> None:
    middle, foot = (x, y + rise * 2), y + rise * 4
    top = [(x, y), (x + half, y + rise), middle, (x - half, y + rise)]
    left = [(x - half, y + rise), middle, (x, foot), (x - half, foot - rise)]
    right = [(x + half, y + rise), middle, (x, foot), (x + half, foot - rise)]
    draw.polygon(top, fill=mix(tone, (255, 255, 255), 0.14))
    draw.polygon(left, fill=tone)
    draw.polygon(right, fill=dim(tone, 0.8))
