"""News between processes over Redis pub/sub: progress, the end, the wish to cancel. Losing it only delays."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from uuid import UUID

from redis.asyncio import Connection, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from core import wire
from core.errors import Outage
from core.generation import Progress
from core.ports import Settled

__all__ = ["Redis", "RedisSignals", "connect"]

log = logging.getLogger(__name__)

KEEP_SECONDS = 3600
"""How long the latest progress of a request can be asked for."""

PATIENCE = 0.5, 5.0
"""Seconds between tries to reach Redis again: the first and the longest."""

HEALTH = 15.0
"""Seconds of silence after which the connection is checked."""

ANSWER = 3.0
"""Seconds until a server that took the connection and says nothing counts as away: a doorbell holds nobody up."""

CONFIRM = 1.0
"""Seconds to wait for a subscription to stand; in an outage it stands later, and the row is read meanwhile."""

CANCEL = "limner:cancel"


def connect(url: str) -> Redis:
    """A pool of connections. No retries inside: each caller knows whether to wait, to go on without, or to say so.

    No `socket_timeout` either: with it redis-py sends through `asyncio.wait_for`, which up to Python 3.11 now and then
    swallows a cancellation, and a process that should stop would go on. `answered` limits the time instead.
    """
    pool: Redis = Redis.from_url(
        url,
        health_check_interval=10,
        socket_connect_timeout=ANSWER,
        retry=Retry(NoBackoff(), 0),
    )
    return pool


class RedisSignals:
    """Implements `core.ports.Signals`. `run` owns the one listening connection."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._pubsub = redis.pubsub()
        self._watches: dict[UUID, set[_Watch]] = defaultdict(set)
        self._confirmed: dict[UUID, asyncio.Event] = {}
        self._on_cancel: Callable[[UUID], None] | None = None
        self._subscribed = asyncio.Event()
        self._stands = False
        """Whether `run` has a connection on which others may subscribe, too."""

    async def publish(self, progress: Progress) -> None:
        body = wire.written(progress)
        async with answered():
            pipeline = self._redis.pipeline(transaction=False)
            pipeline.set(_latest(progress.generation_id), body, ex=KEEP_SECONDS)
            pipeline.publish(_channel(progress.generation_id), body)
            await pipeline.execute()

    async def settled(self, generation_id: UUID) -> None:
        async with answered():
            await self._redis.publish(_channel(generation_id), wire.SETTLED)

    async def ask_to_cancel(self, generation_id: UUID) -> None:
        async with answered():
            await self._redis.publish(CANCEL, generation_id.hex)

    async def latest(self, generation_id: UUID) -> Progress | None:
        async with answered():
            body = await self._redis.get(_latest(generation_id))
        news = None if body is None else wire.read(generation_id, body)
        return news if isinstance(news, Progress) else None

    async def ping(self) -> None:
        """Raises Outage while the server cannot answer."""
        async with answered():
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
                self._confirmed[generation_id] = asyncio.Event()
                await self._command(self._pubsub.subscribe, _channel(generation_id))
            await self._is_confirmed(generation_id)
            yield watch
        finally:
            watches.discard(watch)
            if not watches and self._watches.pop(generation_id, None) is not None:
                self._confirmed.pop(generation_id, None)
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
                    await self._pubsub.aclose()  # type: ignore[no-untyped-call]
                    await asyncio.sleep(wait)
                    wait = PATIENCE[0] if self._subscribed.is_set() else min(wait * 2, PATIENCE[1])
                    self._subscribed.clear()
        finally:
            await self._pubsub.aclose()  # type: ignore[no-untyped-call]

    async def started(self) -> None:
        """Returns once the listening connection stands."""
        await self._subscribed.wait()

    async def _listen(self) -> None:
        """Subscribes to everything that is watched (again, after an outage) and hears until the connection breaks."""
        known = set(self._watches)
        await self._pubsub.subscribe(CANCEL, *map(_channel, known))
        self._subscribed.set()
        self._stands = True
        try:
            if late := self._watches.keys() - known:  # begun while the connection was made
                await self._pubsub.subscribe(*map(_channel, late))
            for watch in [one for watches in self._watches.values() for one in watches]:
                watch.tell_to_look()
            while True:
                message = await self._pubsub.get_message(timeout=HEALTH)
                if message is not None and message["type"] in {"subscribe", "message"}:
                    self._hear(message["channel"], message["data"] if message["type"] == "message" else None)
        finally:
            self._stands = False

    def _hear(self, channel: bytes, body: bytes | None) -> None:
        """One message that nobody understands must not deafen a process. No body: the channel is subscribed now."""
        if body is None:
            self._confirm(channel)
            return
        name = (body if channel == CANCEL.encode() else channel.rpartition(b":")[2]).decode(errors="replace")
        try:
            generation_id = UUID(hex=name)
        except ValueError:
            log.warning("signal_not_understood", extra={"channel": repr(channel[:80])})
            return
        if channel == CANCEL.encode():
            if self._on_cancel is not None:
                self._on_cancel(generation_id)
        elif news := wire.read(generation_id, body):
            for watch in self._watches.get(generation_id, ()):
                watch.put(news)

    def _confirm(self, channel: bytes) -> None:
        if channel != CANCEL.encode() and (event := self._confirmed.get(UUID(hex=channel.decode().rpartition(":")[2]))):
            event.set()

    async def _is_confirmed(self, generation_id: UUID) -> None:
        """A publish over another connection could overtake the subscription. While Redis is away nothing is missed."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(CONFIRM):
                await self._confirmed[generation_id].wait()

    async def _command(self, command: Callable[[str], Awaitable[object]], channel: str) -> None:
        """Redis away: `run` subscribes to everything again when it is back.

        Nobody else may connect: two who do so at once read each other's answers.
        """
        connection: Connection | None = self._pubsub.connection
        if self._stands and connection is not None and connection.is_connected:
            with contextlib.suppress(RedisError, OSError):
                await command(channel)


class _Watch:
    """Implements `core.ports.Watch`: a slot for the newest progress and one for the end."""

    def __init__(self, generation_id: UUID) -> None:
        self.generation_id = generation_id
        self._progress: Progress | None = None
        self._settled: Settled | None = None
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
            if self._progress is not None:
                self._news.set()  # what goes on after the change is told next
            return settled
        progress, self._progress = self._progress, None
        return progress


def _channel(generation_id: UUID) -> str:
    return f"limner:news:{generation_id.hex}"


def _latest(generation_id: UUID) -> str:
    return f"limner:latest:{generation_id.hex}"


@asynccontextmanager
async def answered() -> AsyncIterator[None]:
    """Raises Outage when the server is away, or silent for too long."""
    try:
        async with asyncio.timeout(ANSWER):
            yield
    except (RedisError, OSError) as error:  # TimeoutError is an OSError
        raise Outage("Redis is away.") from error
