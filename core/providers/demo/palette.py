"""Colours: mixing them, and the set of them that an hour, a weather and a prompt ask for."""

from __future__ import annotations

import colorsys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random

Colour = tuple[int, int, int]
Sky = tuple[Colour, Colour, Colour, Colour]


@dataclass(frozen=True, slots=True)
class Palette:
    """The light of a scene. `sky` runs from zenith to horizon; `ambient` multiplies local colours."""

    sky: Sky
    haze: Colour
    key: Colour
    ambient: tuple[float, float, float]
    land: Colour
    accent: Colour
    darkness: float


def mix(a: Colour, b: Colour, t: float) -> Colour:
    t = min(max(t, 0.0), 1.0)
    return (
        round(a[0] + (b[0] - a[0]) * t),
        round(a[1] + (b[1] - a[1]) * t),
        round(a[2] + (b[2] - a[2]) * t),
    )


def tint(colour: Colour, by: tuple[float, float, float]) -> Colour:
    """The colour multiplied channel by channel, as light of that colour would show it."""
    r, g, b = (min(255, round(channel * k)) for channel, k in zip(colour, by, strict=True))
    return r, g, b


def dim(colour: Colour, k: float) -> Colour:
    return tint(colour, (k, k, k))


def turn(colour: Colour, hue: float, saturation: float = 1.0) -> Colour:
    """The colour moved by `hue` (share of a full circle), with its saturation multiplied."""
    h, s, v = colorsys.rgb_to_hsv(*(channel / 255 for channel in colour))
    r, g, b = colorsys.hsv_to_rgb((h + hue) % 1.0, min(1.0, s * saturation), v)
    return round(r * 255), round(g * 255), round(b * 255)


def hexed(code: str) -> Colour:
    return int(code[0:2], 16), int(code[2:4], 16), int(code[4:6], 16)


def _hour(sky: str, key: str, ambient: str, land: str, darkness: float) -> Palette:
    zenith, upper, lower, horizon = (hexed(code) for code in sky.split())
    r, g, b = (channel / 255 for channel in hexed(ambient))
    return Palette(
        sky=(zenith, upper, lower, horizon),
        haze=mix(horizon, lower, 0.35),
        key=hexed(key),
        ambient=(r, g, b),
        land=hexed(land),
        accent=mix(horizon, hexed(key), 0.5),
        darkness=darkness,
    )


HOURS: dict[str, tuple[Palette, ...]] = {
    "dawn": (
        _hour("41548c 8b83b4 eaaea4 fde0b0", "ffdcae", "d8c0c4", "6f7f5c", 0.25),
        _hour("2f5a86 6fa0b8 e6c3ae ffe9c4", "ffe6bc", "d4c8c4", "738a66", 0.22),
        _hour("4b4680 a3749e f0a08e ffd39a", "ffcf9c", "d6b4b4", "756f58", 0.28),
    ),
    "day": (
        _hour("2a6cbc 5f9fdc a9d3ee e2f1f5", "fff6e0", "fffcf4", "7fa054", 0.0),
        _hour("1f7fae 58b2cf a6dde0 f1f4dd", "fff3cf", "fffaf0", "88a650", 0.0),
        _hour("3a62b4 7c9fe0 bfd2f2 f3efe6", "fff1d8", "fff8f4", "769a62", 0.0),
    ),
    "sunset": (
        _hour("2b2f63 7c4686 e8706a ffb861", "ffb46a", "c09092", "5f5a48", 0.38),
        _hour("1f3a6a 5a5f94 ee8a5a ffd070", "ffc070", "c09a88", "5c5e44", 0.36),
        _hour("4a1f56 a83a6e f5694f ffc25a", "ffa860", "bc8484", "604c44", 0.38),
    ),
    "dusk": (
        _hour("131c44 353f7e 84609a e09c92", "f0b0a0", "8480a8", "434a58", 0.58),
        _hour("0e2546 23507a 6d86a8 e8b49c", "f2c0a4", "7c8aac", "3f5258", 0.55),
        _hour("221544 553279 a2568f ee9a86", "f4a896", "8a76a4", "484460", 0.58),
    ),
    "night": (
        _hour("040a1c 0a1736 142e58 2a527c", "bed4ff", "667aac", "26364a", 0.85),
        _hour("03101a 072430 0e4450 226c70", "c0efe6", "608a96", "203c40", 0.84),
        _hour("0a0620 1a1040 34205e 563a7c", "d4c8ff", "766aac", "2c2a4c", 0.85),
    ),
}


