"""A whole studio over the ports in memory, and a worker's part in it at a test's command."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from PIL import Image

from core.accounts import Accounts
from core.catalogue import load_catalogue
from core.delivering import Delivering
from core.errors import Fault
from core.gallery import Gallery
from core.generation import Generation, Picture, Progress, Stage, Status
from core.requesting import Requesting
from core.studio import Studio
from core.styles import load_styles
from tests.fakes.ports import (
    START,
    MemoryAccounts,
    MemoryDeliveries,
    MemoryDoorbell,
    MemoryImages,
    MemoryRequests,
    MemorySignals,
)

COST_MICRO = 13_170

COLOURS = "#35429b", "#d9952b", "#4a7c59", "#a33a2a"


@dataclass(slots=True)
class MemoryStudio:
    """`studio` is what an adapter is given; the rest is what a test moves."""

    requests_kind: type[MemoryRequests] = MemoryRequests

    accounts: MemoryAccounts = field(default_factory=MemoryAccounts)
    images: MemoryImages = field(default_factory=MemoryImages)
    signals: MemorySignals = field(default_factory=MemorySignals)
    doorbell: MemoryDoorbell = field(default_factory=MemoryDoorbell)
    deliveries: MemoryDeliveries = field(default_factory=MemoryDeliveries)
    requests: MemoryRequests = field(init=False)
    studio: Studio = field(init=False)

    def __post_init__(self) -> None:
        self.requests = self.requests_kind(self.accounts)
        catalogue, styles = load_catalogue(), load_styles()
        gallery = Gallery(self.images, self.accounts)
        self.studio = Studio(
            catalogue=catalogue,
            styles=styles,
            requesting=Requesting(self.requests, self.accounts, self.doorbell, self.signals, catalogue, styles),
            delivering=Delivering(
                deliveries=self.deliveries,
                requests=self.requests,
                gallery=gallery,
                signals=self.signals,
                instance="test",
            ),
            gallery=gallery,
            accounts=Accounts(self.accounts),
            signals=self.signals,
            max_upload_bytes=256 * 1024,
            quality=90,
        )

    async def work(self, generation_id: UUID, percent: int, sequence: int, **more: object) -> Progress:
        """The row runs, and this progress is published."""
        self.requests.change(generation_id, status=Status.RUNNING)
        progress = Progress(generation_id, sequence, Stage.GENERATING, percent, **more)  # type: ignore[arg-type]
        await self.signals.publish(progress)
        return progress

    async def finish(self, generation_id: UUID, revised_prompt: str | None = None) -> list[Picture]:
        """Pictures of one colour, as many and as large as were asked for."""
        generation = self.requests.generations[generation_id]
        pictures = [self._draw(generation, position, revised_prompt) for position in range(generation.options.count)]
        await self.settle(
            generation_id,
            Status.FINISHED,
            cost_micro=COST_MICRO * len(pictures),
            generation_time_ms=8_240,
            revised_prompt=revised_prompt,
        )
        return pictures

    async def fail(self, generation_id: UUID, fault: Fault) -> None:
        await self.settle(generation_id, Status.FAILED, fault=fault)

    async def settle(self, generation_id: UUID, status: Status, **more: object) -> None:
        self.requests.change(generation_id, status=status, **more)
        await self.signals.settled(generation_id)

    def _draw(self, generation: Generation, position: int, revised_prompt: str | None) -> Picture:
        options = generation.options
        data = picture_bytes("PNG", options.width, options.height, COLOURS[position])
        picture = Picture(
            id=uuid4(),
            generation_id=generation.id,
            user_id=generation.user_id,
            position=position,
            prompt=generation.prompt,
            revised_prompt=revised_prompt,
            media_type="image/png",
            width=options.width,
            height=options.height,
            byte_count=len(data),
            cost_micro=COST_MICRO,
            created_at=START,
        )
        self.images.add(picture, data, picture_bytes("WEBP", 256, 256, "#35429b"))
        return picture


def picture_bytes(kind: str, width: int = 32, height: int = 32, colour: str = "#d9952b") -> bytes:
    """A real picture of one colour."""
    into = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(into, kind)
    return into.getvalue()
