"""The pen: draws a subject in its own units under the light of the scene."""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random

from core.providers.demo.canvas import Canvas
from core.providers.demo.geometry import Outline, ellipse, ribbon
from core.providers.demo.palette import Colour, Palette, dim, mix, tint


def seen_in(palette: Palette, colour: Colour, haze: float) -> Colour:
    """A thing's own colour as the light of a palette shows it through so much haze (0 to 1)."""
    return mix(tint(colour, palette.ambient), palette.haze, haze)


@dataclass(frozen=True, slots=True)
class Pen:
    """Places drawings on the canvas: x to the right and y up from the subject's foot, one unit high.

    `light` points towards the light in pixels' directions (y down); `haze` is how far away the
    subject is, from 0 to 1; `colour` is what the prompt asked it to be, if it did.
    """

    canvas: Canvas
    palette: Palette
    rng: Random
    x: float
    y: float
    size: float
    light: tuple[float, float]
    mirror: bool = False
    haze: float = 0.0
    colour: Colour | None = None
    traits: frozenset[str] = frozenset()

    def at(self, x: float, y: float, size: float = 1.0) -> Pen:
        """A pen for a part of the subject, in units of this one."""
        px, py = self.place(x, y)
        return replace(self, x=px, y=py, size=self.size * size)

    def place(self, x: float, y: float) -> tuple[float, float]:
        return self.x + (-x if self.mirror else x) * self.size, self.y - y * self.size

    def local(self, default: Colour) -> Colour:
        """The colour asked for in the prompt, or else the subject's own."""
        return default if self.colour is None else self.colour

    def seen(self, colour: Colour) -> Colour:
        """The colour as this hour's light and the air between let it appear."""
        return seen_in(self.palette, colour, self.haze)

    def form(self, *outlines: Outline, colour: Colour, depth: float = 0.3, gloss: float = 0.4) -> None:
        """A body with volume; `gloss` is how much of the light's own colour its lit side takes."""
        middle = self.seen(colour)
        cool = mix(dim(colour, 0.42), (40, 44, 84), 0.25)
        tones = (self.seen(cool), middle, mix(middle, self.palette.key, gloss * (1 - self.haze)))
        rim = 0.25 + 0.5 * self.palette.darkness
        self.canvas.form(self._placed(outlines), tones, self.light, depth, rim * (1 - self.haze))

    def flat(
        self, *outlines: Outline, colour: Colour, opacity: float = 1.0, blur: float = 0.0, lit: bool = True
    ) -> None:
        """Plain colour; `lit=False` for what shines by itself. `blur` in the subject's units."""
        shown = self.seen(colour) if lit else colour
        self.canvas.fill(self._placed(outlines), shown, opacity, blur * self.size)

    def line(self, *path: tuple[float, float], width: float, colour: Colour, lit: bool = True) -> None:
        self.flat(ribbon(path, width), colour=colour, lit=lit)

    def glow(self, x: float, y: float, radius: float, colour: Colour, strength: float = 1.0) -> None:
        px, py = self.place(x, y)
        self.canvas.glow(px, py, radius * self.size, colour, strength)

    def beam(self, x: float, y: float, dx: float, dy: float, spread: float, colour: Colour, strength: float) -> None:
        """A cone of light from a point, fading with its length."""
        for reach in (1.0, 0.66, 0.4, 0.2):
            end_x, end_y, half = x + dx * reach, y + dy * reach, spread * reach / 2
            cone = [
                self.place(x, y + 0.008),
                self.place(end_x, end_y + half),
                self.place(end_x, end_y - half),
                self.place(x, y - 0.008),
            ]
            self.canvas.shine(cone, colour, strength * 0.4, self.size * 0.012 + self.size * 0.02 * reach)

    def lamp(self, x: float, y: float, radius: float, colour: Colour) -> None:
        """A small shining thing, with a halo that grows with the darkness."""
        self.flat(ellipse(x, y, radius), colour=mix(colour, (255, 255, 255), 0.5), lit=False)
        self.glow(x, y, radius * (3 + 5 * self.palette.darkness), colour, 0.35 + 0.55 * self.palette.darkness)

    def pane(self, *outlines: Outline, warm: Colour = (255, 206, 120)) -> None:
        """Window glass: dark by day, lit from within by night."""
        dark = self.palette.darkness
        day = self.seen(mix((46, 58, 78), self.palette.sky[1], 0.3))
        self.flat(*outlines, colour=mix(day, warm, min(1.0, dark * 1.7)), lit=False)

    def _placed(self, outlines: tuple[Outline, ...]) -> list[Outline]:
        return [[self.place(x, y) for x, y in outline] for outline in outlines]
