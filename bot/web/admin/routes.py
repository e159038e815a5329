"""The addresses that only an admin token opens."""

from __future__ import annotations

from aiohttp import web

from bot.web.admin import limits, money, people


def routes() -> list[web.RouteDef]:
    return [
        web.get("/admin/limits", limits.laid_down),
        web.put("/admin/limits/installation", limits.set_for_all),
        web.put("/admin/limits/{scope}/{subject:.+}", limits.set_for_one),
        web.put("/admin/access/{scope}/{subject:.+}", limits.set_access),
        web.post("/admin/pause", limits.pause),
        web.delete("/admin/pause", limits.resume),
        web.get("/admin/tiers", people.tiers),
        web.put("/admin/tiers/{subject:.+}", people.put_in_tier),
        web.post("/admin/grants", people.grant),
        web.get("/admin/spend", money.spend),
        web.get("/admin/ledger/lost", money.lost),
    ]
