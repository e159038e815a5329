"""Studios of several bot processes over one set of ports in memory, and the worker's part played by a test."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from uuid import UUID, uuid4

from core import imaging
from core.accounts import Accounts
from core.catalogue import Catalogue, load_catalogue
from core.clock import now
from core.delivering import Delivering
from core.errors import Fault
from core.gallery import Gallery
from core.generation import Accepted, Generation, ImageRequest, Picture, Progress, ReplyTo, Stage, Status
from core.requesting import Requesting
from core.studio import Studio
from core.styles import Styles, load_styles
from tests.fakes.ports import MemoryAccounts, MemoryDoorbell, MemoryImages, MemoryRequests, MemorySignals


@dataclass
class OwnedRequests(MemoryRequests):
    """Requests whose messages belong to the process that accepted them, until it leaves or they are delivered."""

    owners: dict[UUID, str] = field(default_factory=dict)
    outcomes: dict[UUID, str] = field(default_factory=dict)
    """By request: `delivered`, or why it was given up."""
    settled: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def accept(self, request: ImageRequest, *, provider: str, turn_cost: float, courier: str | None) -> Accepted:
        accepted = await MemoryRequests.accept(self, request, provider=provider, turn_cost=turn_cost, courier=courier)
        if not accepted.duplicate:
            self.owners[accepted.generation.id] = courier or ""
            accepted = replace(accepted, generation=self.change(accepted.generation.id, created_at=now()))
        return accepted

    async def renew(self, ids: Sequence[UUID], courier: str, lease: timedelta) -> frozenset[UUID]:
        return frozenset(one for one in ids if self.owners.get(one) == courier)

    async def take_over(
        self, courier: str, platforms: Sequence[str], lease: timedelta, limit: int
    ) -> Sequence[Generation]:
        orphans = [one for one, owner in self.owners.items() if not owner][:limit]
        self.owners.update(dict.fromkeys(orphans, courier))
        return [self.generations[one] for one in orphans]

    async def move(self, generation_id: UUID, reply_to: ReplyTo) -> None:
        self.change(generation_id, reply_to=reply_to)

    async def delivered(self, generation_id: UUID, courier: str) -> bool:
        return await self._settle(generation_id, courier, "delivered")

    async def postpone(self, generation_id: UUID, courier: str, delay: timedelta, reason: str) -> None:
        if self.owners.get(generation_id) == courier:
            self.owners[generation_id] = ""

    async def give_up(self, generation_id: UUID, courier: str, reason: str) -> None:
        await self._settle(generation_id, courier, reason)

    async def release(self, courier: str) -> None:
        self.owners.update({one: "" for one, owner in self.owners.items() if owner == courier})

    async def _settle(self, generation_id: UUID, courier: str, outcome: str) -> bool:
        ours = self.owners.get(generation_id) == courier
        if ours:
            del self.owners[generation_id]
            async with self.settled:
                self.outcomes[generation_id] = outcome
                self.settled.notify_all()
        return ours

    async def outcome(self, generation_id: UUID) -> str:
        """What became of a delivery."""
        async with asyncio.timeout(15), self.settled:
            await self.settled.wait_for(lambda: generation_id in self.outcomes)
        return self.outcomes[generation_id]


@dataclass
class Workshop:
    """`studio()` makes one process's studio; all of them share the rest."""

    accounts: MemoryAccounts = field(default_factory=MemoryAccounts)
    images: MemoryImages = field(default_factory=MemoryImages)
    signals: MemorySignals = field(default_factory=MemorySignals)
    doorbell: MemoryDoorbell = field(default_factory=MemoryDoorbell)
    catalogue: Catalogue = field(default_factory=load_catalogue)
    styles: Styles = field(default_factory=load_styles)
    store: OwnedRequests = field(init=False)

    def __post_init__(self) -> None:
        self.store = OwnedRequests(self.accounts)

    def studio(self, instance: str = "one", *, enabled: bool = True) -> Studio:
        gallery = Gallery(self.images, self.accounts)
        return Studio(
            catalogue=self.catalogue,
            styles=self.styles,
            requesting=Requesting(
                self.store,
                self.accounts,
                self.doorbell,
                self.signals,
                self.catalogue,
                self.styles,
                enabled=enabled,
                instance=instance,
            ),
            delivering=Delivering(
                deliveries=self.store, requests=self.store, gallery=gallery, signals=self.signals, instance=instance
            ),
            gallery=gallery,
            accounts=Accounts(self.accounts),
            signals=self.signals,
            max_upload_bytes=1_000_000,
            quality=90,
        )

    @property
    def requests(self) -> list[Generation]:
        """All that were accepted, as they are now, in order."""
        return list(self.store.generations.values())

    async def progress(self, one: Generation, percent: int, preview: bytes | None = None, index: int = 0) -> None:
        """The worker says how far it is; the first time, that it has begun."""
        if self.store.generations[one.id].status is Status.QUEUED:
            self.store.change(one.id, status=Status.RUNNING)
        await self.signals.publish(Progress(one.id, percent, Stage.GENERATING, percent, 12, preview, index))

    async def finish(self, one: Generation, pictures: Sequence[bytes]) -> None:
        """The worker stores the pictures and says so."""
        for position, data in enumerate(pictures):
            self._store(one, position, data)
        self.store.change(one.id, status=Status.FINISHED, cost_micro=13_000, generation_time_ms=8_200)
        await self.signals.settled(one.id)

    async def fail(self, one: Generation, fault: Fault, detail: str = "") -> None:
        self.store.change(one.id, status=Status.FAILED, fault=fault, fault_detail=detail)
        await self.signals.settled(one.id)

    def _store(self, one: Generation, position: int, data: bytes) -> None:
        facts = imaging.inspect(data, max_bytes=100_000_000)
        picture = Picture(
            id=uuid4(),
            generation_id=one.id,
            user_id=one.user_id,
            position=position,
            prompt=one.prompt,
            revised_prompt=None,
            media_type=facts.media_type,
            width=facts.width,
            height=facts.height,
            byte_count=len(data),
            cost_micro=0,
            created_at=now(),
        )
        self.images.add(picture, data, imaging.preview(data))
