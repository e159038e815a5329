"""What admins type behind `/limner-admin`: read into an order, or a BadRequest that says how it is written."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from bot.slack.text import decoded, plain
from core.errors import BadRequest
from core.periods import Span
from core.policies import Scope

HERE = "here"
"""For a place: the channel in which the command is typed."""

MICRO = 1_000_000
_TOKEN = re.compile(r"<[^<>]*>|\S+")
_USER = re.compile(r"<@([UW][A-Z0-9]+)(?:\|([^<>]*))?>")
_GROUP = re.compile(r"<!subteam\^(S[A-Z0-9]+)(?:\|[^<>]*)?>")
_CHANNEL = re.compile(r"<#([CG][A-Z0-9]+)(?:\|[^<>]*)?>")

LIMITS = {
    "cooldown": "cooldown_seconds",
    "max_running": "max_running",
    "max_waiting": "max_waiting",
    "per_hour": "per_hour",
    "per_day": "per_day",
    "per_month": "per_month",
    "spend_day": "spend_day_micro",
    "spend_month": "spend_month_micro",
    "pool_day": "pool_day_micro",
    "pool_month": "pool_month_micro",
}
"""As they are typed, and as fields of a Policy. Those of money are typed in dollars."""

USAGE = (
    "limits — what is laid down here",
    "limits set per_day 20 — for the workspace; with here or #channel at the end, for one channel; none for the number "
    f"takes the limit back. There are {', '.join(LIMITS)}; money is in dollars, such as $50",
    "tier @somebody premium — or @group; none takes them out again",
    "pause the reason — refuses new requests, what was accepted goes on; resume ends it",
    "block @somebody the reason — in this workspace; unblock @somebody ends it",
    "block here, allow here — or #channel; unblock here treats the channel like the rest of the workspace",
    "grant @somebody 20 — that many pictures on top today; month at the end, for this month",
    "spend by user, spend by day — where the money of this month went",
)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody whom Slack named with their id."""

    user: str
    name: str


@dataclass(frozen=True, slots=True)
class Group:
    """A user group, by its id."""

    id: str


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel by its id, or HERE."""

    id: str


@dataclass(frozen=True, slots=True)
class Help:
    """How all of this is written."""


@dataclass(frozen=True, slots=True)
class ShowLimits:
    """What is laid down."""


@dataclass(frozen=True, slots=True)
class SetLimit:
    """`value` is None to take a limit back; `channel` is None for the whole workspace."""

    field: str
    value: int | None
    channel: Channel | None


@dataclass(frozen=True, slots=True)
class SetTier:
    """An empty tier takes the word back."""

    whom: Person | Group
    tier: str


@dataclass(frozen=True, slots=True)
class Pause:
    paused: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Allow:
    """False shuts out, True lets in, None says nothing any more."""

    what: Person | Channel
    allowed: bool | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Grant:
    whom: Person
    pictures: int
    span: Span


@dataclass(frozen=True, slots=True)
class ShowSpend:
    by: Scope | Span


Order = Help | ShowLimits | SetLimit | SetTier | Pause | Allow | Grant | ShowSpend


def read(text: str) -> Order:
    """Raises BadRequest."""
    verb, *rest = _TOKEN.findall(text.strip()) or ["help"]
    match verb.lower():
        case "help":
            return Help()
        case "limits":
            return _limits(rest)
        case "tier":
            return _tier(rest)
        case "pause":
            return Pause(True, _reason(rest))
        case "resume":
            return Pause(False)
        case "block" | "allow" | "unblock" as word:
            return _allow(word, rest)
        case "grant":
            return _grant(rest)
        case "spend":
            return _spend(rest)
    raise BadRequest([f"There is no {decoded(verb)!r}. Type /limner-admin alone for what there is."])


def _limits(rest: Sequence[str]) -> Order:
    if not rest:
        return ShowLimits()
    if rest[0].lower() != "set" or len(rest) not in {3, 4}:
        raise _wrong("limits set per_day 20", "limits set pool_month $50 here")
    name, value = rest[1].lower(), rest[2]
    field = LIMITS.get(name) or next((one for one in LIMITS.values() if one == name), None)
    if field is None:
        raise BadRequest([f"There is no limit called {decoded(name)!r}. There are {', '.join(LIMITS)}."])
    return SetLimit(field, _value(field, value), _channel(rest[3]) if len(rest) == 4 else None)


def _value(field: str, typed: str) -> int | None:
    if typed.lower() in {"none", "off"}:
        return None
    money = field.endswith("_micro")
    try:
        number = Decimal(typed.removeprefix("$").replace(",", "") if money else typed)
    except InvalidOperation:
        number = Decimal("NaN")
    scaled = number * MICRO if money else number
    if not scaled.is_finite() or scaled != scaled.to_integral_value():
        kind = "an amount of dollars such as $5 or 2.50" if money else "a whole number"
        raise BadRequest([f"{decoded(typed)!r} is not {kind}, nor none to take the limit back."])
    return int(scaled)


def _tier(rest: Sequence[str]) -> SetTier:
    if len(rest) != 2:
        raise _wrong("tier @somebody premium", "tier @group premium", "tier @somebody none")
    group = _GROUP.fullmatch(rest[0])
    tier = decoded(rest[1])
    return SetTier(Group(group[1]) if group else _person(rest[0]), "" if tier.lower() == "none" else tier)


def _allow(word: str, rest: Sequence[str]) -> Allow:
    if not rest:
        raise _wrong(f"{word} @somebody", f"{word} here", f"{word} #channel")
    allowed = {"block": False, "allow": True, "unblock": None}[word]
    if rest[0].lower() == HERE or rest[0].startswith(("<#", "#")):
        return Allow(_channel(rest[0]), allowed, _reason(rest[1:]))
    if word == "allow":
        raise _wrong("allow here", "allow #channel", "unblock @somebody")
    return Allow(_person(rest[0]), allowed, _reason(rest[1:]))


def _grant(rest: Sequence[str]) -> Grant:
    spans = {"today": Span.DAY, "day": Span.DAY, "month": Span.MONTH, "hour": Span.HOUR}
    span = spans.get(rest[2].lower()) if len(rest) == 3 else Span.DAY
    if len(rest) not in {2, 3} or not rest[1].isdecimal() or span is None:
        raise _wrong("grant @somebody 20 today", "grant @somebody 20 month")
    return Grant(_person(rest[0]), int(rest[1][:9]), span)


def _spend(rest: Sequence[str]) -> ShowSpend:
    kinds: Mapping[tuple[str, ...], Scope | Span] = {
        (): Scope.USER,
        ("by", "user"): Scope.USER,
        ("by", "day"): Span.DAY,
    }
    by = kinds.get(tuple(word.lower() for word in rest))
    if by is None:
        raise _wrong("spend by user", "spend by day")
    return ShowSpend(by)


def _person(token: str) -> Person:
    found = _USER.fullmatch(token)
    if found is None:
        raise BadRequest([f"I do not know who {decoded(token)!r} is. Type @ and choose the person from Slack's list."])
    return Person(found[1], decoded(found[2] or ""))


def _channel(token: str) -> Channel:
    if token.lower() == HERE:
        return Channel(HERE)
    found = _CHANNEL.fullmatch(token)
    if found is None:
        raise BadRequest([f"I do not know the place {decoded(token)!r}. Type here, or # and choose from Slack's list."])
    return Channel(found[1])


def _reason(words: Sequence[str]) -> str:
    return plain(" ".join(words))


def _wrong(*examples: str) -> BadRequest:
    return BadRequest([f"Write it like this: {' · '.join(examples)}"])
