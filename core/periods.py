"""The hour, the day and the month that a moment belongs to: what quotas and budgets are counted by.

A period is known by its label, not by its first instant: when the operator chooses another time zone, today is
still today, and what was spent today still counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo


class Span(StrEnum):
    """How long a period is. The value is what the database stores."""

    HOUR = "hour"
    DAY = "day"
    MONTH = "month"

    @property
    def words(self) -> str:
        return {Span.HOUR: "this hour", Span.DAY: "today", Span.MONTH: "this month"}[self]


@dataclass(frozen=True, slots=True)
class Periods:
    """The three periods around one moment."""

    at: datetime
    """In UTC."""
    zone: ZoneInfo

    @property
    def hour(self) -> str:
        """In UTC: there, no hour comes twice when clocks are put back."""
        return self.at.astimezone(UTC).strftime("%Y-%m-%dT%H")

    @property
    def day(self) -> str:
        """The operator's calendar day, `2026-11-20`."""
        return self.at.astimezone(self.zone).strftime("%Y-%m-%d")

    @property
    def month(self) -> str:
        """The operator's calendar month, `2026-11`: always the beginning of `day`."""
        return self.day[:7]

    def label(self, span: Span) -> str:
        return {Span.HOUR: self.hour, Span.DAY: self.day, Span.MONTH: self.month}[span]

    def end(self, span: Span) -> datetime:
        """The first moment of the next period, in UTC."""
        if span is Span.HOUR:
            return self.at.astimezone(UTC).replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
        local = self.at.astimezone(self.zone)
        midnight = datetime(local.year, local.month, local.day, tzinfo=self.zone)
        if span is Span.DAY:
            # In wall time, so that a day on which clocks change ends at its own midnight.
            return (midnight + timedelta(days=1)).astimezone(UTC)
        return (midnight.replace(day=1) + timedelta(days=32)).replace(day=1).astimezone(UTC)
