"""The obvious way to have limits: count and add up what is there, a statement for each, then insert, over the ORM.

It holds no lock, so simultaneous requests overrun every one of its limits.
"""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta

from arq.connections import ArqRedis
from sqlalchemy import ColumnElement, ForeignKey, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from bench.obvious import Base, Sessions, User

PER_PERSON = 1_000_000
"""Pictures an hour, a day and a month, and requests that may wait: enough for all."""

BUDGET = 1_000_000.0
"""Dollars a month, of a person, of a workspace and of the installation."""

COOLDOWN = timedelta(0)
MOST_WAITING = 1_000_000


class Metered(Base):
    """A request that carries its price."""

    __tablename__ = "obvious_metered"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    user_id: Mapped[int] = mapped_column(ForeignKey("obvious_users.id"), index=True)
    key: Mapped[str] = mapped_column(unique=True)
    workspace: Mapped[str] = mapped_column(index=True)
    prompt: Mapped[str]
    status: Mapped[str] = mapped_column(default="queued", index=True)
    cost: Mapped[float]
    created_at: Mapped[datetime] = mapped_column(default=lambda: datetime.now(UTC), index=True)


class LimitPassedError(Exception):
    """No request is made."""


async def submit(sessions: Sessions, queue: ArqRedis, user: str, key: str, workspace: str, cost: float) -> uuid.UUID:
    """Each limit is asked for in a statement of its own."""
    async with sessions() as session:
        owner = await session.scalar(select(User).where(User.name == user))
        if owner is None:
            owner = User(name=user)
            session.add(owner)
            await session.flush()
        if known := await session.scalar(select(Metered).where(Metered.key == key)):
            return known.id
        await _check_limits(session, owner, workspace, cost)
        await session.scalar(select(func.count()).where(Metered.status == "queued"))
        request = Metered(user_id=owner.id, key=key, workspace=workspace, prompt="a lighthouse at dusk", cost=cost)
        session.add(request)
        await session.commit()
        await session.refresh(request)
    await queue.enqueue_job("draw", str(request.id))
    return request.id


async def _check_limits(session: AsyncSession, owner: User, workspace: str, cost: float) -> None:
    now = datetime.now(UTC)
    mine = Metered.user_id == owner.id
    hour = now.replace(minute=0, second=0, microsecond=0)
    day = hour.replace(hour=0)
    month = day.replace(day=1)
    last = await session.scalar(select(func.max(Metered.created_at)).where(mine))
    if last is not None and now - last < COOLDOWN:
        raise LimitPassedError
    if await _count(session, mine, Metered.status.in_(["queued", "running"])) >= MOST_WAITING:
        raise LimitPassedError
    for since in (hour, day, month):
        if await _count(session, mine, Metered.created_at >= since) >= PER_PERSON:
            raise LimitPassedError
    for whose in ([mine], [Metered.workspace == workspace], []):
        spent = await session.scalar(select(func.sum(Metered.cost)).where(Metered.created_at >= month, *whose))
        if (spent or 0) + cost > BUDGET:
            raise LimitPassedError


async def _count(session: AsyncSession, *which: ColumnElement[bool]) -> int:
    return await session.scalar(select(func.count()).select_from(Metered).where(*which)) or 0