# Where the hour outside doesn't rule: the light on things, and how dark it makes the place.
LAMPS: dict[str, tuple[Colour, tuple[float, float, float], float]] = {
    "lamp": ((255, 228, 184), (1.0, 0.93, 0.86), 0.5),
    "water": ((226, 255, 246), (0.82, 0.98, 1.0), 0.6),
    "star": ((255, 246, 230), (0.94, 0.94, 1.0), 1.0),
}


def palette_for(hour: str, weather: str, colours: Sequence[Colour], mood: Random, lamp: str = "") -> Palette:
    """The palette of an hour under a weather, pulled towards the colours that the prompt names."""
    chosen = HOURS[hour][mood.randrange(len(HOURS[hour]))]
    drift = mood.uniform(-0.018, 0.018)
    zenith, upper, lower, horizon = chosen.sky
    sky = (turn(zenith, drift), turn(upper, drift), turn(lower, drift), turn(horizon, drift))
    outside = _coloured(_weathered(replace(chosen, sky=sky), weather), colours)
    if lamp not in LAMPS:
        return outside
    key, ambient, share = LAMPS[lamp]
    level = 1.0 - 0.22 * outside.darkness
    r, g, b = (k * level for k in ambient)
    return replace(outside, key=mix(key, outside.key, 0.2), ambient=(r, g, b), darkness=outside.darkness * share)


WEATHERS: dict[str, tuple[Colour, float, float]] = {
    "storm": (hexed("47545e"), 0.62, 0.62),
    "rain": (hexed("78858f"), 0.5, 0.86),
    "snow": (hexed("bcc8d6"), 0.38, 1.0),
    "fog": (hexed("c6ccd0"), 0.5, 0.98),
    "cloudy": (hexed("93a0ac"), 0.28, 0.95),
}


def _weathered(palette: Palette, weather: str) -> Palette:
    if weather not in WEATHERS:
        return palette
    veil, share, level = WEATHERS[weather]
    # The veil is lit by the same hour: a night's fog is dark too.
    grey = sum(palette.ambient) / 3
    cast = (grey * 0.92, grey, grey * 1.06) if weather in {"storm", "rain"} else palette.ambient
    veil = tint(veil, cast)
    zenith, upper, lower, horizon = (dim(mix(c, veil, share), level) for c in palette.sky)
    r, g, b = palette.ambient
    return replace(
        palette,
        sky=(zenith, upper, lower, horizon),
        haze=dim(mix(palette.haze, veil, share), level),
        key=mix(palette.key, veil, share * 0.5),
        ambient=(r * (level + 1) / 2, g * (level + 1) / 2, b * (level + 1) / 2),
        land=mix(palette.land, veil, share * 0.4),
        darkness=max(palette.darkness, 0.35 if weather == "storm" else 0.0),
    )


def _coloured(palette: Palette, colours: Sequence[Colour]) -> Palette:
    if not colours:
        return palette
    first, last = colours[0], colours[-1]
    level = 1.0 - 0.72 * palette.darkness
    zenith, upper, lower, horizon = palette.sky
    strong, weak = dim(first, level), dim(mix(last, (255, 255, 255), 0.25), min(1.0, level + 0.2))
    return replace(
        palette,
        sky=(mix(zenith, dim(strong, 0.6), 0.55), mix(upper, strong, 0.55),
             mix(lower, mix(strong, weak, 0.6), 0.5), mix(horizon, weak, 0.5)),
        haze=mix(palette.haze, mix(strong, weak, 0.7), 0.5),
        key=mix(palette.key, last, 0.3),
        land=mix(palette.land, dim(first, 0.7), 0.42),
        accent=last,
    )  # fmt: skip
