"""The styles: each turns the finished painting into another medium."""

from __future__ import annotations

from collections.abc import Callable
from types import MappingProxyType

from PIL import Image, ImageChops, ImageEnhance, ImageFilter, ImageOps

from core.providers.demo.canvas import Canvas
from core.providers.demo.impasto import paint_oil
from core.providers.demo.mosaic import isometric, pixel_art
from core.providers.demo.palette import mix
from core.providers.demo.scene import Scene
from core.providers.demo.texture import above, below, curve, faded, fractal, grain, halo, ramp, relief

Step = Callable[[Canvas, Scene], None]


def watercolor(canvas: Canvas, scene: Scene) -> None:
    """Washes with wandering edges and pooled pigment, on paper that shows through and frames them."""
    dice = scene.dice("watercolor")
    washes = wobbled(_simplified(canvas.image, 2, 5), scene, canvas.unit / 190)
    washes = ImageEnhance.Color(washes).enhance(1.34).point(curve(lambda v: v**0.82) * 3)
    rims = _contours(washes, canvas.unit / 420, 4.0)
    dark = ImageChops.multiply(washes, washes)
    washes = Image.composite(dark, washes, faded(rims, 0.9))
    pools = fractal(canvas.size, dice, canvas.unit * 0.16, octaves=5)
    lighter = Image.blend(washes, Image.new("RGB", canvas.size, (255, 252, 246)), 0.42)
    washes = Image.composite(lighter, washes, pools.point(above(0.42, 2.4)))
    paper = Image.new("RGB", canvas.size, (250, 246, 236))
    edge = _ragged_frame(canvas, fractal(canvas.size, dice, canvas.unit * 0.07, octaves=5))
    canvas.image = _on_paper(Image.composite(washes, paper, edge), scene, 15.0)


def _ragged_frame(canvas: Canvas, field: Image.Image) -> Image.Image:
    """255 inside, 0 on the bare margin, with a border that the brush left uneven."""
    across = ramp((canvas.width, 256)).transpose(Image.Transpose.ROTATE_90).resize(canvas.size)
    down = ramp((canvas.width, 256)).resize(canvas.size)
    near = ImageChops.darker(_fold(across), _fold(down))
    rough = field.point(curve(lambda v: 0.5 + (v - 0.5) * 0.34))
    return ImageChops.add(near, rough, 1, -128).point(above(0.075, 26))


def _fold(field: Image.Image) -> Image.Image:
    return field.point(curve(lambda v: min(v, 1 - v) * 2.6))


def _on_paper(picture: Image.Image, scene: Scene, strength: float) -> Image.Image:
    tooth = grain(picture.size, scene.dice("paper"), strength).filter(ImageFilter.BoxBlur(0.7))
    light = relief(tooth, 1, 1, 1.4)
    return ImageChops.add(picture, Image.merge("RGB", [light] * 3), 1, -128)


