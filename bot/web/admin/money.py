"""Where the money went."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from aiohttp import web

from bot.web.admin.door import governor
from bot.web.admin.naming import user_name
from bot.web.config import STUDIO
from bot.web.metering import meter_now
from bot.web.wire import reply
from core.administering import LOST_SHOWN, SpendReport
from core.errors import BadRequest
from core.periods import Span
from core.policies import Scope
from core.ports import LostCall, Spend
from core.studio import Studio

BY: Mapping[str, Scope | Span] = {
    "user": Scope.USER,
    "workspace": Scope.WORKSPACE,
    "tier": Scope.TIER,
    "day": Span.DAY,
}


async def spend(request: web.Request) -> web.Response:
    """GET /admin/spend?by=&since=&until=&workspace="""
    by, query = await governor(request, "by", "since", "until")
    studio = request.app[STUDIO]
    of, mistakes = query.get("by", "user"), []
    if of not in BY:
        mistakes.append(f"by must be {', '.join(list(BY)[:-1])} or {list(BY)[-1]}.")
    days = {name: query.get(name, "") for name in ("since", "until")}
    mistakes += [f"{name} must be a day such as 2026-11-20." for name, day in days.items() if day and not _is_day(day)]
    if all(days.values()) and days["since"] > days["until"]:
        mistakes.append("since must not be after until.")
    if mistakes:
        raise BadRequest(mistakes)
    report = await studio.administering.spend(by, of=BY[of], **days)
    return reply({"by": of, **await _report(studio, report, of)})


async def lost(request: web.Request) -> web.Response:
    """GET /admin/ledger/lost: calls whose answer never came, the latest first."""
    by, _ = await governor(request)
    found = await request.app[STUDIO].administering.ledger.lost(by.workspace or None, LOST_SHOWN)
    return reply({"lost": [_lost(one) for one in found]})


async def _report(studio: Studio, report: SpendReport, of: str) -> dict[str, object]:
    """All money in millionths of a US dollar, so that sums agree to the last."""
    return {
        "since": report.since,
        "until": report.until,
        "lines": [await _line(studio, one, of) for one in report.lines],
        "pools": [meter_now(one) for one in report.pools],
        "lost": [_lost(one) for one in report.lost],
        "difference_micro_usd": None if report.balance is None else report.balance.difference_micro,
    }


async def _line(studio: Studio, line: Spend, of: str) -> dict[str, object]:
    return {
        "subject": await user_name(studio, line.subject) if of == "user" else line.subject,
        "name": line.name,
        "pictures": line.pictures,
        "reserved_micro_usd": line.reserved_micro,
        "spent_micro_usd": line.spent_micro,
        "lost_micro_usd": line.lost_micro,
    }


def _lost(call: LostCall) -> dict[str, object]:
    return {
        "task_id": str(call.generation_id),
        "attempt": call.attempt,
        "name": call.user_name,
        "lost_micro_usd": call.lost_micro,
        "at": call.at,
    }


def _is_day(text: str) -> bool:
    try:
        return len(text) == 10 and bool(date.fromisoformat(text))
    except ValueError:
        return False
