"""What admins type is read into orders, or answered with how it is written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.slack.orders import (
    HERE,
    LIMITS,
    Allow,
    Channel,
    Grant,
    Group,
    Help,
    Order,
    Pause,
    Person,
    SetLimit,
    SetTier,
    ShowLimits,
    ShowSpend,
    read,
)
from core.errors import BadRequest
from core.periods import Span
from core.policies import PERSONAL, Policy, Scope

BOB, DESIGNERS, GENERAL = "<@U0BOB|bob>", "<!subteam^S0DESIGN|@designers>", "<#C0GENERAL|general>"

READ: dict[str, Order] = {
    "": Help(),
    "help": Help(),
    "limits": ShowLimits(),
    "limits set per_day 20": SetLimit("per_day", 20, None),
    "LIMITS SET Per_Day 20 HERE": SetLimit("per_day", 20, Channel(HERE)),
    f"limits set cooldown 30 {GENERAL}": SetLimit("cooldown_seconds", 30, Channel("C0GENERAL")),
    "limits set cooldown_seconds 30 <#C0SECRET|>": SetLimit("cooldown_seconds", 30, Channel("C0SECRET")),
    "limits set pool_month $50": SetLimit("pool_month_micro", 50_000_000, None),
    "limits set spend_day 2.50": SetLimit("spend_day_micro", 2_500_000, None),
    "limits set pool_day $1,000": SetLimit("pool_day_micro", 1_000_000_000, None),
    "limits set per_day none": SetLimit("per_day", None, None),
    f"tier {BOB} premium": SetTier(Person("U0BOB", "bob"), "premium"),
    "tier <@U0BOB> none": SetTier(Person("U0BOB", ""), ""),
    f"tier {DESIGNERS} premium": SetTier(Group("S0DESIGN"), "premium"),
    "pause": Pause(True),
    "pause until &lt;Monday&gt; &amp; later": Pause(True, "until <Monday> & later"),
    "resume": Pause(False),
    f"block {BOB} spam, twice": Allow(Person("U0BOB", "bob"), False, "spam, twice"),
    f"unblock {BOB}": Allow(Person("U0BOB", "bob"), None),
    "block here": Allow(Channel(HERE), False),
    f"allow {GENERAL} for art": Allow(Channel("C0GENERAL"), True, "for art"),
    "unblock here": Allow(Channel(HERE), None),
    f"grant {BOB} 20": Grant(Person("U0BOB", "bob"), 20, Span.DAY),
    f"grant {BOB} 20 today": Grant(Person("U0BOB", "bob"), 20, Span.DAY),
    f"grant {BOB} 20 month": Grant(Person("U0BOB", "bob"), 20, Span.MONTH),
    "spend": ShowSpend(Scope.USER),
    "spend by user": ShowSpend(Scope.USER),
    "spend by day": ShowSpend(Span.DAY),
}

WRONG = {
    "frobnicate": "There is no 'frobnicate'",
    "limits set": "limits set per_day 20",
    "limits set per_week 20": "There is no limit called 'per_week'",
    "limits set per_day many": "'many' is not a whole number",
    "limits set per_day 2.5": "'2.5' is not a whole number",
    "limits set pool_day lots": "an amount of dollars",
    "limits set pool_day $0.0000001": "an amount of dollars",
    "limits set per_day nan": "'nan' is not a whole number",
    "limits set per_day 20 #general": "I do not know the place '#general'",
    "tier": "tier @somebody premium",
    "tier @bob premium": "I do not know who '@bob' is",
    f"tier {GENERAL} premium": "I do not know who",
    "block": "block here",
    "block bob": "I do not know who 'bob' is",
    f"allow {BOB}": "unblock @somebody",
    f"grant {BOB} lots": "grant @somebody 20 today",
    f"grant {BOB} 20 year": "grant @somebody 20 month",
    f"grant {BOB} -5": "grant @somebody 20 today",
    "spend by tier": "spend by day",
}


@pytest.mark.parametrize("typed", READ)
def test_it_is_read(typed: str) -> None:
    assert read(typed) == READ[typed]


@pytest.mark.parametrize("typed", WRONG)
def test_a_mistake_is_answered_with_how_it_is_written(typed: str) -> None:
    with pytest.raises(BadRequest) as met:
        read(typed)
    assert WRONG[typed] in str(met.value)


words = st.sampled_from([*" ".join(READ).split(), "<@U0BOB|b b>", "<", ">", "<@", "1e999999", "²", "-1", "\x00"])


@given(st.lists(words | st.text(max_size=20), max_size=6))
def test_whatever_is_typed_is_read_or_refused(parts: list[str]) -> None:
    assert outcome(" ".join(parts))


def outcome(typed: str) -> Order | tuple[str, ...]:
    """The order, or every mistake."""
    try:
        return read(typed)
    except BadRequest as refused:
        return refused.mistakes


def test_every_limit_can_be_typed() -> None:
    pools = {name for name in Policy.__dataclass_fields__ if name.startswith("pool_")}
    assert set(LIMITS.values()) == {*PERSONAL, *pools}
