"""How limits and money read: the same words on every platform."""

from __future__ import annotations

from core.errors import Limit
from core.limits import Meter
from core.policies import Policy, Scope
from core.wording import bar, dollars

_LABELS = {
    Limit.PICTURES_HOUR: "Pictures this hour",
    Limit.PICTURES_DAY: "Pictures today",
    Limit.PICTURES_MONTH: "Pictures this month",
    Limit.SPEND_DAY: "Money today",
    Limit.SPEND_MONTH: "Money this month",
    Limit.POOL_DAY: "Shared budget today",
    Limit.POOL_MONTH: "Shared budget this month",
}
_POOLS = {Scope.INSTALLATION: "of this bot", Scope.WORKSPACE: "of everybody here", Scope.TIER: "of the tier {}"}

LIMITS = {
    "cooldown_seconds": "Seconds between two requests",
    "max_running": "Running side by side",
    "max_waiting": "Waiting at most",
    "per_hour": "Pictures an hour",
    "per_day": "Pictures a day",
    "per_month": "Pictures a month",
    "spend_day_micro": "Budget of one person a day",
    "spend_month_micro": "Budget of one person a month",
    "pool_day_micro": "Shared budget a day",
    "pool_month_micro": "Shared budget a month",
}
"""The fields of a Policy that hold a limit, as admins read them."""


def meter_label(meter: Meter) -> str:
    """`Pictures today`, `Shared budget this month of everybody here`."""
    label = _LABELS[meter.limit]
    return f"{label} {_POOLS[meter.scope].format(meter.subject)}" if meter.scope in _POOLS else label


def meter_bar(meter: Meter) -> str:
    """Twenty blocks, of which as many are full as were used."""
    return bar(100 if meter.of <= 0 else meter.used * 100 // meter.of)


def meter_value(meter: Meter) -> str:
    """`7 of 10`, `$1.20 of $5.00`."""
    if meter.money:
        return f"{dollars(meter.used)} of {dollars(meter.of)}"
    return f"{meter.used:,} of {meter.of:,}"


def limits_of(policy: Policy) -> list[tuple[str, str]]:
    """Labels and values of the limits that a policy lays down."""
    found = [(name, label, getattr(policy, name)) for name, label in LIMITS.items()]
    return [
        (label, dollars(value) if name.endswith("_micro") else f"{value:,}")
        for name, label, value in found
        if value is not None
    ]
