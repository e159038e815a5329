"""The obvious way: ORM, stock arq, the standard library's Base64, Pillow on the event loop, a poll for the result."""

from __future__ import annotations

import asyncio
import base64
import sys
import uuid
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

from arq.connections import ArqRedis
from arq.worker import Worker, func
from PIL import Image as Pillow
from sqlalchemy import ForeignKey, select
from sqlalchemy import func as sql
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import DateTime

from bench.product import say_ready
from core.storage.database import asyncpg_url
from limner import processes
from limner.settings import Settings, load, secret

LOOK_EVERY = 0.05
"""Seconds between two looks at the row: kind to the obvious way, whose arq would look every 0.5 s."""

Sessions = async_sessionmaker[AsyncSession]


class Base(DeclarativeBase):
    type_annotation_map = {datetime: DateTime(timezone=True)}  # noqa: RUF012  SQLAlchemy's documented form


class User(Base):
    __tablename__ = "obvious_users"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)


class Request(Base):
    __tablename__ = "obvious_requests"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    user_id: Mapped[int] = mapped_column(ForeignKey("obvious_users.id"), index=True)
    key: Mapped[str] = mapped_column(unique=True)
    prompt: Mapped[str]
    status: Mapped[str] = mapped_column(default="queued", index=True)
    created_at: Mapped[datetime] = mapped_column(default=lambda: datetime.now(UTC))


class Image(Base):
    __tablename__ = "obvious_images"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    request_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("obvious_requests.id"), index=True)
    image_data: Mapped[str]
    thumbnail_data: Mapped[str]


async def connect(settings: Settings) -> tuple[Sessions, ArqRedis]:
    """Sessions on tables of their own, and the queue."""
    engine = create_async_engine(asyncpg_url(secret(settings.database_url) or ""), pool_size=10, max_overflow=10)
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    return async_sessionmaker(engine, expire_on_commit=False), ArqRedis.from_url(secret(settings.redis_url) or "")


async def submit(sessions: Sessions, queue: ArqRedis, user: str, key: str) -> uuid.UUID:
    """A request with its limit and its place in the queue, each asked for in a statement of its own."""
    async with sessions() as session:
        owner = await session.scalar(select(User).where(User.name == user))
        if owner is None:
            owner = User(name=user)
            session.add(owner)
            await session.flush()
        hour = datetime.now(UTC) - timedelta(hours=1)
        await session.scalar(select(sql.count()).where(Request.user_id == owner.id, Request.created_at > hour))
        await session.scalar(select(Request).where(Request.key == key))
        await session.scalar(select(sql.count()).where(Request.status == "queued"))
        request = Request(user_id=owner.id, key=key, prompt="a lighthouse at dusk")
        session.add(request)
        await session.commit()
        await session.refresh(request)
    await queue.enqueue_job("draw", str(request.id))
    return request.id


async def result(sessions: Sessions, request_id: uuid.UUID) -> bytes:
    """Looks until the picture is there."""
    while True:
        async with sessions() as session:
            request = await session.get_one(Request, request_id)
            if request.status == "finished":
                image = await session.scalar(select(Image).where(Image.request_id == request_id))
                assert image is not None
                return base64.b64decode(image.image_data)
        await asyncio.sleep(LOOK_EVERY)


def thumbnail(data: bytes) -> bytes:
    picture = Pillow.open(BytesIO(data))
    picture.thumbnail((256, 256))
    out = BytesIO()
    picture.save(out, "WEBP")
    return out.getvalue()


async def work(settings: Settings, answer: str, latency: float) -> None:
    """The worker: the provider's answer is Base64, as ever."""
    sessions, queue = await connect(settings)
    ready = asyncio.Event()

    async def draw(ctx: dict[Any, Any], request_id: str) -> None:
        async with sessions() as session:
            request = await session.get_one(Request, uuid.UUID(request_id))
            request.status = "running"
            await session.commit()
            await asyncio.sleep(latency)
            small = thumbnail(base64.b64decode(answer))
            text = base64.b64encode(small).decode()
            session.add(Image(request_id=request.id, image_data="".join([answer]), thumbnail_data=text))
            request.status = "finished"
            await session.commit()

    async def started(ctx: dict[Any, Any]) -> None:
        ready.set()

    worker = Worker(
        functions=[func(draw, name="draw")],
        redis_pool=queue,
        max_jobs=settings.worker_concurrency,
        handle_signals=False,
        on_startup=started,
    )
    await asyncio.gather(worker.main(), say_ready(ready))


def main() -> None:
    answer, latency = base64.b64encode(Path(sys.argv[1]).read_bytes()).decode(), float(sys.argv[2])
    processes.serve(load(_env_file=None), lambda settings: work(settings, answer, latency))


if __name__ == "__main__":
    main()