def wobbled(picture: Image.Image, scene: Scene, reach: float) -> Image.Image:
    """The picture pulled about on a coarse net, as wet colour or an unsteady hand would."""
    dice, cells = scene.dice("wobble"), 22
    width, height = picture.size

    def pulled(at: int, length: int) -> float:
        # The frame stays put: beyond it there is nothing to pull in.
        return length * at / cells + (dice.uniform(-reach, reach) if 0 < at < cells else 0.0)

    net = [[(pulled(i, width), pulled(j, height)) for i in range(cells + 1)] for j in range(cells + 1)]
    mesh = []
    for j in range(cells):
        for i in range(cells):
            place = (width * i // cells, height * j // cells, width * (i + 1) // cells, height * (j + 1) // cells)
            corners = (*net[j][i], *net[j + 1][i], *net[j + 1][i + 1], *net[j][i + 1])
            if place[0] < place[2] and place[1] < place[3]:
                mesh.append((place, corners))
    return picture.transform(picture.size, Image.Transform.MESH, mesh, Image.Resampling.BILINEAR)


def line_art(canvas: Canvas, scene: Scene) -> None:
    """Ink on cream paper: contours, and hatching where it is dark."""
    light = ImageOps.autocontrast(canvas.image.convert("L"), cutoff=1)
    soft = light.filter(ImageFilter.GaussianBlur(canvas.unit / 260))
    lines = _contours(canvas.image, canvas.unit / 900, 5.0)
    ink = lines
    for angle, level in ((0, 0.5), (1, 0.3), (2, 0.16)):
        shade = soft.point(below(level, 9))
        ink = ImageChops.lighter(ink, ImageChops.multiply(shade, _hatching(canvas, angle)))
    ink = wobbled(ink.convert("RGB"), scene, canvas.unit / 500).convert("L")
    page = Image.new("RGB", canvas.size, (248, 242, 228))
    wash = Image.blend(page, _simplified(canvas.image, 4, 5), 0.16)
    page = Image.blend(page, wash, 0.8)
    page.paste((30, 32, 52), (0, 0), faded(ink, 0.92))
    canvas.image = _on_paper(page, scene, 9.0)


def _hatching(canvas: Canvas, direction: int) -> Image.Image:
    """Parallel strokes over the whole canvas; the direction is one of three slants."""
    gap = max(5, canvas.unit // 105)
    tile = ramp((canvas.width + canvas.height * 2, 1), 0, 0)
    stripe = bytes(255 if i % gap < gap * 0.22 else 0 for i in range(tile.width))
    row = Image.frombytes("L", (tile.width, 1), stripe)
    slant = (1.0, -0.55, 0.25)[direction]
    shift = 0.0 if slant >= 0 else -slant * canvas.height
    sheet = row.resize((tile.width, canvas.height))
    return sheet.transform(canvas.size, Image.Transform.AFFINE, (1, slant, shift, 0, 1, 0), Image.Resampling.BICUBIC)


def _contours(picture: Image.Image, radius: float, gain: float) -> Image.Image:
    """Dark sides of edges as a mask: what a pen would draw."""
    radius = max(0.6, radius)
    fine = picture.filter(ImageFilter.GaussianBlur(radius))
    coarse = picture.filter(ImageFilter.GaussianBlur(radius * 2.4))
    bands = ImageChops.subtract(coarse, fine).split()
    edge = ImageChops.lighter(ImageChops.lighter(bands[0], bands[1]), bands[2])
    return edge.point(curve(lambda v: (v - 0.012) * gain * 4))


def _simplified(picture: Image.Image, shrink: int, window: int) -> Image.Image:
    """Small detail melted into patches."""
    if min(picture.size) < shrink * window * 2:
        return picture
    small = picture.reduce(shrink).filter(ImageFilter.MedianFilter(window))
    return small.resize(picture.size, Image.Resampling.BICUBIC)


def cartoon(canvas: Canvas, scene: Scene) -> None:
    """Flat tones with an inked outline."""
    flat = ImageEnhance.Color(_simplified(canvas.image, 2, 5)).enhance(1.35)
    few = flat.quantize(26, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).convert("RGB")
    few = few.filter(ImageFilter.GaussianBlur(canvas.unit / 1400))
    rims = _contours(canvas.image, canvas.unit / 620, 4.2)
    outline = canvas.cutout.filter(ImageFilter.FIND_EDGES).filter(ImageFilter.MaxFilter(3 if canvas.unit < 700 else 5))
    few.paste((26, 22, 38), (0, 0), ImageChops.lighter(rims, outline.filter(ImageFilter.GaussianBlur(0.8))))
    canvas.image = ImageEnhance.Contrast(few).enhance(1.06)


def photo(canvas: Canvas, scene: Scene) -> None:
    """A lens: what lies behind the subject out of focus, tones with a film's shoulder."""
    image = canvas.image.filter(ImageFilter.UnsharpMask(canvas.unit / 60, 34, 2))
    if canvas.cutout.getbbox() is not None:
        distant = image.filter(ImageFilter.GaussianBlur(canvas.unit / 130))
        sharp = canvas.cutout.filter(ImageFilter.MaxFilter(3)).filter(ImageFilter.GaussianBlur(canvas.unit / 700))
        image = Image.composite(image, distant, sharp)
    shoulder = curve(lambda v: v * v * (3 - 2 * v) * 0.45 + v * 0.55)
    warm = [curve(lambda v: v**0.96), curve(lambda v: v), curve(lambda v: v**1.05)]
    canvas.image = image.point(shoulder * 3).point(warm[0] + warm[1] + warm[2])


def anime(canvas: Canvas, scene: Scene) -> None:
    """Clear, saturated tones with fine lines, and light that floods from one side."""
    flat = ImageEnhance.Color(_simplified(canvas.image, 2, 3)).enhance(1.5)
    flat = Image.blend(flat, canvas.image, 0.25).point(curve(lambda v: v**0.86) * 3)
    flat.paste(
        mix((42, 30, 70), scene.palette.sky[0], 0.4),
        (0, 0),
        faded(_contours(canvas.image, canvas.unit / 900, 3.2), 0.8),
    )
    bright = flat.reduce(4).point(curve(lambda v: max(0.0, v - 0.5) * 1.5) * 3) if canvas.unit >= 64 else flat
    soft = bright.filter(ImageFilter.GaussianBlur(canvas.unit / 120)).resize(canvas.size, Image.Resampling.BILINEAR)
    canvas.image = Image.blend(flat, ImageChops.screen(flat, soft), 0.6)
    side = 0.0 if scene.focus > 0.5 else 1.0
    canvas.glow(canvas.width * side, 0.0, canvas.unit * 1.1, mix(scene.palette.key, (255, 240, 250), 0.4), 0.4, 1.6)


def clay(canvas: Canvas, scene: Scene) -> None:
    """A model under soft boxes: rounded edges, deep contact shadows, a shallow field of focus."""
    smooth = ImageEnhance.Color(_simplified(canvas.image, 2, 3)).enhance(1.3)
    height = smooth.convert("L").filter(ImageFilter.GaussianBlur(canvas.unit / 220))
    bump = relief(height, -max(1, canvas.unit // 300), -max(1, canvas.unit // 300), 1.6)
    lit = ImageChops.add(smooth, Image.merge("RGB", [bump] * 3), 1, -128)
    around = canvas.cutout.filter(ImageFilter.BoxBlur(canvas.unit / 30))
    lit.paste((20, 14, 40), (0, 0), faded(ImageChops.subtract(around, canvas.cutout), 0.42))
    band = ramp((canvas.width, 256)).resize(canvas.size).point(curve(lambda v: (abs(v - 0.58) - 0.26) * 3.4))
    distant = lit.filter(ImageFilter.GaussianBlur(canvas.unit / 170))
    canvas.image = Image.composite(distant, lit, ImageChops.subtract(band, canvas.cutout))
    canvas.glow(canvas.width * 0.2, canvas.height * 0.05, canvas.unit * 0.9, (255, 244, 226), 0.3, 1.8)


def vignette(size: tuple[int, int]) -> Image.Image:
    """A soft oval, 255 in the middle: the outline of a transparent picture without a subject."""
    return halo(size, 1.0).point(above(0.04, 6))


# Each with its measured cost, in the unit of the other steps: progress is to be honest.
STYLES: MappingProxyType[str, tuple[float, Step]] = MappingProxyType({
    "watercolor": (800.0, watercolor),
    "oil": (850.0, paint_oil),
    "pixel": (80.0, pixel_art),
    "line": (700.0, line_art),
    "cartoon": (950.0, cartoon),
    "photo": (300.0, photo),
    "anime": (500.0, anime),
    "3d": (600.0, clay),
    "isometric": (130.0, isometric),
})  # fmt: skip
