"""What is known of each subject before it is drawn: where it stands, how large, and where it is at home."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Stock:
    """`place` says how it is set into a scene, `size` its height as a share of the shorter side."""

    place: str
    size: float
    ground: str
    reach: float = 0.5  # half its width, in units of its height


STOCK: dict[str, Stock] = {
    "lighthouse": Stock("shore", 0.58, "sea", 0.45),
    "boat": Stock("water", 0.46, "sea", 0.5),
    "island": Stock("water", 0.3, "sea", 1.0),
    "whale": Stock("water", 0.26, "sea", 1.0),
    "house": Stock("land", 0.36, "meadow", 0.7),
    "castle": Stock("land", 0.5, "meadow", 0.9),
    "windmill": Stock("land", 0.5, "meadow", 0.4),
    "temple": Stock("land", 0.52, "meadow", 0.5),
    "bridge": Stock("span", 0.36, "sea", 1.5),
    "car": Stock("land", 0.24, "road", 1.2),
    "rocket": Stock("rising", 0.56, "desert", 0.3),
    "balloon": Stock("air", 0.42, "meadow", 0.4),
    "robot": Stock("land", 0.6, "meadow", 0.4),
    "person": Stock("land", 0.46, "meadow", 0.3),
    "astronaut": Stock("land", 0.56, "space", 0.4),
    "portrait": Stock("bust", 0.86, "studio", 0.5),
    "tree": Stock("land", 0.62, "meadow", 0.5),
    "palm": Stock("land", 0.6, "desert", 0.5),
    "flower": Stock("land", 0.6, "meadow", 0.3),
    "mushroom": Stock("land", 0.42, "meadow", 0.5),
    "cactus": Stock("land", 0.5, "desert", 0.4),
    "fox": Stock("land", 0.5, "meadow", 0.85),
    "wolf": Stock("land", 0.52, "snow", 0.85),
    "cat": Stock("land", 0.5, "room", 0.5),
    "dog": Stock("land", 0.5, "meadow", 0.5),
    "rabbit": Stock("land", 0.42, "meadow", 0.5),
    "owl": Stock("land", 0.5, "meadow", 0.4),
    "horse": Stock("land", 0.5, "meadow", 0.6),
    "unicorn": Stock("land", 0.52, "meadow", 0.6),
    "deer": Stock("land", 0.54, "meadow", 0.6),
    "bird": Stock("air", 0.26, "sea", 0.9),
    "fish": Stock("deep", 0.26, "deep", 0.9),
    "butterfly": Stock("air", 0.3, "meadow", 0.6),
    "dragon": Stock("air", 0.48, "meadow", 1.2),
    "fruit": Stock("table", 0.5, "table", 0.7),
    "teapot": Stock("table", 0.4, "table", 1.5),
    "cup": Stock("table", 0.36, "table", 0.6),
    "vase": Stock("table", 0.66, "table", 0.4),
    "books": Stock("table", 0.46, "table", 0.6),
    "candle": Stock("table", 0.5, "table", 0.3),
}
