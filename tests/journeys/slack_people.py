"""Who is in the Slack of a journey about limits, and what they do there."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.fakes.slack import FakeSlack, Message
from tests.journeys import on_slack
from tests.journeys.archive import Archive
from tests.journeys.house_rules import IN_TIER, lay_down
from tests.journeys.on_slack import PATIENCE, SOCKET, ask, finished, whispered
from tests.journeys.processes import limner

UPGRADE = "https://example.org/more"

TIERS: dict[str, dict[str, object]] = {
    "easy": {},
    "brisk": {},
    "hourly": {"per_hour": 1},
    "daily": {"per_day": 1},
    "monthly": {"per_month": 1},
    "frugal": {"spend_day_micro": 1},
    "thrifty": {"spend_month_micro": 1},
    "sharing": {"pool_day_micro": 1},
    "patient": {"max_running": 1, "max_waiting": 1},
}
"""Each of a group of its own, with one member of the same name; without a field it has no such limit."""


@asynccontextmanager
async def open_house(base: dict[str, str], slack: FakeSlack, archive: Archive, logs: Path) -> AsyncIterator[None]:
    """Everybody is there, `carol` governs, and Limner serves them by Socket Mode, one picture at a time."""
    for name, fields in TIERS.items():
        await in_tier(slack, archive, name, name, weight=1.0, **fields)
    await in_tier(slack, archive, "posh", "premium")
    slack.workspace.add_user("carol", admin=True)
    slack.workspace.channels[slack.channel].members |= set(slack.workspace.users)
    own = {"DEFAULT_TIER": "free", "CONFIRM_ABOVE_USD": "0.1", "UPGRADE_URL": UPGRADE, "WORKER_CONCURRENCY": "1"}
    async with limner(base | on_slack.settings(slack, SOCKET) | own, logs):
        await on_slack.listening(slack, SOCKET, "")
        yield


async def in_tier(slack: FakeSlack, archive: Archive, name: str, tier: str, **fields: object) -> None:
    """A person whose user group puts them into a tier."""
    group = slack.workspace.add_group(f"{name}s", [slack.workspace.add_user(name)])
    if fields:
        await lay_down(archive, "tier", tier, **fields)
    await archive.rows(IN_TIER, f"slack:{slack.team_id}", f"role:{group}", tier)


def user(name: str) -> str:
    return f"U0{name.upper()}"


def words(message: Message) -> str:
    return json.dumps(message.blocks, ensure_ascii=False)


async def told(slack: FakeSlack, command: str, text: str = "", *, by: str, channel: str = "") -> Message:
    """The private answer to a command."""
    said = len(slack.bot_messages())
    await slack.slash(user(by), command, text, channel=channel or slack.channel)
    message = await whispered(slack, "", after=said)
    assert message.ephemeral_to == user(by)
    return message


async def draw(slack: FakeSlack, prompt: str, *, by: str) -> Message:
    return await finished(slack, await ask(slack, prompt, user=user(by)))


async def shows(slack: FakeSlack, message: Message, *expected: str) -> None:
    await slack.wait_for(lambda: all(one in words(message) for one in expected), PATIENCE)


def button_of(listed: Message, prompt: str) -> str:
    """The value of the button beside this prompt."""
    [value] = [str(block["accessory"]["value"]) for block in listed.blocks if prompt in json.dumps(block)]
    return value
