"""News between processes over Redis pub/sub: progress, the end, the wish to cancel. Losing it only delays."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import datetime
from uuid import UUID

import msgspec
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from core.errors import Outage
from core.generation import Progress, Stage
from core.ports import Settled

__all__ = ["Redis", "RedisSignals", "connect"]

log = logging.getLogger(__name__)

KEEP_SECONDS = 3600
"""How long the latest progress of a request can be asked for."""

PATIENCE = 0.5, 5.0
"""Seconds between tries to reach Redis again: the first and the longest."""

HEALTH = 15.0
"""Seconds of silence after which the connection is checked."""

CANCEL = "limner:cancel"


def connect(url: str) -> Redis:
    """A pool of connections. No retries inside: each caller knows whether to wait, to go on without, or to say so."""
    pool: Redis = Redis.from_url(url, health_check_interval=10, socket_connect_timeout=5, retry=Retry(NoBackoff(), 0))
    return pool


class _Wire(msgspec.Struct, omit_defaults=True):
    """Progress as JSON; bytes travel as Base64. `end` alone says that the request has settled."""

    sequence: int = 0
    stage: str = ""
    percent: int = 0
    eta_seconds: int | None = None
    preview: bytes | None = None
    preview_index: int = 0
    retry_at: datetime | None = None
    end: bool = False


class RedisSignals:
    """Implements `core.ports.Signals`. `run` owns the one listening connection."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._pubsub = redis.pubsub(ignore_subscribe_messages=True)
        self._watches: dict[UUID, set[_Watch]] = defaultdict(set)
        self._on_cancel: Callable[[UUID], None] | None = None
        self._subscribed = asyncio.Event()

    async def publish(self, progress: Progress) -> None:
        body = msgspec.json.encode(
            _Wire(
                sequence=progress.sequence,
                stage=progress.stage,
                percent=progress.percent,
                eta_seconds=progress.eta_seconds,
                preview=progress.preview,
                preview_index=progress.preview_index,
                retry_at=progress.retry_at,
            )
        )
        with _outage():
            pipeline = self._redis.pipeline(transaction=False)
            pipeline.set(_latest(progress.generation_id), body, ex=KEEP_SECONDS)
            pipeline.publish(_channel(progress.generation_id), body)
            await pipeline.execute()

    async def settled(self, generation_id: UUID) -> None:
        with _outage():
            await self._redis.publish(_channel(generation_id), msgspec.json.encode(_Wire(end=True)))

    async def ask_to_cancel(self, generation_id: UUID) -> None:
        with _outage():
            await self._redis.publish(CANCEL, generation_id.hex)

    async def latest(self, generation_id: UUID) -> Progress | None:
        with _outage():
            body = await self._redis.get(_latest(generation_id))
        return None if body is None else _progress(generation_id, msgspec.json.decode(body, type=_Wire))

    async def ping(self) -> None:
        """Raises Outage while the server cannot answer."""
        with _outage():
            await self._redis.ping()

    def on_cancel(self, heard: Callable[[UUID], None]) -> None:
        """The worker's ear: called with each request whose cancellation was asked for."""
        self._on_cancel = heard

    @asynccontextmanager
    async def watch(self, generation_id: UUID) -> AsyncIterator[_Watch]:
        watch = _Watch(generation_id)
        watches = self._watches[generation_id]
        watches.add(watch)
        try:
            if len(watches) == 1:
                await self._command(self._pubsub.subscribe, _channel(generation_id))
            yield watch
        finally:
            watches.discard(watch)
            if not watches and self._watches.pop(generation_id, None) is not None:
                await self._command(self._pubsub.unsubscribe, _channel(generation_id))

    async def run(self) -> None:
        """Listens until cancelled, through any outage."""
        wait = PATIENCE[0]
        try:
            while True:
                try:
                    await self._listen()
                except (RedisError, OSError) as error:
                    log.warning("signals_lost", extra={"reason": type(error).__name__, "retry_in": wait})
                    await asyncio.sleep(wait)
                    wait = min(wait * 2, PATIENCE[1])
                else:
                    wait = PATIENCE[0]
        finally:
            await self._pubsub.aclose()  # type: ignore[no-untyped-call]

    async def started(self) -> None:
        """Returns once the listening connection stands."""
        await self._subscribed.wait()

    async def _listen(self) -> None:
        """Subscribes to everything that is watched (again, after an outage) and hears until the connection breaks."""
        channels = [_channel(generation_id) for generation_id in self._watches]
        await self._pubsub.subscribe(CANCEL, *channels)
        self._subscribed.set()
        for watch in [one for watches in self._watches.values() for one in watches]:
            watch.tell_to_look()
        while True:
            message = await self._pubsub.get_message(timeout=HEALTH)
            if message is not None:
                self._hear(message["channel"].decode(), message["data"])

    def _hear(self, channel: str, body: bytes) -> None:
        if channel == CANCEL:
            if self._on_cancel is not None:
                self._on_cancel(UUID(hex=body.decode()))
            return
        generation_id = UUID(hex=channel.rpartition(":")[2])
        wire = msgspec.json.decode(body, type=_Wire)
        news = Settled(generation_id) if wire.end else _progress(generation_id, wire)
        for watch in self._watches.get(generation_id, ()):
            watch.put(news)

    async def _command(self, command: Callable[[str], Awaitable[object]], channel: str) -> None:
        """Redis away: `run` subscribes to everything again when it is back."""
        with contextlib.suppress(RedisError, OSError):
            await command(channel)


class _Watch:
    """Implements `core.ports.Watch`: a slot for the newest progress and one for the end."""

    def __init__(self, generation_id: UUID) -> None:
        self.generation_id = generation_id
        self._progress: Progress | None = None
        self._settled: Settled | None = None
        self._look = False
        self._news = asyncio.Event()

    def put(self, news: Progress | Settled) -> None:
        if isinstance(news, Settled):
            self._settled = news
        elif self._progress is None or news.sequence > self._progress.sequence:
            self._progress = news
        self._news.set()

    def tell_to_look(self) -> None:
        """The connection was away: whoever watches should read the row."""
        self._news.set()

    async def next(self, timeout: float) -> Progress | Settled | None:
        """The end before any progress; the newest progress once; None after silence or a broken connection."""
        if not self._news.is_set():
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(timeout):
                    await self._news.wait()
        self._news.clear()
        if self._settled is not None:
            # Heard once: a request that went back into the queue is settled again later.
            settled, self._settled = self._settled, None
            return settled
        progress, self._progress = self._progress, None
        return progress


def _progress(generation_id: UUID, wire: _Wire) -> Progress:
    return Progress(
        generation_id=generation_id,
        sequence=wire.sequence,
        stage=Stage(wire.stage),
        percent=wire.percent,
        eta_seconds=wire.eta_seconds,
        preview=wire.preview,
        preview_index=wire.preview_index,
        retry_at=wire.retry_at,
    )


def _channel(generation_id: UUID) -> str:
    return f"limner:news:{generation_id.hex}"


def _latest(generation_id: UUID) -> str:
    return f"limner:latest:{generation_id.hex}"


@contextlib.contextmanager
def _outage() -> Iterator[None]:
    try:
        yield
    except (RedisError, OSError) as error:
        raise Outage("Redis is away.") from error
