"""Every subject that can be drawn, by the name that the vocabulary gives it."""

from __future__ import annotations

from collections.abc import Callable
from types import MappingProxyType

from core.providers.demo.pen import Pen
from core.providers.demo.subjects import (
    beasts,
    buildings,
    dragons,
    hooves,
    machines,
    people,
    plants,
    still,
    vessels,
    wings,
)

DRAWINGS: MappingProxyType[str, Callable[[Pen], None]] = MappingProxyType({
    "lighthouse": buildings.lighthouse,
    "house": buildings.house,
    "castle": buildings.castle,
    "windmill": buildings.windmill,
    "temple": buildings.temple,
    "bridge": buildings.bridge,
    "boat": vessels.boat,
    "island": vessels.island,
    "whale": vessels.whale,
    "fish": vessels.fish,
    "car": machines.car,
    "rocket": machines.rocket,
    "balloon": machines.balloon,
    "robot": machines.robot,
    "person": people.person,
    "astronaut": people.astronaut,
    "portrait": people.portrait,
    "tree": plants.tree,
    "palm": plants.palm,
    "flower": plants.flower,
    "mushroom": plants.mushroom,
    "cactus": plants.cactus,
    "fox": beasts.fox,
    "wolf": beasts.wolf,
    "cat": beasts.cat,
    "dog": beasts.dog,
    "rabbit": beasts.rabbit,
    "horse": hooves.horse,
    "unicorn": hooves.unicorn,
    "deer": hooves.deer,
    "bird": wings.bird,
    "owl": wings.owl,
    "butterfly": wings.butterfly,
    "dragon": dragons.dragon,
    "fruit": still.fruit,
    "teapot": still.teapot,
    "cup": still.cup,
    "vase": still.vase,
    "books": still.books,
    "candle": still.candle,
})  # fmt: skip
