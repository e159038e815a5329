"""The demo as an image provider: it draws in a thread of this machine, needs no key and costs nothing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing
from io import BytesIO

from PIL import Image

from core import imaging
from core.errors import Fault, ProviderError
from core.ports import Fraction, ImageProvider, Made, Partial, ProviderCall, ProviderEvent
from core.providers.demo.paint import Stage, paint

PARTIALS = 3
"""As many previews as the real models send."""

AT_ONCE = 2
"""Pictures drawn at the same time: more threads than cores would only slow the rest down."""


class DemoProvider(ImageProvider):
    """The same prompt, options and seed give the same picture, byte for byte."""

    name = "demo"

    def __init__(self) -> None:
        self._brushes = asyncio.Semaphore(AT_ONCE)

    async def generate(self, call: ProviderCall) -> AsyncGenerator[ProviderEvent, None]:
        for position in range(call.options.count):
            async with aclosing(self._draw(call, position)) as events:
                async for event in events:
                    yield event

    async def check(self, model: str) -> str:
        return "the demo draws offline and needs no key"

    async def close(self) -> None:
        """Nothing is held open."""

    async def _draw(self, call: ProviderCall, position: int) -> AsyncGenerator[ProviderEvent, None]:
        stages = _stages(call, position)
        shown = 0
        while True:
            async with self._brushes:
                stage = await asyncio.to_thread(next, stages, None)
            if stage is None:
                raise ProviderError(Fault.INTERNAL, "the painter stopped before its picture was done")
            if stage.fraction >= 1.0:
                break
            yield Fraction((position + stage.fraction) / call.options.count)
            if stage.fraction * (PARTIALS + 1) >= shown + 1:
                shown += 1
                data = await asyncio.to_thread(_encoded, stage.image.convert("RGB"), "JPEG")
                yield Partial(position, shown, PARTIALS, data)
        data = await asyncio.to_thread(_encoded, stage.image, "PNG")
        yield Made(position=position, data=data, base64=imaging.encode(data), metadata={"model": "demo"})


def _stages(call: ProviderCall, position: int) -> Iterator[Stage]:
    options = call.options
    return paint(
        call.prompt,
        options.width,
        options.height,
        style=options.style,
        seed=options.seed,
        variation=position,
        transparent=options.background == "transparent",
    )


def _encoded(picture: Image.Image, kind: str) -> bytes:
    file = BytesIO()
    picture.save(file, kind, compress_level=1) if kind == "PNG" else picture.save(file, kind, quality=80)
    return file.getvalue()
