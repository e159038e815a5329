"""What differs from run to run is replaced, so that the pages change only where the product does.

Times become those of one Wednesday afternoon. A time that is none of the known kinds stops the script, so that no
replacement hides a wrong one.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

HOURS = 14 - datetime.now(UTC).hour
ZONE = f"Etc/GMT{-HOURS:+d}"
"""Where it is about two in the afternoon, so that no hour ends with the day. The signs of these names are turned."""

NOW = datetime(2026, 11, 18, 14, 36, tzinfo=UTC)
COOLDOWN, DRAWING = timedelta(seconds=28), timedelta(seconds=8)

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_SERVER = re.compile(r"discord:\d+")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+(?:Z|\+00:00)")
_WAIT = re.compile(r"Please wait (\d+) seconds?\.")
_LEFT = re.compile(r"\babout \d s left")
_TOOK = re.compile(r"\b\d+\.\d s\b")


def moment(at: datetime, seen: datetime) -> datetime:
    """The hour's end, midnight, the month's end, or some seconds on, as seen on that Wednesday."""
    ahead, at = at - seen, at + timedelta(hours=HOURS)
    if timedelta(seconds=18) <= ahead <= timedelta(seconds=31):
        return NOW + COOLDOWN
    if abs(ahead) < timedelta(seconds=18):
        return NOW + DRAWING
    whole_hour = (at.minute, at.second) == (0, 0)
    if whole_hour and ahead <= timedelta(hours=1):
        return NOW.replace(hour=NOW.hour + 1, minute=0)
    if whole_hour and at.hour == 0 and ahead <= timedelta(days=1):
        return (NOW + timedelta(days=1)).replace(hour=0, minute=0)
    assert whole_hour, f"{at} is the end of nothing, seen at {seen}"
    assert (at.day, at.hour) == (1, 0), f"{at} is the end of nothing, seen at {seen}"
    return datetime(2026, 12, 1, tzinfo=UTC)


def relative(at: datetime, seen: datetime) -> str:
    """As Discord's clients show `<t:…:R>`."""
    seconds = (moment(at, seen) - NOW).total_seconds()
    size, unit = next(
        (abs(seconds) / length, name)
        for name, length in (("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1))
        if abs(seconds) >= length or length == 1
    )
    count = f"{int(size)} {unit}{'' if int(size) == 1 else 's'}"
    return f"in {count}" if seconds >= 0 else f"{count} ago"


def clock(pattern: str, at: datetime, seen: datetime) -> str:
    """As Slack's clients show `<!date^…>` to somebody in UTC."""
    shown = moment(at, seen)
    days = (shown.date() - NOW.date()).days
    short = {0: "today", 1: "tomorrow"}.get(days, f"{shown:%b} {shown.day}, {shown.year}")
    time = f"{shown.hour % 12 or 12}:{shown:%M}"
    half = f"{shown:%p}"
    filled = pattern.replace("{date_short_pretty}", short)
    return filled.replace("{time_secs}", f"{time}:{shown:%S} {half}").replace("{time}", f"{time} {half}")


def text(said: str, seen: datetime) -> str:
    """Ids, waiting times, durations and dates in what is otherwise taken as it is."""
    said = _MOMENT.sub(lambda found: f"{moment(datetime.fromisoformat(found[0]), seen):%Y-%m-%dT%H:%M:%SZ}", said)
    said = _WAIT.sub(f"Please wait {COOLDOWN.seconds} seconds.", _UUID.sub("…", _SERVER.sub("discord:…", said)))
    said = said.replace(f"{seen:%Y-%m-%d}", f"{NOW:%Y-%m-%d}").replace(f"{seen:%Y-%m}-01", f"{NOW:%Y-%m}-01")
    return _LEFT.sub(f"about {DRAWING.seconds} s left", _TOOK.sub("8.2 s", said))


def soon(seen: datetime, seconds: int) -> datetime:
    """The moment that a number of whole seconds, rounded up, means: to the minute where it is far off."""
    at = seen + timedelta(seconds=seconds)
    return (
        at if seconds <= 60 else (at - timedelta(seconds=at.second - 60 * round(at.second / 60))).replace(microsecond=0)
    )
