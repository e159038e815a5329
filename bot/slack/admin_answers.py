"""What admins read."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC

from bot.slack import answers, orders, usage
from bot.slack import blocks as b
from bot.slack.blocks import Json, Message
from bot.slack.text import cut
from core import usage_words, wording
from core.administering import SpendReport
from core.periods import Span
from core.policies import Policy, Scope
from core.ports import Assignment, LostCall, Spend
from core.wording import dollars

LINES = 20
"""People or days that are listed; the dearest come first."""

POLICIES = 10
"""That are listed, so that the message stays one."""

REASON, NAME = 100, 60
"""Characters of a reason and of a name that a list shows."""

TIGHTER_ONLY = "Pictures stay within what the operator of this bot allows: here, limits can only be made tighter."


def help_text() -> Message:
    return Message("How to write it", [b.header("/limner-admin"), b.section("\n".join(f"• {w}" for w in orders.USAGE))])


def laid_down(policy: Policy, taken_back: str = "") -> Message:
    """What holds for a place now. `taken_back` is the field of the limit that was taken back just now."""
    lines = [f"{label}: {value}" for label, value in usage_words.limits_of(policy)]
    said = f"{usage_words.LIMITS[taken_back]}: no limit of {{}} any more." if taken_back else "Laid down for {}:"
    return _about(policy.scope, policy.subject, said, [b.section("\n".join(lines))] if lines else [])


def paused(is_paused: bool, reason: str) -> Message:
    if not is_paused:
        return answers.say("Pictures may be asked for again.")
    why = f" {_why(reason)}" if reason else ""
    return answers.say(f"Paused. New requests are refused in this workspace, what was accepted goes on.{why}")


def place_allowed(scope: Scope, subject: str, allowed: bool | None, reason: str) -> Message:
    said = {
        False: "Pictures may not be asked for in {} any more.",
        True: "Pictures may be asked for in {}, even where the workspace is shut.",
        None: "{} is treated like the rest of the workspace.",
    }
    shut = allowed is False and reason
    return _about(scope, subject, said[allowed], [b.section(_why(reason))] if shut else [])


def blocked(name: str, is_blocked: bool, reason: str) -> Message:
    why = f" {_why(reason)}" if is_blocked and reason else ""
    return answers.say(f"{name} may {'not ' if is_blocked else ''}ask for pictures in this workspace.{why}")


def in_tier(name: str, tier: str) -> Message:
    return answers.say(f"{name} is in the tier {tier} now." if tier else f"{name} is in no tier of this workspace now.")


def granted(name: str, pictures: int, span: Span) -> Message:
    return answers.say(f"{name} has {wording.pictures(pictures)} on top {span.words}. Budgets hold all the same.")


def limits(
    policies: Sequence[Policy], tiers: Sequence[Policy], assigned: Sequence[Assignment], named: Mapping[str, str]
) -> Message:
    """The workspace, its channels and members, then the tiers and who is in them. `named` has names of subjects."""
    said = "What is laid down in this workspace"
    own = [part for one in policies[:POLICIES] for part in _policy(one, named)]
    people = [f"{_name(one.subject, named)}: {cut(one.tier, NAME)}" for one in assigned[:LINES]]
    if len(policies) > POLICIES:
        own.append(b.section(f"and {len(policies) - POLICIES:,} more"))
    return Message(
        said,
        [
            b.header(said),
            *(own or [b.section("Nothing yet.")]),
            b.divider(),
            *(b.section(_tier(one)) for one in tiers[:POLICIES]),
            *([b.section("\n".join(["In a tier by an admin's word", *people]))] if people else []),
            *b.context([TIGHTER_ONLY]),
        ],
    )


def _policy(one: Policy, named: Mapping[str, str]) -> list[Json]:
    found = [f"{label}: {value}" for label, value in usage_words.limits_of(one)]
    if one.paused:
        found.insert(0, f"Paused. {cut(one.reason, REASON)}".strip())
    elif one.allowed is not None:
        found.insert(0, f"{'Let in' if one.allowed else 'Shut out'}. {cut(one.reason, REASON)}".strip())
    if not found:
        return []
    if channel := _channel(one.scope, one.subject):
        return [b.channel(channel), b.section("\n".join(found))]
    title = "This workspace" if one.scope is Scope.WORKSPACE else _name(one.subject, named)
    return [b.section("\n".join([title, *found]))]


def _about(scope: Scope, subject: str, sentence: str, after: Sequence[Json]) -> Message:
    """A sentence of ours on a place, named where `{}` stands, and what follows it."""
    plainly = sentence.format("this workspace" if scope is Scope.WORKSPACE else "that channel")
    plainly = plainly[:1].upper() + plainly[1:]
    channel = _channel(scope, subject)
    return Message(plainly, [b.channel(channel, sentence) if channel else b.section(plainly), *after])


def _channel(scope: Scope, subject: str) -> str:
    """The id of a channel, if it is one that Slack can name."""
    found = re.fullmatch(r"[^/]*/([CG][A-Z0-9]+)", subject) if scope is Scope.CHANNEL else None
    return found[1] if found else ""


def _why(reason: str) -> str:
    return f"They read: {reason}"


def _name(subject: str, named: Mapping[str, str]) -> str:
    return cut(named.get(subject, subject), NAME)


def _tier(one: Policy) -> str:
    limits = "; ".join(f"{label}: {value}" for label, value in usage_words.limits_of(one))
    return f"Tier {cut(one.subject, NAME)}\n{limits or 'Without limits'}"


def spend(report: SpendReport) -> Message:
    """A line for each person or day, the shared budgets as bars, and what may have been paid for nothing."""
    said = f"Spent from {report.since} to {report.until}"
    lines = [_line(one) for one in report.lines[:LINES]]
    total = sum(one.spent_micro for one in report.lines)
    if len(report.lines) > LINES:
        lines.append(f"and {len(report.lines) - LINES:,} more")
    lost = [_lost(one) for one in report.lost[:LINES]]
    return Message(
        f"{said}: {dollars(total)}",
        [
            b.header(said),
            b.section("\n".join([f"Together {dollars(total)}", *lines]) if lines else "Nothing was spent."),
            *(part for one in report.pools for part in usage.meter(one)),
            *(
                [b.section("\n".join(["Calls whose answer never came, and which may have been billed", *lost]))]
                if lost
                else []
            ),
        ],
    )


def _line(one: Spend) -> str:
    more = [f"{dollars(one.reserved_micro)} reserved"] if one.reserved_micro else []
    more += [f"{dollars(one.lost_micro)} lost"] if one.lost_micro else []
    return " · ".join([cut(one.name, NAME), wording.pictures(one.pictures), dollars(one.spent_micro), *more])


def _lost(one: LostCall) -> str:
    return f"{one.at.astimezone(UTC):%d %b %H:%M} UTC · {cut(one.user_name, NAME)} · {dollars(one.lost_micro)}"
