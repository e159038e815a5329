"""The land far off: mountains, hills, dunes, woods, the sea or a city, each paler with distance."""

from __future__ import annotations

from itertools import pairwise
from random import Random

from PIL import Image, ImageChops, ImageOps

from core.providers.demo.canvas import Canvas
from core.providers.demo.geometry import Outline, box, ribbon
from core.providers.demo.palette import Colour, dim, mix
from core.providers.demo.pen import seen_in
from core.providers.demo.scene import Scene
from core.providers.demo.sky import orb_at
from core.providers.demo.skyline import paint_skyline
from core.providers.demo.texture import above, curve, fractal, gradient, ramp, relief


def profile(rng: Random, roughness: float, steps: int = 7) -> list[float]:
    """Heights about 0 of a random ridge, by displacing midpoints; 2 ** steps + 1 of them."""
    line = [rng.uniform(-0.5, 0.5), rng.uniform(-0.5, 0.5)]
    spread = 0.9
    for _ in range(steps):
        finer: list[float] = []
        for left, right in pairwise(line):
            finer += [left, (left + right) / 2 + rng.uniform(-0.5, 0.5) * spread]
        line = [*finer, line[-1]]
        spread *= roughness
    return line


def peaks(rng: Random, many: int) -> list[float]:
    """Heights like `profile`, but with summits: straight flanks between them, roughened."""
    tops: list[float] = []
    for _ in range(many):
        tops += [rng.uniform(0.0, 0.5), rng.uniform(-0.5, -0.1)]
    line = tops
    spread = 0.34
    for _ in range(6):
        finer: list[float] = []
        for left, right in pairwise(line):
            finer += [left, (left + right) / 2 + rng.uniform(-0.5, 0.5) * spread]
        line = [*finer, line[-1]]
        spread *= 0.5
    return line


def _outline(canvas: Canvas, heights: list[float], base: float, tall: float) -> Outline:
    last = len(heights) - 1
    crest = [(canvas.width * i / last, base - tall * (0.5 + h)) for i, h in enumerate(heights)]
    return [(-2.0, canvas.height * 1.0), (-2.0, crest[0][1]), *crest, (canvas.width + 2.0, crest[-1][1]),
            (canvas.width + 2.0, canvas.height * 1.0)]  # fmt: skip


def lit(scene: Scene, colour: Colour, haze: float) -> Colour:
    return seen_in(scene.palette, colour, haze)


def paint_distance(canvas: Canvas, scene: Scene) -> None:
    """The backdrop that the scene asks for, down to its horizon."""
    painters = {
        "mountains": _mountains,
        "hills": _hills,
        "dunes": _hills,
        "forest": _woods,
        "skyline": paint_skyline,
        "ocean": _ocean,
    }
    painter = painters.get(scene.backdrop)
    if painter is not None:
        painter(canvas, scene)
    _horizon_glow(canvas, scene)


def _horizon_glow(canvas: Canvas, scene: Scene) -> None:
    height = int(canvas.height * 0.2)
    top = int(canvas.height * scene.horizon) - int(height * 0.8)
    veil = ramp((canvas.width, height), 0, 255).point(curve(lambda v: 0.55 * v * v))
    canvas.shade(veil, scene.palette.haze, (0, top, canvas.width, top + height))


def _ocean(canvas: Canvas, scene: Scene) -> None:
    """The sea as seen from a beach: a band of water with surf along its near edge."""
    dice = scene.dice("ocean")
    top, foot = int(canvas.height * scene.horizon), int(canvas.height * (scene.horizon + 0.14))
    far, near = mix(scene.palette.sky[1], scene.palette.haze, 0.3), lit(scene, (70, 176, 186), 0.2)
    canvas.image.paste(gradient((canvas.width, foot - top), [far, mix(far, near, 0.4), near]), (0, top))
    for i in range(26):
        t = (i / 26) ** 1.5
        y = top + 2 + (foot - top) * 0.9 * t
        x, long = dice.random() * canvas.width, canvas.width * dice.uniform(0.06, 0.3) * (0.4 + t)
        wave = [(x - long, y), (x, y - canvas.unit * 0.002), (x + long, y)]
        canvas.fill([ribbon(wave, 0.4, canvas.unit * (0.001 + 0.004 * t), 0.4)], lit(scene, (240, 248, 250), 0.1), 0.7)


