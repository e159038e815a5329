"""The ports of the core in memory, for tests of one adapter that need no servers."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from uuid import NAMESPACE_URL, UUID, uuid4, uuid5

from core import imaging
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

START = datetime(2026, 11, 20, 12, tzinfo=UTC)


@dataclass(slots=True)
class MemoryAccounts:
    people: dict[UUID, Requester] = field(default_factory=dict)
    tokens: dict[bytes, Requester] = field(default_factory=dict)

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


@dataclass(slots=True)
class MemoryRequests:
    accounts: MemoryAccounts
    generations: dict[UUID, Generation] = field(default_factory=dict)
    keys: dict[str, UUID] = field(default_factory=dict)
    brought: dict[UUID, tuple[Reference, ...]] = field(default_factory=dict)
    seconds: float | None = None

    async def accept(self, request: ImageRequest, *, provider: str, turn_cost: float, courier: str | None) -> Accepted:
        if known := self.keys.get(request.idempotency_key):
            return Accepted(self.generations[known], 0, None, duplicate=True)
        generation = Generation(
            id=uuid4(),
            user_id=await self.accounts.user_id(request.requester),
            status=Status.QUEUED,
            prompt=request.prompt,
            options=request.options,
            provider=provider,
            reply_to=request.reply_to,
            requester=request.requester,
            created_at=START,
            parent_image_id=request.parent_image_id,
        )
        self.keys[request.idempotency_key] = generation.id
        self.generations[generation.id] = generation
        self.brought[generation.id] = request.references
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
        return self.seconds

    def change(self, generation_id: UUID, **values: object) -> Generation:
        self.generations[generation_id] = replace(self.generations[generation_id], **values)  # type: ignore[arg-type]
        return self.generations[generation_id]


@dataclass(slots=True)
class MemoryDeliveries:
    """Every message belongs to whoever asks."""

    done: list[UUID] = field(default_factory=list)
    postponed: dict[UUID, timedelta] = field(default_factory=dict)
    given_up: dict[UUID, str] = field(default_factory=dict)
    moved: dict[UUID, ReplyTo] = field(default_factory=dict)

    async def renew(self, ids: Sequence[UUID], courier: str, lease: timedelta) -> frozenset[UUID]:
        return frozenset(ids)

    async def take_over(
        self, courier: str, platforms: Sequence[str], lease: timedelta, limit: int
    ) -> Sequence[Generation]:
        return ()

    async def move(self, generation_id: UUID, reply_to: ReplyTo) -> None:
        self.moved[generation_id] = reply_to

    async def delivered(self, generation_id: UUID, courier: str) -> bool:
        self.done.append(generation_id)
        return True

    async def postpone(self, generation_id: UUID, courier: str, delay: timedelta, reason: str) -> None:
        self.postponed[generation_id] = delay

    async def give_up(self, generation_id: UUID, courier: str, reason: str) -> None:
        self.given_up[generation_id] = reason

    async def release(self, courier: str) -> None:
        return None


@dataclass(slots=True)
class MemoryImages:
    stored: dict[UUID, Picture] = field(default_factory=dict)
    files: dict[UUID, bytes] = field(default_factory=dict)
    thumbnails: dict[UUID, bytes] = field(default_factory=dict)

    def add(self, picture: Picture, data: bytes, thumbnail: bytes) -> None:
        self.stored[picture.id] = picture
        self.files[picture.id] = data
        self.thumbnails[picture.id] = thumbnail

    async def pictures(self, generation_id: UUID) -> Sequence[Picture]:
        found = [one for one in self.stored.values() if one.generation_id == generation_id]
        return sorted(found, key=lambda picture: picture.position)

    async def picture(self, image_id: UUID) -> Picture | None:
        return self.stored.get(image_id)

    async def data(self, image_id: UUID) -> bytes | None:
        return self.files.get(image_id)

    async def base64(self, image_id: UUID) -> str | None:
        return imaging.encode(self.files[image_id]) if image_id in self.files else None

    async def thumbnail(self, image_id: UUID) -> bytes | None:
        return self.thumbnails.get(image_id)


@dataclass(slots=True)
class MemoryDoorbell:
    rings: list[UUID] = field(default_factory=list)

    async def ring(self, generation_id: UUID, delay_seconds: float = 0) -> None:
        self.rings.append(generation_id)


@dataclass(slots=True)
class MemorySignals:
    """A later progress replaces an unread one."""

    newest: dict[UUID, Progress] = field(default_factory=dict)
    watches: dict[UUID, list[MemoryWatch]] = field(default_factory=lambda: defaultdict(list))
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
    async def watch(self, generation_id: UUID) -> AsyncIterator[MemoryWatch]:
        watch = MemoryWatch()
        self.watches[generation_id].append(watch)
        try:
            yield watch
        finally:
            self.watches[generation_id].remove(watch)


@dataclass(slots=True)
class MemoryWatch:
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
