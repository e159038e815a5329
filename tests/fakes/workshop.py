"""Studios of several bot processes over one set of ports in memory, and the worker's part played by a test."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from core import imaging
from core.accounts import Accounts
from core.administering import Administering
from core.catalogue import Catalogue, load_catalogue
from core.clock import now
from core.delivering import Delivering
from core.errors import Fault
from core.gallery import Gallery
from core.generation import Generation, Options, Picture, Progress, Stage, Status
from core.house import House
from core.metering import Metering
from core.queueing import Queueing
from core.requesting import Requesting
from core.studio import Studio
from core.styles import Styles, load_styles
from tests.fakes import records
from tests.fakes.pictures import drawn
from tests.fakes.ports import (
    MemoryDeliveries,
    MemoryDoorbell,
    MemoryImages,
    MemoryLedger,
    MemoryPolicies,
    MemoryRequests,
    MemorySignals,
)

MAX_UPLOAD_BYTES = 256 * 1024

COLOURS = "#35429b", "#d9952b", "#4a7c59", "#a33a2a"


@dataclass(slots=True)
class Workshop:
    """`studio()` makes one process's studio; all of them share the rest."""

    store: MemoryRequests = field(default_factory=MemoryRequests)
    images: MemoryImages = field(default_factory=MemoryImages)
    signals: MemorySignals = field(default_factory=MemorySignals)
    doorbell: MemoryDoorbell = field(default_factory=MemoryDoorbell)
    catalogue: Catalogue = field(default_factory=load_catalogue)
    styles: Styles = field(default_factory=load_styles)
    policies: MemoryPolicies = field(default_factory=MemoryPolicies)
    """What admins laid down; `store.policies` is what requests are decided by."""
    ledger: MemoryLedger = field(default_factory=MemoryLedger)
    house: House = field(default_factory=lambda: House(catalogue=load_catalogue()))

    def studio(self, instance: str = "one", *, enabled: bool = True) -> Studio:
        accounts = self.store.accounts
        gallery = Gallery(self.images, accounts)
        requesting = Requesting(
            self.store,
            accounts,
            self.doorbell,
            self.signals,
            self.catalogue,
            self.styles,
            self.house,
            enabled=enabled,
            instance=instance,
        )
        return Studio(
            catalogue=self.catalogue,
            styles=self.styles,
            requesting=requesting,
            delivering=Delivering(
                deliveries=self.deliveries,
                requests=self.store,
                gallery=gallery,
                signals=self.signals,
                instance=instance,
            ),
            gallery=gallery,
            accounts=Accounts(accounts),
            metering=Metering(self.store, self.house),
            queueing=Queueing(requesting, self.store, self.deliveries, instance),
            administering=Administering(self.policies, self.ledger, self.house),
            signals=self.signals,
            max_upload_bytes=MAX_UPLOAD_BYTES,
            quality=90,
        )

    @property
    def deliveries(self) -> MemoryDeliveries:
        return self.store.deliveries

    @property
    def requests(self) -> list[Generation]:
        """All that were accepted, as they are now, in order."""
        return list(self.store.generations.values())

    def begin(self, generation_id: UUID) -> Generation:
        """A worker takes the request, whosever turn it is."""
        before = self.store.generations[generation_id]
        return self.store.change(
            generation_id,
            status=Status.RUNNING,
            attempts=before.attempts + 1,
            started_at=before.started_at or now(),
        )

    async def progress(
        self,
        generation_id: UUID,
        percent: int,
        sequence: int | None = None,
        *,
        eta_seconds: int | None = 12,
        preview: bytes | None = None,
        preview_index: int = 0,
    ) -> None:
        """The worker says how far it is; the first time, that it has begun."""
        if self.store.generations[generation_id].status is Status.QUEUED:
            self.begin(generation_id)
        if sequence is None:
            last = await self.signals.latest(generation_id)
            sequence = last.sequence + 1 if last else 1
        await self.signals.publish(
            Progress(generation_id, sequence, Stage.GENERATING, percent, eta_seconds, preview, preview_index)
        )

    async def finish(
        self,
        generation_id: UUID,
        pictures: Sequence[bytes] = (),
        *,
        revised_prompt: str | None = None,
        took_ms: int = records.TOOK_MS,
    ) -> list[Picture]:
        """The worker stores these pictures, or else as many and as large ones as were asked for, and says so."""
        generation = self.store.generations[generation_id]
        stored = [
            self._store(generation, data, position, revised_prompt)
            for position, data in enumerate(pictures or _wished(generation.options))
        ]
        await self._end(
            generation_id,
            Status.FINISHED,
            cost_micro=sum(one.cost_micro for one in stored),
            generation_time_ms=took_ms,
            revised_prompt=revised_prompt,
        )
        return stored

    async def fail(self, generation_id: UUID, fault: Fault, detail: str = "") -> None:
        await self._end(generation_id, Status.FAILED, fault=fault, fault_detail=detail)

    async def cancel(self, generation_id: UUID) -> None:
        """The worker has seen the wish to stop."""
        await self._end(generation_id, Status.CANCELLED)

    async def hand_back(self, generation_id: UUID) -> None:
        """The request waits in the queue again."""
        self.store.change(generation_id, status=Status.QUEUED)
        await self.signals.settled(generation_id)

    async def _end(self, generation_id: UUID, status: Status, **more: object) -> None:
        self.store.change(generation_id, status=status, finished_at=now(), **more)
        await self.signals.settled(generation_id)

    def _store(self, generation: Generation, data: bytes, position: int, revised_prompt: str | None) -> Picture:
        picture = records.picture(generation, data, position, revised_prompt)
        self.images.add(picture, data, imaging.check(data, max_bytes=len(data)).thumbnail)
        return picture


def _wished(options: Options) -> list[bytes]:
    return [drawn("PNG", colour, (options.width, options.height)) for colour in COLOURS[: options.count]]
