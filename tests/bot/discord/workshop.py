"""A studio on the ports in memory, and the worker's part of it played by a test."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from core import imaging
from core.accounts import Accounts
from core.catalogue import Catalogue, load_catalogue
from core.clock import now
from core.delivering import Delivering
from core.errors import Fault
from core.gallery import Gallery
from core.generation import Generation, Picture, Progress, Stage, Status
from core.requesting import Requesting
from core.studio import Studio
from core.styles import load_styles
from tests.bot.discord.ports_in_memory import InMemorySignals, InMemoryStore, SilentDoorbell


@dataclass
class Workshop:
    """`studio()` makes one bot process's studio; all of them share the store, the signals and the doorbell."""

    store: InMemoryStore = field(default_factory=InMemoryStore)
    signals: InMemorySignals = field(default_factory=InMemorySignals)
    doorbell: SilentDoorbell = field(default_factory=SilentDoorbell)
    catalogue: Catalogue = field(default_factory=load_catalogue)

    def studio(self, instance: str = "one", *, max_upload_bytes: int = 1_000_000) -> Studio:
        styles = load_styles()
        gallery = Gallery(self.store, self.store)
        return Studio(
            catalogue=self.catalogue,
            styles=styles,
            requesting=Requesting(
                self.store,
                self.store,
                self.doorbell,
                self.signals,
                self.catalogue,
                styles,
                instance=instance,
            ),
            delivering=Delivering(
                deliveries=self.store, requests=self.store, gallery=gallery, signals=self.signals, instance=instance
            ),
            gallery=gallery,
            accounts=Accounts(self.store),
            signals=self.signals,
            max_upload_bytes=max_upload_bytes,
            quality=90,
        )

    @property
    def requests(self) -> list[Generation]:
        """All that were accepted, in order."""
        return list(self.store.generations.values())

    async def progress(
        self, generation: Generation, percent: int, preview: bytes | None = None, index: int = 0
    ) -> None:
        """The worker says how far it is; the first time, that it has begun."""
        if self.store.generations[generation.id].status is Status.QUEUED:
            self.store.change(generation.id, status=Status.RUNNING)
        news = Progress(generation.id, percent, Stage.GENERATING, percent, 12, preview, index)
        await self.signals.publish(news)

    async def finish(self, generation: Generation, pictures: Sequence[bytes], cost_micro: int = 13_000) -> None:
        """The worker stores the pictures and says so."""
        for position, data in enumerate(pictures):
            self._store(generation, position, data)
        self.store.change(
            generation.id, status=Status.FINISHED, cost_micro=cost_micro, generation_time_ms=8_200, finished_at=now()
        )
        await self.signals.settled(generation.id)

    async def fail(self, generation: Generation, fault: Fault, detail: str = "") -> None:
        self.store.change(generation.id, status=Status.FAILED, fault=fault, fault_detail=detail)
        await self.signals.settled(generation.id)

    async def cancel(self, generation: Generation) -> None:
        """The worker has seen the wish to stop."""
        self.store.change(generation.id, status=Status.CANCELLED)
        await self.signals.settled(generation.id)

    def picture_ids(self, generation: Generation) -> list[UUID]:
        return [picture.id for picture in self.store.made[generation.id]]

    def _store(self, generation: Generation, position: int, data: bytes) -> None:
        facts = imaging.inspect(data, max_bytes=100_000_000)
        picture = Picture(
            id=uuid4(),
            generation_id=generation.id,
            user_id=generation.user_id,
            position=position,
            prompt=generation.prompt,
            revised_prompt=None,
            media_type=facts.media_type,
            width=facts.width,
            height=facts.height,
            byte_count=len(data),
            cost_micro=0,
            created_at=now(),
        )
        self.store.made[generation.id].append(picture)
        self.store.files[picture.id] = data
