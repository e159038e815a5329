"""Paints a prompt step by step, far things first, and shows the picture after every step."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from PIL import Image, ImageDraw, ImageFont

from core.providers.demo import abstract, beyond, ground, indoors, light, sky, terrain
from core.providers.demo.canvas import Canvas
from core.providers.demo.palette import mix
from core.providers.demo.scene import Scene, compose
from core.providers.demo.staging import paint_figure
from core.providers.demo.stock import STOCK
from core.providers.demo.styles import STYLES, vignette

# Fewer pixels than this on a side are painted larger and reduced: a brush needs some room.
SMALLEST = 48

Step = Callable[[Canvas, Scene], None]


@dataclass(frozen=True, slots=True)
class Stage:
    """The picture so far (RGB, or RGBA if transparent) and the true share of the work behind it."""

    fraction: float
    image: Image.Image


def paint(
    prompt: str, width: int, height: int, *, style: str | None = None, seed: int | None = None,
    variation: int = 0, transparent: bool = False,
) -> Iterator[Stage]:  # fmt: skip
    """Stages of one picture; the last has fraction 1.0.

    The same arguments give the same pixels everywhere. Any text is painted; ValueError if a side
    is not positive. Takes about a second for a megapixel: meant for a worker thread.
    """
    if width < 1 or height < 1:
        raise ValueError("A picture needs a width and a height of at least one pixel.")
    scene = compose(prompt, style=style, seed=seed, variation=variation)
    canvas = Canvas(
        max(width, SMALLEST), max(height, SMALLEST), mix(scene.palette.haze, scene.palette.land, 0.5), transparent
    )
    steps = _steps(scene, transparent)
    total, done = sum(cost for cost, _ in steps), 0.0
    for i, (cost, step) in enumerate(steps):
        step(canvas, scene)
        done += cost
        fraction = 1.0 if i == len(steps) - 1 else done / total
        yield Stage(fraction, _shown(canvas, (width, height), transparent))


def _steps(scene: Scene, transparent: bool) -> list[tuple[float, Step]]:
    """The work in order, each step with its measured cost; only their ratio counts."""
    figures = [(130.0, _figure(i)) for i in _far_to_near(scene)]
    if scene.style == "abstract":
        return [
            *_abstract(transparent and bool(figures)),
            *figures,
            (50.0, abstract.paint_surface),
            (65.0, light.paint_finish),
        ]
    finish: list[tuple[float, Step]] = [(90.0, light.paint_atmosphere)]
    if scene.style is not None and scene.style in STYLES:
        finish.append(STYLES[scene.style])
    finish.append((65.0, light.paint_finish))
    if transparent and figures:
        return [*figures, *finish[1:]]
    return [*_background(scene), *figures, *finish]


def _far_to_near(scene: Scene) -> list[int]:
    """What flies is in front of what stands, and the main subject in front of the others."""
    order = range(len(scene.figures) - 1, -1, -1)
    return sorted(order, key=lambda i: STOCK[scene.figures[i].name].place in {"air", "rising"})


def _abstract(bare: bool) -> list[tuple[float, Step]]:
    shapes: list[tuple[float, Step]] = [
        (110.0, abstract.paint_ground), (200.0, abstract.paint_planes),
        (70.0, abstract.paint_discs), (60.0, abstract.paint_lines),
    ]  # fmt: skip
    return [] if bare else shapes


def _background(scene: Scene) -> list[tuple[float, Step]]:
    indoor: list[tuple[float, Step]] = [(60.0, indoors.paint_wall), (110.0, indoors.paint_furniture)]
    special: dict[str, list[tuple[float, Step]]] = {
        "room": indoor,
        "table": indoor,
        "studio": [(120.0, indoors.paint_studio)],
        "space": [(190.0, beyond.paint_space), (90.0, beyond.paint_planets)],
        "deep": [(60.0, beyond.paint_deep), (120.0, beyond.paint_reef)],
    }
    if scene.ground in special:
        return special[scene.ground]
    steps: list[tuple[float, Step]] = [(15.0, sky.paint_air), (60.0, sky.paint_lights)]
    if "clouds" in scene.sky:
        steps.append((70.0, sky.paint_clouds))
    if scene.weather == "storm":
        steps.append((30.0, sky.paint_lightning))
    return [*steps, (90.0, terrain.paint_distance), (110.0, ground.paint_ground)]


def _figure(index: int) -> Step:
    def step(canvas: Canvas, scene: Scene) -> None:
        paint_figure(canvas, scene, index)

    return step


def _shown(canvas: Canvas, size: tuple[int, int], transparent: bool) -> Image.Image:
    picture = canvas.image.copy()
    if transparent:
        cut = canvas.cutout if canvas.cutout.getbbox() else vignette(canvas.size)
        picture.putalpha(cut)
    if picture.size != size:
        picture = picture.resize(size, Image.Resampling.BOX)
    _watermark(picture)
    return picture


def _watermark(picture: Image.Image) -> None:
    """The word "demo" in the lower right corner, legible on light and dark."""
    unit = min(picture.size)
    if unit < 32:
        return
    font = ImageFont.load_default(max(9, unit // 42))
    sheet = Image.new("RGBA", picture.size)
    draw = ImageDraw.Draw(sheet)
    x, y = picture.width - unit // 50, picture.height - unit // 60
    for offset, colour in ((max(1, unit // 700), (0, 0, 0, 90)), (0, (255, 255, 255, 170))):
        draw.text((x + offset, y + offset), "demo", font=font, fill=colour, anchor="rs")
    if picture.mode == "RGBA":
        picture.alpha_composite(sheet)
    else:
        picture.paste(sheet, (0, 0), sheet)
