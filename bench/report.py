"""What a benchmark found, and how it is printed: a row for each way, a line for each goal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Row:
    """One way of doing it. `part` is `obvious`, `floor` or `limner`."""

    part: str
    what: str
    figures: Mapping[str, float]
    """By heading; a heading ends with its unit."""


@dataclass(frozen=True, slots=True)
class Goal:
    """A ratio or figure, and the bound that it shall keep."""

    what: str
    value: float
    bound: float
    unit: str = "x"
    at_least: bool = False

    @property
    def met(self) -> bool:
        return self.value >= self.bound if self.at_least else self.value <= self.bound

    def line(self) -> str:
        sign = ">=" if self.at_least else "<="
        verdict = "met" if self.met else "MISSED"
        return f"  {verdict:6}  {self.what}: {_short(self.value)}{self.unit} (goal {sign} {self.bound:g}{self.unit})"


@dataclass(frozen=True, slots=True)
class Table:
    """The result of one benchmark."""

    title: str
    rows: Sequence[Row]
    goals: Sequence[Goal]
    notes: Sequence[str] = field(default=())

    def text(self) -> str:
        headings = list(dict.fromkeys(name for row in self.rows for name in row.figures))
        width = max(len(row.what) for row in self.rows)
        lines = [self.title, f"  {'':8} {'':{width}}  " + "  ".join(f"{one:>12}" for one in headings)]
        for row in self.rows:
            cells = (_short(row.figures[one]) if one in row.figures else "" for one in headings)
            lines.append(f"  {row.part:8} {row.what:{width}}  " + "  ".join(f"{cell:>12}" for cell in cells))
        return "\n".join([*lines, *(goal.line() for goal in self.goals), *(f"  ({note})" for note in self.notes)])


def quantile(samples: Sequence[float], share: float) -> float:
    """The sample below which this share of all lies."""
    return sorted(samples)[min(len(samples) - 1, int(len(samples) * share))]


def spread(seconds: Sequence[float]) -> dict[str, float]:
    """Median and 99th percentile in milliseconds."""
    return {"p50 ms": quantile(seconds, 0.5) * 1000, "p99 ms": quantile(seconds, 0.99) * 1000}


def _short(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
