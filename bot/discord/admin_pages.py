"""What admins are shown: the rules of their server, and where the money went."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import discord

from bot.discord.page import Page
from bot.discord.text import ELLIPSIS, literal
from bot.discord.usage import gauge
from core.administering import SpendReport
from core.policies import Policy, Scope
from core.ports import Assignment, LostCall, Spend
from core.usage_words import limits_of, meter_label
from core.wording import dollars, pictures

LINES_LIMIT = 3500
"""Of an embed's 6,000 characters in all, this leaves room for the budgets and the lost calls."""
FIELD_LIMIT = 1024
NAME_LIMIT = 60
POOLS_SHOWN = 5
NO_RULES = "Nothing is laid down for this server: the tiers and the operator's own limits hold."
TIGHTER = "Limits of a server can only be tighter than those of people's tiers."
NOTHING_SPENT = "Nothing was spent."

People = Mapping[str, str]
"""Mentions by the id of the account, as far as they are known."""


def rules(policies: Sequence[Policy], assignments: Sequence[Assignment], people: People) -> Page:
    lines = [f"{_subject(one, people)}: {_rule(one)}" for one in policies if _rule(one)]
    lines += [f"{_who(one.subject, people)}: tier **{literal(one.tier, 50)}**" for one in assignments]
    return _page("Rules of this server", f"{_joined(lines, LINES_LIMIT) or NO_RULES}\n{TIGHTER}")


def laid_down(policy: Policy, people: People) -> Page:
    """What holds for one subject after a change."""
    return _page("Done", f"{_subject(policy, people)}: {_rule(policy) or 'nothing is laid down any more'}")


def done(sentence: str) -> Page:
    """`sentence` is ours; what others wrote in it was made harmless."""
    return _page("Done", sentence)


def spent(report: SpendReport) -> Page:
    lines = [_spent(one) for one in (*_together(report.lines), *report.lines)]
    embed = _embed(f"Spent from {report.since} to {report.until}", _joined(lines, LINES_LIMIT) or NOTHING_SPENT)
    for pool in report.pools[:POOLS_SHOWN]:
        embed.add_field(name=meter_label(pool)[:256], value=gauge(pool), inline=False)
    if report.lost:
        calls = _joined([_lost(one) for one in report.lost], FIELD_LIMIT)
        embed.add_field(name="Calls whose answer never came", value=calls, inline=False)
    return Page(embed)


def _page(title: str, text: str) -> Page:
    return Page(_embed(title, text))


def _embed(title: str, text: str) -> discord.Embed:
    return discord.Embed(title=title, description=text, colour=discord.Colour.dark_teal())


def _together(lines: Sequence[Spend]) -> Sequence[Spend]:
    """The sum of those listed, which may not be all; one line is its own."""
    if len(lines) < 2:
        return ()
    return (
        Spend(
            subject="",
            name=f"These {len(lines)} together",
            pictures=sum(one.pictures for one in lines),
            reserved_micro=sum(one.reserved_micro for one in lines),
            spent_micro=sum(one.spent_micro for one in lines),
            lost_micro=sum(one.lost_micro for one in lines),
        ),
    )


def _spent(one: Spend) -> str:
    parts = [pictures(one.pictures), f"{dollars(one.spent_micro)} spent"]
    parts += [f"{dollars(one.reserved_micro)} reserved"] if one.reserved_micro else []
    parts += [f"{dollars(one.lost_micro)} lost"] if one.lost_micro else []
    return f"**{literal(one.name or one.subject, NAME_LIMIT)}**: {literal(', '.join(parts), 200)}"


def _lost(one: LostCall) -> str:
    when = discord.utils.format_dt(one.at, "R")
    return f"{when} {literal(one.user_name, NAME_LIMIT)}, {literal(dollars(one.lost_micro), 20)}"


def _subject(policy: Policy, people: People) -> str:
    match policy.scope:
        case Scope.WORKSPACE:
            return "This server"
        case Scope.CHANNEL:
            return f"<#{policy.subject.rpartition('/')[2]}>"
        case Scope.MEMBER:
            return people.get(policy.subject.rpartition("|")[2], "A member")
    return literal(f"{policy.scope} {policy.subject}", NAME_LIMIT)


def _who(subject: str, people: People) -> str:
    kind, _, name = subject.partition(":")
    return f"<@&{name}>" if kind == "role" else people.get(name, "A member")


def _rule(policy: Policy) -> str:
    parts = [f"{label}: {value}" for label, value in limits_of(policy)]
    parts += ["paused"] if policy.paused else []
    parts += [] if policy.allowed is None else ["allowed" if policy.allowed else "blocked"]
    why = f" ({literal(policy.reason, 200)})" if policy.reason and (policy.paused or policy.allowed is False) else ""
    return "; ".join(parts) + why if parts else ""


def _joined(lines: Sequence[str], limit: int) -> str:
    """As many whole lines as fit."""
    kept: list[str] = []
    for line in lines:
        if sum(map(len, kept)) + len(kept) + len(line) + 2 > limit:
            return "\n".join([*kept, ELLIPSIS])
        kept.append(line)
    return "\n".join(kept)
