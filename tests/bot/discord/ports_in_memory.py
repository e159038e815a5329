"""The ports of the core in memory, for tests of one adapter that need no servers, and a hand that plays the worker."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from uuid import NAMESPACE_URL, UUID, uuid4, uuid5

from core import imaging
from core.clock import now
from core.errors import Outage
from core.generation import (
    Accepted,
    Generation,
    ImageRequest,
    Options,
    Picture,
    Progress,
    Reference,
    ReplyTo,
    Requester,
    Status,
)
from core.ports import Settled


@dataclass
class InMemoryStore:
    """Requests, deliveries, pictures and accounts; two bot processes of one test share one of these."""

    generations: dict[UUID, Generation] = field(default_factory=dict)
    keys: dict[str, UUID] = field(default_factory=dict)
    brought: dict[UUID, tuple[Reference, ...]] = field(default_factory=dict)
    people: dict[UUID, Requester] = field(default_factory=dict)
    tokens: dict[bytes, Requester] = field(default_factory=dict)
    owners: dict[UUID, str] = field(default_factory=dict)
    """By generation: the courier that has its message, as long as it is undelivered."""
    outcomes: dict[UUID, str] = field(default_factory=dict)
    """By generation: `delivered`, `postponed` or why it was given up."""
    made: dict[UUID, list[Picture]] = field(default_factory=lambda: defaultdict(list))
    files: dict[UUID, bytes] = field(default_factory=dict)
    away: bool = False
    """Nothing can be accepted."""

    # ---- requests

    async def accept(self, request: ImageRequest, *, provider: str, turn_cost: float, courier: str | None) -> Accepted:
        if self.away:
            raise Outage("The database is away.")
        if known := self.keys.get(request.idempotency_key):
            return Accepted(self.generations[known], 0, None, duplicate=True)
        generation = Generation(
            id=uuid4(),
            user_id=await self.user_id(request.requester),
            status=Status.QUEUED,
            prompt=request.prompt,
            options=request.options,
            provider=provider,
            reply_to=request.reply_to,
            requester=request.requester,
            created_at=now(),
            parent_image_id=request.parent_image_id,
        )
        self.keys[request.idempotency_key] = generation.id
        self.generations[generation.id] = generation
        self.brought[generation.id] = request.references
        if courier is not None:
            self.owners[generation.id] = courier
        return Accepted(generation, await self.position(generation), None)

    async def generation(self, generation_id: UUID) -> Generation | None:
        return self.generations.get(generation_id)

    async def references(self, generation_id: UUID) -> tuple[Reference, ...]:
        return self.brought.get(generation_id, ())

    async def recent(self, user_id: UUID, limit: int) -> Sequence[Generation]:
        return [one for one in self.generations.values() if one.user_id == user_id][-limit:]

    async def position(self, generation: Generation) -> int:
        queued = [one.id for one in self.generations.values() if one.status is Status.QUEUED]
        return queued.index(generation.id) + 1 if generation.id in queued else 0

    async def cancel(self, generation_id: UUID) -> Generation | None:
        before = self.generations.get(generation_id)
        if before is None or before.status.final:
            return before
        status = Status.CANCELLED if before.status is Status.QUEUED else before.status
        return self.change(generation_id, status=status, cancel_requested=True)

    async def typical_seconds(self, options: Options, provider: str) -> float | None:
        return None

    def change(self, generation_id: UUID, **values: object) -> Generation:
        self.generations[generation_id] = replace(self.generations[generation_id], **values)  # type: ignore[arg-type]
        return self.generations[generation_id]

    # ---- deliveries

    async def renew(self, ids: Sequence[UUID], courier: str, lease: timedelta) -> frozenset[UUID]:
        return frozenset(one for one in ids if self.owners.get(one) == courier)

    async def take_over(
        self, courier: str, platforms: Sequence[str], lease: timedelta, limit: int
    ) -> Sequence[Generation]:
        orphans = [one for one, owner in self.owners.items() if owner == ""][:limit]
        self.owners.update(dict.fromkeys(orphans, courier))
        return [self.generations[one] for one in orphans]

    async def move(self, generation_id: UUID, reply_to: ReplyTo) -> None:
        self.change(generation_id, reply_to=reply_to)

    async def delivered(self, generation_id: UUID, courier: str) -> bool:
        return self._settle(generation_id, courier, "delivered")

    async def postpone(self, generation_id: UUID, courier: str, delay: timedelta, reason: str) -> None:
        if self.owners.get(generation_id) == courier:
            self.owners[generation_id] = ""
            self.outcomes[generation_id] = "postponed"

    async def give_up(self, generation_id: UUID, courier: str, reason: str) -> None:
        self._settle(generation_id, courier, reason)

    async def release(self, courier: str) -> None:
        self.owners.update({one: "" for one, owner in self.owners.items() if owner == courier})

    def _settle(self, generation_id: UUID, courier: str, outcome: str) -> bool:
        ours = self.owners.get(generation_id) == courier
        if ours:
            del self.owners[generation_id]
            self.outcomes[generation_id] = outcome
        return ours

    # ---- pictures

    async def pictures(self, generation_id: UUID) -> Sequence[Picture]:
        return self.made.get(generation_id, [])

    async def picture(self, image_id: UUID) -> Picture | None:
        return next((one for pictures in self.made.values() for one in pictures if one.id == image_id), None)

    async def data(self, image_id: UUID) -> bytes | None:
        return self.files.get(image_id)

    async def base64(self, image_id: UUID) -> str | None:
        return imaging.encode(self.files[image_id]) if image_id in self.files else None

    async def thumbnail(self, image_id: UUID) -> bytes | None:
        return imaging.preview(self.files[image_id]) if image_id in self.files else None

    # ---- accounts

    async def user_id(self, requester: Requester) -> UUID:
        user_id = uuid5(NAMESPACE_URL, f"{requester.platform}:{requester.external_id}")
        self.people[user_id] = requester
        return user_id

    async def requester(self, user_id: UUID) -> Requester | None:
        return self.people.get(user_id)

    async def add_token(self, requester: Requester, token_hash: bytes) -> None:
        self.tokens[token_hash] = requester

    async def requester_for_token(self, token_hash: bytes) -> Requester | None:
        return self.tokens.get(token_hash)


@dataclass
class InMemorySignals:
    """News within one process; a later progress replaces an unread one."""

    newest: dict[UUID, Progress] = field(default_factory=dict)
    watches: dict[UUID, list[InMemoryWatch]] = field(default_factory=lambda: defaultdict(list))
    cancels: list[UUID] = field(default_factory=list)

    async def publish(self, progress: Progress) -> None:
        self.newest[progress.generation_id] = progress
        for watch in self.watches[progress.generation_id]:
            watch.tell(progress)

    async def settled(self, generation_id: UUID) -> None:
        for watch in self.watches[generation_id]:
            watch.tell(Settled(generation_id))

    async def ask_to_cancel(self, generation_id: UUID) -> None:
        self.cancels.append(generation_id)

    async def latest(self, generation_id: UUID) -> Progress | None:
        return self.newest.get(generation_id)

    @asynccontextmanager
    async def watch(self, generation_id: UUID) -> AsyncIterator[InMemoryWatch]:
        watch = InMemoryWatch()
        self.watches[generation_id].append(watch)
        try:
            yield watch
        finally:
            self.watches[generation_id].remove(watch)


@dataclass
class InMemoryWatch:
    unread: Progress | Settled | None = None
    arrived: asyncio.Event = field(default_factory=asyncio.Event)

    def tell(self, news: Progress | Settled) -> None:
        if not isinstance(self.unread, Settled):
            self.unread = news
        self.arrived.set()

    async def next(self, timeout: float) -> Progress | Settled | None:
        try:
            async with asyncio.timeout(timeout):
                await self.arrived.wait()
        except TimeoutError:
            return None
        news, self.unread = self.unread, None
        self.arrived.clear()
        return news


@dataclass
class SilentDoorbell:
    """Remembers what it was rung for; nobody comes."""

    rings: list[UUID] = field(default_factory=list)

    async def ring(self, generation_id: UUID, delay_seconds: float = 0) -> None:
        self.rings.append(generation_id)
