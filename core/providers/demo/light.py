"""What lies over the whole picture at the end: weather in front, bloom, vignette and grain."""

from __future__ import annotations

from PIL import Image, ImageChops, ImageEnhance, ImageFilter, ImageOps

from core.providers.demo.canvas import Canvas
from core.providers.demo.geometry import Outline, ellipse
from core.providers.demo.palette import mix
from core.providers.demo.scene import Scene
from core.providers.demo.terrain import lit
from core.providers.demo.texture import above, curve, faded, fractal, grain, halo, ramp


def paint_atmosphere(canvas: Canvas, scene: Scene) -> None:
    if scene.has_sky:
        fronts = {"rain": _rain, "storm": _rain, "snow": _snowfall, "fog": _fog}
        if scene.weather in fronts:
            fronts[scene.weather](canvas, scene)
    _bloom(canvas)


def _rain(canvas: Canvas, scene: Scene) -> None:
    dice = scene.dice("rain")
    hard = scene.weather == "storm"
    slant = dice.choice([-1, 1]) * (0.4 if hard else 0.16)
    for tall, opacity in ((0.03, 0.2), (0.055, 0.26), (0.09, 0.2)):
        drops: list[Outline] = []
        for _ in range(260 if hard else 170):
            x, y = dice.uniform(-0.1, 1.1) * canvas.width, dice.uniform(-0.1, 1.0) * canvas.height
            long = canvas.unit * tall * dice.uniform(0.6, 1.3)
            half = canvas.unit * 0.0003 + long * 0.006
            drops.append(
                [(x - half, y), (x + half, y), (x + slant * long + half, y + long), (x + slant * long - half, y + long)]
            )
        canvas.fill(drops, mix(scene.palette.haze, (235, 242, 250), 0.6), opacity)


def _snowfall(canvas: Canvas, scene: Scene) -> None:
    dice = scene.dice("flakes")
    for radius, many, opacity, blur in ((0.0016, 330, 0.75, 0.0), (0.0034, 130, 0.8, 0.0007), (0.009, 26, 0.5, 0.004)):
        flakes = [
            ellipse(
                dice.random() * canvas.width,
                dice.random() * canvas.height,
                canvas.unit * radius * dice.uniform(0.5, 1.3),
            )
            for _ in range(many)
        ]
        canvas.fill(flakes, lit(scene, (252, 253, 255), 0.1), opacity, blur * canvas.unit)


def _fog(canvas: Canvas, scene: Scene) -> None:
    dice = scene.dice("fog")
    field = fractal(canvas.size, dice, canvas.unit * 0.45, stretch=3.2, octaves=4)
    band = ramp((canvas.width, 256), 0, 255).resize(canvas.size)
    middle = band.point(curve(lambda v: max(0.0, 1 - abs(v - scene.horizon) * 3.2)))
    veil = ImageChops.multiply(field.point(above(0.3, 2)), middle)
    canvas.shade(faded(veil, 0.7), scene.palette.haze)


def _bloom(canvas: Canvas) -> None:
    """Bright places shine a little over their edges."""
    k = 4 if canvas.unit >= 64 else 1
    small = canvas.image.reduce(k)
    bright = small.point(curve(lambda v: max(0.0, v - 0.66) * 1.3) * 3)
    soft = bright.filter(ImageFilter.GaussianBlur(canvas.unit / 40 / k)).resize(canvas.size, Image.Resampling.BILINEAR)
    canvas.image = ImageChops.screen(canvas.image, soft)


def paint_finish(canvas: Canvas, scene: Scene) -> None:
    """Contrast, vignette and, unless the style has a surface of its own, grain."""
    if scene.style in {"line", "pixel", "isometric"}:
        return
    canvas.image = ImageEnhance.Color(canvas.image).enhance(1.1)
    if scene.style == "watercolor":
        return
    wide = (round(canvas.width * 1.5), round(canvas.height * 1.5))
    corner = ImageOps.invert(halo(wide, 0.7)).point(above(0.45, 0.9))
    left, top = (wide[0] - canvas.width) // 2, (wide[1] - canvas.height) // 2
    canvas.shade(corner.crop((left, top, left + canvas.width, top + canvas.height)), (10, 8, 22))
    if scene.style not in {"cartoon", "anime", "3d"}:
        noise = grain(canvas.size, scene.dice("grain"), 7.0 if scene.style == "photo" else 5.0)
        canvas.image = ImageChops.add(canvas.image, Image.merge("RGB", [noise] * 3), 1, -128)
