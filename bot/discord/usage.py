"""/usage as a page: a bar for each limit, the money, and when there is room again."""

from __future__ import annotations

import discord

from bot.discord.page import Page
from bot.discord.text import literal
from core.errors import Limit, LimitReached
from core.limits import Meter
from core.metering import Usage
from core.usage_words import meter_bar, meter_label, meter_value
from core.wording import dollars, pictures

UNMETERED = "No limit is set for you here."


def page(usage: Usage) -> Page:
    embed = discord.Embed(title="Your usage", colour=discord.Colour.blurple(), description="\n".join(_standing(usage)))
    for meter in usage.meters:
        embed.add_field(name=meter_label(meter), value=gauge(meter), inline=False)
    if usage.reserved_micro or all(meter.limit is not Limit.SPEND_MONTH for meter in usage.meters):
        spent = f"{dollars(usage.spent_micro)} spent"
        held = f", {dollars(usage.reserved_micro)} reserved for what is under way" if usage.reserved_micro else ""
        embed.add_field(name="This month", value=literal(spent + held, 200), inline=False)
    if usage.upgrade:
        # The operator's own words, and mostly an address that is to be followed.
        embed.add_field(name="\u200b", value=usage.upgrade[:1000], inline=False)
    return Page(embed)


def gauge(meter: Meter) -> str:
    """Clients count the time of the reset down by themselves."""
    resets = discord.utils.format_dt(meter.resets_at, "R")
    return f"`{meter_bar(meter)}` {literal(meter_value(meter), 100)}, resets {resets}"


def _standing(usage: Usage) -> list[str]:
    lines = [f"Tier: **{literal(usage.tier, 50)}**", literal(_open(usage), 200)]
    if not usage.meters:
        lines.append(UNMETERED)
    if usage.free_at is not None:
        lines.append(f"You can ask again {discord.utils.format_dt(usage.free_at, 'R')}.")
    elif isinstance(usage.refusal, LimitReached):
        lines.append(literal(str(usage.refusal.args[0]), 400))
    elif usage.refusal is not None:
        lines.append(literal(str(usage.refusal), 400))
    return lines


def _open(usage: Usage) -> str:
    """`1 of 1 under way, 2 of 10 waiting`."""
    running = f"{usage.under_way}" if usage.max_running is None else f"{usage.under_way} of {usage.max_running}"
    if usage.max_waiting is None:
        return f"{running} under way, {pictures(usage.waiting, 'request')} waiting"
    return f"{running} under way, {usage.waiting} of {usage.max_waiting} waiting"