def _mountains(canvas: Canvas, scene: Scene) -> None:
    dice = scene.dice("mountains")
    base = canvas.height * (scene.horizon + 0.01)
    rock = fractal(canvas.size, dice, canvas.unit * 0.16, octaves=6)
    side = 1 if orb_at(canvas, scene)[0] > canvas.width / 2 else -1
    slopes = relief(rock, side * max(2, canvas.unit // 70), max(1, canvas.unit // 200), 3.6)
    for i, haze in enumerate((0.78, 0.58, 0.36)):
        tall = canvas.height * (0.62, 0.44, 0.24)[i] * scene.horizon * dice.uniform(0.9, 1.15)
        outline = _outline(canvas, peaks(dice, (3, 4, 5)[i]), base, tall)
        made = canvas.mask([outline])
        if made is None:
            continue
        mask, place = made
        stone = mix(scene.palette.land, (88, 92, 112), 0.6)
        face = _rocky(scene, slopes.crop(place), stone, haze)
        canvas.stamp(mask, place, face)
        if i < 2:
            cap = _rocky(scene, slopes.crop(place), (238, 242, 250), haze * 0.8)
            canvas.stamp(_snowline(mask, rock.crop(place), tall), place, cap)


def _rocky(scene: Scene, slopes: Image.Image, colour: Colour, haze: float) -> Image.Image:
    shade = lit(scene, mix(dim(colour, 0.5), (46, 58, 100), 0.35), haze)
    bright = mix(lit(scene, colour, haze), scene.palette.key, 0.42 * (1 - haze))
    return ImageOps.colorize(slopes, shade, bright, lit(scene, dim(colour, 0.82), haze), midpoint=128)


def _snowline(mask: Image.Image, rock: Image.Image, tall: float) -> Image.Image:
    reach = max(2, int(tall * 0.95))
    height = ramp((mask.width, reach), 255, 0)
    altitude = Image.new("L", mask.size, 0)
    altitude.paste(height, (0, 0))
    ragged = ImageChops.add(altitude, rock, 1, -128)
    return ImageChops.multiply(mask, ragged.point(above(0.42, 7)))


def _hills(canvas: Canvas, scene: Scene) -> None:
    dice = scene.dice("hills")
    base = canvas.height * (scene.horizon + 0.01)
    sand = scene.backdrop == "dunes"
    land: Colour = mix(scene.palette.land, (214, 160, 96), 0.8) if sand else scene.palette.land
    for i, haze in enumerate((0.76, 0.55, 0.34)):
        heights = profile(dice, 0.3 if sand else 0.36)
        outline = _outline(canvas, heights, base, canvas.height * (0.19 - 0.035 * i))
        slope_fill(canvas, scene, outline, land, haze)


def slope_fill(canvas: Canvas, scene: Scene, outline: Outline, land: Colour, haze: float) -> None:
    """A body of land, lit along its crest and sinking into the haze at its foot."""
    made = canvas.mask([outline])
    if made is None:
        return
    mask, place = made
    crest = mix(lit(scene, land, haze), scene.palette.key, 0.22 * (1 - haze))
    foot = lit(scene, dim(land, 0.72), min(1.0, haze + 0.16))
    blend = ramp(mask.size).point(curve(lambda v: v**0.6))
    canvas.stamp(mask, place, ImageOps.colorize(blend, crest, foot))


def _woods(canvas: Canvas, scene: Scene) -> None:
    """Rows of firs, the nearest dark, with mist between the rows."""
    dice = scene.dice("woods")
    base = canvas.height * (scene.horizon + 0.02)
    for haze, tall, many in ((0.72, 0.17, 46), (0.5, 0.24, 34), (0.26, 0.33, 24)):
        trees: list[Outline] = []
        for i in range(many):
            x = canvas.width * (i + dice.uniform(-0.5, 0.5)) / (many - 1)
            # The nearest row opens a clearing where the subject stands.
            gap = min(1.0, abs(x / canvas.width - scene.focus) * 3.2) if haze < 0.4 else 1.0
            trees.append(
                fir(
                    dice,
                    x,
                    base + canvas.height * 0.02,
                    canvas.height * tall * dice.uniform(0.6, 1.1) * (0.35 + 0.65 * gap),
                )
            )
        trees.append(box(-1, base, canvas.width + 1, canvas.height + 1))
        colour = mix(scene.palette.land, (30, 62, 48), 0.7)
        slope = lit(scene, colour, haze)
        canvas.fill(trees, slope)
        _mist(canvas, scene, base, canvas.height * tall * 0.6)


def _mist(canvas: Canvas, scene: Scene, base: float, tall: float) -> None:
    height = max(2, int(tall))
    veil = ramp((canvas.width, height), 0, 150)
    canvas.shade(veil, scene.palette.haze, (0, int(base) - height, canvas.width, int(base)))


def fir(rng: Random, x: float, y: float, tall: float) -> Outline:
    """A conifer's outline in pixels, with ragged tiers."""
    left: Outline = []
    right: Outline = []
    tiers = 7
    for i in range(tiers):
        t = (i + 1) / tiers
        reach = tall * 0.2 * t * rng.uniform(0.8, 1.15)
        top = y - tall * (1 - t * 0.94)
        left += [(x - reach, top), (x - reach * 0.5, top - tall * 0.022)]
        right += [(x + reach, top), (x + reach * 0.5, top - tall * 0.022)]
    trunk = tall * 0.025
    return [(x, y - tall), *left, (x - trunk, y), (x + trunk, y), *right[::-1]]
