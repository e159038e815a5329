"""The pages of LIMITS.md: which screens there are, in which order, and how two of them stand side by side."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

WIDTH = 50
"""Characters of a column; two of them fit on a page."""

SCREENS = {
    "usage": ("/usage", "What somebody used of what they may, for their eyes only."),
    "left": ("A finished picture says what is left", "Of the tightest quota, beside what the picture cost."),
    "cooldown": ("Refused: asked again too soon", "Discord counts the time down, Slack shows it in the reader's zone."),
    "hour": ("Refused: used up this hour", "With the figures, the reset, and how to get more."),
    "day": ("Refused: used up today", "The same for a day."),
    "month": ("Refused: used up this month", "The same for a month."),
    "money": ("Refused: one's own money is used up", "What it would cost stands beside what is left."),
    "pool": ("Refused: the shared budget is used up", "What others spent is not told, nor can anybody buy more of it."),
    "waiting": ("Refused: too many are waiting", "The way out is the list of what waits."),
    "blocked": ("Refused: blocked", "With the reason that the admin gave."),
    "channel": ("Refused: not in this channel", "Elsewhere the same person is served."),
    "paused": ("Refused: paused by an admin", "What was accepted goes on."),
    "off": ("Refused: switched off by the operator", "With IMAGE_GENERATION_ENABLED=false; what was accepted goes on."),
    "confirm": ("Asked first, because it is dear", "Above CONFIRM_ABOVE_USD nothing is reserved before the answer."),
    "moving": ("The place in the queue moves", "One message, edited as others ahead of it end or are cancelled."),
    "cancel_waiting": ("Cancelled while it waits", "The provider was never asked."),
    "cancel_running": ("Cancelled while it is drawn", "Cancelling is said at once, the end when it has stopped."),
    "queue": ("/queue", "One's own requests, each with a button, and how many wait in all."),
    "cancel": ("/cancel", "One is cancelled at once, of several it is asked which, and none is said."),
    "new_message": ("The message was deleted meanwhile", "The picture comes as a new message in the same place."),
    "direct": ("The channel was closed meanwhile", "The picture comes to its asker directly."),
    "resend": ("Nobody could be reached", "The picture is kept, and /queue offers it again for nothing."),
    "alert_person": ("At 80 % of one's own budget", "Said once, in a direct message."),
    "alert_admins": ("At 80 % of a shared budget", "Said once, in the channel that the operator named."),
    "admin_limits": ("/limner-admin limits", "What is laid down; the second is the answer to a change."),
    "admin_tier": ("/limner-admin tier", "For a role, a user group or one person."),
    "admin_pause": ("/limner-admin pause and resume", "With the reason that others read."),
    "admin_block": ("/limner-admin block", "A member or a channel."),
    "admin_grant": ("/limner-admin grant", "Pictures on top, for a day or a month."),
    "admin_spend": ("/limner-admin spend", "Who spent what, and how full the shared budget is."),
}
"""Heading and sentence of each screen, in the order of the pages."""

LOOKS = ("", "-phone")
"""What the names of the page's pictures end with: on a desk, and on a phone."""

COLUMNS = ("Discord", "Slack")


@dataclass(frozen=True, slots=True)
class Shown:
    """A message as one platform shows it; `note` is when, or to whom."""

    lines: Sequence[str]
    note: str = ""


@dataclass(slots=True)
class Book:
    """What was seen, by screen and platform."""

    messages: dict[tuple[str, str], list[Shown]] = field(default_factory=dict)
    answers: dict[str, list[str]] = field(default_factory=dict)
    pictures: dict[str, str] = field(default_factory=dict)
    """Of the web page: what they show."""

    def put(self, platform: str, screen: str, shown: Shown) -> None:
        assert screen in SCREENS, screen
        self.messages.setdefault((screen, platform), []).append(shown)

    def answer(self, screen: str, text: str) -> None:
        """Of REST."""
        assert screen in SCREENS, screen
        self.answers.setdefault(screen, []).append(text)

    def text(self, introduction: str) -> str:
        return "\n\n".join([introduction.strip(), *(self._screen(name) for name in SCREENS)]) + "\n"

    def _screen(self, name: str) -> str:
        heading, sentence = SCREENS[name]
        parts = [f"## {heading}", sentence]
        columns = [self.messages.get((name, platform), []) for platform in COLUMNS]
        rows = [_row(left, right) for left, right in zip_longest(*columns)]
        if rows:
            parts.append("\n".join(["```text", *"\n\n".join(rows).splitlines(), "```"]))
        if name in self.pictures:
            wide, narrow = (f"limits-web-{name}{look}.png" for look in LOOKS)
            alt = self.pictures[name]
            parts.append(
                f'<img src="{wide}" width="62%" alt="{alt}"> <img src="{narrow}" width="24%" alt="On a phone">'
            )
        if answers := self.answers.get(name):
            body = "\n\n\n".join(answers)
            parts.append(f"<details><summary>REST</summary>\n\n```http\n{body}\n```\n\n</details>")
        return "\n\n".join(parts)


def _row(left: Shown | None, right: Shown | None) -> str:
    boxes = [_box(name, shown) for name, shown in zip(COLUMNS, (left, right), strict=True)]
    blank = " " * (WIDTH + 4)
    return "\n".join(f"{one}  {other}".rstrip() for one, other in zip_longest(*boxes, fillvalue=blank))


def _box(name: str, shown: Shown | None) -> list[str]:
    """`┌ Discord · only you see this ───┐` and the lines below it, broken between words."""
    if shown is None:
        return []
    title = " · ".join(filter(None, [name, shown.note]))
    broken = [piece for line in shown.lines for piece in _broken(line)]
    body = [f"│ {line:<{WIDTH}} │" for line in broken]
    return [f"┌ {title} ".ljust(WIDTH + 3, "─") + "┐", *body, "└" + "─" * (WIDTH + 2) + "┘"]


def _broken(line: str) -> list[str]:
    return textwrap.wrap(line, WIDTH, break_on_hyphens=False, drop_whitespace=True) or [""]
