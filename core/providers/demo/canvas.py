"""The canvas: antialiased shapes, light and shadow on one RGB picture, with its coverage kept."""

from __future__ import annotations

from collections.abc import Sequence

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageOps

from core.providers.demo.geometry import Outline
from core.providers.demo.palette import Colour
from core.providers.demo.texture import faded, halo, shifted

Box = tuple[int, int, int, int]


class Canvas:
    """A picture being painted, in pixels from the upper left; `bare` if it is to have no background.

    `coverage` (mode L) gathers what was stamped since it was last cleared: the outline that a
    shadow or a reflection needs. `cutout` gathers the coverage of all subjects.
    """

    def __init__(self, width: int, height: int, colour: Colour = (128, 128, 128), bare: bool = False) -> None:
        self.bare = bare
        self.size = (width, height)
        self.width, self.height = width, height
        self.unit = min(width, height)
        self.image = Image.new("RGB", self.size, colour)
        self.coverage = Image.new("L", self.size, 0)
        self.cutout = Image.new("L", self.size, 0)

    def clear_coverage(self) -> None:
        self.coverage = Image.new("L", self.size, 0)

    def keep_coverage(self) -> None:
        """Adds the coverage of a finished subject to the cut-out of all of them."""
        self.cutout = ImageChops.lighter(self.cutout, self.coverage)

    def mask(self, outlines: Sequence[Outline], pad: int = 2) -> tuple[Image.Image, Box] | None:
        """The union of closed outlines as an antialiased mask with its place; None if off canvas."""
        xs = [x for outline in outlines for x, _ in outline]
        ys = [y for outline in outlines for _, y in outline]
        left, top = max(0, int(min(xs)) - pad), max(0, int(min(ys)) - pad)
        right, bottom = min(self.width, int(max(xs)) + pad + 1), min(self.height, int(max(ys)) + pad + 1)
        if right <= left or bottom <= top:
            return None
        scale = 4 if (right - left) * (bottom - top) < 90_000 else 2
        large = Image.new("L", ((right - left) * scale, (bottom - top) * scale), 0)
        draw = ImageDraw.Draw(large)
        for outline in outlines:
            draw.polygon([((x - left) * scale, (y - top) * scale) for x, y in outline], fill=255)
        return large.reduce(scale), (left, top, right, bottom)

    def stamp(self, mask: Image.Image, box: Box, fill: Colour | Image.Image) -> None:
        if isinstance(fill, tuple):
            self.image.paste(fill, box, mask)
        else:
            self.image.paste(fill, box[:2], mask)
        self.coverage.paste(255, box, mask)

    def fill(
        self, outlines: Sequence[Outline], colour: Colour | Image.Image, opacity: float = 1.0, blur: float = 0.0
    ) -> None:
        """Flat colour, or the same part of a picture as large as the canvas, softened by `blur`."""
        made = self.mask(outlines, pad=2 + int(blur * 2.5))
        if made is None:
            return
        mask, box = made
        if blur:
            mask = mask.filter(ImageFilter.GaussianBlur(blur))
        if not isinstance(colour, tuple):
            colour = colour.crop(box)
        self.stamp(faded(mask, opacity), box, colour)

    def form(
        self,
        outlines: Sequence[Outline],
        tones: tuple[Colour, Colour, Colour],
        light: tuple[float, float],
        depth: float = 0.3,
        rim: float = 0.0,
    ) -> None:
        """A body with volume: its tones run from the shaded side over the middle to the lit one.

        `light` points towards the light; `depth` is how far the rounding reaches in (share of the
        smaller side); `rim` is the strength of a thin bright edge on the lit side.
        """
        made = self.mask(outlines, pad=3)
        if made is None:
            return
        mask, box = made
        radius = max(1.5, depth * min(mask.size))
        lit = _rounded(mask, radius, light)
        shade, middle, bright = tones
        body = ImageOps.colorize(lit, shade, bright, middle, midpoint=132)
        if rim > 0:
            edge = max(1, round(self.unit / 400))
            step = (-round(light[0] * edge * 1.6), -round(light[1] * edge * 1.6))
            line = ImageChops.subtract(mask, shifted(mask, *step))
            body.paste(bright, (0, 0), faded(line, rim))
        self.stamp(mask, box, body)

    def glow(
        self, x: float, y: float, radius: float, colour: Colour, strength: float = 1.0, power: float = 2.0
    ) -> None:
        """Light added around a point; it never darkens and leaves coverage alone."""
        left, top, side = round(x - radius), round(y - radius), max(2, round(radius * 2))
        box = (max(0, left), max(0, top), min(self.width, left + side), min(self.height, top + side))
        if box[2] <= box[0] or box[3] <= box[1]:
            return
        light = faded(halo((side, side), power), strength)
        light = light.crop((box[0] - left, box[1] - top, box[2] - left, box[3] - top))
        self.add_light(light, box, colour)

    def shine(self, outline: Outline, colour: Colour, strength: float, blur: float) -> None:
        """Light added within a soft outline, such as a beam; it leaves coverage alone."""
        made = self.mask([outline], pad=2 + int(blur * 2.5))
        if made is not None:
            mask, box = made
            self.add_light(faded(mask.filter(ImageFilter.GaussianBlur(blur)), strength), box, colour)

    def add_light(self, mask: Image.Image, box: Box, colour: Colour) -> None:
        """Screens the colour over a part of the picture, as strongly as the mask says."""
        channels = [mask.point([i * c // 255 for i in range(256)]) for c in colour]
        part = self.image.crop(box)
        self.image.paste(ImageChops.screen(part, Image.merge("RGB", channels)), box)

    def shade(self, mask: Image.Image, colour: Colour, box: Box | None = None) -> None:
        """Lays a veil of the colour over everything, as thick as the mask says; no coverage."""
        self.image.paste(colour, box or (0, 0, self.width, self.height), mask)


def _rounded(mask: Image.Image, radius: float, light: tuple[float, float]) -> Image.Image:
    """The mask as a rounded body: bright where its surface would face the light."""
    k = max(1, min(8, int(radius / 4), min(mask.size) // 4))
    small = mask.reduce(k) if k > 1 else mask
    # Blurring repeats the outermost pixels: without a margin, what touches the frame has no rounding.
    margin = int(radius / k * 2) + 2
    wide = ImageOps.expand(small, margin)
    grown = wide.filter(ImageFilter.BoxBlur(radius / k)).filter(ImageFilter.BoxBlur(radius / k / 2))
    dx, dy = margin - round(light[0] * radius / k), margin - round(light[1] * radius / k)
    lit = grown.crop((dx, dy, dx + small.width, dy + small.height))
    return lit.resize(mask.size, Image.Resampling.BICUBIC) if k > 1 else lit
