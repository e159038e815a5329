"""What somebody has used of what they may, as only they see it."""

from __future__ import annotations

from bot.slack import answers
from bot.slack import blocks as b
from bot.slack.blocks import Json, Message
from core import usage_words, wording
from core.errors import Limit, LimitReached
from core.limits import Meter
from core.metering import Usage


def usage(found: Usage) -> Message:
    """The tier and the pause, a bar for each limit, money, what waits, and why the next one would be refused."""
    return Message(
        " ".join([f"Your tier is {found.tier}.", *(_words(one) for one in found.meters)]),
        [
            b.header("What you have used"),
            b.section(f"Tier: {found.tier}"),
            *([b.moment("You can ask again at", found.free_at, "{time_secs}")] if found.free_at else []),
            *(part for one in found.meters for part in meter(one)),
            *([] if found.meters else [b.section("Nothing limits your pictures.")]),
            b.divider(),
            b.section("\n".join([*_money(found), _line(found)])),
            *_next(found),
            *b.actions(answers.more(found.upgrade)),
        ],
    )


def meter(one: Meter) -> list[Json]:
    """A limit's name, its bar and figures, and when it begins anew."""
    bar = f"{usage_words.meter_bar(one)} {usage_words.meter_value(one)}"
    return [b.section(f"{usage_words.meter_label(one)}\n{bar}"), b.moment("Resets", one.resets_at)]


def _words(one: Meter) -> str:
    return f"{usage_words.meter_label(one)}: {usage_words.meter_value(one)}."


def _money(found: Usage) -> list[str]:
    """What was spent, where no bar says it or more is reserved."""
    spent = f"{wording.dollars(found.spent_micro)} spent this month"
    if found.reserved_micro:
        return [f"{spent}, {wording.dollars(found.reserved_micro)} reserved for what waits and runs"]
    return [] if any(one.limit is Limit.SPEND_MONTH for one in found.meters) else [spent]


def _line(found: Usage) -> str:
    return f"Under way: {_of(found.under_way, found.max_running)}. Waiting: {_of(found.waiting, found.max_waiting)}."


def _of(count: int, most: int | None) -> str:
    return f"{count:,}" if most is None else f"{count:,} of {most:,}"


def _next(found: Usage) -> list[Json]:
    met = found.refusal
    if met is None or (isinstance(met, LimitReached) and met.limit is Limit.COOLDOWN):
        return []
    return b.context([f"The next request would be refused: {met.args[0]}"])
