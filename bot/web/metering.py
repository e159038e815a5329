"""What the asker used of what they may: the bars of the page, and the same for programs."""

from __future__ import annotations

from datetime import datetime

import msgspec
from aiohttp import web

from bot.web.config import STUDIO
from bot.web.sessions import caller
from bot.web.wire import MICRO, reply
from core.generation import Venue
from core.limits import Meter
from core.metering import Usage
from core.usage_words import meter_label, meter_value


class MeterNow(msgspec.Struct, kw_only=True):
    """One limit as a bar."""

    limit: str
    label: str
    unit: str
    used: int
    of: int
    left: int
    percent: int
    value: str
    """The same in words."""
    resets_at: datetime


class UsageNow(msgspec.Struct, kw_only=True):
    tier: str
    meters: list[MeterNow]
    spent: float
    """US dollars this month."""
    reserved: float
    under_way: int
    waiting: int
    max_running: int | None
    max_waiting: int | None
    free_at: datetime | None
    message: str
    """Why the next request would be refused; empty if it would be taken."""
    upgrade: str


async def usage(request: web.Request) -> web.Response:
    """GET /usage"""
    requester = await caller(request)
    return reply(_usage_now(await request.app[STUDIO].metering.usage(requester, Venue())))


def meter_now(meter: Meter) -> MeterNow:
    return MeterNow(
        limit=meter.limit,
        label=meter_label(meter),
        unit="micro_usd" if meter.money else "pictures",
        used=meter.used,
        of=meter.of,
        left=meter.left,
        percent=min(100, 100 if meter.of <= 0 else meter.used * 100 // meter.of),
        value=meter_value(meter),
        resets_at=meter.resets_at,
    )


def _usage_now(usage: Usage) -> UsageNow:
    return UsageNow(
        tier=usage.tier,
        meters=[meter_now(one) for one in usage.meters],
        spent=usage.spent_micro / MICRO,
        reserved=usage.reserved_micro / MICRO,
        under_way=usage.under_way,
        waiting=usage.waiting,
        max_running=usage.max_running,
        max_waiting=usage.max_waiting,
        free_at=usage.free_at,
        message="" if usage.refusal is None else str(usage.refusal),
        upgrade=usage.upgrade,
    )
